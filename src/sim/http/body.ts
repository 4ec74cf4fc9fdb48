/** What a body's bytes say. Each gives `undefined` for what does not parse: what that means is the caller's. */
import { isUtf8 } from 'node:buffer'
import type { Flight } from '../base/flight.ts'
import { isObject } from '../base/object.ts'
import type { SimRequest } from '../types.ts'

export function parseJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  if (bytes.length > longJsonBytes && readAhead.has(bytes)) return readAhead.get(bytes)
  if (!isUtf8(bytes) || isTooMuch(bytes)) return undefined
  try {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const value: unknown = JSON.parse(buffer.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** A shorter body is read at a stretch. */
export const longJsonBytes = 65_536

/** What long bodies say that have been read in slices. */
const readAhead = new WeakMap<Uint8Array, Readonly<Record<string, unknown>> | undefined>()

/** `parseJsonObject` gives it from now on. */
export function keepRead(bytes: Uint8Array, json: Readonly<Record<string, unknown>> | undefined): void {
  readAhead.set(bytes, json)
}

/**
 * No body that the service takes is nearly as deep, or has as many keys, lists and objects for its length: to read one that
 * is takes far longer than to see that it is.
 */
export const maxDepth = 100_000
const maxMembers = 65_000
/** A longer body may have more. */
const bytesAMember = 16

/** Of so many bytes. */
export const maxMembersOf = (bytes: number): number => Math.max(maxMembers, bytes / bytesAMember)

function isTooMuch(bytes: Uint8Array): boolean {
  if (bytes.length < longJsonBytes) return false
  const max = maxMembersOf(bytes.length)
  let depth = 0
  let keys = 0
  let holders = 0
  let isInText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (isInText) {
      if (byte === backslash) at++
      else if (byte === quote) isInText = false
    } else if (byte === quote) isInText = true
    else if (byte === brace || byte === bracket) {
      if (++depth > maxDepth || ++holders > max) return true
    } else if (byte === brace + 2 || byte === bracket + 2) depth--
    else if (byte === colon && ++keys > max) return true
  }
  return false
}
const [quote, backslash, bracket, brace, colon] = [0x22, 0x5c, 0x5b, 0x7b, 0x3a]

/** The same request, whose body can be asked for more than once; it is read at the first time. */
export function readAgain(request: SimRequest): SimRequest {
  let read: Promise<Uint8Array | undefined> | undefined
  const { method, url, base, headers } = request
  const bytes = (maxBytes: number, flight?: Flight) => (read ??= request.bytes(maxBytes, flight))
  // Hosts make the signal when it is asked for, and only then.
  return Object.defineProperties(
    { method, url, ...(base !== undefined && { base }), headers, bytes },
    { signal: { get: () => request.signal }, connection: { get: () => request.connection } },
  )
}
