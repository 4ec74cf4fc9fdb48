/** Answers in JSON: what `response_format` may ask for, and the content that it gets. */
import { invalidRequest, invalidType, invalidValue, missingParameter } from '../../errors.ts'
import { drawJson } from '../../generators/json-schema.ts'
import { isObject } from '../../object.ts'
import type { Random } from '../../random.ts'
import type { Model } from '../../types.ts'
import type { ChatBody } from './chat-body.ts'
import { refuseStrictSchema } from './strict-schema.ts'

export type JsonFormat =
  | { readonly type: 'json_object' }
  | { readonly type: 'json_schema'; readonly name: string; readonly schema: unknown; readonly isStrict: boolean }

/** `undefined` for text. Throws what the service refuses; texts as the upstream API has them (2024-2026). */
export function jsonFormatOf(format: unknown): JsonFormat | undefined {
  if (format === undefined || format === null) return undefined
  if (!isObject(format)) throw invalidType(param, 'an object', articled(format))
  const { type } = format
  if (type === undefined) throw missingParameter(`${param}.type`)
  if (type === 'text') return undefined
  if (type === 'json_object') return { type }
  if (type !== 'json_schema') {
    const found = typeof type === 'string' ? type : JSON.stringify(type)
    const known = "'json_object', 'json_schema', and 'text'"
    throw invalidValue(`${param}.type`, `Invalid value: '${found}'. Supported values are: ${known}.`)
  }
  const wanted = format.json_schema
  const path = `${param}.json_schema`
  if (wanted === undefined || wanted === null) throw missingParameter(path)
  if (!isObject(wanted)) throw invalidType(path, 'an object', articled(wanted))
  const { name, schema, strict } = wanted
  if (name === undefined || name === null) throw missingParameter(`${path}.name`)
  if (typeof name !== 'string') throw invalidType(`${path}.name`, 'a string', articled(name))
  if (!/^[a-zA-Z0-9_-]+$/.test(name)) throw wrongName(`${path}.name`)
  if (schema === undefined || schema === null) throw missingParameter(`${path}.schema`)
  if (!isObject(schema)) throw invalidType(`${path}.schema`, 'an object', articled(schema))
  return { type, name, schema, isStrict: strict === true }
}

export function refuseResponseFormat(body: ChatBody, model: Model): void {
  const format = jsonFormatOf(body.response_format)
  if (format?.type === 'json_object' && !body.messages.some(namesJson)) {
    const message =
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
    throw invalidRequest(message, 'messages', null)
  }
  if (format?.type !== 'json_schema') return
  if (withoutSchemas.test(model.servedName)) {
    const message = `Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model. Learn more about supported models at the Structured Outputs guide: https://platform.openai.com/docs/guides/structured-outputs`
    throw invalidRequest(message, param, null)
  }
  if (format.isStrict)
    refuseStrictSchema(format.schema, { what: `response_format '${format.name}'`, param, code: null })
}

/** JSON as the service writes it: compact, keys in the schema's order (recorded February 2026). */
export function jsonContent(format: JsonFormat, random: Random): string {
  return JSON.stringify(drawJson(format.type === 'json_schema' ? format.schema : someObject, random))
}

const param = 'response_format'

/** Structured outputs came with gpt-4o of August 2024 (Microsoft's page on structured outputs). */
const withoutSchemas = /^(?:gpt-3|gpt-4-|gpt-4$|gpt-4o-2024-05-13|o1-mini|o1-preview)/

/** What a model answers of its own accord; everybody's guess. */
const someObject = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    summary: { type: 'string' },
    items: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 4 },
    score: { type: 'number', minimum: 0, maximum: 1 },
    complete: { type: 'boolean' },
  },
  required: ['title', 'summary', 'items', 'score', 'complete'],
}

function namesJson({ content }: ChatBody['messages'][number]): boolean {
  if (typeof content === 'string') return /json/i.test(content)
  return content?.some(({ text }) => typeof text === 'string' && /json/i.test(text)) ?? false
}

const wrongName = (path: string) =>
  invalidValue(
    path,
    `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
  )

function articled(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal'
  return `a ${typeof value}`
}
