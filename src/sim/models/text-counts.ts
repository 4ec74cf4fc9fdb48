/** Counting a shorter text takes no longer than finding it. */
const shortestCharacters = 64
const longestCharacters = 16_383
const slotCount = 4_096
/** What all remembered texts take together, at two bytes a character 8 MB. */
const maxCharacters = 2 ** 22
const samples = 32

/**
 * Remembers how many tokens whole texts have, since prompts repeat. A text has one slot, chosen by a sample of its
 * characters, and is kept when it comes a second time: texts that never repeat cost neither a copy nor a place.
 */
export class TextCounts {
  private texts = new Array<string | undefined>(slotCount).fill(undefined)
  private readonly tokens = new Int32Array(slotCount)
  private readonly seen = new Int32Array(slotCount)
  private characters = 0
  private hash = 0

  /** Whether texts of this length are remembered at all. */
  takes(text: string): boolean {
    return text.length >= shortestCharacters && text.length <= longestCharacters
  }

  /** What is found holds for `isWorthKeeping` and `add` too, until the next call. */
  find(text: string): number | undefined {
    const hash = (this.hash = sampleHash(text))
    const slot = hash & (slotCount - 1)
    return this.texts[slot] === text ? this.tokens[slot] : undefined
  }

  /** Whether the text that was looked for last seems to have come before. */
  isWorthKeeping(): boolean {
    const { hash } = this
    const slot = hash & (slotCount - 1)
    if (this.seen[slot] === hash) return true
    this.seen[slot] = hash
    return false
  }

  /** `text` must be a string of its own: a slice would keep alive what it was cut from. */
  add(text: string, tokens: number): void {
    const slot = this.hash & (slotCount - 1)
    this.characters += text.length - (this.texts[slot]?.length ?? 0)
    if (this.characters > maxCharacters) {
      this.texts = new Array<string | undefined>(slotCount).fill(undefined)
      this.characters = text.length
    }
    this.texts[slot] = text
    this.tokens[slot] = tokens
  }
}

function sampleHash(text: string): number {
  const { length } = text
  let hash = length
  const step = length / samples
  for (let at = 0; at < length; at += step) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  // The ends are where templates differ.
  for (let at = 1; at <= 16; at++) hash = Math.imul(hash ^ text.charCodeAt(length - at), 0x01000193)
  for (let at = 0; at < 32; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash ^ (hash >>> 15)
}
