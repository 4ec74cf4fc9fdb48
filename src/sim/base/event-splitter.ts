const lineFeed = 10
const carriageReturn = 13

/**
 * Parts a stream of server-sent events into its events, each with the blank line that ends it, whatever pieces it
 * arrives in. Put together again they are the stream, byte for byte.
 */
export class EventSplitter {
  /** Of an event that has not ended. */
  #pieces: Uint8Array[] = []
  #lineBytes = 0
  #lastByte = 0

  /** The events that end in `bytes`. */
  push(bytes: Uint8Array): Uint8Array[] {
    const events: Uint8Array[] = []
    let start = 0
    let lineStart = 0
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, lineStart)) {
      const before = at > 0 ? bytes[at - 1] : this.#lastByte
      const length = this.#lineBytes + at - lineStart
      const isBlank = length === 0 || (length === 1 && before === carriageReturn)
      this.#lineBytes = 0
      lineStart = at + 1
      if (!isBlank) continue
      events.push(this.#take(bytes.subarray(start, lineStart)))
      start = lineStart
    }
    this.#lineBytes += bytes.length - lineStart
    this.#lastByte = bytes.at(-1) ?? this.#lastByte
    if (start < bytes.length) this.#pieces.push(bytes.subarray(start))
    return events
  }

  /** What came after the last blank line, if anything did. */
  rest(): Uint8Array | undefined {
    return this.#pieces.length > 0 ? this.#take(new Uint8Array()) : undefined
  }

  #take(last: Uint8Array): Uint8Array {
    if (this.#pieces.length === 0) return last
    const whole = Buffer.concat([...this.#pieces, last])
    this.#pieces = []
    return whole
  }
}
