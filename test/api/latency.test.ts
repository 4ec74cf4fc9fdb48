/** Latencies as they were measured of the service: bursts, percentiles, and the service's own clock. */
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'
import { inBursts } from '../../src/sim/timing/bursts.ts'
import { drawTimes } from '../../src/sim/timing/profile.ts'
import { bursts, chunksOf, timedSimulator } from '../support/arrivals.ts'
import { testSimulator } from '../support/simulator.ts'

const chat = '/openai/v1/chat/completions'
const hello = [{ role: 'user', content: 'Tell me of the sea.' }]
const measured = { latency: 'measured-2026' }

const quantile = (sorted: readonly number[], share: number) => sorted[Math.floor(share * sorted.length)] ?? NaN
const median = (values: readonly number[]) =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  )

/** Streams as they were recorded on 1 September 2026 of gpt-4.1-mini in Japan East, under the default filter. */
async function recordedStreams(tokens: number, settings: object = {}) {
  const { send, answered } = timedSimulator({ ...measured, ...settings }, { random: seededRandom(3) })
  const request = { model: 'gpt-4.1-mini', messages: hello, stream: true, max_tokens: tokens }
  return answered(Promise.all(Array.from({ length: 7 }, () => send(chat, request))))
}

describe('seven recorded streams of the default filter', () => {
  it('have their headers between 406 and 803 ms after the request', async () => {
    const heads = (await recordedStreams(74)).map(({ headersAtMs }) => headersAtMs)
    expect(Math.min(...heads)).toBeGreaterThan(380)
    expect(Math.max(...heads)).toBeLessThan(820)
  })

  it('of 74 tokens have all their text at once, about 1.7 s after the request', async () => {
    const streams = await recordedStreams(74)
    for (const stream of streams) {
      expect(bursts(stream).map(({ tokens }) => tokens)).toEqual([74])
      expect(stream.endedAtMs).toBe(bursts(stream)[0]?.atMs)
    }
    const firsts = streams.map((stream) => bursts(stream)[0]?.atMs ?? 0)
    expect(median(firsts)).toBeGreaterThan(1_500)
    expect(median(firsts)).toBeLessThan(2_000)
  })

  it.each([
    [640, 10_100],
    [1680, 29_900],
  ])('of %i tokens come in bursts of 115 to 130, about two seconds apart', async (tokens, endMs) => {
    const streams = await recordedStreams(tokens)
    for (const stream of streams) {
      const parts = bursts(stream)
      expect(parts.reduce((sum, part) => sum + part.tokens, 0)).toBe(tokens)
      for (const part of parts.slice(0, -1)) {
        expect(part.tokens).toBeGreaterThanOrEqual(115)
        expect(part.tokens).toBeLessThanOrEqual(130)
      }
      const gaps = parts.slice(1, -1).map((part, at) => part.atMs - (parts[at]?.atMs ?? 0))
      expect(median(gaps)).toBeGreaterThan(1_200)
      expect(median(gaps)).toBeLessThan(2_600)
      expect(Math.max(...gaps)).toBeLessThan(5_000)
    }
    const firsts = streams.map((stream) => bursts(stream)[0]?.atMs ?? 0)
    expect(median(firsts)).toBeGreaterThan(1_700)
    expect(median(firsts)).toBeLessThan(2_700)
    const ends = streams.map(({ endedAtMs }) => endedAtMs)
    expect(Math.abs(median(ends) / endMs - 1)).toBeLessThan(0.2)
  })

  it('lie where those that were recorded do, of a thousand', () => {
    const random = seededRandom(9)
    const asked = { modelName: 'gpt-4.1-mini', promptTokens: 12, cachedTokens: 0, isSteady: false, factor: 1 }
    const load = { gateway: 1, interToken: 1, queuedMs: 0 }
    const spread = (values: number[]) => {
      const sorted = values.toSorted((a, b) => a - b)
      return [quantile(sorted, 0.05), quantile(sorted, 0.95)] as const
    }
    const holds = ([from, to]: readonly [number, number], recorded: number) => {
      expect(recorded).toBeGreaterThanOrEqual(from)
      expect(recorded).toBeLessThanOrEqual(to)
    }
    // Tokens, when the first and the last of them came, and the largest gap between bursts.
    for (const [tokens, firstMs, endMs, gapMs] of [
      [74, 1_679, 1_685, undefined],
      [640, undefined, 10_100, 2_100],
      [1_680, undefined, 29_900, 2_100],
    ] as const) {
      const [heads, firsts, ends, gaps] = [[] as number[], [] as number[], [] as number[], [] as number[]]
      for (let draw = 0; draw < 1_000; draw++) {
        const { latency } = drawTimes({ name: 'measured-2026' }, { ...asked, load }, random)
        const about = { tokens, hiddenTokens: 0, latency, factor: 1 }
        const events = Array.from({ length: tokens }, () => ({ tokens: 1, data: '' }))
        const at: number[] = []
        for (const { atMs } of inBursts(events, about, random)) if (at.at(-1) !== atMs) at.push(atMs)
        heads.push(latency.headMs)
        firsts.push(at[0] ?? 0)
        ends.push(at.at(-1) ?? 0)
        gaps.push(Math.max(0, ...at.slice(1).map((ms, index) => ms - (at[index] ?? 0))))
      }
      // Of the seven, all were between 406 and 803 ms: nine in ten of ours are.
      expect(heads.filter((ms) => ms >= 406 && ms <= 803).length / heads.length).toBeGreaterThan(0.85)
      if (firstMs !== undefined) holds(spread(firsts), firstMs)
      holds(spread(ends), endMs)
      if (gapMs !== undefined) holds(spread(gaps), gapMs)
    }
  })
})

