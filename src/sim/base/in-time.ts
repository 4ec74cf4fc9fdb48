/** The one way to wait for something no longer than a while. */
import { textOf } from './text-of.ts'
import type { Clock } from '../clock.ts'

/** What was waited for did not come in time. */
export class Late extends Error {
  override readonly name = 'Late'

  constructor(ms: number) {
    super(`no answer within ${ms} ms`)
  }
}

/** `work`, or a `Late` after `ms`. What comes of it after that is nobody's. */
export function inTime<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let isDone = false
    const timer = clock.timer(() => {
      // Where this process was the slow one, the answer is there and has not been read: what has arrived goes first.
      setImmediate(() => {
        if (!isDone) reject(new Late(ms))
      })
    })
    timer.set(clock.now() + ms)
    const finish = () => {
      isDone = true
      timer.cancel()
    }
    work.then(
      (value) => {
        finish()
        resolve(value)
      },
      (error: unknown) => {
        finish()
        reject(error instanceof Error ? error : new Error(textOf(error)))
      },
    )
  })
}
