/** The plain kinds of settings. What a check's error says is what is allowed. */
import * as z from 'zod'

export const text = (allowed: string) => z.string({ error: allowed }).min(1, { error: allowed })

export const choice = <const T extends readonly string[]>(values: T) => z.enum(values, { error: values.join(', ') })

export const flag = () => z.boolean({ error: 'true or false' })

export function whole(min: number, max = Number.MAX_SAFE_INTEGER) {
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`
  const error = `a whole number ${range}`
  return z.int({ error }).min(min, { error }).max(max, { error })
}

/** A mapping that knows its keys; anything else in it is a mistake. */
export const group = <T extends z.core.$ZodShape>(shape: T) => z.strictObject(shape, { error: 'a mapping' })

/** Of HTTP, with or without TLS. */
export function webAddress(allowed: string) {
  return text(allowed)
    .refine((address) => /^https?:$/.test(URL.parse(address)?.protocol ?? ''), { error: allowed })
    .meta({ pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]' })
}
