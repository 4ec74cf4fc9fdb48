/** What happens now: sums, charts, deployments, and the cause in words where something limits or fails. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { LiveSecond } from '../sim/metrics/live.ts'
import type { Api } from './api.ts'
import { Chart, type Line } from './chart.tsx'
import { Deployments } from './deployments.tsx'
import { diagnose, type Limits } from './diagnosis.ts'
import { amount, compact, duration, timeOfDay } from './format.ts'
import { lastMinute, nameOf, sumOf, timesOf } from './seconds.ts'

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

function Charts({ seconds }: { readonly seconds: readonly LiveSecond[] }) {
  const drawn = useMemo(() => {
    const sums = seconds.map(({ rows }) => sumOf(rows))
    const line = (label: string, color: string, values: Line['values'], more: Partial<Line> = {}): Line => ({
      label,
      color,
      values,
      ...more,
    })
    const times = (kind: 'firstByteMs' | 'totalMs') => [
      line(
        'p50',
        '--ok',
        seconds.map((second) => timesOf(second, kind, 0)),
      ),
      line(
        'p95',
        '--accent',
        seconds.map((second) => timesOf(second, kind, 1)),
      ),
      line(
        'p99',
        '--failed',
        seconds.map((second) => timesOf(second, kind, 2)),
        { isDashed: true },
      ),
    ]
    return {
      atMs: seconds.map(({ atMs }) => atMs),
      answers: [
        line(
          'succeeded',
          '--ok',
          sums.map(({ ok }) => ok),
          { isFilled: true },
        ),
        line(
          '429',
          '--limited',
          sums.map(({ limited }) => limited),
          { isDashed: true },
        ),
        line(
          'other 4xx',
          '--accent',
          sums.map(({ refused }) => refused),
        ),
        line(
          '5xx',
          '--failed',
          sums.map(({ failed }) => failed),
        ),
        line(
          'client left',
          '--faint',
          sums.map(({ left }) => left),
          { isDashed: true },
        ),
      ],
      tokens: [
        line(
          'prompt',
          '--accent',
          sums.map(({ prompt }) => prompt),
        ),
        line(
          'completion',
          '--ok',
          sums.map(({ completion }) => completion),
        ),
      ],
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
