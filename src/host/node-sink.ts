/** A `Sink` over node's `ServerResponse`. */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Sink } from '../sim/index.ts'

/** What a client on the same machine or in the same region needs to read what is there. */
const arrivalMs = 50

const lastChunk = '0\r\n\r\n'

/** A chunk's size in hexadecimal digits, with the line's end. */
const chunkHeads = Array.from({ length: 4096 }, (_, bytes) => `${bytes.toString(16)}\r\n`)
const chunkHead = (bytes: number): string =>
  bytes < chunkHeads.length ? (chunkHeads[bytes] as string) : `${bytes.toString(16)}\r\n`

/**
 * Its headers must have been written. Where the answer is chunked it frames the chunks itself, as one string and one
 * write each: node would make three of every one.
 */
export class NodeSink implements Sink {
  readonly #outgoing: ServerResponse
  readonly #isFramed: boolean
  #isHeadOut = false
  /** Where what is framed goes by itself: once the head is out, and until the end. */
  #open: Socket | undefined

  constructor(outgoing: ServerResponse) {
    this.#outgoing = outgoing
    this.#isFramed = outgoing.chunkedEncoding
    outgoing.chunkedEncoding = false
  }

  write(chunk: string | Uint8Array, isAscii = false): boolean {
    // Of thousands of streams each object that an event looks at is one more to be fetched from far away.
    if (isAscii && this.#open && typeof chunk === 'string' && chunk !== '')
      return this.#open.write(`${chunkHead(chunk.length)}${chunk}\r\n`, 'latin1')
    const outgoing = this.#outgoing
    // True for a client that has gone: whoever writes is told by `onClose`, and must not wait for room.
    if (outgoing.destroyed || outgoing.writableEnded || chunk.length === 0) return true
    if (!this.#isFramed) return outgoing.write(chunk)
    if (typeof chunk === 'string') {
      // Nearly all is ASCII, as many bytes as characters, and is put together no more than once.
      const framed = `${chunkHead(chunk.length)}${chunk}\r\n`
      if (isAscii || Buffer.byteLength(framed) === framed.length) return this.#send(framed, 'latin1')
      return this.#send(`${chunkHead(Buffer.byteLength(chunk))}${chunk}\r\n`, 'utf8')
    }
    return outgoing.write(Buffer.concat([Buffer.from(chunkHead(chunk.length)), chunk, Buffer.from('\r\n')]))
  }

  /** Once the head is out nothing is left for node's own layer to do; a pipelined answer has no socket before its turn. */
  #send(framed: string, encoding: 'latin1' | 'utf8'): boolean {
    const { socket } = this.#outgoing
    if (this.#isHeadOut && socket) {
      this.#keepOpen(socket)
      return socket.write(framed, encoding)
    }
    this.#isHeadOut = true
    if (!socket) return this.#outgoing.write(framed, encoding)
    // By itself, since node puts the head together from a hundred pieces, and keeps them all until the answer ends where
    // it was sent as a part of something longer. Both go out in one call of the system, with the end too where that comes
    // in the same turn.
    socket.cork()
    process.nextTick(uncork, socket)
    this.#outgoing.flushHeaders()
    return socket.write(framed, encoding)
  }

  #keepOpen(socket: Socket): void {
    if (this.#open) return
    this.#open = socket
    this.#outgoing.once('close', () => (this.#open = undefined))
  }

  /** A client that reads fast has room again at once, and again and again: others have their turn before it does. */
  onDrain(resume: () => void): void {
    const goOn = () => void setImmediate(resume)
    const { socket } = this.#outgoing
    if (socket?.writableNeedDrain) this.#onceDrained(socket, goOn)
    else if (this.#outgoing.writableNeedDrain) this.#outgoing.once('drain', goOn)
    else goOn()
  }

  /** The answer ends its own waits when it closes; the socket, which outlives it, must forget this one then. */
  #onceDrained(socket: Socket, resume: () => void): void {
    const outgoing = this.#outgoing
    const onDrain = () => {
      outgoing.off('close', onClose)
      resume()
    }
    const onClose = () => socket.off('drain', onDrain)
    socket.once('drain', onDrain)
    outgoing.once('close', onClose)
  }

  end(): void {
    this.#open = undefined
    if (this.#outgoing.destroyed || this.#outgoing.writableEnded) return
    if (this.#isFramed) this.#outgoing.end(lastChunk)
    else this.#outgoing.end()
  }

  /** Breaks the connection off, so that the client sees that the answer is not whole. */
  cut(): void {
    this.#open = undefined
    const outgoing = this.#outgoing
    const { socket } = outgoing
    if (!socket) {
      outgoing.destroy()
      return
    }
    // A reset takes back what has not been read yet: what went before it is given time to arrive.
    setTimeout(() => socket.resetAndDestroy(), arrivalMs)
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

const uncork = (socket: Socket) => socket.uncork()
