/** Whether a request bears the simulator's key. */
import { timingSafeEqual } from 'node:crypto'
import { accessDenied, invalidToken } from '../errors/access.ts'
import type { SimRequest } from '../types.ts'

/**
 * `api-key` everywhere; the key as a bearer token everywhere but on the dated surface, as the service has it. Throws the
 * 401 of the way that the client tried.
 */
export function authenticate(headers: SimRequest['headers'], path: string, apiKey: string, keyHeader?: string): void {
  const key = headers.get('api-key') ?? headers.get(keyHeader ?? (isAnthropic(path) ? 'x-api-key' : 'api-key'))
  if (key !== null) {
    if (isSame(key, apiKey)) return
    throw accessDenied()
  }
  const authorization = headers.get('authorization')
  if (authorization === null) throw accessDenied()
  const token = /^bearer +(.+)$/i.exec(authorization)?.[1] ?? ''
  if (!takesKeyAsToken(path)) throw invalidToken()
  if (isSame(token, apiKey)) return
  throw isJsonWebToken(token) ? invalidToken() : accessDenied()
}

/** Takes as long for a key that is nearly right as for one that is not; only the length can be told. */
export function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Clients of Claude send the key in a header of their own. */
const isAnthropic = (path: string) => /^\/*anthropic\//.test(path)
/** v1 (documented), and the other families of a Foundry resource (clients of both send it, as users tell). */
const takesKeyAsToken = (path: string) => /^\/*(?:openai\/+v1|models|anthropic)(?:\/|$)/.test(path)
const isJsonWebToken = (token: string) => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)
