/** How late the event loop was: what one request holds up, all others wait for. */
import type { Gauge } from './series.ts'

/** In milliseconds, since it was asked for last; a host measures it. */
export type LoopDelay = () => { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number }

/** By the names of OpenTelemetry's conventions for Node.js (1.37). */
export function delayGauges({ p50Ms, p99Ms, maxMs }: ReturnType<LoopDelay>): readonly Gauge[] {
  const gauge = (name: string, ms: number, which: string): Gauge => ({
    name: `nodejs.eventloop.delay.${name}`,
    description: `Delay of the event loop since it was told last: ${which}.`,
    unit: 's',
    value: ms / 1000,
  })
  return [gauge('p50', p50Ms, 'the median'), gauge('p99', p99Ms, 'percentile 99'), gauge('max', maxMs, 'the longest')]
}
