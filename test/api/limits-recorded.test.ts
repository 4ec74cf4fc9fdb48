/** What a call costs a limit and what the headers tell of it, as recorded of the service (March 2024 to June 2026). */
import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const limits = { tokensPerMinute: 250_000, requestsPerMinute: 2_500 }
const deployments = {
  'gpt-5.2': { model: 'gpt-5.2', ...limits },
  'gpt-4o': { model: 'gpt-4o', ...limits },
  'gpt-4': { model: 'gpt-4', ...limits },
  instruct: { model: 'gpt-35-turbo-instruct', ...limits },
  embed: { model: 'text-embedding-3-small', ...limits },
}

function setUp(more: object = {}) {
  const clock = manualClock(1_800_000_000_000)
  const simulator = testSimulator({ deployments, limits: { charge: 'estimated' }, ...more }, { clock })
  return {
    clock,
    post: async (path: string, body: object) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      const answer = await simulator.request(path, init)
      const left = (what: string) => Number(answer.headers.get(`x-ratelimit-remaining-${what}`))
      const text = await answer.text()
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        tokens: left('tokens'),
        requests: left('requests'),
      }
    },
  }
}

const said = (...contents: unknown[]) => contents.map((content) => ({ role: 'user', content }))
const characters = (count: number) => 'a'.repeat(count)
const picture = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
const chat = (name: string) => `/openai/deployments/${name}/chat/completions?api-version=2025-03-01-preview`

describe('what is charged where the service’s estimate is asked for', () => {
  // 32 characters 9 and 102 characters 26 (November 2025), 1,017 with a picture and 55 characters, less the max_tokens of then.
  it.each([
    ['a message', said(characters(32)), 9],
    ['a longer one', said(characters(102)), 26],
    ['two messages, a token more each', said(characters(28), characters(44)), 20],
    ['a picture', said([picture, { type: 'text', text: characters(16) }]), 1_005],
  ])('of chat is a quarter of the characters and one: %s', async (_, messages, tokens) => {
    const { post } = setUp()
    expect((await post(chat('gpt-4o'), { messages, max_tokens: 20 })).tokens).toBe(250_000 - tokens)
  })

  it('of a retired model is max_tokens, or 16', async () => {
    const { post } = setUp()
    expect((await post(chat('gpt-4'), { messages: said('Hi'), max_tokens: 5 })).tokens).toBe(249_995)
    expect((await post(chat('gpt-4'), { messages: said('Hi') })).tokens).toBe(249_979)
  })

  it('of legacy completions is nothing, of embeddings a quarter, rounded up', async () => {
    const { post } = setUp()
    const dated = '?api-version=2025-01-01-preview'
    expect((await post(`/openai/deployments/instruct/completions${dated}`, { prompt: 'Hello' })).tokens).toBe(250_000)
    expect((await post(`/openai/deployments/embed/embeddings${dated}`, { input: characters(12) })).tokens).toBe(249_997)
  })

  it('of Responses is a quarter, rounded down; with the first dated version what was counted and 18', async () => {
    const { post } = setUp()
    expect((await post('/openai/v1/responses', { model: 'gpt-5.2', input: characters(22) })).tokens).toBe(249_995)
    const { text, tokens } = await post('/openai/responses?api-version=2025-03-01-preview', {
      model: 'gpt-4o',
      input: 'Hi',
    })
    const { usage } = JSON.parse(text) as { usage: { input_tokens: number } }
    expect(tokens).toBe(250_000 - usage.input_tokens - 18)
  })

  it('of what the model’s layer refuses is the same (July 2024 and January 2025)', async () => {
    const { post } = setUp()
    const path = '/openai/deployments/embed/embeddings?api-version=2025-01-01-preview'
    const refused = await post(path, { input: characters(12), encoding_format: 'foo' })
    expect([refused.status, refused.requests]).toEqual([400, 2_499])
    const answered = await post(path, { input: characters(12) })
    expect(answered.requests).toBe(2_498)
  })
})

