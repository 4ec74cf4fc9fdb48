/** Long answers leave piece by piece, no faster than their client reads, and are counted until they have. */
import { type Flight, smallBytes } from '../base/flight.ts'
import { serviceUnavailable } from '../errors.ts'
import type { Plan, SimResponse, Sink } from '../types.ts'

const sliceLength = 65_536

/** Waits for room where there is none; throws where there comes none. */
export async function roomIn(flight: Flight): Promise<void> {
  try {
    await flight.room()
  } catch {
    throw serviceUnavailable()
  }
}

/** So much of an answer is on its way at once, where its client reads. */
const onItsWayBytes = 2 * sliceLength

/** What an answer takes from the moment it is made: it may wait long for its time. */
export function longBytes({ body }: Plan): number {
  if (body.kind !== 'whole' || body.data.length <= smallBytes) return 0
  return body.isKept ? Math.min(body.data.length, onItsWayBytes) : body.data.length
}

/** `taken` of `flight` is given back when the answer has left, or its client. */
export function inSlices(response: SimResponse, flight: Flight, taken: number): SimResponse {
  const { body } = response
  if (body === undefined || typeof body === 'function' || body.length <= smallBytes) {
    if (taken > 0) flight.give(taken)
    return response
  }
  const bytes = taken > 0 ? taken : body.length
  if (taken === 0) flight.take(bytes)
  return { ...response, body: (sink) => new Sliced(body, sink, () => flight.give(bytes)).write() }
}

class Sliced {
  private at = 0
  private isOver = false
  private readonly body: string | Uint8Array
  private readonly sink: Sink
  private readonly onEnd: () => void

  constructor(body: string | Uint8Array, sink: Sink, onEnd: () => void) {
    this.body = body
    this.sink = sink
    this.onEnd = onEnd
    sink.onClose(() => this.finish())
  }

  write(): void {
    while (!this.isOver && this.at < this.body.length) {
      if (this.sink.write(this.next())) continue
      this.sink.onDrain(() => this.write())
      return
    }
    if (this.isOver) return
    this.sink.end()
    this.finish()
  }

  /** No pair of surrogates is cut in two. */
  private next(): string | Uint8Array {
    const { body, at } = this
    if (typeof body !== 'string') return body.subarray(at, (this.at = Math.min(at + sliceLength, body.length)))
    const end = Math.min(at + sliceLength, body.length)
    const isCut = end < body.length && (body.charCodeAt(end - 1) & 0xfc00) === 0xd800
    this.at = isCut ? end - 1 : end
    return body.slice(at, this.at)
  }

  private finish(): void {
    if (this.isOver) return
    this.isOver = true
    this.onEnd()
  }
}
