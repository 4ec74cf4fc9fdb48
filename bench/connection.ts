/** A minimal HTTP client: it finds the end of an answer, and costs the load generator almost nothing. */
import { connect, type Socket } from 'node:net'

export type Connection = {
  readonly send: (request: Uint8Array) => void
  readonly close: () => void
}

export type Listener = {
  /** `status` is that of the answer's head; `bytes` is all of it. */
  readonly onAnswer: (status: number, bytes: number) => void
  /** What came of it, to be used before it returns. */
  readonly onBytes?: (buffer: Buffer, bytes: number) => void
  readonly onError: (error: Error) => void
}

/** All connections read into this: what comes is used up before the next one reads. */
const room = Buffer.allocUnsafe(262_144)

/** Keeps the connection alive; the next request is sent after an answer has ended. */
export function openConnection(port: number, listener: Listener): Promise<Connection> {
  const answer = newAnswer()
  const take = (bytes: number): boolean => {
    listener.onBytes?.(room, bytes)
    if (!isComplete(answer, bytes)) return true
    const { status, bytes: size } = answer
    Object.assign(answer, newAnswer())
    listener.onAnswer(status, size)
    return true
  }
  return new Promise((resolve, reject) => {
    let isClosing = false
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: room, callback: take } })
    socket.once('connect', () => {
      const close = () => {
        isClosing = true
        socket.destroy()
      }
      resolve({ send: (request) => void socket.write(request), close })
    })
    socket.on('error', (error) => {
      reject(error)
      listener.onError(error)
    })
    socket.on('close', () => {
      if (!isClosing) listener.onError(new Error('The server closed a connection'))
    })
  })
}

type Answer = {
  head: string | undefined
  status: number
  bytes: number
  /** Of the body still to come; `undefined` where it is chunked. */
  missing: number | undefined
  /** The last bytes of a chunked body. */
  end: string
}

const newAnswer = (): Answer => ({ head: '', status: 0, bytes: 0, missing: 0, end: '' })
const lastChunk = '0\r\n\r\n'
const newline = 10

function isComplete(answer: Answer, bytes: number): boolean {
  answer.bytes += bytes
  let from = 0
  if (answer.head !== undefined) {
    const headEnd = room.subarray(0, bytes).indexOf('\r\n\r\n')
    // A head that comes in two pieces is rare; its end is looked for in both together.
    const text = answer.head + room.toString('latin1', 0, headEnd < 0 ? bytes : headEnd + 4)
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) {
      answer.head = text
      return false
    }
    from = end + 4 - answer.head.length
    answer.head = undefined
    answer.status = Number(text.slice(9, 12))
    const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1]
    answer.missing = length === undefined ? undefined : Number(length)
  }
  if (answer.missing !== undefined) {
    answer.missing -= bytes - from
    return answer.missing <= 0
  }
  // Most of what comes is an event's chunk, which ends like this, and must cost next to nothing.
  if (room[bytes - 4] === newline && room[bytes - 3] === newline && bytes - from > lastChunk.length) {
    answer.end = ''
    return false
  }
  const tail = room.toString('latin1', Math.max(from, bytes - lastChunk.length), bytes)
  answer.end = tail.length === lastChunk.length ? tail : (answer.end + tail).slice(-lastChunk.length)
  return answer.end === lastChunk
}