describe('where the limits stand', () => {
  it('is told as before the call by a project’s responses (June 2026: 2500, 2499 of 2500)', async () => {
    const { post } = setUp()
    const ask = () => post('/api/projects/p/openai/v1/responses', { model: 'gpt-5.2', input: characters(22) })
    expect(await ask()).toMatchObject({ requests: 2_500, tokens: 250_000 })
    expect(await ask()).toMatchObject({ requests: 2_499, tokens: 249_995 })
    expect(await post('/openai/v1/responses', { model: 'gpt-5.2', input: characters(22) })).toMatchObject({
      requests: 2_497,
      tokens: 249_985,
    })
  })

  // 119 of 120 and 119,986 of 120,000: 500 and 7 ms (March 2026); 1,980 of 1,981: 30 ms (April 2026).
  it.each([
    ['classic', 120, '500'],
    ['classic', 1_981, '30'],
    ['new', 120, '0'],
    ['new', 5, '12'],
  ])(
    'tells resets as the share of a minute that is used: %s, %d requests',
    async (frontEnd, requestsPerMinute, reset) => {
      const one = { chat: { model: 'gpt-4o', tokensPerMinute: 120_000, requestsPerMinute } }
      const { post } = setUp({ deployments: one, azure: { frontEnd }, limits: { charge: 'actual' } })
      const { headers } = await post(chat('chat'), { messages: said('Hi') })
      expect(headers.get('x-ratelimit-reset-requests')).toBe(reset)
    },
  )
})

describe('what the model’s layer refuses', () => {
  const refuse = async (path: string, body: object) => {
    const one = { any: { model: 'text-embedding-3-small', ...limits }, picture: { model: 'gpt-image-1', ...limits } }
    const { post } = setUp({ deployments: { ...deployments, ...one } })
    const { status, headers } = await post(`${path}?api-version=2025-03-01-preview`, body)
    expect(status).toBe(400)
    return ['tokens', 'requests'].map((of) => headers.get(`x-ratelimit-remaining-${of}`))
  }

  // 12 characters: 119,997 of 120,000 were left (July 2024 and January 2025).
  it('costs a quarter of its prompt’s characters in tokens', async () => {
    const body = { input: 'Hello, world', encoding_format: 'none' }
    expect(await refuse('/openai/deployments/any/embeddings', body)).toEqual(['249997', '2499'])
    const many = { input: ['Hello, ', 'world'], encoding_format: 'none' }
    expect(await refuse('/openai/deployments/any/embeddings', many)).toEqual(['249997', '2499'])
  })

  it('costs what was measured, where it was', async () => {
    const body = { messages: said(characters(40)), max_tokens: 10_000_000 }
    const [tokens] = await refuse('/openai/deployments/gpt-4o/chat/completions', body)
    expect(Number(tokens)).toBeLessThan(limits.tokensPerMinute)
  })

  it('costs no tokens where none are counted', async () => {
    const body = { prompt: 'A cat', n: 'many' }
    expect(await refuse('/openai/deployments/picture/images/generations', body)).toEqual([null, '2499'])
  })
})

describe('a 429 in the words of 2023 and 2024', () => {
  // 348 bytes, December 2024: Retry-After is the one reset that is told.
  it('has the length and the headers that were recorded', async () => {
    const one = { chat: { model: 'gpt-4o', requestsPerMinute: 6 } }
    const { post } = setUp({ deployments: one, azure: { rateLimitError: 'since2023' } })
    const ask = () =>
      post('/openai/deployments/chat/chat/completions?api-version=2024-05-01-preview', { messages: said('Hi') })
    await ask()
    const { status, headers, text } = await ask()
    expect(status).toBe(429)
    const wait = Number(headers.get('retry-after'))
    expect(headers.get('x-ratelimit-reset-requests')).toBe(String(wait))
    expect(headers.get('x-ratelimit-reset-tokens')).toBeNull()
    expect(headers.get('policy-id')).toBe('DeploymentRatelimit-Call')
    expect(Buffer.byteLength(text) - String(wait).length).toBe(348 - '10'.length)
  })
})
