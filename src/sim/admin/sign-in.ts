/** `POST /++/sign-in`: the key for the code of the link that a start prints, which is good once. */
import { accessDenied } from '../errors/access.ts'
import { gatewayError } from '../errors.ts'
import { isSameKey } from '../http/keys.ts'
import type { SimResponse } from '../types.ts'
import { json } from './answers.ts'

export type PageSignIn = (body: Record<string, unknown>) => SimResponse

/** `code` is absent where no link was printed. */
export function createSignIn(code: string | undefined, apiKey: () => string): PageSignIn {
  let left = code
  return ({ code: given }) => {
    if (typeof given !== 'string') throw gatewayError(400, 'InvalidCode', 'code must be a string.')
    if (left === undefined || !isSameKey(given, left)) throw accessDenied()
    left = undefined
    return json(200, { key: apiKey() })
  }
}
