/**
 * Addresses of pictures, at the simulator itself. All that is needed to make the picture stands in its address, under a
 * signature, so that nothing is kept and any instance of the simulator serves it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Size } from '../../generators/picture/picture.ts'
import { originOf } from '../../http/links.ts'
import type { AnyCall } from '../../operation.ts'

export type Addressed = { readonly id: string; readonly index: number; readonly seed: number; readonly size: Size }

/** In place of `/private/images/…` at the service's storage account. */
export const imageRoute = '/private/images/{id}/{file}'

/** Addresses are good for a day, as the service's are. */
const lifetimeMs = 24 * 60 * 60 * 1000

/** Has the names of the service's own, in their order (recorded April 2025); `skoid` says what picture it is. */
export function imageUrl(call: AnyCall, { id, index, seed, size }: Addressed): string {
  const file = `generated_${String(index).padStart(2, '0')}.png`
  const [start, end] = [call.receivedAtMs, call.receivedAtMs + lifetimeMs].map(
    (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`,
  )
  const fields = {
    se: end,
    ske: end,
    skoid: pictureId(seed, size),
    sks: 'b',
    skt: start,
    sktid: id,
    skv: version,
    sp: 'r',
    spr: 'https',
    sr: 'b',
    sv: version,
  }
  const query = new URLSearchParams(fields as Record<string, string>)
  query.set('sig', signature(call, id, file, query))
  query.sort()
  return `${originOf(call.wire)}/private/images/${id}/${file}?${query.toString()}`
}

/** Of the storage service's interface. */
const version = '2024-08-04'

/** The picture that a request's address stands for; `undefined` where it was not made here, or is too old. */
export function addressedImage(call: AnyCall): { readonly seed: number; readonly size: Size } | undefined {
  const { match, wire, receivedAtMs } = call
  const { query } = wire.target
  const given = Buffer.from(query.get('sig') ?? '')
  const due = Buffer.from(signature(call, match.params['id'] ?? '', match.params['file'] ?? '', query))
  if (given.length !== due.length || !timingSafeEqual(given, due)) return undefined
  if (!(Date.parse(query.get('se') ?? '') > receivedAtMs)) return undefined
  const [seed = 0, width = 0, height = 0] = (query.get('skoid') ?? '').split('-').map((part) => parseInt(part, 16))
  return { seed, size: { width, height } }
}

/** In the form of a guid. */
function pictureId(seed: number, { width, height }: Size): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
  return `${hex(seed, 8)}-${hex(width, 4)}-${hex(height, 4)}-8000-000000000000`
}

/** Of all that the address says. Instances of one simulator have the same key. */
function signature({ resource }: AnyCall, id: string, file: string, query: URLSearchParams): string {
  const told = [...query].filter(([name]) => name !== 'sig')
  const signed = JSON.stringify([id, file, told.sort(([a], [b]) => (a < b ? -1 : 1))])
  return createHmac('sha256', resource.config.apiKey).update(signed).digest('base64')
}
