/** From what went over the wire to what is kept of it. */
import { isUtf8 } from 'node:buffer'
import type { Config } from '../config/config.ts'
import { toBody } from '../recordings/body.ts'
import type { Body, Interaction, Sought } from '../recordings/interaction.ts'
import { keyMaker } from '../recordings/key.ts'
import { documentName } from '../recordings/name.ts'
import { hidden } from '../recordings/secrets.ts'
import { isOfSocket } from '../live/headers.ts'
import type { AnyCall } from '../operation.ts'
import type { Origin } from '../base/origin.ts'
import type { Wire } from '../types.ts'

/** The request that a recording is found by; how often a slash is repeated does not matter to the service. */
export const soughtOf = (wire: Wire): Sought => ({
  method: wire.method,
  path: wire.target.path.replace(/\/{2,}/g, '/'),
  contentType: wire.contentType,
  bytes: isOfSocket(wire.headers) ? dialledBytes(wire) : wire.bytes,
})

/** A live connection is found by what its address names: the model, as a request's body would. */
function dialledBytes({ target }: Wire): Buffer {
  const named = [...target.query].filter(([name]) => !/key|token/i.test(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  return named.length === 0 ? Buffer.alloc(0) : Buffer.from(JSON.stringify(Object.fromEntries(named)))
}

/** Of an answer that gets a document: its name is worked out for who asks. */
export const recordedOrigin = ({ wire }: AnyCall, { recording }: Config): Origin => ({
  kind: 'recorded',
  isWrittenLater: recording.durability === 'soon' || !recording.autosave,
  recording: () => {
    const sought = soughtOf(wire)
    return documentName(sought.path, keyMaker(recording.match.ignore)(sought))
  },
})

/** The request as a person reads it. The store leaves out what looks like a secret; `keys` are hidden here. */
export function keptRequest(wire: Wire, keys: readonly string[]): Interaction['request'] {
  const { method, path, contentType, bytes } = soughtOf(wire)
  const body = bytes.length > 0 ? keptBody(bytes, keys) : undefined
  return { method, path, query: Object.fromEntries(wire.target.query), contentType: contentType || undefined, body }
}

export const keptBody = (bytes: Uint8Array, keys: readonly string[]): Body => toBody(withoutKeys(bytes, keys))

/** Text where it is such. The bytes are copied in any case: they may be part of a buffer that is far larger. */
export const toData = (bytes: Uint8Array): string | Uint8Array =>
  isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    : Uint8Array.from(bytes)

/** A shorter key would be found where it is none. */
const minKeyCharacters = 8

/** Keys of the simulator and of the service, which a client has no reason to send in a body, but may. */
export function withoutKeysIn(text: string, keys: readonly string[]): string {
  let shown = text
  for (const key of keys) if (key.length >= minKeyCharacters) shown = shown.replaceAll(key, hidden)
  return shown
}

function withoutKeys(bytes: Uint8Array, keys: readonly string[]): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = keys.filter((key) => buffer.includes(key))
  // Every byte is a character of Latin-1, so that nothing else changes whatever the bytes are.
  return found.length > 0 ? Buffer.from(withoutKeysIn(buffer.toString('latin1'), found), 'latin1') : bytes
}
