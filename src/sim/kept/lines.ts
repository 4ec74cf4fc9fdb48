/** The lines of a file, read one by one from its bytes. */

export type Line = { readonly number: number; readonly bytes: Uint8Array }

const lineFeed = 0x0a

/** Every line that is not blank. */
export function* linesOf(bytes: Uint8Array): Generator<Line> {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  for (let number = 1; start < bytes.length; number++) {
    const found = bytes.indexOf(lineFeed, start)
    const end = found < 0 ? bytes.length : found
    const line = bytes.subarray(start, end)
    if (line.some((byte) => byte > 0x20)) yield { number, bytes: line }
    start = end + 1
  }
}
