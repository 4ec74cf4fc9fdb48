/** What happens now: sums, charts, deployments, and the cause in words where something limits or fails. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { LiveSecond } from '../sim/metrics/live.ts'
import type { Api } from './api.ts'
import { Charts } from './charts.tsx'
import { Deployments } from './deployments.tsx'
import { diagnose, type Diagnosis, type QuotaLimits } from './diagnosis.ts'
import { amount, compactAmount, percent } from './format.ts'
import { LastErrors } from './last-errors.tsx'
import { TimelineStrip } from './phase-strip.tsx'
import {
  causeNames,
  causes,
  lastMinute,
  namesIn,
  rowsOf,
  secondsOf,
  sumsOf,
  type TrafficSums,
  utilizationOf,
} from './seconds.ts'

type Props = { readonly api: Api; readonly seconds: readonly LiveSecond[]; readonly isConnected: boolean }

export function Overview({ api, seconds, isConnected }: Props) {
  const minute = lastMinute(seconds)
  const names = useMemo(() => namesIn(minute), [seconds])
  const limits = useLimits(api, isConnected, minute)
  const [chosen, setChosen] = useState('')
  const allNames = useMemo(() => namesIn(seconds), [seconds])
  const sums = sumsOf(minute.flatMap(({ rows }) => rows))
  const diagnoses = names
    .map((name) => diagnose(name, minute, limits[name] ?? {}))
    .filter((found) => found !== undefined)
    .sort((a, b) => order[a.level] - order[b.level])
  const drawn = useMemo(() => secondsOf(seconds, chosen === '' ? undefined : chosen), [seconds, chosen])

  return (
    <>
      <section aria-label="Diagnosis" aria-live="polite" class="diagnosis">
        {diagnoses.length === 0 ? (
          <p class="note">
            {isConnected
              ? 'No requests in the last minute. Send one, from your application or from the Playground, and it appears here.'
              : 'Waiting for the simulator …'}
          </p>
        ) : (
          <ul>
            {diagnoses.slice(0, maxTold).map(({ level, text }) => (
              <li key={text} class={level}>
                {text}
              </li>
            ))}
            {diagnoses.length > maxTold && <li class="ok">{othersOf(diagnoses.slice(maxTold))}</li>}
          </ul>
        )}
      </section>
      <Tiles sums={sums} inFlight={seconds.at(-1)?.inFlight ?? 0} used={maxUtilization(names, minute)} />
      <TimelineStrip api={api} />
      {allNames.length > 1 && (
        <form class="pick" onSubmit={(event) => event.preventDefault()}>
          <label>
            Charts of
            <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
              <option value="">all deployments</option>
              {allNames.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        </form>
      )}
      <Charts seconds={drawn} limit={chosen === '' ? undefined : limits[chosen]?.tokensPerMinute} />
      <Deployments names={names} minute={minute} limits={limits} />
      <LastErrors minute={minute} />
    </>
  )
}

const maxTold = 8

function othersOf(rest: readonly Diagnosis[]): string {
  const count = (wanted: Diagnosis['level']) => rest.filter(({ level }) => level === wanted).length
  const parts = [
    [count('limited'), 'got 429s'],
    [count('failing'), 'had failures or refusals'],
    [count('ok'), 'were not limited'],
  ] as const
  const told = parts.flatMap(([many, what]) => (many > 0 ? [`${amount(many)} ${what}`] : []))
  return `And ${amount(rest.length)} more: ${told.join(', ')}.`
}

const order = { limited: 0, failing: 1, ok: 2 }

/** Of all deployments the one whose provisioned throughput is used most. */
function maxUtilization(names: readonly string[], minute: readonly LiveSecond[]): number | undefined {
  const found = names.map((name) => utilizationOf(rowsOf(minute, name))).filter((one) => one !== undefined)
  return found.length === 0 ? undefined : Math.max(...found)
}

type TilesProps = { readonly sums: TrafficSums; readonly inFlight: number; readonly used: number | undefined }

function Tiles({ sums, inFlight, used }: TilesProps) {
  const by = causes.filter((cause) => sums.limitedBy[cause] > 0)
  return (
    <section aria-label="Summary" class="tiles">
      <Tile name="Requests" value={amount(sums.requests)} note="in the last minute" />
      <Tile name="In flight" value={amount(inFlight)} note="now, streams among them" />
      <Tile
        name="Tokens"
        value={compactAmount(sums.prompt + sums.completion)}
        note={`${compactAmount(sums.prompt)} in, ${compactAmount(sums.completion)} out, last minute`}
      />
      <Tile
        name="429"
        value={amount(sums.limited)}
        note={
          by.length === 0
            ? 'in the last minute'
            : by.map((cause) => `${amount(sums.limitedBy[cause])} by ${causeNames[cause]}`).join(', ')
        }
        level={sums.limited > 0 ? 'limited' : ''}
      />
      <Tile name="5xx" value={amount(sums.failed)} note="in the last minute" level={sums.failed > 0 ? 'failed' : ''} />
      {used !== undefined && (
        <Tile
          name="PTU in use"
          value={percent(used)}
          note="of the fullest deployment"
          level={used >= 100 ? 'limited' : ''}
        />
      )}
      {sums.spilled > 0 && <Tile name="Spillover" value={amount(sums.spilled)} note="answered by another deployment" />}
    </section>
  )
}

function Tile({
  name,
  value,
  note,
  level = '',
}: Record<'name' | 'value' | 'note', string> & { readonly level?: string }) {
  return (
    <dl class={`tile ${level}`}>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd class="note">{note}</dd>
    </dl>
  )
}

type Settings = {
  readonly deployments?: Readonly<Record<string, QuotaLimits>>
  readonly undefinedDeployments?: QuotaLimits
}

/** The limits of each deployment by the name that the page has for it; asked for again, as they may change. */
function useLimits(
  api: Api,
  isConnected: boolean,
  minute: readonly LiveSecond[],
): Readonly<Record<string, QuotaLimits>> {
  const [limits, setLimits] = useState<Readonly<Record<string, QuotaLimits>>>({})
  const resources = [...new Set(minute.flatMap(({ rows }) => rows.map(({ resource }) => resource ?? '')))].sort()
  const named = resources.slice(0, maxAsked).join('\n')
  useEffect(() => {
    if (!isConnected) return
    const ask = async () => {
      const all: Record<string, QuotaLimits> = {}
      for (const resource of new Set(['', ...named.split('\n')])) {
        const query = resource === '' ? '' : `?resource=${encodeURIComponent(resource)}`
        const { deployments = {} } = await api.get<Settings>(`/++/settings${query}`)
        for (const [name, own] of Object.entries(deployments))
          all[resource === '' ? name : `${resource}: ${name}`] = own
      }
      setLimits(all)
    }
    const tryAsking = () => void ask().catch(() => undefined)
    tryAsking()
    const timer = setInterval(tryAsking, 5_000)
    return () => clearInterval(timer)
  }, [api, isConnected, named])
  return limits
}

const maxAsked = 10
