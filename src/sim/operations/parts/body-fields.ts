/** What chat completions and completions are asked for in the same words. */
import * as z from 'zod'
import { listOf } from '../../http/validate.ts'

/** A null is as good as nothing, as the service has it. */
export const optional = <T extends z.ZodType>(type: T) => type.nullish()

export const anything = z.unknown().optional()

export const stop = optional(z.union([z.string(), listOf(z.string(), 'strings').max(4)]))

export const streamOptions = optional(
  z.strictObject({ include_usage: optional(z.boolean()), include_obfuscation: optional(z.boolean()) }),
)

export const stopsOf = (asked: z.output<typeof stop>): readonly string[] =>
  typeof asked === 'string' ? [asked] : (asked ?? [])

/** By the ids of tokens. */
export const logitBias = optional(z.record(z.string(), z.number().min(-100).max(100)))
