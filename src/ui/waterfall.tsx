/** Where the time of a request went: bars one below the other, on one axis. */
import type { Entry } from '../sim/metrics/journal-entry.ts'
import { amount, durationText } from './format.ts'

type Step = { readonly name: string; readonly fromMs: number; readonly toMs: number; readonly note?: string }

function stepsOf({ timing, tokens, stream, status, limiter }: Entry): readonly Step[] {
  const { plannedMs, firstByteMs, totalMs } = timing
  const count = tokens?.completion ?? 0
  const each =
    stream && count > 1 ? `${amount(count)} tokens, ${durationText((totalMs - firstByteMs) / count)} each` : undefined
  const admitted =
    limiter === undefined || limiter === 'passed' ? 'Admitted, answer made' : `Refused: ${limiter} per minute`
  return [
    { name: status >= 400 ? admitted : 'Admitted, answer made', fromMs: 0, toMs: plannedMs },
    { name: 'To the first byte', fromMs: plannedMs, toMs: Math.max(plannedMs, firstByteMs) },
    {
      name: stream ? 'Tokens, to the end' : 'To the end',
      fromMs: Math.min(firstByteMs, totalMs),
      toMs: totalMs,
      ...(each !== undefined && { note: each }),
    },
  ]
}

export function Waterfall({ entry }: { readonly entry: Entry }) {
  const steps = stepsOf(entry)
  const { totalMs } = entry.timing
  return (
    <figure class="waterfall" aria-label={`Times of the request, ${durationText(totalMs)} in all`}>
      {steps.map(({ name, fromMs, toMs, note }, at) => (
        <div key={name} class="step">
          <span class="name">{name}</span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="ground" x={0} width={100} y={0} height={10} />
            <rect
              class={`step${at}`}
              x={Math.min(99.5, share(fromMs, totalMs))}
              width={Math.max(0.5, share(toMs - fromMs, totalMs))}
              y={1}
              height={8}
            />
          </svg>
          <span class="time">
            {durationText(toMs - fromMs)}
            {note !== undefined && <span class="unit block">{note}</span>}
          </span>
        </div>
      ))}
      <figcaption class="unit">
        <span>0</span>
        <span>{durationText(totalMs / 2)}</span>
        <span>{durationText(totalMs)}</span>
      </figcaption>
    </figure>
  )
}

const share = (ms: number, ofMs: number) => (ofMs > 0 ? (100 * ms) / ofMs : 0)
