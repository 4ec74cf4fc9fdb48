import type { Usage } from '../types.ts'
import type { Body } from './interaction.ts'

/** What an answer says of its tokens. */
export const usageOf = (body: Body): Usage | undefined =>
  body.kind === 'json' ? toUsage(fieldOf(body.value, 'usage')) : undefined

/** From a `usage` in the words of the chat or of the Responses API. */
export function toUsage(usage: unknown): Usage | undefined {
  const promptTokens = fieldOf(usage, 'prompt_tokens') ?? fieldOf(usage, 'input_tokens')
  const completionTokens = fieldOf(usage, 'completion_tokens') ?? fieldOf(usage, 'output_tokens') ?? 0
  if (typeof promptTokens !== 'number' || typeof completionTokens !== 'number') return undefined
  return { promptTokens, completionTokens }
}

export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
