/** Measures whether many simultaneous streams keep their pace, and what each costs. */
import { paceTokenMs } from './cases.ts'
import type { PacedOutcome } from './load-paced.ts'
import type { Load, Server } from './processes.ts'
import { digits, print } from './report.ts'

export type PacedSize = { readonly streams: number; readonly seconds: number }

const targetGapShare = 0.01
const targetP99Ms = 10
const targetKilobytes = 45
const warmUpRounds = 5

/** `server` should be one that has not served yet: it is warmed up here. */
export async function measurePaced(server: Server, load: Load, { streams, seconds }: PacedSize): Promise<void> {
  const tokens = Math.round((seconds * 1_000) / paceTokenMs)
  const { port, pid } = server
  const run = async (size: { streams: number; tokens: number }) =>
    (await load.run({ kind: 'paced', port, pid, ...size })) as PacedOutcome
  // Compiles what is hot, of beginning a stream too, and lets the heap reach its working size, which belongs to no stream.
  for (let round = 0; round < warmUpRounds; round++) await run({ streams: 200, tokens: 100 })
  const outcome = await run({ streams, tokens })

  const title = `${streams} streams, ${paceTokenMs} ms a token, ${seconds} s:`
  const { events, expectedEvents, meanGapMs, p99ErrorMs, grownBytes } = outcome
  print({
    title: `${title} events`,
    target: '100 %',
    reached: `${digits((100 * events) / expectedEvents, 2)} %`,
    isMet: events === expectedEvents,
    details: `${events} of ${expectedEvents}; server busy for ${percent(outcome.cpuShare)} of the time`,
  })
  print({
    title: '  mean gap, off by',
    target: '<= 1 %',
    reached: `${digits((100 * Math.abs(meanGapMs - paceTokenMs)) / paceTokenMs, 2)} %`,
    isMet: Math.abs(meanGapMs - paceTokenMs) <= targetGapShare * paceTokenMs,
    details: `${digits(meanGapMs, 3)} ms; the last token at most ${digits(outcome.maxDriftMs, 1)} ms off its time`,
  })
  print({
    title: '  error of a gap, 99th percentile',
    target: `<= ${targetP99Ms} ms`,
    reached: `${digits(p99ErrorMs, 1)} ms`,
    isMet: p99ErrorMs === undefined ? undefined : p99ErrorMs <= targetP99Ms,
    details: `median ${digits(outcome.p50ErrorMs, 1)} ms, most ${digits(outcome.maxErrorMs, 1)} ms`,
  })
  const kilobytes = grownBytes === undefined ? undefined : grownBytes / 1_024 / streams
  print({
    title: '  memory a stream',
    target: `<= ${targetKilobytes} KB`,
    reached: `${digits(kilobytes, 1)} KB`,
    isMet: kilobytes === undefined ? undefined : kilobytes <= targetKilobytes,
  })
}

const percent = (share: number | undefined) => `${digits(share === undefined ? undefined : 100 * share, 0)} %`
