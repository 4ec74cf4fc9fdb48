/** A file that is written line by line: kept as bytes, in pieces, until it is whole. */
const pieceCharacters = 262_144

export class JsonLines {
  readonly #pieces: Buffer[] = []
  #bytes = 0
  #tail = ''

  append(line: string): void {
    this.#tail += `${line}\n`
    if (this.#tail.length >= pieceCharacters) this.#close()
  }

  /** About, as the last lines are not counted yet. */
  get bytes(): number {
    return this.#bytes + this.#tail.length
  }

  get isEmpty(): boolean {
    return this.bytes === 0
  }

  /** The whole file. Nothing is appended after that. */
  take(): Uint8Array {
    this.#close()
    const whole = Buffer.concat(this.#pieces)
    this.#pieces.length = 0
    return whole
  }

  #close(): void {
    const piece = Buffer.from(this.#tail)
    this.#pieces.push(piece)
    this.#bytes += piece.length
    this.#tail = ''
  }
}

/** JSON on one line, with a space after each comma and each colon, as output files have them (recorded January 2025). */
export const spaced = (json: string) =>
  json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|[,:]|\s+/g, (found) =>
    found === ',' ? ', ' : found === ':' ? ': ' : found.startsWith('"') ? found : '',
  )
