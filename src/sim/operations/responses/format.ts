/** The format that `text.format` requests. */
import { invalidRequest } from '../../errors.ts'
import { isObject } from '../../base/object.ts'
import type { Model } from '../../types.ts'
import { formatOf, type JsonFormat, namedSchema, refuseSchema } from '../../answers/json-format.ts'
import type { ResponsesRequest } from './body.ts'
import type { Item } from './items.ts'
import { canBeStrict } from './tools.ts'

const param = 'text.format'

/** `undefined` for text. */
export const responsesJsonFormat = ({ text }: ResponsesRequest): JsonFormat | undefined =>
  formatOf(text?.format, param, (format) => namedSchema(format, param))

export function refuseFormat(request: ResponsesRequest, model: Model, items: readonly Item[]): void {
  const format = responsesJsonFormat(request)
  if (format?.type === 'json_object' && !/json/i.test((request.instructions ?? '') + JSON.stringify(items))) {
    const message =
      "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'."
    throw invalidRequest(message, 'input', null)
  }
  if (format) refuseSchema(format, model, param)
}

/** The format as an answer repeats it. */
export function formatTold({ text }: ResponsesRequest): unknown {
  const format = text?.format
  if (!isObject(format)) return { type: 'text' }
  if (format['type'] !== 'json_schema') return format
  const { type, description = null, name, schema, strict } = format
  // Strict if the schema allows it (recorded March and May 2026).
  return { type, description, name, schema, strict: strict ?? canBeStrict(schema) }
}

/** The format in the form of chat completions, for counting its schema in the prompt. */
export function formatInPrompt({ text }: ResponsesRequest): unknown {
  const format = text?.format
  return isObject(format) && format['type'] === 'json_schema' ? { type: 'json_schema', json_schema: format } : undefined
}
