import type { SimResponse } from '../types.ts'
import { turn } from '../base/slices.ts'

/** Does work that may be long, with turns for others between its slices. */
export type Sliced = <T>(work: () => T) => T | Promise<T>

export const json = (status: number, value: unknown) => wholeAnswer(status, JSON.stringify(value))

export const wholeAnswer = (status: number, body: string, contentType = 'application/json'): SimResponse => ({
  status,
  headers: { 'Content-Length': String(Buffer.byteLength(body)), 'Content-Type': contentType },
  body,
})

/** A long text, made while it is sent: no faster than its client reads, and with turns for others between its pieces. */
export const inPieces = (status: number, pieces: Iterable<string>, contentType: string): SimResponse => ({
  status,
  headers: { 'Content-Type': contentType },
  body: (sink) => {
    const rest = pieces[Symbol.iterator]()
    let isOver = false
    sink.onClose(() => {
      isOver = true
      rest.return?.()
    })
    const goOn = () => {
      if (isOver) return
      const next: IteratorResult<string, unknown> = rest.next()
      if (next.done === true) {
        isOver = true
        sink.end()
      } else if (sink.write(next.value)) turn(goOn)
      else sink.onDrain(goOn)
    }
    goOn()
  },
})
