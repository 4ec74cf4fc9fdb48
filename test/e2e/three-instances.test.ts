/** Three processes of the built command on one Blob container and one Redis, as they run when they are scaled out. */
import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Azurite, startAzurite } from '../support/azurite.ts'
import { type Instances, startInstances } from '../support/instances.ts'
import { isRedisMissing, type Redis, startRedis, withRedis } from '../support/redis.ts'

const apiKey = 'key-of-the-instances'
const container = 'shared-state'

/** One token a request; so many requests a minute that they do not limit. A slow machine is no outage of Redis. */
const settings = `
deployments:
  limited: { model: text-embedding-3-small, tokensPerMinute: 1000, requestsPerMinute: 10000000 }
  free: { model: text-embedding-3-small }
latency: { embeddings: 0ms }
redis: { timeout: 5s }
`

type ConfigDocument = {
  readonly version: string
  readonly seed: number | null
  readonly generate: { readonly median_tokens: number }
  readonly sharing: { readonly limits: string; readonly calls_counted_alone: number; readonly refused: unknown[] }
}

let azurite: Azurite
let redis: Redis
let instances: Instances
let urls: readonly string[]

beforeAll(async () => {
  if (isRedisMissing) return
  azurite = await startAzurite()
  redis = await startRedis()
  instances = await startInstances(3, settings, {
    SIMULATOR_API_KEY: apiKey,
    SIMULATOR_STATE_CONNECTION_STRING: azurite.connectionString,
    SIMULATOR_STATE_CONTAINER: container,
    REDIS_URL: redis.url,
  })
  urls = instances.urls
})

afterAll(async () => {
  if (isRedisMissing) return
  expect(await instances.stop()).toEqual([0, 0, 0])
  await redis.kill()
  await azurite.stop()
})

const headers = { 'api-key': apiKey, 'content-type': 'application/json' }

async function embed(url: string, deployment: string): Promise<number> {
  const answer = await fetch(`${url}/openai/deployments/${deployment}/embeddings?api-version=2024-10-21`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ input: 'hello', encoding_format: 'base64' }),
  })
  await answer.arrayBuffer()
  return answer.status
}

/** So many requests, in turn to each instance, some of them at a time. */
async function flood(count: number, deployment: string, onAnswer?: (answered: number) => void): Promise<number[]> {
  const statuses: number[] = []
  let next = 0
  const worker = async () => {
    while (next < count) {
      statuses.push(await embed(urls[next++ % urls.length]!, deployment))
      onAnswer?.(statuses.length)
    }
  }
  await Promise.all(Array.from({ length: 48 }, worker))
  return statuses
}

const config = async (url: string, query = ''): Promise<ConfigDocument> =>
  (await (await fetch(`${url}/++/config${query}`, { headers })).json()) as ConfigDocument
const patch = (url: string, part: unknown, more: Record<string, string> = {}) =>
  fetch(`${url}/++/config`, { method: 'PATCH', headers: { ...headers, ...more }, body: JSON.stringify(part) })

describe.skipIf(isRedisMissing)(withRedis('three instances on one container and one Redis'), () => {
  it('let pass exactly 1,000 of 3,000 requests against a limit of 1,000 a minute', { timeout: 60_000 }, async () => {
    const startedMs = performance.now()
    const statuses = await flood(3_000, 'limited')
    const took = performance.now() - startedMs
    // The first ones would have left the window by then, and others passed for them.
    expect(took).toBeLessThan(55_000)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1_000)
    expect(statuses.filter((status) => status === 429)).toHaveLength(2_000)
    for (const url of urls)
      expect((await config(url)).sharing).toMatchObject({ limits: 'redis', calls_counted_alone: 0 })
  })

  it('see a change within five seconds, wherever it was made', { timeout: 60_000 }, async () => {
    for (const [at, url] of urls.entries()) {
      const changed = (await (await patch(url, { seed: 100 + at })).json()) as ConfigDocument
      const changedMs = performance.now()
      expect(changed.seed).toBe(100 + at)
      const seenMs = await Promise.all(
        urls.map(async (other) => {
          // Every request is one for the instance to look by; what it answers with is what it has.
          while ((await config(other)).seed !== 100 + at) await new Promise((resolve) => setTimeout(resolve, 50))
          return performance.now() - changedMs
        }),
      )
      expect(Math.max(...seenMs)).toBeLessThan(5_000)
      const waited = await Promise.all(urls.map((other) => config(other, `?wait=${changed.version}`)))
      expect(waited.map(({ version }) => version)).toEqual(urls.map(() => changed.version))
    }
  })

  it('lose no change when all are changed at once: who comes second is told, or goes on from the first', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        patch(urls[at % 3]!, { openai_deployments: { [`made-${at}`]: { model: 'gpt-4o' } } }),
      ),
    )
    const made = answers.flatMap(({ status }, at) => (status === 200 ? [`made-${at}`] : []))
    for (const { status } of answers) expect([200, 409]).toContain(status)
    const versions = await Promise.all(urls.map(async (url) => (await config(url)).version))
    const newest = String(Math.max(...versions.map(Number)))
    for (const url of urls) {
      const { openai_deployments: deployments } = (await config(url, `?wait=${newest}`)) as unknown as {
        openai_deployments: Record<string, unknown>
      }
      expect(
        Object.keys(deployments)
          .filter((name) => name.startsWith('made-'))
          .sort(),
      ).toEqual(made.sort())
    }
  })

  it(
    'take a sim.yaml that is put into the container, and keep the old one where it is bad',
    { timeout: 60_000 },
    async () => {
      const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(container)
      const put = (text: string) => blobs.getBlockBlobClient('sim.yaml').upload(text, Buffer.byteLength(text))
      await put('generate: { medianTokens: 17 }')
      const seen = async (isSo: (document: ConfigDocument) => boolean) => {
        for (const url of urls) while (!isSo(await config(url))) await new Promise((resolve) => setTimeout(resolve, 50))
      }
      await seen(({ generate }) => generate.median_tokens === 17)
      await put('generate: { medianTokens: seventeen }')
      await seen(({ sharing }) => sharing.refused.length === 1)
      await seen(({ generate }) => generate.median_tokens === 17)
    },
  )

  it('lose no request when Redis is killed in the middle', { timeout: 60_000 }, async () => {
    let killed: Promise<void> | undefined
    const statuses = await flood(1_500, 'limited', (answered) => {
      if (answered >= 300) killed ??= redis.kill()
    })
    await killed
    expect(statuses).toHaveLength(1_500)
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
    for (const url of urls) {
      const { sharing } = await config(url)
      expect(sharing.limits).toBe('instance, as redis is unreachable')
      expect(sharing.calls_counted_alone).toBeGreaterThan(0)
    }
    expect(new Set(await flood(300, 'free'))).toEqual(new Set([200]))
  })
})