describe('delivery', () => {
  it.each(['asynchronous', 'off'])('is token by token under the filter mode %s', async (mode) => {
    const [stream] = await recordedStreams(60, { contentFilter: { mode } })
    expect(bursts(stream!).every(({ tokens }) => tokens === 1)).toBe(true)
  })

  it('is as the setting says', async () => {
    const [smooth] = await recordedStreams(60, { contentFilter: { delivery: 'smooth' } })
    expect(bursts(smooth!)).toHaveLength(60)
  })

  it('keeps exactly the gaps that are set, unless it is set as well', async () => {
    const request = { model: 'gpt-4.1-mini', messages: hello, stream: true, max_tokens: 240 }
    const latency = { profile: 'measured-2026', chatCompletions: { timeToFirstToken: '300ms', interToken: '20ms' } }
    const plain = await timedSimulator({ latency }).ask(chat, request)
    expect(bursts(plain).map(({ atMs }) => atMs)).toEqual(Array.from({ length: 240 }, (_, at) => 300 + 20 * at))
    const delivery = { contentFilter: { delivery: 'buffered' } }
    const parts = bursts(await timedSimulator({ latency, ...delivery }).ask(chat, request))
    expect(parts.length).toBeLessThanOrEqual(3)
    // The first burst: the time of its last token, and of the check.
    expect(parts[0]?.atMs).toBeGreaterThan(300 + 20 * ((parts[0]?.tokens ?? 0) - 1))
  })

  it('lets thinking pass before the text is gathered', async () => {
    const { ask } = timedSimulator(measured)
    const request = { model: 'gpt-5-mini', messages: hello, stream: true, reasoning_effort: 'high' }
    const parts = bursts(await ask(chat, request))
    for (const part of parts.slice(0, -1)) expect(part.tokens).toBeGreaterThanOrEqual(115)
  })

  it('gathers responses and completions alike', async () => {
    const { ask } = timedSimulator(measured)
    const response = await ask('/openai/v1/responses', {
      model: 'gpt-4.1-mini',
      input: 'hello',
      stream: true,
      max_output_tokens: 300,
    })
    const deltas = response.writes.filter(({ text }) => text.includes('output_text.delta'))
    expect(deltas.length).toBeGreaterThan(1)
    expect(deltas.length).toBeLessThan(5)
    expect(response.writes[0]?.text).toContain('response.created')
    const completion = await ask('/openai/deployments/gpt-35-turbo-instruct/completions?api-version=2024-10-21', {
      prompt: 'hello',
      stream: true,
      max_tokens: 300,
    })
    expect(completion.status).toBe(200)
    expect(completion.writes.length).toBeLessThan(6)
  })
})

