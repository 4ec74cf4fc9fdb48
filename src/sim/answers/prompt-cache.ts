/**
 * Which prompts began as this one does: the service answers faster for a beginning that it has just read, and tells
 * how many tokens it knew. Only hashes are kept, at most `entries` of them.
 */
import { through } from '../base/slices.ts'
import { hashText32, mix32 } from '../random.ts'

export type Prompt = {
  readonly deployment: string
  /** As the model reads them: see `promptTexts`. */
  readonly texts: readonly string[]
  /** Of the whole prompt, with what stands around the texts. */
  readonly promptTokens: number
}

/** Shorter prompts are not kept, and what is known is told in steps (Microsoft's page on prompt caching, 2025). */
export const minCachedTokens = 1_024
const stepTokens = 128
/** What the cache can hold of so many tokens. */
export function wholeSteps(tokens: number): number {
  const steps = Math.floor((tokens + 1e-6) / stepTokens) * stepTokens
  return steps < minCachedTokens ? 0 : steps
}

/** About a step of English: prefixes are compared at such places, and where a text ends. */
const chunkCharacters = 512

/** Where there are more texts, not every end of one is a place: most are short, and all of their places would be forgotten soon. */
const maxDenseTexts = 2_048

const textsAStep = 128

/** How far a prompt is read, and what is known of it. */
type Reading = { at: number; placeAt: number; high: number; low: number; known: number }
type Places = { readonly nowMs: number; readonly untilMs: number; readonly isPlace: boolean }

export class PromptCache {
  /** When what is known up to there is forgotten, by the hash of all before; the least recently used first. */
  private readonly known = new Map<number, number>()
  private readonly keptMs: () => number
  private readonly entries: number

  /** The service forgets after five to ten minutes without use. */
  constructor({ keptMs = () => 300_000, entries = 65_536 }: { keptMs?: () => number; entries?: number } = {}) {
    this.keptMs = keptMs
    this.entries = entries
  }

  /** How many tokens of the prompt were known at `nowMs`; from then on all of it is. */
  cachedTokens({ deployment, texts, promptTokens }: Prompt, nowMs: number): number {
    if (promptTokens < minCachedTokens) return 0
    // Tokens are shared out among the characters: to count each text's again would take as long as the prompt did.
    const tokensPerCharacter = promptTokens / Math.max(1, texts.reduce(addLength, 0))
    const untilMs = nowMs + this.keptMs()
    const isDense = texts.length <= maxDenseTexts
    const reading: Reading = { at: 0, placeAt: 0, high: hashText32(deployment), low: hashText32(deployment), known: 0 }
    if (texts.length <= textsAStep)
      for (const text of texts) this.read(text, reading, { nowMs, untilMs, isPlace: true })
    else through(() => this.readInSteps(texts, reading, { nowMs, untilMs, isPlace: isDense }))
    return wholeSteps(tokensPerCharacter * reading.known)
  }

  private *readInSteps(texts: readonly string[], reading: Reading, places: Places): Generator<undefined, void> {
    for (const [index, text] of texts.entries()) {
      if (index % textsAStep === textsAStep - 1) yield
      this.read(text, reading, index === texts.length - 1 ? { ...places, isPlace: true } : places)
    }
  }

  private read(text: string, reading: Reading, { nowMs, untilMs, isPlace }: Places): void {
    for (let start = 0; start < text.length || start === 0; start += chunkCharacters) {
      const end = Math.min(text.length, start + chunkCharacters)
      const hash = hashText32(text, start, end)
      reading.high = mix32(reading.high ^ hash)
      reading.low = mix32((reading.low + Math.imul(hash, 0x9e3779b1)) | 0)
      reading.at += end - start
      if (!isPlace && reading.at - reading.placeAt < chunkCharacters / 2) continue
      reading.placeAt = reading.at
      const key = (reading.high >>> 11) * 4_294_967_296 + reading.low
      if (this.touch(key, nowMs, untilMs)) reading.known = reading.at
    }
  }

  /** Whether the place was known; now it is. */
  private touch(key: number, nowMs: number, untilMs: number): boolean {
    const until = this.known.get(key)
    this.known.delete(key)
    this.known.set(key, untilMs)
    if (this.known.size > this.entries) this.forget()
    return until !== undefined && until > nowMs
  }

  /** Some at once: to find the oldest takes longer the more of those before it have gone. */
  private forget(): void {
    let left = Math.max(1, this.entries >> 6)
    for (const oldest of this.known.keys()) {
      if (left-- <= 0) return
      this.known.delete(oldest)
    }
  }
}

const addLength = (sum: number, { length }: string) => sum + length
