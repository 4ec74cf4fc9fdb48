/** Compares two builds in short alternating rounds: the cost of a request before and after a change. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cases, type Case } from './cases.ts'
import type { ThroughputOutcome } from './load-throughput.ts'
import type { Load, Server } from './processes.ts'
import { digits, known, medianOf, megabytes, micros, quantile } from './report.ts'
import { jobOf } from './throughput.ts'

/** The parts that two builds can be compared by. */
export const pairGroups = ['chat', 'stream', 'embeddings', 'replay'] as const
type Group = (typeof pairGroups)[number]

export type Pair<T> = { readonly before: T; readonly now: T }
const sides = ['before', 'now'] as const

type PairOptions = {
  readonly load: Load
  readonly groups: readonly Group[]
  /** The built commands. */
  readonly apps: Pair<string>
  /** `rounds` are shared among the `starts`. */
  readonly times: { readonly starts: number; readonly rounds: number; readonly measuredMs: number }
  readonly folder: string
  readonly startApp: (app: string, settings?: Readonly<Record<string, string>>) => Promise<Server>
}

const warmUpMs = 100
const recordings = 500
/** What a build may cost more than the one before. */
const allowedShare = 0.03

/**
 * The builds are started several times: one start's memory layout and compiled code are faster or slower than the
 * next one's by more than what is looked for.
 */
export async function measurePairs({ load, groups, apps, times, folder, startApp }: PairOptions): Promise<void> {
  const { starts, rounds, measuredMs } = times
  const perStart = Math.ceil(rounds / starts)
  console.log(
    `${apps.now} beside ${apps.before}, in turn: ${starts * perStart} rounds of ${measuredMs / 1_000} s each at ${starts} starts\n`,
  )
  const outcomes = new Map<Case, Pair<ThroughputOutcome>[]>()
  const run = async (subject: Case, server: Server, ms: number) =>
    (await load.run(jobOf(subject, server, { warmUpMs, measuredMs: ms }))) as ThroughputOutcome

  const measure = async (subjects: readonly Case[], servers: Pair<Server>) => {
    for (const subject of subjects) {
      const found = outcomes.get(subject) ?? []
      outcomes.set(subject, found)
      for (const side of sides) await run(subject, servers[side], 3 * measuredMs)
      for (let round = 0; round < perStart; round++) {
        // Neither always comes after the other.
        const first = found.length % 2 === 0 ? 'before' : 'now'
        const one = await run(subject, servers[first], measuredMs)
        const other = await run(subject, servers[first === 'now' ? 'before' : 'now'], measuredMs)
        found.push(first === 'now' ? { now: one, before: other } : { before: one, now: other })
      }
    }
  }
  const both = async (start: (side: (typeof sides)[number]) => Promise<Server>): Promise<Pair<Server>> => ({
    before: await start('before'),
    now: await start('now'),
  })
  const generated = cases.filter(({ group }) => group !== 'replay' && groups.includes(group))
  const replayed = cases.filter(({ group }) => group === 'replay' && groups.includes(group))
  const dirs = { before: join(folder, 'before'), now: join(folder, 'now') }
  if (replayed.length > 0) for (const side of sides) await record(side)

  for (let start = 0; start < starts; start++) {
    if (generated.length > 0) {
      const servers = await both((side) => startApp(apps[side]))
      await measure(generated, servers)
      for (const side of sides) await servers[side].stop()
    }
    if (replayed.length > 0) {
      const settings = (side: (typeof sides)[number]) => ({ SIMULATOR_MODE: 'replay', RECORDING_DIR: dirs[side] })
      const servers = await both((side) => startApp(apps[side], settings(side)))
      await measure(replayed, servers)
      for (const side of sides) await servers[side].stop()
    }
  }
  for (const [subject, pairs] of outcomes) printPairs(subject.title, pairs)

  /** Each build replays what it recorded itself, since the form of recordings may have changed. */
  async function record(side: (typeof sides)[number]): Promise<void> {
    await mkdir(dirs[side])
    const backend = await startApp(apps[side])
    const recorder = await startApp(apps[side], {
      SIMULATOR_MODE: 'record',
      AZURE_OPENAI_ENDPOINT: `http://127.0.0.1:${backend.port}`,
      AZURE_OPENAI_KEY: 'bench',
      RECORDING_DIR: dirs[side],
    })
    const { port, pid } = recorder
    await load.run({ kind: 'each', port, pid, requests: recordings, different: recordings })
    await recorder.stop()
    await backend.stop()
  }
}

/** The relative growth: its median over the rounds, and the range of their middle half. */
export type Change = { readonly median: number; readonly low: number; readonly high: number }

/** `value` is what a round costs: less is better. Undefined where no round could be measured. */
export function changeOf<T>(pairs: readonly Pair<T>[], value: (one: T) => number | undefined): Change | undefined {
  const changes = pairs
    .map(({ before, now }) => known((value(now) ?? NaN) / (value(before) ?? NaN) - 1))
    .filter((change) => change !== undefined)
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(changes, share))
  return low === undefined || median === undefined || high === undefined ? undefined : { low, median, high }
}

/** The verdict on a change of costs. It is unclear if the spread is wider than the change that matters. */
export function verdictOf(
  change: Change | undefined,
): 'no dearer' | 'DEARER' | 'unclear: run it again' | 'not measured' {
  if (change === undefined) return 'not measured'
  if (change.low > allowedShare) return 'DEARER'
  if (change.median <= allowedShare && change.high <= 2 * allowedShare) return 'no dearer'
  return 'unclear: run it again'
}

const costOf = ({ cpuMicros }: ThroughputOutcome) => cpuMicros
const timeOf = ({ requestsPerSecond }: ThroughputOutcome) => known(1 / requestsPerSecond)

/** Processor time comes first: neighbours disturb it least. Where there is none, the rate decides. */
function printPairs(title: string, pairs: readonly Pair<ThroughputOutcome>[]): void {
  const [cpu, time] = [changeOf(pairs, costOf), changeOf(pairs, timeOf)]
  const middle = (side: keyof Pair<unknown>, value: (one: ThroughputOutcome) => number | undefined) =>
    medianOf(pairs, (pair) => value(pair[side]))
  const arrow = (value: (one: ThroughputOutcome) => number | undefined, told: (one: number | undefined) => string) =>
    `${told(middle('before', value))} -> ${told(middle('now', value))}`
  const perSecond = (value: number | undefined) => `${digits(value, 0)}/s`
  const quiet = (side: keyof Pair<unknown>) =>
    quantile(
      pairs.map((pair) => costOf(pair[side]) ?? NaN),
      0.1,
    )
  console.log(`${title.padEnd(44)} CPU a request ${tell(cpu).padEnd(26)} ${verdictOf(cpu ?? time)}`)
  console.log(
    `    CPU ${arrow(costOf, micros)}, in the quietest rounds ${micros(quiet('before'))} -> ${micros(quiet('now'))}; time a request ${tell(time)}, ${arrow(({ requestsPerSecond }) => requestsPerSecond, perSecond)}; ` +
      `memory ${arrow(({ residentBytes }) => residentBytes, megabytes)}`,
  )
}

/** As `+1.2 % (-0.3 to +2.0)`. */
export function tell(change: Change | undefined): string {
  if (change === undefined) return '?'
  const [median, low, high] = [change.median, change.low, change.high].map((share) => {
    const percent = digits(100 * share, 1)
    return share < 0 ? percent : `+${percent}`
  })
  return `${median} % (${low} to ${high})`
}
