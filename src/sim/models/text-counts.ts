/** Counting a shorter text takes no longer than finding it. */
const shortestCharacters = 64
/** V8 hashes texts longer than this by their length alone (`String::kMaxHashCalcLength`). */
const longestCharacters = 16_383
const generationCharacters = 2 ** 21
/** What an entry takes beside its text, in characters of two bytes. */
const entryCharacters = 50

/**
 * Remembers how many tokens whole texts have, since prompts repeat. When a generation is full the one before it is
 * forgotten; the two take 8 MB at most, 4 MB where the texts are Latin-1.
 */
export class TextCounts {
  private recent = new Map<string, number>()
  private older = new Map<string, number>()
  private recentCharacters = 0

  /** Whether texts of this length are remembered at all. */
  takes(text: string): boolean {
    return text.length >= shortestCharacters && text.length <= longestCharacters
  }

  find(text: string): number | undefined {
    return this.recent.get(text) ?? this.older.get(text)
  }

  /** `text` must be a string of its own: a slice would keep alive what it was cut from. */
  add(text: string, tokens: number): void {
    if (this.recentCharacters > generationCharacters) {
      this.older = this.recent
      this.recent = new Map()
      this.recentCharacters = 0
    }
    this.recent.set(text, tokens)
    this.recentCharacters += text.length + entryCharacters
  }
}