describe('the profile measured-2026', () => {
  const drawn = (modelName: string, isSteady = false) => {
    const random = seededRandom(11)
    const asked = {
      modelName,
      promptTokens: 10,
      cachedTokens: 0,
      isSteady,
      factor: 1,
      load: { gateway: 1, interToken: 1, queuedMs: 0 },
    }
    return Array.from(
      { length: 100_000 },
      () => drawTimes({ name: 'measured-2026' }, asked, random).latency.firstMs?.mean ?? 0,
    ).sort((a, b) => a - b)
  }

  // modelstats.ai: a short prompt every five minutes for 24 hours.
  it.each([
    ['gpt-4o-mini', 536, 844, 4461],
    ['gpt-4o', 639, 1144, 4517],
    ['gpt-4.1-mini', 661, 1087, 2169],
    ['gpt-4.1', 726, 1220, 1946],
  ])('has the first-token times that were measured of %s', (model, p50, p95, p99) => {
    const times = drawn(model)
    expect(Math.abs(quantile(times, 0.5) / p50 - 1)).toBeLessThan(0.1)
    expect(Math.abs(quantile(times, 0.95) / p95 - 1)).toBeLessThan(0.1)
    expect(Math.abs(quantile(times, 0.99) / p99 - 1)).toBeLessThan(0.25)
  })

  it('is steady on provisioned throughput: nine in ten within 605 ms', () => {
    expect(Math.abs(quantile(drawn('gpt-4.1-mini', true), 0.9) / 605 - 1)).toBeLessThan(0.1)
  })

  it('is of one deployment where that says so, and only where tokens come', async () => {
    const deployments = {
      timed: { model: 'gpt-4.1-mini', latency: 'measured-2026' },
      vectors: { model: 'text-embedding-3-small', latency: '70ms' },
    }
    const { ask } = timedSimulator({ deployments })
    const answer = await ask(chat, { model: 'timed', messages: hello, max_tokens: 50 })
    expect(answer.endedAtMs).toBeGreaterThan(700)
    expect((await ask(chat, { model: 'gpt-4.1-mini', messages: hello })).endedAtMs).toBe(0)
    expect((await ask('/openai/v1/embeddings', { model: 'vectors', input: 'a' })).endedAtMs).toBe(70)
    expect(() =>
      testSimulator({ deployments: { v: { model: 'text-embedding-3-small', latency: 'measured-2026' } } }),
    ).toThrow(/does not answer in tokens/)
  })

  it('makes long prompts wait, and cached ones less', () => {
    const random = () => seededRandom(4)
    const first = (promptTokens: number, cachedTokens: number) =>
      drawTimes(
        { name: 'measured-2026' },
        {
          modelName: 'gpt-4o-mini',
          promptTokens,
          cachedTokens,
          isSteady: false,
          factor: 1,
          load: { gateway: 1, interToken: 1, queuedMs: 0 },
        },
        random(),
      ).latency.firstMs?.mean ?? 0
    expect(first(8_831, 0) - first(11, 0)).toBeCloseTo(441, -1)
    expect(first(8_831, 8_820)).toBe(first(11, 0))
  })

  it('is changed by rules and by the factor', async () => {
    const rules = [
      { when: { headers: { fast: '1' } }, then: { latency: { factor: 0.001 } } },
      { when: { headers: { first: '1' } }, then: { latency: { timeToFirstToken: '5s' } } },
    ]
    const { ask } = timedSimulator({ ...measured, rules })
    const request = { model: 'gpt-4.1-mini', messages: hello, max_tokens: 1 }
    expect((await ask(chat, request, { fast: '1' })).endedAtMs).toBeLessThan(20)
    expect((await ask(chat, request, { first: '1' })).endedAtMs).toBe(5_000)
    const off = timedSimulator({ latency: { profile: 'measured-2026', factor: 0 } })
    expect((await off.ask(chat, { ...request, stream: true })).endedAtMs).toBe(0)
  })
})

