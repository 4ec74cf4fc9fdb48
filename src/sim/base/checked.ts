/** A schema's verdict on a value that anybody may have sent. */
import * as z from 'zod'

/**
 * As `safeParse`. Zod compares the `length` or `size` of whatever has one, also where a text or a list is expected and
 * something else came; an object there that cannot become a number makes it throw. Such a value is judged without it.
 */
export function checked<Type extends z.core.$ZodType>(
  schema: Type,
  value: unknown,
  options?: z.core.ParseContext<z.core.$ZodIssue>,
): z.ZodSafeParseResult<z.output<Type>> {
  try {
    return z.safeParse(schema, value, options)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return z.safeParse(schema, withPlainSizes(value), options)
  }
}

const withPlainSizes = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, member: unknown) =>
    (name === 'length' || name === 'size') && typeof member === 'object' ? 0 : member,
  )
