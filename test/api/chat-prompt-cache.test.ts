import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const long = Array.from({ length: 1_500 }, (_, at) => `word${at}`).join(' ')
const pathOf = (model: string) => `/openai/deployments/${model}/chat/completions?api-version=2024-10-21`

type Simulator = ReturnType<typeof testSimulator>
type Usage = { prompt_tokens: number; prompt_tokens_details: { cached_tokens: number } }

type Asked = { model?: string; prompt_cache_key?: string }

async function usageOf(simulator: Simulator, content: string, { model = 'gpt-4o', ...rest }: Asked = {}) {
  const answer = await simulator.post(pathOf(model), {
    messages: [{ role: 'user', content }],
    max_completion_tokens: 2_000,
    ...rest,
  })
  return ((await answer.json()) as { usage: Usage }).usage
}

const cachedOf = async (...asked: Parameters<typeof usageOf>) =>
  (await usageOf(...asked)).prompt_tokens_details.cached_tokens

describe('cached tokens', () => {
  it('are told of a prompt whose beginning was just seen, in steps of 128', async () => {
    const simulator = testSimulator()
    expect(await cachedOf(simulator, long)).toBe(0)
    const { prompt_tokens: all, prompt_tokens_details: details } = await usageOf(simulator, `${long} And then?`)
    expect(details.cached_tokens % 128).toBe(0)
    expect(details.cached_tokens).toBeGreaterThan(all - 512)
    expect(details.cached_tokens).toBeLessThan(all)
    expect(await cachedOf(simulator, `Another beginning. ${long}`)).toBe(0)
  })

  it('are those of a deployment, and of a cache key, alone', async () => {
    const simulator = testSimulator()
    const key = { prompt_cache_key: 'mine' }
    await usageOf(simulator, long, key)
    expect(await cachedOf(simulator, long, { model: 'gpt-4o-mini' })).toBe(0)
    expect(await cachedOf(simulator, long)).toBe(0)
    expect(await cachedOf(simulator, long, key)).toBeGreaterThan(1_024)
    expect(await cachedOf(testSimulator(), long, key)).toBe(0)
  })

  it('are in the usage of a stream too', async () => {
    const client = testSimulator().azure()
    const ask = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: long }], max_completion_tokens: 10 }
    await client.chat.completions.create(ask)
    let cached = 0
    const options = { stream: true, stream_options: { include_usage: true } } as const
    for await (const { usage } of await client.chat.completions.create({ ...ask, ...options }))
      cached = usage?.prompt_tokens_details?.cached_tokens ?? cached
    expect(cached).toBeGreaterThan(1_024)
  })

  it('are forgotten after the time that is set', async () => {
    const clock = manualClock()
    const simulator = testSimulator({ promptCache: { lifetime: '10s' } }, { clock })
    const ask = async () => {
      const asked = cachedOf(simulator, long)
      await clock.advanceAsync(0)
      return asked
    }
    await ask()
    clock.advance(9_000)
    expect(await ask()).toBeGreaterThan(0)
    clock.advance(10_001)
    expect(await ask()).toBe(0)
  })

  it('are none where that is set, of a short prompt, and of models that have no cache', async () => {
    const off = testSimulator({ promptCache: { enabled: false } })
    const on = testSimulator()
    for (const [simulator, content, model] of [
      [off, long, 'gpt-4o'],
      [on, 'Hello', 'gpt-4o'],
      [on, long, 'gpt-35-turbo'],
    ] as const) {
      await usageOf(simulator, content, { model })
      expect(await cachedOf(simulator, content, { model })).toBe(0)
    }
  })
})
