/** The JSON body of an operation of the resource. */
import type * as z from 'zod'
import { invalidBody } from '../../errors.ts'
import { parseJsonObject } from '../../http/body.ts'
import { parseBody } from '../../http/validate.ts'
import type { AnyCall } from '../../operation.ts'

/** A body may be missing where all of it is optional. Throws an `ApiError` for one that does not fit. */
export function bodyOf<T>(schema: z.ZodType<T>, { wire }: Pick<AnyCall, 'wire'>): T {
  const json = wire.bytes.length === 0 ? {} : parseJsonObject(wire.bytes)
  if (!json) throw invalidBody()
  return parseBody(schema, json)
}
