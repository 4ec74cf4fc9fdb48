/** Answers in JSON, and what of a model and a schema they ask. */
import { invalidRequest, invalidType, invalidValue, missingParameter, stringTooLong } from '../errors.ts'
import { drawJson } from '../generators/json/schema.ts'
import type { Work } from '../generators/json/work.ts'
import { found } from '../http/validate.ts'
import { isObject } from '../base/object.ts'
import type { Random } from '../random.ts'
import type { Model } from '../types.ts'
import type { AskedForm } from './asked/found.ts'
import { refuseStrictSchema } from './strict-schema.ts'

export type JsonFormat =
  | { readonly type: 'json_object' }
  | { readonly type: 'json_schema'; readonly name: string; readonly schema: unknown; readonly isStrict: boolean }

/** JSON as the service writes it: compact, keys in the schema's order (recorded February 2026). */
export function jsonContent(format: JsonFormat, random: Random, work: Work): string {
  return JSON.stringify(drawJson(format.type === 'json_schema' ? format.schema : someObject, random, work))
}

/** A form that was asked for in words, filled in. */
export const formContent = (form: AskedForm, random: Random, work: Work): string =>
  form.kind === 'json'
    ? JSON.stringify(drawJson(form.schema, random, work))
    : form.pieces
        .map((piece) => (typeof piece === 'string' ? piece : plain(drawJson(piece.schema, random, work))))
        .join('')

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/**
 * What a request wants, `param` being what its API calls that; `schemaOf` finds the schema with its name. `undefined`
 * for text. Throws what the service refuses; texts as the upstream API has them (2024-2026).
 */
export function formatOf(
  format: unknown,
  param: string,
  schemaOf: (format: Readonly<Record<string, unknown>>) => JsonFormat,
): JsonFormat | undefined {
  if (format === undefined || format === null) return undefined
  if (!isObject(format)) throw invalidType(param, 'an object', found(format))
  const { type } = format
  if (type === undefined) throw missingParameter(`${param}.type`)
  if (type === 'text') return undefined
  if (type === 'json_object') return { type }
  if (type === 'json_schema') return schemaOf(format)
  const unknown = typeof type === 'string' ? type : JSON.stringify(type)
  const known = "'json_object', 'json_schema', and 'text'"
  throw invalidValue(`${param}.type`, `Invalid value: '${unknown}'. Supported values are: ${known}.`)
}

/** A schema with its name, as `path` of a request has it. Texts as the upstream API has them (2024-2026). */
export function namedSchema({ name, schema, strict }: Readonly<Record<string, unknown>>, path: string): JsonFormat {
  if (name === undefined || name === null) throw missingParameter(`${path}.name`)
  if (typeof name !== 'string') throw invalidType(`${path}.name`, 'a string', found(name))
  if (name.length > maxNameCharacters) throw stringTooLong(`${path}.name`, maxNameCharacters, name.length)
  if (!/^[a-zA-Z0-9_-]+$/.test(name)) throw wrongName(`${path}.name`)
  if (schema === undefined || schema === null) throw missingParameter(`${path}.schema`)
  if (!isObject(schema)) throw invalidType(`${path}.schema`, 'an object', found(schema))
  return { type: 'json_schema', name, schema, isStrict: strict === true }
}

/** `param` is what an API calls the format, for example `response_format`. */
export function refuseSchema(format: JsonFormat, model: Model, param: string): void {
  if (format.type !== 'json_schema') return
  if (withoutSchemas.test(model.servedName)) {
    const message = `Invalid parameter: '${param}' of type 'json_schema' is not supported with this model. Learn more about supported models at the Structured Outputs guide: https://platform.openai.com/docs/guides/structured-outputs`
    throw invalidRequest(message, param, null)
  }
  if (format.isStrict) refuseStrictSchema(format.schema, { what: `${param} '${format.name}'`, param, code: null })
}

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

const wrongName = (path: string) =>
  invalidValue(
    path,
    `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
  )

const maxNameCharacters = 64
