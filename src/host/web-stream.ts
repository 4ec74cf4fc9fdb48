/** From a stream that pushes to one that is pulled, for the hosts that speak the web's own types. */
import { ReadableStream } from 'node:stream/web'
import type { StreamBody } from '../sim/index.ts'

/** What may wait unread before `write` says that the client does not keep up. */
const highWaterBytes = 65_536
const encoder = new TextEncoder()

/**
 * The body starts at once and not when it is first read: its times count from the request. `signal` breaks the stream
 * off with its reason; without one the stream never fails, it only ends, because an error inside it would leave a
 * client of the Functions host without an end.
 */
export function toReadableStream(body: StreamBody, signal?: AbortSignal): ReadableStream<Uint8Array> {
  let isOver = false
  let onClose: (() => void) | undefined
  let onDrain: (() => void) | undefined

  /** True the first time. */
  const finish = () => {
    if (isOver) return false
    isOver = true
    onDrain = undefined
    signal?.removeEventListener('abort', onAbort)
    return true
  }
  const leave = () => {
    if (!finish()) return
    const stop = onClose
    onClose = undefined
    stop?.()
  }
  let onAbort = leave

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        onAbort = () => {
          if (isOver) return
          controller.error(signal?.reason)
          leave()
        }
        signal?.addEventListener('abort', onAbort)
        const end = () => {
          if (finish()) controller.close()
        }
        try {
          body({
            write(chunk) {
              if (isOver || chunk.length === 0) return true
              // A copy of bytes: what the app gave stays its own.
              controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : new Uint8Array(chunk))
              return (controller.desiredSize ?? 0) > 0
            },
            onDrain(resume) {
              if ((controller.desiredSize ?? 0) > 0) queueMicrotask(resume)
              else onDrain = resume
            },
            end,
            ...(signal && {
              cut() {
                if (finish()) controller.error(new TypeError('terminated'))
              },
            }),
            onClose(stop) {
              if (signal?.aborted) queueMicrotask(stop)
              else onClose = stop
            },
          })
        } catch {
          end()
        }
        if (signal?.aborted) onAbort()
      },
      // Called whenever there is room again after there was none: the one sign of a reader that every consumer gives.
      pull() {
        const resume = onDrain
        onDrain = undefined
        resume?.()
      },
      cancel: leave,
    },
    { highWaterMark: highWaterBytes, size: (chunk) => chunk.byteLength },
  )
}