describe('percentiles', () => {
  it.each([
    [{ p50: '400ms', p95: '900ms' }, [400, 900, undefined]],
    [{ p50: '500ms', p95: '800ms', p99: '4s' }, [500, 800, 4000]],
    [{ p50: '500ms', p95: '800ms', tail: '1.5%' }, [500, 800, undefined]],
  ])('are kept: %o', async (timeToFirstToken, [p50, p95, p99]) => {
    const { send, answered } = timedSimulator({ latency: { chatCompletions: { timeToFirstToken, interToken: '0ms' } } })
    const request = { model: 'gpt-4.1-mini', messages: hello, max_tokens: 1 }
    const answers = await answered(Promise.all(Array.from({ length: 3_000 }, () => send(chat, request))))
    const times = answers.map(({ endedAtMs }) => endedAtMs).sort((a, b) => a - b)
    expect(Math.abs(quantile(times, 0.5) / (p50 ?? 1) - 1)).toBeLessThan(0.07)
    expect(Math.abs(quantile(times, 0.95) / (p95 ?? 1) - 1)).toBeLessThan(0.1)
    if (p99 !== undefined) expect(Math.abs(quantile(times, 0.99) / p99 - 1)).toBeLessThan(0.25)
  })

  it('are refused where they are not right, and read back as they were written', async () => {
    const of = (interToken: unknown) => ({ latency: { chatCompletions: { interToken } } })
    for (const wrong of [
      { p50: '1s', p95: '1ms' },
      { p50: '1s' },
      { p50: 1, p95: 2 },
      { p50: '1s', p95: '2s', tail: '50%' },
    ])
      expect(() => testSimulator(of(wrong))).toThrow(/percentiles/)
    const simulator = testSimulator(of({ p50: '10ms', p95: '20ms', tail: '2%' }))
    const document = async () =>
      (await (await simulator.request('/++/settings')).json()) as { latency: { chatCompletions: unknown } }
    expect((await document()).latency.chatCompletions).toMatchObject({
      interToken: { p50: '10ms', p95: '20ms', tail: '2%' },
    })
    const changed = await simulator.request('/++/settings', {
      method: 'PATCH',
      body: JSON.stringify({ latency: { chatCompletions: { interToken: '7ms' } } }),
    })
    expect(changed.status).toBe(200)
    expect((await document()).latency.chatCompletions).toMatchObject({ interToken: '7ms' })
  })
})

