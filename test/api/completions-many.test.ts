/** Many texts in one answer of completions: no more than it has room for, and the same whether it is made at once or in pieces. */
import { expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const path = '/openai/deployments/gpt-35-turbo-instruct/completions?api-version=2025-04-01-preview'
const prompts = (count: number) => Array.from({ length: count }, (_, at) => `p${at}`)

it('is made in pieces', async () => {
  const response = await testSimulator().post(path, { prompt: prompts(70), n: 3, max_tokens: 20, logprobs: 1 })
  const { choices, usage } = (await response.json()) as {
    readonly choices: readonly { readonly index: number; readonly logprobs: { readonly tokens: readonly string[] } }[]
    readonly usage: { readonly completion_tokens: number }
  }
  expect(choices.map(({ index }) => index)).toEqual(Array.from({ length: 210 }, (_, at) => at))
  expect(choices.reduce((sum, { logprobs }) => sum + logprobs.tokens.length, 0)).toBe(usage.completion_tokens)
})

it.each([
  [{ prompt: prompts(2_000), n: 9 }, 'n', '<= 8'],
  [{ prompt: prompts(200), best_of: 100 }, 'best_of', '<= 81'],
  [{ prompt: prompts(128), n: 16, max_tokens: 4_000 }, 'max_tokens', '<= 1024'],
])('has room for so many', async (body, param, bound) => {
  const response = await testSimulator().post(path, body)
  expect(response.status).toBe(400)
  const { error } = (await response.json()) as { readonly error: { readonly param: string; readonly message: string } }
  expect(error).toMatchObject({ param, message: expect.stringContaining(bound) as string })
})
