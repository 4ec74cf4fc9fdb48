/** Deployments with provisioned throughput, and those whose capacity alone is given. */
import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const messages = [{ role: 'user', content: 'Hi' }]
const start = 1_800_000_000_000

/** Of gpt-4o 50 PTU: 2,500 x 50 = 125,000 input tokens a minute, 10,416 of them at once; an output token counts for four. */
const deployments = {
  ptu: { model: 'gpt-4o', sku: 'ProvisionedManaged', capacity: 50 },
}

function setUp(more: object = {}, one: object = deployments) {
  const clock = manualClock(start)
  const simulator = testSimulator({ deployments: one, ...more }, { clock })
  const ask = (body: object = {}, name = 'ptu', headers: Record<string, string> = {}) =>
    simulator.post(
      `/openai/deployments/${name}/chat/completions?api-version=2024-10-21`,
      { messages, max_tokens: 1_000, ...body },
      headers,
    )
  const utilization = async (answer: Promise<Response>) =>
    (await answer).headers.get('azure-openai-deployment-utilization')
  return { clock, simulator, ask, utilization }
}

describe('a provisioned deployment', () => {
  it('tells its utilization in place of limits', async () => {
    const { ask } = setUp()
    // 8 + 4 x 1,000 of 10,416.7
    const answer = await ask()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('azure-openai-deployment-utilization')).toBe('38%')
    expect([...answer.headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([])
    expect(answer.headers.get('x-ms-deployment-name')).toBe('ptu')
  })

  it('does not tell it where that is turned off', async () => {
    const { ask, utilization } = setUp({ provisioned: { utilizationHeader: false } })
    expect(await utilization(ask())).toBeNull()
  })

  it('answers 429 when it is full, with the wait until it is not and 10 ms more', async () => {
    const { ask, clock } = setUp()
    const statuses = await Promise.all([ask(), ask(), ask()].map(async (answer) => (await answer).status))
    expect(statuses).toEqual([200, 200, 200])
    const refused = await ask()
    expect(refused.status).toBe(429)
    // (3 x 4,008 - 10,416.67) / 2.083 a millisecond
    expect(refused.headers.get('retry-after-ms')).toBe('782')
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.headers.get('azure-openai-deployment-utilization')).toBe('100%')
    expect([...refused.headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([])
    expect(await refused.json()).toEqual({
      error: {
        code: '429',
        message: expect.stringMatching(/^Requests have exceeded the throughput limit on your/) as string,
      },
    })
    clock.advance(771)
    expect((await ask()).status).toBe(429)
    clock.advance(1)
    expect((await ask()).status).toBe(200)
  })

  it('is corrected when an answer ends, and drains all the time', async () => {
    const { ask, utilization, clock } = setUp({ generate: { maxTokens: 'bound', medianTokens: 10, sigma: 0 } })
    // 8 + 4 x 1,000 were taken, and 8 + 4 x 10 used.
    await ask()
    expect(await utilization(ask({ max_tokens: 1 }))).toBe('1%')
    clock.advance(100)
    expect(await utilization(ask({ max_tokens: 1 }))).toBe('0%')
  })

  it('takes an answer without a bound to be as long as those of late', async () => {
    const { ask, utilization, clock } = setUp({ generate: { medianTokens: 100, sigma: 0 } })
    // 8 + 4 x 1,000 at first; then 8 + 4 x 100, as the first was.
    expect(await utilization(ask({ max_tokens: undefined }))).toBe('38%')
    clock.advance(5_000)
    expect(await utilization(ask({ max_tokens: undefined }))).toBe('4%')
  })

  it('counts nothing for what was cached', async () => {
    const { ask, utilization, clock } = setUp()
    const long = { messages: [{ role: 'user', content: 'word '.repeat(4_000) }], max_tokens: 1 }
    // 4,007 tokens, of which 3,968 are known the second time.
    await ask(long)
    clock.advance(5_000)
    await ask(long)
    expect(await utilization(ask({ max_tokens: 1 }))).toBe('1%')
  })

  it('counts of a stream that its client left what had been sent', async () => {
    const latency = { chatCompletions: { interToken: '10ms' } }
    const { simulator, clock, utilization, ask } = setUp({ latency })
    const gone = new AbortController()
    const answer = simulator.request('/openai/deployments/ptu/chat/completions?api-version=2024-10-21', {
      method: 'POST',
      signal: gone.signal,
      body: JSON.stringify({ messages, max_tokens: 1_000, stream: true }),
    })
    await clock.advanceAsync(15)
    const reader = (await answer).body?.getReader()
    await reader?.read()
    await clock.advanceAsync(95)
    await reader?.cancel()
    await clock.advanceAsync(0)
    // 8 + 4 x 11 less what drained is nothing; the 4,008 that were taken would be 36 %.
    const next = utilization(ask({ max_tokens: 1 }))
    await clock.advanceAsync(20)
    expect(await next).toBe('0%')
  })

  it('refuses a prompt of more than 128,000 tokens where the model has that', async () => {
    const { ask } = setUp({}, { ptu: { model: 'gpt-4.1', sku: 'GlobalProvisionedManaged', capacity: 15 } })
    const answer = await ask({ messages: [{ role: 'user', content: 'word '.repeat(130_000) }], max_tokens: 1 })
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
      400,
      'context_length_exceeded',
    ])
  })

  it.each([
    [
      { model: 'gpt-4o', sku: 'ProvisionedManaged', capacity: 60 },
      'capacity: found 60; allowed: 50 or more, in steps of 50',
    ],
    [
      { model: 'gpt-4o', sku: 'GlobalProvisionedManaged', capacity: 10 },
      'capacity: found 10; allowed: 15 or more, in steps of 5',
    ],
    [{ model: 'gpt-4o', sku: 'GlobalProvisionedManaged' }, 'capacity: found nothing; allowed: a number of PTU'],
    [
      { model: 'whisper', sku: 'ProvisionedManaged', capacity: 50 },
      'sku: found ProvisionedManaged, which whisper is not known to have',
    ],
    [
      { model: 'gpt-5.5', sku: 'ProvisionedManaged', capacity: 50 },
      'sku: found ProvisionedManaged, which gpt-5.5 is not known to have',
    ],
    [{ model: 'gpt-4o', capacity: 50 }, 'sku: found nothing'],
    [
      { model: 'gpt-4o', sku: 'ProvisionedManaged', capacity: 50, tokensPerMinute: 1_000 },
      'tokensPerMinute: found 1000; allowed: nothing, as the capacity of ProvisionedManaged is its limit',
    ],
    [
      { model: 'gpt-4.1', sku: 'DataZoneProvisionedManaged', capacity: 15, requestsPerMinute: 60 },
      'requestsPerMinute: found 60; allowed: nothing',
    ],
    [{ model: 'gpt-4o', sku: 'GlobalStandard', capacity: 50, underLoad: {} }, 'underLoad: found growth, but nothing'],
    [{ model: 'gpt-4o', tokensPerMinute: 1_000, underLoad: { interToken: 3 } }, 'allowed: with concurrency, or for'],
  ])('is refused at the start as %o', (given, problem) => {
    expect(() => testSimulator({ deployments: { ptu: given } })).toThrow(problem)
  })
})

