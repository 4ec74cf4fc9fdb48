/** Finds what is wrong in an answer that is an error. */
import { isObject } from '../base/object.ts'
import { type ToldError, toldError } from '../base/told-error.ts'
import { parseJsonObject } from './body.ts'
import type { LiveBody, Plan } from '../types.ts'

/** What is read of an answer to find its error. */
const maxBytes = 65_536

/** Of its body: in whichever envelope, or as the text that it is. */
export function errorIn(data: string | Uint8Array): ToldError | undefined {
  if (data.length > maxBytes || data.length === 0) return undefined
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  const body = parseJsonObject(bytes)
  if (body === undefined) return toldError(null, Buffer.from(bytes).toString('utf8').trim())
  const error = isObject(body['error']) ? body['error'] : body
  const code = 'code' in error ? error['code'] : (error['statusCode'] ?? error['status'] ?? error['type'])
  const message = error['message'] ?? body['error'] ?? body['detail']
  return toldError(
    typeof code === 'string' || typeof code === 'number' ? code : null,
    typeof message === 'string' ? message : JSON.stringify(body),
  )
}

/** Tells of a plan's error as soon as it is known: of one that arrives piece by piece at its end. */
export function watchError(plan: Plan, told: (error: ToldError | undefined) => void): Plan {
  const { body } = plan
  if (body.kind === 'whole') told(errorIn(body.data))
  if (body.kind !== 'live') return plan
  const pieces: Uint8Array[] = []
  let size = 0
  const source: LiveBody = {
    ...body.source,
    start: (reader) =>
      body.source.start({
        ...reader,
        data(bytes) {
          if ((size += bytes.length) <= maxBytes) pieces.push(bytes)
          reader.data(bytes)
        },
        end() {
          if (size <= maxBytes) told(errorIn(Buffer.concat(pieces)))
          reader.end()
        },
      }),
  }
  return { ...plan, body: { ...body, source } }
}
