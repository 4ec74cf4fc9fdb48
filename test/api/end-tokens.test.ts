/** Usage beside the texts that it was recorded with: it counts what ends an answer, too. */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const hello = 'Hello! How can I assist you today?'

describe('the usage of an answer that ends of itself', () => {
  it.each([
    ['gpt-4o', hello, 10, 'August 2025'],
    ['gpt-4o-mini', hello, 10, 'January 2026'],
    ['gpt-4.1', 'Hello! How can I help you today?', 10, 'April 2026'],
    ['gpt-4.1', 'The capital of France is **Paris**.', 10, 'March 2026'],
    ['gpt-5.4', 'Paris', 5, 'July 2026'],
    ['gpt-5.6-sol', 'Paris', 5, 'July 2026'],
    ['gpt-35-turbo', 'one two three', 3, 'older models were recorded without'],
  ])('of %s for %j is %i (%s)', async (...[model, text, tokens]: readonly [string, string, number, string]) => {
    const simulator = testSimulator({ rules: [{ then: { text } }] })
    const client = simulator.v1()
    const messages = [{ role: 'user' as const, content: 'Hi' }]
    const body = { model, messages, ...(model.startsWith('gpt-5.6') && { reasoning_effort: 'none' as const }) }
    const chat = await client.chat.completions.create(body)
    expect(chat.usage?.completion_tokens).toBe(tokens)
    let last: number | undefined
    const stream = await client.chat.completions.create({
      ...body,
      stream: true,
      stream_options: { include_usage: true },
    })
    for await (const { usage } of stream) last = usage?.completion_tokens ?? last
    expect(last).toBe(tokens)
    if (model === 'gpt-35-turbo') return
    const asked = { model, input: 'Hi', ...(model.startsWith('gpt-5.6') && { reasoning: { effort: 'none' as const } }) }
    expect((await client.responses.create(asked)).usage?.output_tokens).toBe(tokens)
    expect(simulator.errors).toEqual([])
  })

  it('tells six more of a thought and its text (gpt-5-mini, January 2026: 15 beside 64 of thought, for nine)', async () => {
    const client = testSimulator({ rules: [{ then: { text: 'Hello! How can I help you today?' } }] }).v1()
    for (let call = 0; call < 5; call++) {
      const { usage } = await client.responses.create({ model: 'gpt-5-mini', input: 'Hi' })
      const { output_tokens: all = 0, output_tokens_details: details } = usage ?? {}
      // What is over a step of 64 is told in the sum alone.
      const over = all - (details?.reasoning_tokens ?? 0) - 15
      expect(over).toBeGreaterThanOrEqual(0)
      expect(over).toBeLessThan(64)
    }
  })

  it('is no more than what is allowed, and what a limit or a stop sequence ends has no end of its own', async () => {
    const simulator = testSimulator({ rules: [{ when: { prompt: 'say' }, then: { text: hello } }] })
    const ask = async (content: string, more: object = {}) => {
      const messages = [{ role: 'user' as const, content }]
      const { choices, usage } = await simulator.v1().chat.completions.create({ model: 'gpt-4o', messages, ...more })
      return [usage?.completion_tokens, choices[0]?.finish_reason]
    }
    expect(await ask('say it', { max_tokens: 10 })).toEqual([10, 'stop'])
    expect(await ask('say it', { max_tokens: 9 })).toEqual([9, 'stop'])
    expect(await ask('say it', { max_tokens: 8 })).toEqual([8, 'length'])
    expect(await ask('say it', { stop: ' I' })).toEqual([4, 'stop'])
    expect(await ask('anything', { max_tokens: 25 })).toEqual([25, 'length'])
    const counted = testSimulator({ rules: [{ then: { tokens: 12 } }] })
    const messages = [{ role: 'user' as const, content: 'Hi' }]
    expect((await counted.v1().chat.completions.create({ model: 'gpt-4o', messages })).usage?.completion_tokens).toBe(
      12,
    )
  })
})
