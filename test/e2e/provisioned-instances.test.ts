/**
 * Provisioned throughput over three processes of the built command that count in one Redis: 50 PTU under three times their load,
 * and what spills over. Six seconds of it; PROVISIONED_SECONDS=60 takes a minute. How long refusals say to wait is held to
 * the millisecond in test/redis-provisioned.test.ts, on a clock of its own.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Instances, startInstances } from '../support/instances.ts'
import { isRedisMissing, type Redis, startRedis, withRedis } from '../support/redis.ts'

const seconds = Number(process.env['PROVISIONED_SECONDS'] ?? 6)
const apiKey = 'key-of-the-instances'

/** gpt-4o: 50 PTU do 125,000 input tokens a minute; an output token counts for four. */
const ratePerMs = 125_000 / 60_000
const settings = `
deployments:
  ptu: { model: gpt-4o, sku: GlobalProvisionedManaged, capacity: 50, spilloverDeploymentName: std }
  alone: { model: gpt-4o, sku: GlobalProvisionedManaged, capacity: 50, latency: { timeToFirstToken: 0ms, interToken: 0ms } }
  std: { model: gpt-4o, sku: GlobalStandard, capacity: 10000 }
latency: { chatCompletions: { timeToFirstToken: 100ms, interToken: 1ms } }
journal: { size: 10000 }
redis: { timeout: 5s }
`

let redis: Redis
let instances: Instances
let urls: readonly string[]

beforeAll(async () => {
  if (isRedisMissing) return
  redis = await startRedis()
  instances = await startInstances(3, settings, { SIMULATOR_API_KEY: apiKey, REDIS_URL: redis.url })
  urls = instances.urls
})

afterAll(async () => {
  if (isRedisMissing) return
  expect(await instances.stop()).toEqual([0, 0, 0])
  await redis.kill()
})

const headers = { 'api-key': apiKey, 'content-type': 'application/json' }
const messages = [{ role: 'user', content: 'word '.repeat(193) }]
type Answer = { readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } }

async function ask(url: string, deployment: string, maxTokens: number) {
  const fromMs = performance.now()
  const answer = await fetch(`${url}/openai/deployments/${deployment}/chat/completions?api-version=2024-10-21`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ messages, max_tokens: maxTokens }),
  })
  const { usage } = (await answer.json()) as Answer
  const cost = (usage?.prompt_tokens ?? 0) + 4 * (usage?.completion_tokens ?? 0)
  return { status: answer.status, headers: answer.headers, cost, fromMs, toMs: performance.now() }
}

describe.skipIf(isRedisMissing)(withRedis('50 PTU over three instances on one Redis'), () => {
  it('do what they can of three times their load, and the rest spills over', { timeout: 120_000 }, async () => {
    const perCall = 200 + 4 * 200
    const everyMs = perCall / (3 * ratePerMs)
    const count = Math.ceil((seconds * 1_000) / everyMs)
    const startMs = performance.now()
    const answers = await Promise.all(
      Array.from({ length: count }, async (_, at) => {
        await sleep(startMs + at * everyMs - performance.now())
        return ask(urls[at % 3]!, 'ptu', 200)
      }),
    )
    // No request is lost, and each says where it was answered.
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const told = (answer: (typeof answers)[number]) =>
      ['x-ms-deployment-name', 'x-ms-is-spilled-over', 'x-ms-spillover-from-deployment', 'x-ms-spillover-error'].map(
        (name) => answer.headers.get(name),
      )
    const spilled = answers.filter((answer) => answer.headers.get('x-ms-is-spilled-over') === 'true')
    const taken = answers.filter((answer) => !spilled.includes(answer))
    expect(spilled.map(told)).toEqual(spilled.map(() => ['std', 'true', 'ptu', '429']))
    expect(taken.map(told)).toEqual(taken.map(() => ['ptu', 'false', null, null]))
    expect(spilled.length).toBeGreaterThan(count / 4)
    // In any time the deployment takes no more than drains in it, what may come at once (5 s), and the call that fills it.
    for (const [at, first] of taken.entries()) {
      let sum = 0
      for (const last of taken.slice(at)) {
        sum += last.cost
        expect(sum).toBeLessThanOrEqual(ratePerMs * (last.toMs - first.fromMs + 5_000) + perCall)
      }
    }
    // What the instances have written down is what the clients saw.
    const journals = await Promise.all(
      urls.map(async (url) => {
        const { requests } = (await (await fetch(`${url}/++/requests?limit=1000`, { headers })).json()) as {
          requests: { status: number; spilledFrom?: string }[]
        }
        return requests
      }),
    )
    expect(journals.flat()).toHaveLength(count)
    expect(journals.flat().filter(({ spilledFrom }) => spilledFrom === 'ptu')).toHaveLength(spilled.length)
  })

  it('take a call from whoever has waited as it was told, at any of them', { timeout: 60_000 }, async () => {
    const statuses = []
    for (let round = 0; round < 3; round++) {
      let answer = await ask(urls[round % 3]!, 'alone', 2_000)
      for (let at = 1; answer.status === 200; at++) answer = await ask(urls[(round + at) % 3]!, 'alone', 3_000)
      expect(answer.status).toBe(429)
      await sleep(Number(answer.headers.get('retry-after-ms')))
      statuses.push((await ask(urls[(round + 1) % 3]!, 'alone', 10)).status)
    }
    expect(statuses).toEqual([200, 200, 200])
  })
})
