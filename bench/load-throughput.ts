/** Sixty-four clients that each send their next request when they have the last one's answer. */
import { setTimeout as sleep } from 'node:timers/promises'
import { stayAwake } from './awake.ts'
import { requestsOf, type Case } from './cases.ts'
import { openConnection, type Connection } from './connection.ts'
import { residentBytes } from './proc.ts'
import { processorMicros } from './processor-time.ts'
import { known } from './report.ts'

export type ThroughputJob = {
  readonly title: string
  readonly port: number
  /** The server's process. */
  readonly pid: number
  readonly processorPort: number
  readonly warmUpMs: number
  readonly measuredMs: number
}

export type ThroughputOutcome = {
  readonly requestsPerSecond: number
  /** The server's processor time for one request, in microseconds. */
  readonly cpuMicros: number | undefined
  readonly residentBytes: number | undefined
  readonly bytesPerAnswer: number | undefined
}

const connections = 64

export async function runThroughput(job: ThroughputJob, { path, body, prompts }: Case): Promise<ThroughputOutcome> {
  const next = requestsOf({ path, body, prompts })
  let answers = 0
  let bytes = 0
  let problem: Error | undefined
  const open: Connection[] = []
  for (let at = 0; at < connections; at++) {
    open.push(
      await openConnection(job.port, {
        onAnswer: (status, size) => {
          if (status !== 200) problem ??= new Error(`${path} was answered with ${status}`)
          answers++
          bytes += size
          if (problem === undefined) open[at]!.send(next())
        },
        onError: (error) => (problem ??= error),
      }),
    )
  }
  const sleepAgain = stayAwake()
  for (const connection of open) connection.send(next())
  await sleep(job.warmUpMs)
  const microsBefore = await processorMicros(job.processorPort)
  answers = bytes = 0
  const startedAtMs = performance.now()
  await sleep(job.measuredMs)
  const usedMicros = (await processorMicros(job.processorPort)) - microsBefore
  const tookMs = performance.now() - startedAtMs
  const [done, received] = [answers, bytes]
  const resident = residentBytes(job.pid)
  sleepAgain()
  for (const connection of open) connection.close()
  if (problem) throw problem
  return {
    requestsPerSecond: (done * 1_000) / tookMs,
    cpuMicros: known(usedMicros / done),
    residentBytes: resident,
    bytesPerAnswer: known(received / done),
  }
}
