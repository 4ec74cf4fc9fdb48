/** What resources and sessions take of memory: `node --expose-gc bench/resources.ts`. Figures stand in `docs/resources.md`. */
import { createSimulator } from '../src/sim/index.ts'
import { toFetch } from '../src/host/fetch.ts'

const collect = (globalThis as { gc?: () => void }).gc ?? (() => undefined)

function usedBytes(): number {
  for (let turn = 0; turn < 3; turn++) collect()
  return process.memoryUsage().heapUsed
}

const kilobytesEach = (before: number, after: number, count: number) => ((after - before) / count / 1024).toFixed(1)

const count = 1_000
/** As many as the first argument says. */
const sessionCount = Number(process.argv[2] ?? 10_000)
const deployments = { 'gpt-4o': { model: 'gpt-4o' } }
const resources = Object.fromEntries(Array.from({ length: count }, (_, at) => [`contoso-${at}`, { deployments }]))
const create = (input: object) => {
  const simulator = createSimulator({ sources: [{ name: 'bench', input: { apiKey: 'key', ...input } }] })
  const fetch = toFetch(simulator)
  const post = async (path: string, body: unknown) =>
    (
      await fetch(`http://sim.test${path}`, {
        method: 'POST',
        headers: { 'api-key': 'key', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).text()
  return { simulator, post }
}
const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 1 }
const quick = { latency: { chatCompletions: { interToken: '0ms' } } }

const warm = create(quick)
await warm.post('/openai/v1/chat/completions', chat)
const empty = usedBytes()
const many = create({ ...quick, resources })
const named = usedBytes()
console.log(`a resource that is only described: ${kilobytesEach(empty, named, count)} KB`)

const keys: string[] = []
for (const name of Object.keys(resources)) {
  const told = JSON.parse(await many.post(`/++/resources/${name}/list-keys`, {})) as { key1: string }
  keys.push(told.key1)
}
console.log(`one that was opened: ${kilobytesEach(empty, usedBytes(), count)} KB`)

const sessions = create({ ...quick, sessions: { maxSessions: sessionCount } })
const before = usedBytes()
for (let at = 0; at < sessionCount; at++) await sessions.post('/++/sessions', { rules: [{ then: { text: 'Hello' } }] })
console.log(`a session with a rule: ${kilobytesEach(before, usedBytes(), sessionCount)} KB`)
const bounded = create({ ...quick, sessions: { maxSessions: 100 } })
const start = usedBytes()
for (let at = 0; at < sessionCount; at++) await bounded.post('/++/sessions', {})
const first = usedBytes()
for (let at = 0; at < sessionCount; at++) await bounded.post('/++/sessions', {})
console.log(
  `${sessionCount} sessions, 100 at once: ${((first - start) / 1e6).toFixed(1)} MB; as many more: ${((usedBytes() - first) / 1e6).toFixed(1)} MB`,
)
if (keys.length !== count) throw new Error('a resource has no key')
