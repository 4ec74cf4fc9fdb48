/** The JSON body of an operation of the resource. */
import type * as z from 'zod'
import { invalidBody } from '../../errors.ts'
import { parseJsonObject } from '../../http/body.ts'
import { parseBody } from '../../http/validate.ts'
import type { AnyCall } from '../../operation.ts'
import { refuseManyPairs } from './body-fields.ts'

/** A body may be missing where all of it is optional. Throws an `ApiError` for one that does not fit. */
export function bodyOf<T>(schema: z.ZodType<T>, call: Pick<AnyCall, 'wire'>): T {
  const json = bodyJson(call)
  refuseManyPairs(json)
  return parseBody(schema, json)
}

/** As it is. Throws an `ApiError` for what is no object. */
export function bodyJson({ wire }: Pick<AnyCall, 'wire'>): Readonly<Record<string, unknown>> {
  const json = wire.bytes.length === 0 ? {} : parseJsonObject(wire.bytes)
  if (!json) throw invalidBody()
  return json
}