describe('latency_checkpoint', () => {
  const keys = [
    'engine_tbt_ms',
    'engine_ttft_ms',
    'engine_ttlt_ms',
    'pre_inference_ms',
    'service_tbt_ms',
    'service_ttft_ms',
    'service_ttlt_ms',
    'user_visible_ttft_ms',
  ]

  it("is in a whole answer's usage, and a client's clock agrees with it", async () => {
    const { ask } = timedSimulator(measured)
    const { text, endedAtMs } = await ask(chat, { model: 'gpt-5.2', messages: hello, max_completion_tokens: 40 })
    const { usage } = JSON.parse(text) as { usage: Record<string, unknown> }
    expect(Object.keys(usage)).toEqual([
      'completion_tokens',
      'completion_tokens_details',
      'latency_checkpoint',
      'prompt_tokens',
      'prompt_tokens_details',
      'total_tokens',
    ])
    const at = usage.latency_checkpoint as Record<string, number>
    expect(Object.keys(at)).toEqual(keys)
    expect(Math.abs((at.service_ttlt_ms ?? 0) - endedAtMs)).toBeLessThanOrEqual(1)
    expect(at.user_visible_ttft_ms).toBe((at.service_ttft_ms ?? 0) - (at.pre_inference_ms ?? 0))
    expect((at.service_ttlt_ms ?? 0) - (at.service_ttft_ms ?? 0)).toBe(
      (at.engine_ttlt_ms ?? 0) - (at.engine_ttft_ms ?? 0),
    )
  })

  it('is beside the usage of a stream, and agrees with when its tokens come', async () => {
    const { ask } = timedSimulator({ ...measured, contentFilter: { mode: 'asynchronous' } })
    const stream = await ask(chat, {
      model: 'gpt-4.1-mini',
      messages: hello,
      stream: true,
      max_tokens: 100,
      stream_options: { include_usage: true },
    })
    const last = chunksOf(stream.text).at(-1)
    expect(Object.keys(last ?? {}).slice(0, 5)).toEqual(['choices', 'created', 'id', 'latency_checkpoint', 'model'])
    const at = last?.latency_checkpoint ?? {}
    expect(Object.keys(at)).toEqual(keys)
    expect(bursts(stream)[0]?.atMs).toBe(at.service_ttft_ms)
    expect(Math.abs(stream.endedAtMs - (at.service_ttlt_ms ?? 0))).toBeLessThanOrEqual(1)
  })

  it('does not tell of what the filter holds back', async () => {
    const [stream] = await recordedStreams(300, {})
    const { ask } = timedSimulator(measured)
    const told = await ask(chat, {
      model: 'gpt-4.1-mini',
      messages: hello,
      stream: true,
      max_tokens: 300,
      stream_options: { include_usage: true },
    })
    const at = chunksOf(told.text).at(-1)?.latency_checkpoint ?? {}
    expect(bursts(told)[0]?.atMs).toBeGreaterThan((at.user_visible_ttft_ms ?? 0) + 1_000)
    expect(chunksOf(stream?.text ?? '').at(-1)?.latency_checkpoint).toBeUndefined()
  })

  it('is not in responses (recorded October 2026), whose times are drawn alike', async () => {
    const { ask } = timedSimulator({ ...measured, seed: 5, contentFilter: { mode: 'asynchronous' } })
    const request = {
      model: 'gpt-5.2',
      input: 'Tell me of the sea.',
      reasoning: { effort: 'none' },
      max_output_tokens: 40,
    }
    const whole = await ask('/openai/v1/responses', request)
    const { usage } = JSON.parse(whole.text) as { usage: Record<string, unknown> }
    expect(Object.keys(usage)).toEqual([
      'input_tokens',
      'input_tokens_details',
      'output_tokens',
      'output_tokens_details',
      'total_tokens',
    ])
    expect(whole.text).not.toContain('latency_checkpoint')
    const stream = await ask('/openai/v1/responses', { ...request, stream: true })
    expect(stream.text).not.toContain('latency_checkpoint')
    const deltas = stream.writes.filter(({ text }) => text.includes('output_text.delta')).map(({ atMs }) => atMs)
    const gaps = deltas.slice(1).map((atMs, at) => atMs - (deltas[at] ?? 0))
    // One draw for all tokens of a request, around gpt-5.2's 13 ms.
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1.01)
    expect(median(gaps)).toBeGreaterThan(13 * Math.exp(-0.6))
    expect(median(gaps)).toBeLessThan(13 * Math.exp(0.6))
    expect(deltas[0]).toBeGreaterThan(150)
  })

  it('is not there where latencies are set by hand', async () => {
    const { ask } = timedSimulator({})
    expect((await ask(chat, { model: 'gpt-5.2', messages: hello })).text).not.toContain('latency_checkpoint')
  })
})

