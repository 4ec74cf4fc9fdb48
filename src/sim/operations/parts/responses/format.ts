/** What `text.format` may ask for. */
import { invalidRequest, invalidType, invalidValue, missingParameter } from '../../../errors.ts'
import { found } from '../../../http/validate.ts'
import { isObject } from '../../../object.ts'
import type { Model } from '../../../types.ts'
import { type JsonFormat, namedSchema, refuseSchema } from '../json-format.ts'
import type { ResponsesRequest } from './body.ts'
import type { Item } from './items.ts'

const param = 'text.format'

/** `undefined` for text. */
export function jsonFormatOf({ text }: ResponsesRequest): JsonFormat | undefined {
  const format = text?.format
  if (format === undefined || format === null) return undefined
  if (!isObject(format)) throw invalidType(param, 'an object', found(format))
  const { type } = format
  if (type === undefined) throw missingParameter(`${param}.type`)
  if (type === 'text') return undefined
  if (type === 'json_object') return { type }
  if (type === 'json_schema') return namedSchema(format, param)
  const unknown = typeof type === 'string' ? type : JSON.stringify(type)
  const known = "'json_object', 'json_schema', and 'text'"
  throw invalidValue(`${param}.type`, `Invalid value: '${unknown}'. Supported values are: ${known}.`)
}

export function refuseFormat(request: ResponsesRequest, model: Model, items: readonly Item[]): void {
  const format = jsonFormatOf(request)
  if (format?.type === 'json_object' && !/json/i.test((request.instructions ?? '') + JSON.stringify(items))) {
    const message =
      "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'."
    throw invalidRequest(message, 'input', null)
  }
  if (format) refuseSchema(format, model, param)
}

/** As an answer tells it back. */
export function formatTold({ text }: ResponsesRequest): unknown {
  const format = text?.format
  if (!isObject(format)) return { type: 'text' }
  if (format['type'] !== 'json_schema') return format
  const { type, description = null, name, schema, strict } = format
  return { type, description, name, schema, strict: strict ?? false }
}

/** As chat completions wrap it, whose schema is counted in the prompt. */
export function formatInPrompt({ text }: ResponsesRequest): unknown {
  const format = text?.format
  return isObject(format) && format['type'] === 'json_schema' ? { type: 'json_schema', json_schema: format } : undefined
}
