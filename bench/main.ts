/** `npm run bench`: how fast the simulator is beside a bare server, and how true its pace. It reports and never fails. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureBatch } from './batch.ts'
import { cases, settingsYaml } from './cases.ts'
import { measurePaced } from './paced.ts'
import { findPinning, type Server, startLoad, startServer } from './processes.ts'
import { measureRedis } from './redis.ts'
import { measureReplay } from './replay.ts'
import { measureTelemetry } from './telemetry.ts'
import { capture, measureThroughput } from './throughput.ts'

const sections = ['chat', 'stream', 'embeddings', 'pace', 'batch', 'replay', 'redis', 'telemetry'] as const
type Section = (typeof sections)[number]

const here = (file: string) => join(import.meta.dirname, file)

const flags = flagsOf()
const wanted = flags.only.split(',').map((name) => {
  const known = sections.find((section) => section === name)
  return known ?? refuse(`--only ${name}: there is ${sections.join(', ')}`)
})
const wants = (section: Section) => wanted.includes(section)
if (!existsSync(flags.app)) refuse(`There is no ${flags.app}: "npm run bench" builds it`)

/** A slip of whoever typed it is told in a line. */
function refuse(message: string): never {
  console.error(message)
  process.exit(1)
}

function flagsOf() {
  const options = {
    only: { type: 'string', default: sections.join(',') },
    quick: { type: 'boolean', default: false },
    /** The built command to measure, so that two builds can be compared. */
    app: { type: 'string', default: here('../dist/cli/main.js') },
  } as const
  try {
    return parseArgs({ options }).values
  } catch (error) {
    return refuse(`${(error as Error).message.split('.')[0]}; there is --only, --quick, --app`)
  }
}

const rounds = flags.quick
  ? { rounds: 2, warmUpMs: 300, measuredMs: 500 }
  : { rounds: 5, warmUpMs: 700, measuredMs: 2_000 }
const recordings = flags.quick ? 1_000 : 10_000
const batchLines = flags.quick ? 1_000 : 10_000
const paced = flags.quick ? { streams: 500, seconds: 3 } : { streams: 2_000, seconds: 20 }

const pinning = findPinning()
console.log(
  `Node ${process.version}, ${availableParallelism()} cores; ` +
    (pinning
      ? `servers on core ${pinning.server}, load on core ${pinning.load}`
      : 'servers and load are not pinned (no taskset, or one core): they take time from each other'),
)

const folder = await mkdtemp(join(tmpdir(), 'aoai-sim-bench-'))
const stops: (() => Promise<void>)[] = []
/** Settings of whoever runs this must not change what is measured. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(SIMULATOR|LATENCY|OPENAI|AZURE|RECORDING|ALLOW|LOG|REDIS)_/.test(name),
  ),
)

const config = join(folder, 'sim.yaml')
await writeFile(config, settingsYaml)

async function start(args: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const server = await startServer({ args, core: pinning?.server, env: { ...env, ...settings }, cwd: folder })
  stops.push(server.stop)
  return server
}

/** As `npm start` does: see `scripts/run.mjs`. */
const startOurs = (settings?: Readonly<Record<string, string>>, file = config) =>
  start(['--max-semi-space-size=16', flags.app, 'start', '--port', '0', '--config', file], settings)

/** What it sends is what `ours` answers to the cases of `groups`. */
async function startBare(ours: Server, groups: readonly Section[]) {
  const subjects = cases.filter(({ group }) => groups.includes(group))
  const answers = join(folder, `answers-${ours.port}.json`)
  await writeFile(answers, JSON.stringify(await capture(ours.port, subjects)))
  return start([here('bare.ts'), answers])
}

try {
  const load = startLoad(here('load.ts'), pinning?.load)
  stops.push(load.stop)
  const subjects = cases.filter(({ group }) => group !== 'replay' && wants(group))
  if (subjects.length > 0) {
    console.log(`Ours beside a bare server, in turn, ${rounds.rounds} rounds of ${rounds.measuredMs / 1_000} s each\n`)
    const ours = await startOurs()
    const bare = await startBare(ours, wanted)
    for (const subject of subjects) await measureThroughput(subject, { ours, bare, load }, rounds)
  }
  if (wants('pace')) await measurePaced(await startOurs(), load, paced)
  if (wants('batch')) await measureBatch(await startOurs(), batchLines)
  if (wants('replay')) {
    const options = { load, rounds, recordings, folder, startOurs }
    await measureReplay({ ...options, startBare: (ours) => startBare(ours, ['replay']) })
  }
  if (wants('redis')) await measureRedis({ load, rounds, startOurs })
  if (wants('telemetry')) await measureTelemetry({ load, rounds, folder, startOurs: (file) => startOurs({}, file) })
} finally {
  await Promise.all(stops.map((stop) => stop()))
  await rm(folder, { recursive: true })
}
