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

export function imageUrl(call: AnyCall, { id, index, seed, size }: Addressed): string {
  const file = `generated_${String(index).padStart(2, '0')}.png`
  const query = new URLSearchParams({
    se: new Date(call.receivedAtMs + lifetimeMs).toISOString(),
    sp: 'r',
    size: `${size.width}x${size.height}`,
    seed: String(seed),
  })
  query.set('sig', signature(call, id, file, query))
  return `${originOf(call.wire)}/private/images/${id}/${file}?${query.toString()}`
}

/** The picture that a request's address stands for; `undefined` where it was not made here, or is too old. */
export function addressedImage(call: AnyCall): { readonly seed: number; readonly size: Size } | undefined {
  const { match, wire, receivedAtMs } = call
  const { query } = wire.target
  const given = Buffer.from(query.get('sig') ?? '')
  const due = Buffer.from(signature(call, match.params['id'] ?? '', match.params['file'] ?? '', query))
  if (given.length !== due.length || !timingSafeEqual(given, due)) return undefined
  if (!(Date.parse(query.get('se') ?? '') > receivedAtMs)) return undefined
  const [width = 0, height = 0] = (query.get('size') ?? '').split('x').map(Number)
  return { seed: Number(query.get('seed')), size: { width, height } }
}

/** Instances of one simulator have the same key. */
function signature({ resource }: AnyCall, id: string, file: string, query: URLSearchParams): string {
  const signed = JSON.stringify([id, file, ...['se', 'sp', 'size', 'seed'].map((name) => query.get(name))])
  return createHmac('sha256', resource.config.apiKey).update(signed).digest('base64')
}
