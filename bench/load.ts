/** The load generator's process: does one job after another for its parent. */
import { cases } from './cases.ts'
import {
  runEach,
  runLatency,
  type EachJob,
  type EachOutcome,
  type LatencyJob,
  type LatencyOutcome,
} from './load-each.ts'
import { runPaced, type PacedJob, type PacedOutcome } from './load-paced.ts'
import { runThroughput, type ThroughputJob, type ThroughputOutcome } from './load-throughput.ts'

export type Job =
  | ({ readonly kind: 'throughput' } & ThroughputJob)
  | ({ readonly kind: 'paced' } & PacedJob)
  | ({ readonly kind: 'each' } & EachJob)
  | ({ readonly kind: 'latency' } & LatencyJob)
export type Outcome = ThroughputOutcome | PacedOutcome | EachOutcome | LatencyOutcome

function run(job: Job): Promise<Outcome> {
  switch (job.kind) {
    case 'throughput':
      return runThroughput(
        job,
        cases.find(({ title }) => title === job.title)!,
      )
    case 'paced':
      return runPaced(job)
    case 'each':
      return runEach(job)
    case 'latency':
      return runLatency(job)
  }
}

process.on('message', (job: Job) => {
  run(job).then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  )
})
process.on('disconnect', () => process.exit())
