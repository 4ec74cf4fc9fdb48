/**
 * `node scripts/published-shapes.ts FILE`: holds what the simulator answers against a published description of the API
 * (`openapi.yaml` or `.json` of github.com/openai/openai-openapi, which is not kept here). It starts the simulator, asks it
 * for one of everything over HTTP and WebSockets, and validates every answer and event by the schema of its route. Prints
 * a row a route, and what differs: what is missing or otherwise, and with `--more` the members that the description does
 * not have (Azure's own). What recordings of Azure prove otherwise is named in `published-shapes/known.ts`.
 */
import { startNodeHost } from '../src/host/node.ts'
import { createSimulator } from '../src/sim/index.ts'
import { askChat, askResponses, askSoundAndPictures, rules } from './published-shapes/answers.ts'
import { type Asked, asker } from './published-shapes/asked.ts'
import { readDescription } from './published-shapes/description.ts'
import { askContainers, askConversations, askEvaluations, askFiles, askJobs } from './published-shapes/kept.ts'
import { askRunning, askStores, askVideos } from './published-shapes/kept.ts'
import { knownOf } from './published-shapes/known.ts'
import { askSecrets, hear, talk } from './published-shapes/live.ts'

const file = process.argv[2]
const tellsMore = process.argv.includes('--more')
if (file === undefined || file.startsWith('-')) {
  process.stderr.write('Usage: node scripts/published-shapes.ts DESCRIPTION [--more]\n')
  process.exit(2)
}
const description = readDescription(file)
const apiKey = 'shapes'

/** Jobs are done at once, or as slow as the service's. */
async function using(isQuick: boolean, run: (url: string) => Promise<void>): Promise<void> {
  const input = {
    apiKey,
    mode: 'generate',
    rules,
    responses: { checkItems: 'off', ...(isQuick && { queueTime: '0ms' }) },
    ...(isQuick && { batches: { validateTime: '0ms', runTime: '0ms', finalizeTime: '0ms' } }),
    jobs: { queueTime: '0ms', runTime: isQuick ? '0ms' : '60min' },
    latency: { images: '0ms', chatCompletions: { interToken: '0ms' } },
  }
  const simulator = createSimulator({
    sources: [{ name: 'shapes', input }],
    log: { debug() {}, info() {}, warn() {}, error: (line) => void process.stderr.write(`${line}\n`) },
  })
  const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: simulator.config().server })
  await run(host.url)
  await host.stop()
}

const all: Asked[] = []
await using(true, async (url) => {
  const asked = asker(description, url, apiKey)
  all.push(asked)
  const kept = [askFiles, askStores, askConversations, askContainers, askJobs, askEvaluations, askVideos]
  const types = ['response.completed', 'batch.completed', 'batch.failed', 'fine_tuning.job.succeeded']
  await hear(asked, types, async () => {
    for (const one of [askChat, askResponses, askSoundAndPictures, ...kept, askSecrets, talk]) await one(asked)
  })
})
await using(true, async (url) => {
  const asked = asker(description, url, apiKey, '/api/projects/mine/openai/v1')
  all.push(asked)
  for (const one of [askResponses, askFiles, askStores, askConversations, askJobs, askEvaluations]) await one(asked)
})
await using(false, async (url) => {
  const asked = asker(description, url, apiKey)
  all.push(asked)
  await hear(asked, ['response.cancelled', 'fine_tuning.job.cancelled'], () => askRunning(asked))
})

const rows = all.flatMap((asked) => [...asked.rows.values()]).toSorted((a, b) => (a.what < b.what ? -1 : 1))
let differing = 0
let known = 0
for (const { what, count, wrong, more } of rows) {
  const told = [...wrong].map((line) => ({ line, reason: knownOf(what, line) }))
  const open = told.filter(({ reason }) => reason === undefined)
  if (open.length > 0) differing += 1
  else if (told.length > 0) known += 1
  process.stdout.write(`${open.length > 0 ? 'differs' : told.length > 0 ? 'known  ' : 'ok     '} ${what} (${count})\n`)
  for (const { line, reason } of told) process.stdout.write(`          ${line}${reason ? `: ${reason}` : ''}\n`)
  if (tellsMore) for (const line of more) process.stdout.write(`        + ${line}\n`)
}
const asked = new Set(rows.map(({ what }) => what.replace(/^project: | stream.*/g, '')))
const left = description.routes.filter((route) => !asked.has(route))
if (tellsMore) process.stdout.write(`not asked: ${left.join(', ')}\n`)
const failed = all.flatMap((one) => one.failed)
for (const line of failed) process.stdout.write(`refused: ${line}\n`)
process.stdout.write(
  `${rows.length} kinds of answers and events: ${rows.length - differing - known} as described, ${known} as recorded of Azure, ${differing} differ; ${failed.length} refused\n`,
)
process.exitCode = differing + failed.length > 0 ? 1 : 0
