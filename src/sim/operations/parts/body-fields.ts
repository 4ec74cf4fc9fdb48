/** What chat completions and completions are asked for in the same words. */
import * as z from 'zod'
import { isObject } from '../../base/object.ts'
import { emptyString, invalidRequest, invalidValue, stringTooLong } from '../../errors.ts'
import { arrayOf } from '../../http/validate.ts'

/** A null is as good as nothing, as the service has it. */
export const optional = <T extends z.ZodType>(type: T) => type.nullish()

export const anything = z.unknown().optional()

export const stop = optional(z.union([z.string(), arrayOf(z.string(), 'strings').max(4)]))

export const streamOptions = optional(
  z.strictObject({ include_usage: optional(z.boolean()), include_obfuscation: optional(z.boolean()) }),
)

export const stopsOf = (asked: z.output<typeof stop>): readonly string[] =>
  typeof asked === 'string' ? [asked] : (asked ?? [])

const namePattern = "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'"
const maxNameCharacters = 64

/** Of functions, tools, schemas and those who speak. */
export const name = () =>
  z
    .string()
    .min(1)
    .max(maxNameCharacters)
    .regex(/^[a-zA-Z0-9_-]*$/, { error: namePattern })

/** Throws for one that is none, in the same words. */
export function refuseName(text: string, param: string): void {
  if (text === '') throw emptyString(param)
  if (text.length > maxNameCharacters) throw stringTooLong(param, maxNameCharacters, text.length)
  if (!/^[a-zA-Z0-9_-]+$/.test(text)) throw invalidValue(param, `Invalid '${param}': ${namePattern}.`)
}

/** Throws for too much of what a client notes for itself. Texts as measured on the upstream API (September 2026). */
export function refuseMetadata(
  metadata: Readonly<Record<string, unknown>> | null | undefined,
  param = 'metadata',
): void {
  const names = Object.keys(metadata ?? {})
  if (names.length > maxPairs) throw tooManyOf(param, maxPairs, names.length)
  const long = names.find((one) => one.length > maxKeyCharacters)
  if (long === undefined) return
  const shown = `${long.slice(0, 3)}...${long.slice(-3)}`
  throw invalidRequest(
    `Invalid property name in '${param}': '${shown}' is too long. Expected a string with maximum length ${maxKeyCharacters}, but got a string with length ${long.length} instead.`,
    `${param}.${long}`,
    'property_name_above_max_length',
  )
}
const tooManyOf = (param: string, max: number, count: number) =>
  invalidRequest(
    `Invalid '${param}': too many properties. Expected an object with at most ${max} properties, but got an object with ${count} properties instead.`,
    param,
    'object_above_max_properties',
  )
const maxPairs = 16
const maxKeyCharacters = 64

/** The same of a body that was not looked at yet, where there is so much of it that to look would take long. */
export function refuseManyPairs(input: unknown): void {
  if (!isObject(input)) return
  for (const param of ['metadata', 'attributes'] as const) {
    const noted = input[param]
    const pairs = isObject(noted) ? Object.keys(noted).length : 0
    if (pairs > manyPairs) throw tooManyOf(param, maxPairs, pairs)
  }
  const { logit_bias: bias } = input
  const biases = isObject(bias) ? Object.keys(bias).length : 0
  if (biases > maxBiases) throw tooManyOf('logit_bias', maxBiases, biases)
}
const manyPairs = 1_000
/** A guess: 300 was the limit that users told of in 2023. */
const maxBiases = 1_024

/** By the ids of tokens. */
export const logitBias = optional(z.record(z.string(), z.number().min(-100).max(100)))