describe('the deployments of a resource', () => {
  it('take parts from the top level, and spill over to its deployments', async () => {
    const { post } = testSimulator({
      deployments: { payg: { model: 'gpt-4o', concurrency: 3 } },
      contentFilters: { mild: {} },
      resources: {
        contoso: {
          apiKeys: ['c'],
          deployments: {
            ptu: { model: 'gpt-4o', sku: 'ProvisionedManaged', capacity: 50, spilloverDeploymentName: 'payg' },
            payg: { model: 'gpt-4o', underLoad: { interToken: 1 }, contentFilter: 'mild' },
          },
        },
      },
    })
    const send = (headers = {}) =>
      post(
        '/resources/contoso/openai/deployments/ptu/chat/completions?api-version=2024-10-21',
        { messages, max_tokens: 12_000 },
        {
          'api-key': 'c',
          ...headers,
        },
      )
    expect((await send()).status).toBe(200)
    expect((await send()).headers.get('x-ms-spillover-from-deployment')).toBe('ptu')
  })
})

describe('a capacity alone', () => {
  it.each([
    // Recorded: 30 requests per 10 s and 30,000 tokens; 300 per 60 s and 30,000; 1 per 10 s and 1,000.
    ['gpt-4o', 'Standard', 30, ['30', '10', '30000']],
    ['gpt-4o-mini', 'GlobalStandard', 30, ['300', '60', '30000']],
    ['text-embedding-3-small', 'GlobalStandard', 30, ['30', '10', '30000']],
    ['gpt-35-turbo', 'Standard', 1, ['1', '10', '1000']],
    ['gpt-4.1', 'DataZoneStandard', 50, ['50', '60', '50000']],
    ['o1', 'GlobalStandard', 10, ['10', '60', '60000']],
    ['whisper', 'Standard', 3, ['3', '60', null]],
    ['gpt-image-1', 'GlobalStandard', 2, ['6', '60', null]],
  ])('gives %s as %s of %i the limits that Azure gives', async (model, sku, capacity, limits) => {
    const simulator = testSimulator({ deployments: { one: { model, sku, capacity } } })
    const [path, body] =
      model === 'whisper'
        ? ['audio/transcriptions', undefined]
        : model.startsWith('text')
          ? ['embeddings', { input: 'Hi' }]
          : model.includes('image')
            ? ['images/generations', { prompt: 'Hi' }]
            : ['chat/completions', { messages, max_completion_tokens: 1 }]
    const form = new FormData()
    form.set('file', new Blob(['x']), 'a.mp3')
    const version = '?api-version=2025-04-01-preview'
    const answer = body
      ? await simulator.post(`/openai/deployments/one/${path}${version}`, body)
      : await simulator.request(`/openai/deployments/one/${path}${version}`, { method: 'POST', body: form })
    const told = ['limit-requests', 'renewalperiod-requests', 'limit-tokens']
    expect(told.map((name) => answer.headers.get(`x-ratelimit-${name}`))).toEqual(limits)
  })

  it('passes all requests of a period at once, and tells what is left of it', async () => {
    const { ask, clock } = setUp({}, { ptu: { model: 'gpt-4o', sku: 'Standard', capacity: 3 } })
    const left = []
    for (let call = 0; call < 3; call++)
      left.push((await ask({ max_tokens: 1 })).headers.get('x-ratelimit-remaining-requests'))
    expect(left).toEqual(['2', '1', '0'])
    expect((await ask({ max_tokens: 1 })).status).toBe(429)
    clock.advance(10_000)
    expect((await ask({ max_tokens: 1 })).headers.get('x-ratelimit-remaining-requests')).toBe('2')
  })

  it('gives way to limits that are set', async () => {
    const given = { model: 'gpt-4o', sku: 'Standard', capacity: 3, tokensPerMinute: 7_000 }
    const { ask } = setUp({}, { ptu: given })
    expect((await ask()).headers.get('x-ratelimit-limit-tokens')).toBe('7000')
  })
})
