import type { LiveBody, LiveReader } from '../types.ts'

export type Gathered =
  { readonly isWhole: true; readonly bytes: Uint8Array } | { readonly isWhole: false; readonly source: LiveBody }

/** Waits for all of a body. One of more than `maxBytes` goes on as it comes. Rejects where it breaks off before that. */
export function gather(source: LiveBody, maxBytes: number): Promise<Gathered> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = []
    let size = 0
    let reader: LiveReader = {
      data(bytes) {
        pieces.push(bytes)
        size += bytes.length
        if (size <= maxBytes) return
        reader = late
        source.pause()
        resolve({ isWhole: false, source: { ...source, start } })
      },
      end: () =>
        resolve({ isWhole: true, bytes: pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces) }),
      fail: reject,
    }
    /** Between the resolve and the `start` that follows it, what ends must not be lost. */
    let ending: ((to: LiveReader) => void) | undefined
    const late: LiveReader = {
      data: (bytes) => pieces.push(bytes),
      end: () => (ending = (to) => to.end()),
      fail: (reason) => (ending = (to) => to.fail(reason)),
    }
    const start = (to: LiveReader) => {
      reader = to
      // Before the first piece, as the reader may ask for a pause at once.
      source.resume()
      for (const piece of pieces.splice(0)) to.data(piece)
      ending?.(to)
    }
    source.start({
      data: (bytes) => reader.data(bytes),
      end: () => reader.end(),
      fail: (reason) => reader.fail(reason),
    })
  })
}
