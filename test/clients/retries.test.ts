import Anthropic from '@anthropic-ai/sdk'
import { createAzure } from '@ai-sdk/azure'
import { AzureChatOpenAI } from '@langchain/openai'
import { generateText } from 'ai'
import OpenAI, { AzureOpenAI } from 'openai'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const messages = [{ role: 'user' as const, content: 'Say hello.' }]
type Fetch = typeof globalThis.fetch

/** Each asks with the retries that its client has by itself. */
const clients: Record<string, (fetch: Fetch) => () => Promise<unknown>> = {
  'the openai package (AzureOpenAI)': (fetch) => {
    const client = new AzureOpenAI({ apiKey: 'test-key', endpoint: 'http://sim.test', apiVersion: '2024-10-21', fetch })
    return () => client.chat.completions.create({ model: 'limited', messages })
  },
  'the openai package (OpenAI)': (fetch) => {
    const client = new OpenAI({ apiKey: 'test-key', baseURL: 'http://sim.test/openai/v1', fetch })
    return () => client.chat.completions.create({ model: 'limited', messages })
  },
  'the AI SDK': (fetch) => {
    const azure = createAzure({ apiKey: 'test-key', baseURL: 'http://sim.test/openai/v1', fetch })
    return () => generateText({ model: azure.chat('limited'), prompt: 'Say hello.' })
  },
  LangChain: (fetch) => {
    const model = new AzureChatOpenAI({
      azureOpenAIApiKey: 'test-key',
      azureOpenAIEndpoint: 'http://sim.test',
      azureOpenAIApiVersion: '2024-10-21',
      azureOpenAIApiDeploymentName: 'limited',
      configuration: { fetch },
    })
    return () => model.invoke('Say hello.')
  },
  'the Anthropic SDK': (fetch) => {
    const client = new Anthropic({ apiKey: 'test-key', baseURL: 'http://sim.test/anthropic', fetch })
    return () => client.messages.create({ model: 'limited-claude', messages, max_tokens: 5 })
  },
}

/** One request in ten seconds, told by both clocks, the simulator's and the client's, which go together. */
function limited() {
  const clock = manualClock(1_000_000)
  const limits = { requestsPerMinute: 6 }
  const simulator = testSimulator(
    {
      deployments: {
        limited: { model: 'gpt-4o', ...limits },
        'limited-claude': { model: 'claude-sonnet-4-5', ...limits },
      },
    },
    { clock },
  )
  const requests: { atMs: number; status: number; waitMs: number | undefined }[] = []
  const fetch: Fetch = async (input, init) => {
    const atMs = clock.now()
    const answer = await simulator.fetch(input, init)
    const wait = answer.headers.get('retry-after-ms') ?? Number(answer.headers.get('retry-after') ?? NaN) * 1000
    requests.push({ atMs, status: answer.status, waitMs: Number(wait) || undefined })
    return answer
  }
  const until = async <T>(work: Promise<T>): Promise<T> => {
    const ended = new Set<Promise<T>>()
    const end = () => ended.add(work)
    work.then(end, end)
    for (let ms = 0; ms < 60_000 && !ended.has(work); ms += 50) {
      await clock.advanceAsync(50)
      await vi.advanceTimersByTimeAsync(50)
    }
    return work
  }
  return { fetch, requests, until }
}

describe('a client that is refused for its limit', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => vi.useRealTimers())

  it.each(Object.entries(clients))('waits as long as it is told, and is served then: %s', async (_, make) => {
    const { fetch, requests, until } = limited()
    const ask = make(fetch)
    await until(ask())
    await until(ask())
    expect(requests.map(({ status }) => status)).toEqual([200, 429, 200])
    const [, refused, served] = requests
    const waitedMs = (served?.atMs ?? 0) - (refused?.atMs ?? 0)
    expect(refused?.waitMs).toBeGreaterThan(5_000)
    expect(waitedMs).toBeGreaterThanOrEqual(refused?.waitMs ?? Infinity)
    expect(waitedMs).toBeLessThan((refused?.waitMs ?? 0) + 1_500)
  })
})
