/** The load generator's process: does one job after another for its parent. */
import { cases } from './cases.ts'
import { runPaced, type PacedJob, type PacedOutcome } from './load-paced.ts'
import { runThroughput, type ThroughputJob, type ThroughputOutcome } from './load-throughput.ts'

export type Job = ({ readonly kind: 'throughput' } & ThroughputJob) | ({ readonly kind: 'paced' } & PacedJob)
export type Outcome = ThroughputOutcome | PacedOutcome

const run = (job: Job): Promise<Outcome> =>
  job.kind === 'paced'
    ? runPaced(job)
    : runThroughput(
        job,
        cases.find(({ title }) => title === job.title)!,
      )

process.on('message', (job: Job) => {
  run(job).then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  )
})
process.on('disconnect', () => process.exit())
