import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { testSimulator } from '../support/simulator.ts'

const ask = { model: 'gpt-35-turbo-instruct', prompt: 'Once upon a time', max_tokens: 12, seed: 3 }
const client = () => testSimulator().azure()

describe('completions', () => {
  it('write as much as is asked for, of each prompt', async () => {
    const answer = await client().completions.create({ ...ask, prompt: ['One', 'Two'], n: 2 })
    expect(answer.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    for (const { text, finish_reason: reason } of answer.choices) {
      expect(countTokens(text, 'cl100k_base')).toBe(12)
      expect(reason).toBe('length')
    }
    expect(answer.usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 48, total_tokens: 50 })
  })

  it('write sixteen tokens where nothing is said, and tell the prompt again where it is asked for', async () => {
    const { choices, usage } = await client().completions.create({ model: ask.model, prompt: ask.prompt, echo: true })
    expect(usage?.completion_tokens).toBe(16)
    expect(choices[0]?.text.startsWith(ask.prompt)).toBe(true)
  })

  it('tell each token with its likelihood and its place in the text', async () => {
    const { choices } = await client().completions.create({ ...ask, logprobs: 2 })
    const { logprobs, text = '' } = choices[0] ?? {}
    expect(logprobs?.tokens?.join('')).toBe(text)
    expect(logprobs?.tokens).toHaveLength(12)
    for (const [at, token] of (logprobs?.tokens ?? []).entries()) {
      // Places count from the prompt's first character (recorded March 2024).
      const start = (logprobs?.text_offset?.[at] ?? -1) - ask.prompt.length
      expect(text.slice(start, start + token.length)).toBe(token)
      expect(logprobs?.token_logprobs?.[at]).toBeLessThanOrEqual(0)
      expect(Object.keys(logprobs?.top_logprobs?.[at] ?? {})).toHaveLength(2)
    }
  })

  it('tell a prompt told again with its likelihoods, but for its first token', async () => {
    const { choices } = await client().completions.create({ ...ask, logprobs: 0, echo: true })
    const { logprobs, text } = choices[0] ?? {}
    expect(logprobs?.tokens?.join('')).toBe(text)
    expect(logprobs?.token_logprobs?.[0]).toBeNull()
    expect(logprobs?.token_logprobs?.slice(1).every(Number.isFinite)).toBe(true)
    expect(logprobs?.text_offset?.at(-1)).toBeGreaterThan(ask.prompt.length)
    expect(logprobs?.top_logprobs).toBeNull()
  })

  it('tell the same in a stream, a token a chunk', async () => {
    let text = ''
    const offsets: number[] = []
    const reasons: unknown[] = []
    for await (const { choices } of await client().completions.create({
      ...ask,
      logprobs: 1,
      echo: true,
      stream: true,
    }))
      for (const choice of choices) {
        expect((choice.logprobs?.tokens ?? []).join('')).toBe(choice.text)
        offsets.push(...(choice.logprobs?.text_offset ?? []))
        text += choice.text
        reasons.push(choice.finish_reason)
      }
    expect(reasons.filter((reason) => reason !== null)).toEqual(['length'])
    expect(offsets[0]).toBe(0)
    expect([...offsets].sort((one, other) => one - other)).toEqual(offsets)
    expect(offsets.at(-1)).toBeLessThan(text.length)
  })

  it('are in the order of their own service, each prompt with an event before the first token', async () => {
    // Recorded February 2025 and March 2024.
    const path = '/openai/deployments/gpt-35-turbo-instruct/completions?api-version=2024-10-21'
    const sent = { prompt: ['One', 'Two'], max_tokens: 2 }
    const text = await (await testSimulator().post(path, { ...sent, stream: true })).text()
    const events = text.split('\n\n').slice(0, -2)
    for (const [index, event] of events.slice(0, 2).entries())
      expect(event).toContain(
        `data: {"id":"","object":"","created":0,"model":"","prompt_filter_results":[{"prompt_index":${index},`,
      )
    expect(events[2]).toMatch(
      /^data: \{"id":"cmpl-\w{29}","object":"text_completion","created":\d+,"model":"gpt-3.5-turbo-instruct","choices":\[\{"text":"/,
    )
    expect(events.at(-1)).toMatch(
      /"choices":\[\],"usage":\{"prompt_tokens":2,"completion_tokens":4,"total_tokens":6\}\}$/,
    )
    const whole = (await (await testSimulator().post(path, sent)).json()) as Record<string, unknown>
    expect(Object.keys(whole)).toEqual([
      'id',
      'object',
      'created',
      'model',
      'prompt_filter_results',
      'choices',
      'usage',
    ])
  })

  it('count what comes behind the text, and every candidate', async () => {
    // Recorded March 2024: 5 and 3 tokens of prompt and suffix, all candidates of `best_of`.
    const { usage, choices } = await client().completions.create({ ...ask, suffix: ' the end', best_of: 3 })
    expect(choices).toHaveLength(1)
    expect(usage).toMatchObject({ prompt_tokens: 6, completion_tokens: 36 })
  })

  it('end before a stop sequence', async () => {
    const { choices } = await client().completions.create({ ...ask, max_tokens: 500, stop: ['ing', '.'] })
    expect(choices[0]?.text).not.toMatch(/ing|\./)
    expect(choices[0]?.finish_reason).toBe('stop')
  })
})
