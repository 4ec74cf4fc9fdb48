/** Where in an answer a fault happens, found as its pieces come. */
import { countTokens } from '../models/tokenizer.ts'
import type { Encoding, Plan } from '../types.ts'
import { bringsContent, contentOf } from './event-json.ts'
import type { FaultContext, FaultWish, FaultPosition } from './fault.ts'
import { isEvents, type Out, reshape, type Step } from './flow.ts'

/** Bytes of JSON that stand for a token, where an answer is no stream. */
const bytesPerToken = 4

export class PositionFinder {
  readonly #after: FaultPosition
  readonly #encoding: Encoding
  readonly #isEvents: boolean
  #bytes = 0
  #events = 0
  #tokens = 0

  constructor(after: FaultPosition, encoding: Encoding, hasEvents: boolean) {
    this.#after = after
    this.#encoding = encoding
    this.#isEvents = hasEvents
  }

  /** How many bytes of the next piece lie before the place; undefined where it lies behind it. */
  in(piece: Buffer): number | undefined {
    const { tokens, events } = this.#after
    const bytes = this.#after.bytes ?? (tokens !== undefined && !this.#isEvents ? tokens * bytesPerToken : undefined)
    if (bytes !== undefined) {
      const at = bytes - this.#bytes
      this.#bytes += piece.length
      return at <= piece.length ? Math.max(0, at) : undefined
    }
    if (events !== undefined) return this.#events++ >= events ? 0 : undefined
    if (tokens === undefined) return undefined
    if (this.#tokens >= tokens) return 0
    this.#tokens += countTokens(contentOf(piece), this.#encoding)
    return undefined
  }
}

/** What happens there, once; what comes behind it goes on to come. */
export function atPlace(
  plan: Plan,
  { wish, context, happens }: { wish: FaultWish; context: FaultContext; happens: (out: Out) => void },
): Plan {
  const { after = { bytes: 0 } } = wish
  const step = (): Step => {
    const finder = new PositionFinder(after, context.encoding, isEvents(plan))
    let isOver = false
    const once = (out: Out) => {
      if (!isOver) happens(out)
      isOver = true
    }
    return {
      piece(data, out) {
        const at = isOver ? undefined : finder.in(data)
        if (at === undefined) {
          out.send(data)
          return
        }
        if (at > 0) out.send(data.subarray(0, at))
        once(out)
        if (at < data.length) out.send(data.subarray(at))
      },
      due: once,
    }
  }
  return reshape(plan, context, step, after.timeMs)
}

/** Whether the place is reached, asked of each piece in turn; at once where none is given. */
export function reaches({ after }: FaultWish, context: FaultContext, hasEvents: boolean): (piece: Buffer) => boolean {
  if (after === undefined) return () => true
  const finder = new PositionFinder(after, context.encoding, hasEvents)
  let isThere = false
  return (piece) => (isThere ||= finder.in(piece) !== undefined)
}

/** Changes the first event with content behind the place; what `change` gives is sent in its place. */
export function atEvent(
  plan: Plan,
  { wish, context, change }: { wish: FaultWish; context: FaultContext; change: (event: Buffer, out: Out) => void },
): Plan {
  return reshape(plan, context, () => {
    const isThere = reaches(wish, context, isEvents(plan))
    let isOver = false
    return {
      piece(data, out) {
        if (isOver || !isThere(data) || (isEvents(plan) && !bringsContent(data))) out.send(data)
        else {
          isOver = true
          change(data, out)
        }
      },
    }
  })
}
