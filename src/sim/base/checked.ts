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
  return withoutOddSizes(value, (given) => z.safeParse(schema, given, options))
}

/** What `judge` makes of it, or where that throws so, of the same without what has no plain `length` or `size`. */
export function withoutOddSizes<T>(value: unknown, judge: (value: unknown) => T): T {
  try {
    return judge(value)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return judge(withPlainSizes(value))
  }
}

type Refused = {
  readonly success: false
  readonly issues: readonly z.core.$ZodIssue[]
  readonly rest: readonly z.core.$ZodRawIssue[]
}
type CheckedSome<Value> = { readonly success: true; readonly data: Value } | Refused

/** As `checked`, but that only the first `max` of the issues are put into words. */
export function checkedUpTo<Type extends z.core.$ZodType>(
  schema: Type,
  value: unknown,
  max: number,
): CheckedSome<z.output<Type>> {
  const context = { async: false, jitless: true } as Context
  const found = withoutOddSizes(value, (given) => schema._zod.run({ value: given, issues: [] }, context))
  if (found instanceof Promise) throw new z.core.$ZodAsyncError()
  const { issues } = found
  if (issues.length === 0) return { success: true, data: found.value as z.output<Type> }
  return refusedUpTo(issues, max)
}

/** Of issues that were found otherwise, the first `max` in words. */
export function refusedUpTo(issues: readonly z.core.$ZodRawIssue[], max: number): Refused {
  const context = { async: false } as Context
  const told = issues.slice(0, max).map((issue) => z.core.util.finalizeIssue(issue, context, z.core.config()))
  return { success: false, issues: told, rest: issues.slice(max) }
}

type Context = z.core.ParseContextInternal

const withPlainSizes = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, member: unknown) =>
    (name === 'length' || name === 'size') && typeof member === 'object' ? 0 : member,
  )
