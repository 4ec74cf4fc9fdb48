/** What happens now: sums, charts, deployments, and the cause in words where something limits or fails. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { LiveSecond } from '../sim/metrics/live.ts'
import type { Api } from './api.ts'
import { Chart, type Line } from './chart.tsx'
import { Deployments } from './deployments.tsx'
import { diagnose, type Limits } from './diagnosis.ts'
import { amount, compact, duration, timeOfDay } from './format.ts'
import { lastMinute, nameOf, sumOf, type Sums, timesOf } from './seconds.ts'

type Props = { readonly api: Api; readonly seconds: readonly LiveSecond[]; readonly isConnected: boolean }

export function Overview({ api, seconds, isConnected }: Props) {
  const limits = useLimits(api, isConnected)
  const minute = lastMinute(seconds)
  const names = useMemo(() => namesIn(minute), [minute])
  const sums = sumOf(minute.flatMap(({ rows }) => rows))
  const diagnoses = names
    .map((name) => diagnose(name, minute, limits[name] ?? {}))
    .filter((found) => found !== undefined)
  const errors = minute
    .flatMap(({ errors: some, atMs }) => some.map((error) => ({ ...error, atMs })))
    .slice(-8)
    .reverse()

  return (
    <>
      <section aria-label="Summary" class="tiles">
        <Tile name="Requests" value={amount(sums.requests)} note="in the last minute" />
        <Tile name="In flight" value={amount(seconds.at(-1)?.inFlight ?? 0)} note="now" />
        <Tile
          name="Tokens"
          value={compact(sums.prompt + sums.completion)}
          note={`${compact(sums.prompt)} in, ${compact(sums.completion)} out`}
        />
        <Tile
          name="429"
          value={amount(sums.limited)}
          note="in the last minute"
          level={sums.limited > 0 ? 'limited' : ''}
        />
        <Tile
          name="5xx"
          value={amount(sums.failed)}
          note="in the last minute"
          level={sums.failed > 0 ? 'failed' : ''}
        />
      </section>
      <section aria-label="Diagnosis" aria-live="polite" class="diagnosis">
        {diagnoses.length === 0 ? (
          <p class="note">
            {isConnected
              ? 'No requests in the last minute. Send one, from your application or from the Playground, and it appears here.'
              : 'Waiting for the simulator …'}
          </p>
        ) : (
          <ul>
            {diagnoses.map(({ level, text }) => (
              <li key={text} class={level}>
                {text}
              </li>
            ))}
          </ul>
        )}
      </section>
      <Charts seconds={seconds} />
      <Deployments names={names} minute={minute} limits={limits} />
      <section aria-label="Last errors">
        <h2>Last errors</h2>
        {errors.length === 0 ? (
          <p class="note">None in the last minute.</p>
        ) : (
          <ul class="errors">
            {errors.map(({ id, status, deployment, path, atMs }) => (
              <li key={id}>
                <time>{timeOfDay(atMs)}</time> <b class={status === 429 ? 'limited' : 'failed'}>{status}</b>{' '}
                {deployment ?? ''} <code>{path}</code>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
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

/** Which places of the percentiles are drawn. */
const ranks = [
  { rank: 0, label: 'p50', color: '--ok' },
  { rank: 1, label: 'p95', color: '--accent' },
  { rank: 2, label: 'p99', color: '--failed', isDashed: true },
] as const

function Charts({ seconds }: { readonly seconds: readonly LiveSecond[] }) {
  const drawn = useMemo(() => {
    const sums = seconds.map(({ rows }) => sumOf(rows))
    const count = (label: string, color: string, key: keyof Sums, more: Partial<Line> = {}): Line => ({
      label,
      color,
      values: sums.map((sum) => sum[key]),
      ...more,
    })
    const times = (kind: 'firstByteMs' | 'totalMs') =>
      ranks.map(({ rank, ...line }): Line => ({
        ...line,
        values: seconds.map((second) => timesOf(second, kind, rank)),
      }))
    return {
      atMs: seconds.map(({ atMs }) => atMs),
      answers: [
        count('succeeded', '--ok', 'ok', { isFilled: true }),
        count('429', '--limited', 'limited', { isDashed: true }),
        count('other 4xx', '--accent', 'refused'),
        count('5xx', '--failed', 'failed'),
        count('client left', '--faint', 'left', { isDashed: true }),
      ],
      tokens: [count('prompt', '--accent', 'prompt'), count('completion', '--ok', 'completion')],
      firstByte: times('firstByteMs'),
      total: times('totalMs'),
    }
  }, [seconds])
  return (
    <section aria-label="Charts" class="charts">
      <Chart title="Answers" unit="per second" atMs={drawn.atMs} lines={drawn.answers} format={compact} />
      <Chart
        title="Tokens"
        unit="per second, of answers that ended"
        atMs={drawn.atMs}
        lines={drawn.tokens}
        format={compact}
      />
      <Chart
        title="Time to first byte"
        unit="slowest deployment"
        atMs={drawn.atMs}
        lines={drawn.firstByte}
        format={duration}
      />
      <Chart
        title="Time to the end"
        unit="slowest deployment"
        atMs={drawn.atMs}
        lines={drawn.total}
        format={duration}
      />
    </section>
  )
}

function namesIn(minute: readonly LiveSecond[]): string[] {
  const names = minute.flatMap(({ rows }) => rows.map(nameOf)).filter((name) => name !== undefined)
  return [...new Set(names)].sort()
}

type Settings = { readonly deployments?: Readonly<Record<string, Limits>>; readonly undefinedDeployments?: Limits }

/** The limits of each deployment that is configured; asked for again every few seconds, as they may change. */
function useLimits(api: Api, isConnected: boolean): Readonly<Record<string, Limits>> {
  const [limits, setLimits] = useState<Readonly<Record<string, Limits>>>({})
  useEffect(() => {
    if (!isConnected) return
    const ask = () =>
      void api.get<Settings>('/++/settings').then(
        ({ deployments = {} }) => setLimits(deployments),
        () => undefined,
      )
    ask()
    const timer = setInterval(ask, 5_000)
    return () => clearInterval(timer)
  }, [api, isConnected])
  return limits
}
