/** The connections of a host: what is known of each, found by one look for a request, and when one is of no use any more. */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export type HostConnection = {
  /** Counted from 1 in this process. */
  readonly number: number
  /** The latest answer on it. */
  outgoing: ServerResponse | undefined
  /** What came was no request of HTTP, and was answered as such. */
  isRefused: boolean
  /** What was seen of it when it was first found idle. */
  idle: { readonly outgoing: ServerResponse; readonly bytesRead: number; readonly sinceMs: number } | undefined
}

/** How often within the time-out connections are looked at, and how seldom at least. */
const looks = 20
const minLookMs = 10
const maxLookMs = 5_000

let lastNumber = 0

export class Connections {
  readonly #all = new Map<Duplex, HostConnection>()

  add(socket: Duplex): HostConnection {
    const connection = { number: ++lastNumber, outgoing: undefined, isRefused: false, idle: undefined }
    if (socket.destroyed) return connection
    this.#all.set(socket, connection)
    socket.once('close', () => this.#all.delete(socket))
    return connection
  }

  of(socket: Duplex): HostConnection {
    return this.#all.get(socket) ?? this.add(socket)
  }

  /** How many answers are still to be sent. */
  openRequests(): number {
    let count = 0
    for (const { outgoing } of this.#all.values()) if (outgoing?.writableFinished === false) count++
    return count
  }

  /** Closes those on which no answer is on its way. */
  closeIdle(): void {
    for (const [socket, { outgoing }] of this.#all) if (outgoing?.writableFinished !== false) socket.destroy()
  }

  async closed(): Promise<void> {
    await Promise.all(Array.from(this.#all.keys(), (socket) => new Promise((resolve) => socket.once('close', resolve))))
  }

  /**
   * Looks at all of them from time to time, in place of a timer for each, which every request would end and every answer
   * would set anew. One is idle from the first look on at which its latest answer has been sent and nothing of another
   * request has come, and is closed at a look that finds it so for `timeoutMs`: up to a tenth later. One that never asked
   * anything is for the time-out of the head. Ends with `clearInterval`.
   */
  sweepIdle(timeoutMs: number): NodeJS.Timeout {
    return setInterval(() => this.#look(timeoutMs), Math.min(maxLookMs, Math.max(minLookMs, timeoutMs / looks))).unref()
  }

  #look(timeoutMs: number): void {
    const sinceMs = performance.now()
    for (const [socket, connection] of this.#all) {
      const { outgoing, idle } = connection
      if (outgoing?.writableFinished !== true) continue
      const { bytesRead } = socket as Duplex & { readonly bytesRead: number }
      if (idle?.outgoing !== outgoing || idle.bytesRead !== bytesRead)
        connection.idle = { outgoing, bytesRead, sinceMs }
      else if (sinceMs - idle.sinceMs >= timeoutMs) socket.destroy()
    }
  }
}
