/** Deployments that work on so many requests at once: who is in work, who waits, and for whom there is no room. */

export type LinePlace = {
  /** Of those that can be worked on at once, how many are, this one with them. */
  readonly share: number
  /** Resolves when its turn has come, or its client has gone; absent where it need not wait. */
  readonly ready: Promise<undefined> | undefined
  /** Gives the place up, at most once. */
  readonly leave: () => void
}

type Room = { readonly concurrency: number; readonly queue: number }
type Line = { working: number; readonly waiting: (() => void)[] }

export class Lines {
  private readonly lines = new Map<string, Line>()

  /** Undefined where so many wait already. `gone` is asked for where it has to wait. */
  enter(name: string, room: Room, gone: () => AbortSignal | undefined): LinePlace | undefined {
    const line = this.lines.get(name) ?? { working: 0, waiting: [] }
    const { concurrency, queue } = room
    if (line.working < concurrency) {
      this.lines.set(name, line)
      line.working++
      return { share: line.working / concurrency, ready: undefined, leave: once(() => this.next(name, line)) }
    }
    return line.waiting.length < queue ? this.wait(name, line, gone()) : undefined
  }

  private wait(name: string, line: Line, signal: AbortSignal | undefined): LinePlace {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    let isWorking = false
    const begin = () => {
      isWorking = true
      resolve(undefined)
    }
    line.waiting.push(begin)
    const leave = once(() => {
      if (isWorking) this.next(name, line)
      else line.waiting.splice(line.waiting.indexOf(begin), 1)
      resolve(undefined)
    })
    const stop = () => {
      if (!isWorking) leave()
    }
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
    return { share: 1, ready: promise, leave }
  }

  private next(name: string, line: Line): void {
    const begin = line.waiting.shift()
    if (begin) begin()
    else if (--line.working === 0) this.lines.delete(name)
  }
}

function once(run: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    run()
  }
}
