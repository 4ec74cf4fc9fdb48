/** Bytes of bodies that arrive or leave, over all connections: how many there are, and waiting until there are fewer. */
import type { Clock } from '../clock.ts'

/** There was no room, and there came none in time. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom'
}

export type Flight = {
  readonly take: (bytes: number) => void
  readonly give: (bytes: number) => void
  readonly bytes: () => number
  readonly isFull: () => boolean
  /** Waits its turn, and a little at most; rejects with `NoRoom` then. */
  readonly room: () => Promise<void>
}

/** Bodies up to this length are not counted: nearly all are, and thousands of them take little. */
export const smallBytes = 131_072

const maxWaitMs = 2_000

export function createFlight(clock: Clock, maxBytes: () => number): Flight {
  let bytes = 0
  const waiting = new Set<() => void>()
  let isWaking = false

  /** One in each turn: what it is about to take is counted before the next. */
  const wake = () => {
    isWaking = false
    if (bytes >= maxBytes()) return
    const [first] = waiting
    first?.()
    wakeSoon()
  }
  const wakeSoon = () => {
    if (isWaking || waiting.size === 0) return
    isWaking = true
    setImmediate(wake)
  }
  return {
    take: (more) => {
      bytes += more
    },
    give: (fewer) => {
      bytes -= fewer
      wakeSoon()
    },
    bytes: () => bytes,
    isFull: () => bytes >= maxBytes(),
    room: () =>
      new Promise((resolve, reject) => {
        const goOn = () => {
          timer.cancel()
          waiting.delete(goOn)
          resolve()
        }
        const timer = clock.timer(() => {
          waiting.delete(goOn)
          reject(new NoRoom('Too much is under way.'))
        })
        timer.set(clock.now() + maxWaitMs)
        waiting.add(goOn)
      }),
  }
}
