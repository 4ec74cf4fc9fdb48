/** Measures how late the event loop is. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How often is looked. A look that is in time counts as no delay. */
const resolutionMs = 10
const nanosecondsAMs = 1e6

/** What it was since it was asked for last, in milliseconds. */
export function watchLoop() {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  const toMs = (nanoseconds: number) => Math.max(0, nanoseconds / nanosecondsAMs - resolutionMs)
  return () => {
    const told =
      delay.count === 0
        ? { p50Ms: 0, p99Ms: 0, maxMs: 0 }
        : { p50Ms: toMs(delay.percentile(50)), p99Ms: toMs(delay.percentile(99)), maxMs: toMs(delay.max) }
    delay.reset()
    return told
  }
}
