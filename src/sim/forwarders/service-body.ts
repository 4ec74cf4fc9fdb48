/** The body of a service's answer as it arrives, from node's stream. */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { LiveBody } from '../types.ts'

export type Watch = {
  /** Something arrived; what is silent from now on is the service. */
  readonly onData: () => void
  /** The client does not keep up, so silence is not the service's. */
  readonly onPause: () => void
  /** Called once, when nothing more will come. */
  readonly onOver: () => void
  /** The client wants no more. */
  readonly onCancel: () => void
  /** From an error of node's to what the client is told. */
  readonly explain: (error: unknown) => Error
}

export function serviceBody(message: IncomingMessage, watch: Watch): LiveBody {
  const stream = decoded(message)
  let isOver = false
  let failure: Error | undefined
  let failed: ((reason: Error) => void) | undefined

  const finish = () => {
    if (isOver) return false
    isOver = true
    watch.onOver()
    return true
  }
  const fail = (error: unknown) => {
    if (!finish()) return
    failure = watch.explain(error)
    failed?.(failure)
  }
  stream.on('error', fail)
  if (stream !== message) message.on('error', fail)
  message.on('close', () => {
    if (!message.complete) fail(new Error('closed early'))
  })

  return {
    start(reader) {
      if (failure) {
        reader.fail(failure)
        return
      }
      failed = reader.fail
      stream.on('end', () => {
        if (message.complete && finish()) reader.end()
      })
      stream.on('data', (bytes: Buffer) => {
        if (isOver) return
        watch.onData()
        reader.data(bytes)
      })
    },
    pause() {
      stream.pause()
      watch.onPause()
    },
    resume() {
      if (!isOver) watch.onData()
      stream.resume()
    },
    cancel() {
      if (finish()) watch.onCancel()
    },
  }
}

/** True where the body is compressed in a way that is undone here. */
export const isCompressed = (message: IncomingMessage) => decoderOf(message) !== undefined

/** Compressed although the service was asked not to. */
function decoded(message: IncomingMessage): Readable {
  const decoder = decoderOf(message)
  return decoder ? message.pipe(decoder()) : message
}

const decoders = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

const decoderOf = ({ headers }: IncomingMessage) =>
  decoders.get(headers['content-encoding']?.trim().toLowerCase() ?? '')
