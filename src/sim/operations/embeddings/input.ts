/**
 * What an embeddings request wants to have embedded. Read by hand and not by a schema, which would report each of a
 * million wrong items before anyone could stop it; the schemas here only word what is wrong with the first.
 */
import * as z from 'zod'
import { emptyInput, invalidBody, invalidRequest, missingParameter } from '../../errors.ts'
import { integer, parseBody } from '../../http/validate.ts'
import { countTokens } from '../../models/tokenizer.ts'
import { tokensBeyond } from '../../measure/prompt-bound.ts'
import type { Encoding } from '../../types.ts'

/** A text, or the ids of its tokens. */
export type Input = { readonly content: string | readonly number[]; readonly tokens: number }

/** One text, several, one text's token ids, or several texts' ids: what the first item is, the others must be. */
export function readInputs(input: unknown, encoding: Encoding): readonly Input[] {
  if (input === undefined) throw missingParameter('input')
  if (typeof input === 'string') return [readText(input, 'input', encoding)]
  if (!Array.isArray(input)) throw notInput()
  if (input.length === 0) return refuse('input', Items, input)
  const items: readonly unknown[] = input
  const [first] = items
  if (typeof first === 'number') return [readIds(items, 'input')]
  if (items.length > maxInputs) return refuse('input', z.array(z.unknown()).max(maxInputs), items)
  if (Array.isArray(first)) return items.map((item, index) => readIds(item, `input[${index}]`))
  return items.map((item, index) => readText(item, `input[${index}]`, encoding))
}

/** Quota page, May 2026. */
const maxInputs = 2048
/** Of every embedding model; which of them refuses is for the operation to say. */
const maxInputTokens = 8192
const maxTokenId = 2 ** 31 - 1

const Items = z.array(z.unknown()).min(1)
const TokenId = integer(0, maxTokenId)

function readText(item: unknown, param: string, encoding: Encoding): Input {
  if (typeof item !== 'string') return refuse(param, z.string(), item)
  if (item === '') throw emptyInput(param)
  return { content: item, tokens: tokensBeyond(item.length, maxInputTokens) ?? countTokens(item, encoding) }
}

function readIds(item: unknown, param: string): Input {
  if (!Array.isArray(item) || item.length === 0) return refuse(param, Items, item)
  const ids: readonly unknown[] = item
  const wrong = ids.findIndex((id) => !isTokenId(id))
  if (wrong >= 0) return refuse(`${param}[${wrong}]`, TokenId, ids[wrong])
  return { content: ids as readonly number[], tokens: ids.length }
}

const isTokenId = (id: unknown) => Number.isInteger(id) && Number(id) >= 0 && Number(id) <= maxTokenId

/** Neither a text nor any list: the service's own words (recorded February and March 2024). */
const notInput = () =>
  invalidRequest(
    "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
    null,
    null,
  )

/** Throws what the service says of a `value` that is not as `schema` wants it. */
function refuse(param: string, schema: z.ZodType, value: unknown): never {
  parseBody(z.object({ [param]: schema }), { [param]: value })
  throw invalidBody()
}
