/** Answers in JSON, and what of a model and a schema they ask. */
import { invalidRequest } from '../../errors.ts'
import { drawJson } from '../../generators/json-schema.ts'
import type { Random } from '../../random.ts'
import type { Model } from '../../types.ts'
import { refuseStrictSchema } from './strict-schema.ts'

export type JsonFormat =
  | { readonly type: 'json_object' }
  | { readonly type: 'json_schema'; readonly name: string; readonly schema: unknown; readonly isStrict: boolean }

/** JSON as the service writes it: compact, keys in the schema's order (recorded February 2026). */
export function jsonContent(format: JsonFormat, random: Random): string {
  return JSON.stringify(drawJson(format.type === 'json_schema' ? format.schema : someObject, random))
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
