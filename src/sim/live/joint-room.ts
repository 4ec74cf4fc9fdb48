/** Whether all that are told the same read it. */
import type { LiveRoom } from '../base/live-socket.ts'

/** Those of `clients`, which may become more and fewer: no faster than the slowest of them. */
export class JointRoom implements LiveRoom {
  readonly #clients: Iterable<LiveRoom>
  readonly #waiting: (() => void)[] = []

  constructor(clients: Iterable<LiveRoom>) {
    this.#clients = clients
  }

  readonly isFull = (): boolean => this.#full() !== undefined

  readonly onDrain = (goOn: () => void): void => {
    this.#waiting.push(goOn)
    const full = this.#full()
    if (full) full.onDrain(this.drained)
    else this.drained()
  }

  /** To be called when one of them has gone, too. */
  readonly drained = (): void => {
    for (const goOn of this.#waiting.splice(0)) goOn()
  }

  #full(): LiveRoom | undefined {
    for (const client of this.#clients) if (client.isFull()) return client
    return undefined
  }
}