describe('under load', () => {
  const latency = { timeToFirstToken: '100ms', interToken: '10ms' }
  const request = { model: 'busy', messages: hello, max_tokens: 11 }
  const busy = (more: object) => timedSimulator({ deployments: { busy: { model: 'gpt-4.1-mini', latency, ...more } } })
  const timesOf = async (more: object, count: number) => {
    const { send, answered } = busy(more)
    const answers = await answered(Promise.all(Array.from({ length: count }, () => send(chat, request))))
    return answers.map(({ status, endedAtMs }) => [status, endedAtMs])
  }

  it('does not slow a deployment down that nothing is said of', async () => {
    expect(await timesOf({}, 5)).toEqual(Array.from({ length: 5 }, () => [200, 200]))
  })

  it('lengthens the first token by the square of its use, and each token by its use', async () => {
    // First token: 100 ms × (1 + 2 x²), ten more of 10 ms × (1 + 0.5 x).
    expect(await timesOf({ concurrency: 2 }, 2)).toEqual([
      [200, 150 + 125],
      [200, 300 + 150],
    ])
    const growth = { underLoad: { timeToFirstToken: 4, interToken: 1 } }
    expect(await timesOf({ concurrency: 1, ...growth }, 1)).toEqual([[200, 500 + 200]])
  })

  it('lets others wait for their turn, and refuses those beyond the queue', async () => {
    const none = { timeToFirstToken: 0, interToken: 0 }
    const times = await timesOf({ concurrency: 1, underLoad: { ...none, queue: 2 } }, 4)
    expect(times).toEqual([
      [200, 200],
      [200, 400],
      [200, 600],
      [429, 0],
    ])
    expect((await timesOf({ concurrency: 1, underLoad: { ...none, queue: 0, refusal: '503' } }, 2))[1]).toEqual([
      503, 0,
    ])
  })

  it('says when to come again, and has room again when answers have ended or clients have left', async () => {
    const { send, answered, ask, simulator, clock } = busy({ concurrency: 1, underLoad: { queue: 0 } })
    const first = send(chat, request)
    const refused = await send(chat, request)
    expect(refused.headers).toMatchObject({ 'retry-after': '20', 'retry-after-ms': '20000' })
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'no_capacity', type: 'too_many_requests' } })
    await answered(first)
    const leaving = new AbortController()
    const left = simulator
      .fetch('http://sim.test/openai/v1/chat/completions', {
        method: 'POST',
        headers: { 'api-key': 'test-key', 'content-type': 'application/json' },
        body: JSON.stringify(request),
        signal: leaving.signal,
      })
      .catch(() => 'left')
    await clock.advanceAsync(10)
    leaving.abort()
    expect(await left).toBe('left')
    await clock.advanceAsync(0)
    expect((await ask(chat, request)).status).toBe(200)
  })

  it('follows the utilization of provisioned throughput where that is asked for', async () => {
    const ptu = { sku: 'GlobalProvisionedManaged', capacity: 15 }
    const steady = await timesOf(ptu, 3)
    expect(steady.map(([, endedAtMs]) => endedAtMs)).toEqual([200, 200, 200])
    const slowed = await timesOf({ ...ptu, underLoad: {} }, 40)
    expect(slowed.at(-1)?.[1]).toBeGreaterThan(200)
  })

  it('makes a profile slower, too, and its clock says so', async () => {
    const deployments = { busy: { model: 'gpt-4.1-mini', latency: 'measured-2026', concurrency: 1 } }
    const { send, answered } = timedSimulator({ deployments })
    const [first, second] = await answered(Promise.all([send(chat, request), send(chat, request)]))
    expect(second.endedAtMs).toBeGreaterThan(first.endedAtMs)
    const { usage } = JSON.parse(second.text) as { usage: { latency_checkpoint: Record<string, number> } }
    expect(Math.abs((usage.latency_checkpoint.service_ttlt_ms ?? 0) - second.endedAtMs)).toBeLessThanOrEqual(1)
  })

  it('can be had by a rule: the system is busy', async () => {
    const rules = [{ then: { error: 'systemBusy', retryAfter: '7s' } }]
    const answer = await timedSimulator({ rules }).ask(chat, { model: 'gpt-4.1-mini', messages: hello })
    expect(answer.status).toBe(429)
    expect(answer.headers['retry-after']).toBe('7')
    expect(answer.text).toContain('Please retry after 7 seconds')
  })
})
