/** A `Sink` over node's `ServerResponse`. */
import type { ServerResponse } from 'node:http'
import type { Sink } from '../sim/index.ts'

const lastChunk = '0\r\n\r\n'

/**
 * Its headers must have been written. Where the answer is chunked it frames the chunks itself, as one string and one
 * write each: node would make three of every one.
 */
export class NodeSink implements Sink {
  readonly #outgoing: ServerResponse
  readonly #isFramed: boolean

  constructor(outgoing: ServerResponse) {
    this.#outgoing = outgoing
    this.#isFramed = outgoing.chunkedEncoding
    outgoing.chunkedEncoding = false
  }

  write(chunk: string | Uint8Array): boolean {
    const outgoing = this.#outgoing
    // True for a client that has gone: whoever writes is told by `onClose`, and must not wait for room.
    if (outgoing.destroyed || outgoing.writableEnded || chunk.length === 0) return true
    if (!this.#isFramed) return outgoing.write(chunk)
    if (typeof chunk === 'string') {
      const bytes = Buffer.byteLength(chunk)
      const framed = `${bytes.toString(16)}\r\n${chunk}\r\n`
      // As many bytes as characters: ASCII alone, which need not be encoded.
      return bytes === chunk.length ? outgoing.write(framed, 'latin1') : outgoing.write(framed)
    }
    return outgoing.write(Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]))
  }

  onDrain(resume: () => void): void {
    if (this.#outgoing.writableNeedDrain) this.#outgoing.once('drain', resume)
    else queueMicrotask(resume)
  }

  end(): void {
    if (this.#outgoing.destroyed || this.#outgoing.writableEnded) return
    if (this.#isFramed) this.#outgoing.end(lastChunk)
    else this.#outgoing.end()
  }

  /** Breaks the connection off, so that the client sees that the answer is not whole. */
  cut(): void {
    this.#outgoing.destroy()
  }

  onClose(stop: () => void): void {
    const outgoing = this.#outgoing
    if (outgoing.closed) {
      if (!outgoing.writableEnded) queueMicrotask(stop)
      return
    }
    outgoing.once('close', () => {
      if (!outgoing.writableEnded) stop()
    })
  }
}
