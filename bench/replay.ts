/** What recording adds to an answer, how fast recordings are replayed, and what many of them take of memory. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cases } from './cases.ts'
import type { EachOutcome, LatencyOutcome } from './load-each.ts'
import type { Load, Server } from './processes.ts'
import { digits, print } from './report.ts'
import { measureThroughput, type Rounds } from './throughput.ts'

export type ReplayOptions = {
  readonly load: Load
  readonly rounds: Rounds
  readonly recordings: number
  /** Where recordings may be put. */
  readonly folder: string
  /** Settings by their variables. */
  readonly startOurs: (settings: Readonly<Record<string, string>>) => Promise<Server>
  /** A server that answers as `ours` does. */
  readonly startBare: (ours: Server) => Promise<Server>
}

const targetAddedMs = 1
const targetMegabytes = 60
const latencyRequests = 1_000

export async function measureReplay({ load, rounds, recordings, folder, ...start }: ReplayOptions): Promise<void> {
  const [many, one] = [join(folder, 'many'), join(folder, 'one')]
  await Promise.all([mkdir(many), mkdir(one)])
  const each = async (server: Server, requests: number, different: number) =>
    (await load.run({ kind: 'each', port: server.port, pid: server.pid, requests, different })) as EachOutcome

  const generator = await start.startOurs({})
  const bare = await start.startBare(generator)
  await generator.stop()
  const endpoint = `http://127.0.0.1:${bare.port}`
  const record = (dir: string) =>
    start.startOurs({
      SIMULATOR_MODE: 'record',
      AZURE_OPENAI_ENDPOINT: endpoint,
      AZURE_OPENAI_KEY: 'none',
      RECORDING_DIR: dir,
    })
  const replay = (dir: string) => start.startOurs({ SIMULATOR_MODE: 'replay', RECORDING_DIR: dir })

  const recorder = await record(many)
  const job = { ports: [bare.port, recorder.port], requests: latencyRequests, first: recordings }
  const { medianMs } = (await load.run({ kind: 'latency', ...job })) as LatencyOutcome
  const [backendMs, recordedMs] = medianMs
  const addedMs = backendMs === undefined || recordedMs === undefined ? undefined : recordedMs - backendMs
  print({
    title: 'recording adds, at the median',
    target: `<= ${targetAddedMs} ms`,
    reached: `${digits(addedMs, 2)} ms`,
    isMet: addedMs === undefined ? undefined : addedMs <= targetAddedMs,
    details: `the backend alone ${digits(backendMs, 2)} ms, recorded ${digits(recordedMs, 2)} ms`,
  })
  await each(recorder, recordings, recordings)
  await recorder.stop()
  const smallRecorder = await record(one)
  await each(smallRecorder, 1, 1)
  await smallRecorder.stop()

  const [full, small] = [await replay(many), await replay(one)]
  /** Both answer as often, so that they differ by what they keep of the recordings alone. */
  const compare = async (title: string, requests: number, different: number) => {
    const fullBytes = (await each(full, requests, different)).residentBytes
    const smallBytes = (await each(small, requests, 1)).residentBytes
    const megabytes =
      fullBytes === undefined || smallBytes === undefined ? undefined : (fullBytes - smallBytes) / 1_048_576
    print({
      title: `${recordings} recordings, ${title}, take`,
      target: `<= ${targetMegabytes} MB`,
      reached: `${digits(megabytes, 0)} MB`,
      isMet: megabytes === undefined ? undefined : megabytes <= targetMegabytes,
    })
  }
  await compare('one replayed', 100, 1)
  await compare('all replayed', recordings, recordings)
  await small.stop()

  const servers = { ours: full, bare: await start.startBare(full), load }
  for (const subject of cases.filter(({ group }) => group === 'replay'))
    await measureThroughput(subject, servers, rounds)
  await full.stop()
}
