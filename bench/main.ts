/** `npm run bench`: compares the simulator's speed with a bare server's, and checks its pace. It reports and never fails. */
import { statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measureBatch } from './batch.ts'
import { cases, settingsYaml } from './cases.ts'
import { measureDelivery } from './delivery.ts'
import { measurePaced } from './paced.ts'
import { measurePages } from './pages.ts'
import { measurePairs, pairGroups } from './pairs.ts'
import { findPinning, type Server, startLoad, startServer } from './processes.ts'
import { measureRedis } from './redis.ts'
import { measureReplay } from './replay.ts'
import { measureTelemetry } from './telemetry.ts'
import { capture, measureThroughput } from './throughput.ts'

const sections = [
  'chat',
  'stream',
  'embeddings',
  'pace',
  'pages',
  'delivery',
  'batch',
  'replay',
  'redis',
  'telemetry',
] as const
type Section = (typeof sections)[number]

const here = (file: string) => join(import.meta.dirname, file)

const minRounds = 15

const flags = flagsOf()
const wanted = flags.only?.split(',').map((name) => {
  const known = sections.find((section) => section === name)
  return known ?? refuse(`--only ${name}: there is ${sections.join(', ')}`)
})
const wants = (section: Section) => wanted?.includes(section) ?? true
for (const file of [flags.app, flags.before ?? flags.app]) {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    refuse(`There is no file ${file}: a build has dist/cli/main.js, and "npm run bench" builds this one`)
  }
}
const pairRounds = Number(flags.rounds ?? 21)
if (flags.before === undefined) {
  if (flags.rounds !== undefined) refuse('--rounds is for --before: how often the two builds take turns')
} else {
  const unpaired = wanted?.find((section) => !pairGroups.some((group) => group === section))
  if (unpaired) refuse(`--only ${unpaired}: --before compares ${pairGroups.join(', ')}`)
  if (!Number.isInteger(pairRounds) || pairRounds < minRounds || pairRounds > 1_000) {
    refuse(`--rounds ${flags.rounds}: a whole number from ${minRounds} to 1000`)
  }
}

/** Reports a mistake in the arguments on one line. */
function refuse(message: string): never {
  console.error(message)
  process.exit(1)
}

function flagsOf() {
  const options = {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    /** The built command to measure. */
    app: { type: 'string', default: here('../dist/cli/main.js') },
    /** Another build of it, which takes turns with this one. */
    before: { type: 'string' },
    rounds: { type: 'string' },
  } as const
  try {
    return parseArgs({ options }).values
  } catch (error) {
    const [message = ''] = (error as Error).message.split(/\. |\n/)
    return refuse(`${message.replace(/\.$/, '')}; there is --only, --quick, --app, --before, --rounds`)
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
/** The user's own settings must not change the measurement. */
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
const startApp = (app: string, settings?: Readonly<Record<string, string>>, file = config) =>
  start(['--max-semi-space-size=16', app, 'start', '--port', '0', '--config', file], settings)
const startOurs = (settings?: Readonly<Record<string, string>>, file?: string) => startApp(flags.app, settings, file)

/** What it sends is what `ours` answers to the cases of `groups`. */
async function startBare(ours: Server, groups: readonly Section[]) {
  const subjects = cases.filter(({ group }) => groups.includes(group))
  const answers = join(folder, `answers-${ours.port}.json`)
  await writeFile(answers, JSON.stringify(await capture(ours.port, subjects)))
  return start([here('bare.ts'), answers])
}

async function measure(): Promise<void> {
  const load = startLoad(here('load.ts'), pinning?.load)
  stops.push(load.stop)
  if (flags.before !== undefined) {
    const groups = pairGroups.filter((group) => wants(group))
    const apps = { before: resolve(flags.before), now: resolve(flags.app) }
    const times = flags.quick
      ? { starts: 1, rounds: 3, measuredMs: 200 }
      : { starts: 3, rounds: pairRounds, measuredMs: 400 }
    await measurePairs({ load, groups, apps, times, folder, startApp })
    return
  }
  const subjects = cases.filter(({ group }) => group !== 'replay' && wants(group))
  if (subjects.length > 0) {
    console.log(`Ours beside a bare server, in turn, ${rounds.rounds} rounds of ${rounds.measuredMs / 1_000} s each\n`)
    const ours = await startOurs()
    const bare = await startBare(ours, sections.filter(wants))
    for (const subject of subjects) await measureThroughput(subject, { ours, bare, load }, rounds)
  }
  if (wants('pace')) await measurePaced(await startOurs(), load, paced)
  if (wants('pages')) await measurePages(await startOurs(), load, paced)
  if (wants('delivery')) {
    const file = join(folder, 'buffered.yaml')
    await writeFile(file, `${settingsYaml}contentFilter: { delivery: buffered }\n`)
    await measureDelivery({ buffered: await startOurs({}, file), smooth: await startOurs() }, load, paced)
  }
  if (wants('batch')) await measureBatch(await startOurs(), batchLines)
  if (wants('replay')) {
    const options = { load, rounds, recordings, folder, startOurs }
    await measureReplay({ ...options, startBare: (ours) => startBare(ours, ['replay']) })
  }
  if (wants('redis')) await measureRedis({ load, rounds, startOurs })
  if (wants('telemetry')) await measureTelemetry({ load, rounds, folder, startOurs: (file) => startOurs({}, file) })
}

try {
  await measure()
} catch (error) {
  // Of what another build or the machine cannot do there is no more to say than this.
  console.error(`The benchmark cannot go on: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await Promise.all(stops.map((stop) => stop()))
  await rm(folder, { recursive: true })
}
