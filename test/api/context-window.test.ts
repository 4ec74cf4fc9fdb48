/** Prompts of the length of a model's context window, to the token. gpt-4-32k has one of 32,768. */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

/** Each `a ` but the last is one token; three more are the message's own, one its role, three the answer's. */
const prompt = (tokens: number) =>
  Array<string>(tokens - 7)
    .fill('a')
    .join(' ')

const ask = (tokens: number, more: object = {}) =>
  testSimulator({ deployments: { d: { model: 'gpt-4-32k' } } }).post(
    '/openai/deployments/d/chat/completions?api-version=2024-10-21',
    { messages: [{ role: 'user', content: prompt(tokens) }], ...more },
  )

describe('a prompt', () => {
  it('of one token less than the window leaves room for an answer of one', async () => {
    const { usage, choices } = (await (await ask(32_767)).json()) as {
      usage: unknown
      choices: { finish_reason: string }[]
    }
    expect(usage).toMatchObject({ prompt_tokens: 32_767, completion_tokens: 1, total_tokens: 32_768 })
    expect(choices[0]?.finish_reason).toBe('length')
  })

  it.each([32_768, 32_769])('of %i tokens, as many as the window has or more, is refused', async (tokens) => {
    const answer = await ask(tokens)
    expect(answer.status).toBe(400)
    const { error } = (await answer.json()) as { error: { code: string; message: string } }
    expect(error.code).toBe('context_length_exceeded')
    expect(error.message).toContain(`${tokens} tokens`)
  })

  it('and its max_tokens may fill the window, and no more', async () => {
    expect((await ask(32_000, { max_tokens: 768 })).status).toBe(200)
    expect((await ask(32_000, { max_tokens: 769 })).status).toBe(400)
  })
})
