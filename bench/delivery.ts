/** Compares streams in the default filter's bursts with the same streams token by token. */
import { paceTokenMs } from './cases.ts'
import type { PacedOutcome } from './load-paced.ts'
import type { PacedSize } from './paced.ts'
import type { Load, Server } from './processes.ts'
import { digits, print } from './report.ts'

const targetShare = 0.5
const warmUpRounds = 3

/** Two servers that have not served yet: they are warmed up here. */
export async function measureDelivery(
  { buffered, smooth }: { readonly buffered: Server; readonly smooth: Server },
  load: Load,
  { streams, seconds }: PacedSize,
): Promise<void> {
  const tokens = Math.round((seconds * 1_000) / paceTokenMs)
  const cost = async ({ port, pid }: Server) => {
    const run = async (size: { streams: number; tokens: number }) =>
      (await load.run({ kind: 'paced', port, pid, ...size })) as PacedOutcome
    for (let round = 0; round < warmUpRounds; round++) await run({ streams: 200, tokens: 130 })
    return run({ streams, tokens })
  }
  const [ofSmooth, ofBuffered] = [await cost(smooth), await cost(buffered)]
  const share = ofBuffered.cpuMs !== undefined && ofSmooth.cpuMs ? ofBuffered.cpuMs / ofSmooth.cpuMs : undefined
  const isWhole = ofSmooth.events === ofSmooth.expectedEvents && ofBuffered.events === ofBuffered.expectedEvents
  print({
    title: `${streams} streams of ${tokens} tokens, buffered beside smooth, CPU`,
    target: `<= ${100 * targetShare} %`,
    reached: `${digits(share === undefined ? undefined : 100 * share, 0)} %`,
    isMet: share === undefined ? undefined : isWhole && share <= targetShare,
    details: `${digits(ofBuffered.cpuMs, 0)} and ${digits(ofSmooth.cpuMs, 0)} ms; ${ofBuffered.events} and ${ofSmooth.events} of ${ofSmooth.expectedEvents} events`,
  })
}
