/** The timeline as a strip: its phases by their lengths, and where it is. */
import type { Api } from './api.ts'
import { durationText } from './format.ts'
import { usePoll } from './use-poll.ts'

export type ShownTimeline = {
  readonly state: 'none' | 'waiting' | 'running' | 'over' | 'stopped'
  readonly phase?: string | null
  readonly index?: number
  readonly elapsedMs?: number
  readonly remainingMs?: number | null
  readonly repeat?: boolean
  readonly phases: readonly { readonly name: string; readonly forMs: number | null }[]
}

/** Nothing where there is no timeline. */
export function TimelineStrip({ api }: { readonly api: Api }) {
  const { value } = usePoll<ShownTimeline>(api, '/++/timeline', 2_000)
  if (!value || value.state === 'none') return null
  return (
    <section aria-label="Timeline">
      <h2>Timeline</h2>
      <PhaseStrip timeline={value} />
    </section>
  )
}

export function PhaseStrip({ timeline }: { readonly timeline: ShownTimeline }) {
  const { phases, index, elapsedMs = 0 } = timeline
  const known = phases.map(({ forMs }) => forMs ?? 0)
  // One that lasts for ever is drawn as long as the longest of the others.
  const lengths = phases.map(({ forMs }) => forMs ?? Math.max(1, ...known))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const starts = lengths.map((_, at) => lengths.slice(0, at).reduce((sum, length) => sum + length, 0))
  const at = index === undefined ? undefined : (starts[index] ?? 0) + Math.min(elapsedMs, lengths[index] ?? 0)
  return (
    <>
      <p>{inWords(timeline)}</p>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" class="phases" role="img" aria-label={inWords(timeline)}>
        {lengths.map((length, place) => (
          <rect
            key={place}
            class={place === index ? 'now' : place % 2 === 0 ? 'even' : 'odd'}
            x={(100 * (starts[place] ?? 0)) / total}
            width={(100 * length) / total}
            y={0}
            height={4}
          />
        ))}
        {at !== undefined && <rect class="here" x={Math.min(99.6, (100 * at) / total)} width={0.4} y={0} height={4} />}
      </svg>
      <ol class="legend">
        {phases.map(({ name, forMs }, place) => (
          <li key={place} class={place === index ? 'current' : ''} aria-current={place === index ? 'step' : undefined}>
            {name}, <span class="unit">{forMs === null ? 'to the end' : durationText(forMs)}</span>
          </li>
        ))}
      </ol>
    </>
  )
}

function inWords({ state, phase, remainingMs, repeat, phases }: ShownTimeline): string {
  switch (state) {
    case 'running': {
      const left =
        remainingMs === null || remainingMs === undefined ? 'to the end' : `${durationText(remainingMs)} left`
      return `In phase ${phase ?? ''}, ${left}${repeat ? '; begins again at its end' : ''}.`
    }
    case 'waiting':
      return 'It has not begun.'
    case 'over':
      return `All ${phases.length} phases are over.`
    case 'stopped':
      return 'It was stopped: no phase holds.'
    case 'none':
      return 'There is no timeline.'
  }
}
