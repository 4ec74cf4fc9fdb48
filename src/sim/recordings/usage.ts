import type { Usage } from '../types.ts'
import type { Body } from './interaction.ts'

/** What an answer says of its tokens, in the words of the chat and of the Responses API. */
export function usageOf(body: Body): Usage | undefined {
  if (body.kind !== 'json') return undefined
  const { usage } = mappingOf(body.value)
  const { prompt_tokens, completion_tokens, input_tokens, output_tokens } = mappingOf(usage)
  const promptTokens = prompt_tokens ?? input_tokens
  const completionTokens = completion_tokens ?? output_tokens ?? 0
  if (typeof promptTokens !== 'number' || typeof completionTokens !== 'number') return undefined
  return { promptTokens, completionTokens }
}

const mappingOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
