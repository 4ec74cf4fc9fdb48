import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const messages = [{ role: 'user' as const, content: 'How many r are in strawberry?' }]

describe('a reasoning model', () => {
  it('counts what it thought in the usage, beside the tokens of its text', async () => {
    const client = testSimulator().azure(undefined, '2024-12-01-preview')
    const answer = await client.chat.completions.create({ model: 'gpt-5-nano', messages, reasoning_effort: 'low' })
    const { reasoning_tokens: thought = 0 } = answer.usage?.completion_tokens_details ?? {}
    expect(thought).toBeGreaterThan(0)
    expect(thought % 64).toBe(0)
    const text = answer.choices[0]?.message.content ?? ''
    expect(text).not.toBe('')
    // What is over a step is in the sum alone (recorded August 2025).
    const over = answer.usage!.completion_tokens - thought - countTokens(text, 'o200k_base')
    expect(over).toBeGreaterThanOrEqual(0)
    expect(over).toBeLessThan(64)
    expect(answer.usage?.total_tokens).toBe(answer.usage!.prompt_tokens + answer.usage!.completion_tokens)
  })

  it('ends with length and without a text where thinking takes all that it may write', async () => {
    const client = testSimulator().azure(undefined, '2024-12-01-preview')
    const ask = { model: 'o3', messages, max_completion_tokens: 10 }
    const answer = await client.chat.completions.create(ask)
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: '' } })
    expect(answer.usage).toMatchObject({
      completion_tokens: 10,
      completion_tokens_details: { reasoning_tokens: 10 },
    })
    let text = ''
    const reasons: unknown[] = []
    for await (const { choices } of await client.chat.completions.create({ ...ask, stream: true }))
      for (const { delta, finish_reason: reason } of choices) {
        text += delta.content ?? ''
        if (reason) reasons.push(reason)
      }
    expect(text).toBe('')
    expect(reasons).toEqual(['length'])
  })

  it('does not think where it is told not to, or does not of its own accord', async () => {
    const client = testSimulator().azure(undefined, '2024-12-01-preview')
    const ask = { messages, max_completion_tokens: 7 }
    for (const body of [
      { ...ask, model: 'gpt-5', reasoning_effort: 'minimal' as const },
      { ...ask, model: 'gpt-5.1' },
      { ...ask, model: 'gpt-4.1' },
    ]) {
      const answer = await client.chat.completions.create(body)
      expect(answer.usage).toMatchObject({
        completion_tokens: 7,
        completion_tokens_details: { reasoning_tokens: 0 },
      })
      expect(countTokens(answer.choices[0]?.message.content ?? '', 'o200k_base')).toBe(7)
    }
  })

  it('calls a tool after it has thought', async () => {
    const client = testSimulator().azure(undefined, '2024-12-01-preview')
    const answer = await client.chat.completions.create({
      model: 'gpt-5-mini',
      messages,
      tools: [{ type: 'function', function: { name: 'count', parameters: { type: 'object', properties: {} } } }],
    })
    expect(answer.choices[0]?.finish_reason).toBe('tool_calls')
    const { completion_tokens: all = 0, completion_tokens_details: details } = answer.usage ?? {}
    expect(details?.reasoning_tokens).toBeGreaterThan(0)
    expect(all).toBeGreaterThan(details?.reasoning_tokens ?? 0)
  })

  it.each([1, 2])('takes its time for thinking before the first of %i choices begins', async (n) => {
    const clock = manualClock()
    const simulator = testSimulator({ latency: { chatCompletions: { interToken: '10ms' } }, seed: 3 }, { clock })
    const path = '/openai/deployments/gpt-5-nano/chat/completions?api-version=2024-10-21'
    const asked = simulator.post(path, {
      messages,
      n,
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 2_000,
    })
    const decoder = new TextDecoder()
    let text = ''
    let firstMs: number | undefined
    const read = asked.then(async ({ body }) => {
      for await (const part of body ?? []) {
        text += decoder.decode(part as Uint8Array)
        if (/"delta":\{"content":"[^"]/.test(text)) firstMs ??= clock.now()
      }
    })
    for (let step = 0; step < 1_000 && !text.includes('[DONE]'); step++) await clock.advanceAsync(100)
    await read
    const thought = [...text.matchAll(/"reasoning_tokens":(\d+)/g)].map(([, tokens]) => Number(tokens))
    expect(thought).toHaveLength(1)
    // Two choices think side by side, and the first to have thought begins.
    const min = n === 1 ? 10 * (thought[0] ?? 0) : 640
    expect(firstMs).toBeGreaterThan(min)
    expect(firstMs).toBeLessThanOrEqual(10 * ((thought[0] ?? 0) + 63) + 110)
  })
})
