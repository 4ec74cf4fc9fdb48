/** Writes bit by bit, the highest bit of each number first. */
export class BitWriter {
  readonly #bytes: Buffer
  #length = 0
  #pending = 0
  #pendingBits = 0

  constructor(maxBytes: number) {
    this.#bytes = Buffer.alloc(maxBytes)
  }

  /** `value` is from 0 up to what `bits` can tell; at most 24 of them. */
  write(value: number, bits: number): void {
    this.#pending = (this.#pending << bits) | value
    this.#pendingBits += bits
    while (this.#pendingBits >= 8) {
      this.#pendingBits -= 8
      this.#bytes[this.#length++] = (this.#pending >>> this.#pendingBits) & 0xff
    }
    this.#pending &= (1 << this.#pendingBits) - 1
  }

  /** All that was written; what is left of the last byte is filled with `filler`. */
  whole(filler: 0 | 1 = 0): Buffer {
    if (this.#pendingBits > 0) {
      const missing = 8 - this.#pendingBits
      this.write(filler === 1 ? (1 << missing) - 1 : 0, missing)
    }
    return this.#bytes.subarray(0, this.#length)
  }
}
