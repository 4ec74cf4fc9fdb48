import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { testSimulator } from '../support/simulator.ts'

const code = Array.from({ length: 40 }, (_, at) => `export const value${at} = compute(${at})`).join('\n')
const ask = {
  model: 'gpt-4.1',
  messages: [{ role: 'user' as const, content: 'Rename one of them.' }],
  prediction: { type: 'content' as const, content: code },
}

describe('a prediction', () => {
  it('is what the answer says but for a place, and the usage tells how much of it was', async () => {
    const { choices, usage } = await testSimulator().azure(undefined, '2025-01-01-preview').chat.completions.create(ask)
    const text = choices[0]?.message.content ?? ''
    expect(text).not.toBe(code)
    const { accepted_prediction_tokens: accepted = 0, rejected_prediction_tokens: rejected = 0 } =
      usage?.completion_tokens_details ?? {}
    const predicted = countTokens(code, 'o200k_base')
    expect(accepted + rejected).toBe(predicted)
    expect(accepted).toBeGreaterThan(predicted * 0.7)
    expect(usage?.completion_tokens).toBe(countTokens(text, 'o200k_base') + rejected)
    let before = 0
    while (text[before] === code[before]) before++
    let after = 0
    while (text.at(-1 - after) === code.at(-1 - after)) after++
    expect(before + after).toBeGreaterThan(code.length * 0.7)
  })

  it('may come in parts, is cut by a limit, and is streamed', async () => {
    const client = testSimulator().azure(undefined, '2025-01-01-preview')
    const prediction = { type: 'content' as const, content: [{ type: 'text' as const, text: code }] }
    let text = ''
    let reason: string | undefined
    for await (const { choices } of await client.chat.completions.create({
      ...ask,
      prediction,
      max_tokens: 20,
      stream: true,
    })) {
      text += choices[0]?.delta.content ?? ''
      reason = choices[0]?.finish_reason ?? reason
    }
    expect(reason).toBe('length')
    expect(countTokens(text, 'o200k_base')).toBe(20)
  })

  it.each([{ n: 2 }, { logprobs: true }, { max_completion_tokens: 5 }, { presence_penalty: 1 }])(
    'is refused beside %j',
    async (other) => {
      const attempt = testSimulator()
        .azure(undefined, '2025-01-01-preview')
        .chat.completions.create({ ...ask, ...other })
      await expect(attempt).rejects.toMatchObject({ status: 400, param: Object.keys(other)[0] })
    },
  )
})
