/** What a request costs that the model's layer refuses before it has read the body. */
import { isObject } from './object.ts'
import type { Cost, ModelKind } from '../types.ts'

/** Kinds of models whose calls are counted in tokens. */
const inTokens: ReadonlySet<ModelKind> = new Set(['chat', 'completion', 'embedding', 'responses', 'messages'])

/** What deployments are asked for, over all families. */
const prompts = ['messages', 'input', 'prompt', 'instructions', 'system'] as const

/** A look at a longer body ends here. */
const maxLooks = 50_000

const charactersPerToken = 4

/**
 * A quarter of the characters of all texts in its prompt, in tokens: for 12 characters of a refused embedding the
 * service charged 3 (recorded July 2024 and January 2025). The limit on its answer is not read, and nothing of it is made.
 */
export function unreadCost(body: unknown, kind: ModelKind): Cost {
  const countsTokens = inTokens.has(kind)
  const promptCharacters = countsTokens && isObject(body) ? charactersIn(prompts.map((name) => body[name])) : 0
  const promptTokens = Math.floor(promptCharacters / charactersPerToken)
  return { promptTokens, promptCharacters, maxTokens: undefined, choices: 1, countsTokens }
}

function charactersIn(values: readonly unknown[]): number {
  const waiting: unknown[] = [...values]
  let sum = 0
  for (let looks = 0; waiting.length > 0 && looks < maxLooks; looks++) {
    const value = waiting.pop()
    if (typeof value === 'string') sum += value.length
    else if (Array.isArray(value)) for (let at = 0; at < value.length && at < maxLooks; at++) waiting.push(value[at])
    else if (isObject(value)) waiting.push(value['content'], value['text'])
  }
  return sum
}
