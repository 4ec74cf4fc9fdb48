/**
 * Finds which of many words stand in a text by going through it once, whatever words and text are: by the automaton of Aho
 * and Corasick. Its states are the beginnings of the words; each knows the longest other one that it ends with.
 */

/** No state, as the first one follows no other. */
const none = 0

const buckets = 4_096
const bucketOf = (first: number, second: number) => (first + second * 67) & (buckets - 1)

/** So many states are made in one step. */
const stepStates = 8_192

/** Of a text: from where up to where, and the state that what came before it led to; 0 at its beginning. */
type Part = { readonly from: number; readonly to: number; readonly state: number }

export class WordAutomaton {
  readonly #words: readonly string[]
  /** By state: the one that it follows, by which letter, and the longest other one that it ends with. */
  readonly #before: Int32Array
  readonly #letter: Uint16Array
  readonly #ending: Int32Array
  /** By state: the word that it is, and the longest other state that it ends with and that is a word. */
  readonly #word: Int32Array
  readonly #nextWord: Int32Array
  /** The states by what they follow and by which letter: a place holds one, or it stands at the next place that is free. */
  readonly #places: Int32Array
  /** Whether any word begins with such two letters: nearly all places of a text are passed over by this. */
  readonly #isStart = new Uint8Array(buckets)
  #count = 1

  /** Each has two letters at least, and is there once. */
  private constructor(words: readonly string[]) {
    const states = words.reduce((sum, { length }) => sum + length, 1)
    this.#words = words
    this.#before = new Int32Array(states)
    this.#letter = new Uint16Array(states)
    this.#ending = new Int32Array(states)
    this.#word = new Int32Array(states).fill(-1)
    this.#nextWord = new Int32Array(states)
    this.#places = new Int32Array(2 ** Math.ceil(Math.log2(2 * states + 1)))
  }

  static *inSteps(words: readonly string[]): Generator<undefined, WordAutomaton> {
    const made = new WordAutomaton(words)
    yield* made.#addWords()
    yield* made.#connect()
    return made
  }

  /**
   * Goes through a part of the text from a state, and tells each word that ends there for the first time: `isNew` says
   * whether it is, and notes it. The state that it comes to.
   */
  follow(text: string, { from, to, state }: Part, isNew: (word: number) => boolean): number {
    let now = state
    let following = text.charCodeAt(from)
    for (let at = from; at < to; at++) {
      const letter = following
      following = text.charCodeAt(at + 1)
      if (now === none && this.#isStart[bucketOf(letter, following)] === 0) continue
      now = this.#following(now, letter)
      // Where a word was told before, those that it ends with were told with it.
      let end = (this.#word[now] as number) < 0 ? (this.#nextWord[now] as number) : now
      while (end !== none && isNew(this.#word[end] as number)) end = this.#nextWord[end] as number
    }
    return now
  }

  #following(state: number, letter: number): number {
    for (let now = state; ; now = this.#ending[now] as number) {
      const next = this.#places[this.#placeOf(now, letter)] as number
      if (next !== none || now === none) return next
    }
  }

  /** Where it stands, or would. */
  #placeOf(before: number, letter: number): number {
    const mask = this.#places.length - 1
    for (let at = (Math.imul(before, 0x9e3779b1) ^ Math.imul(letter, 0x85ebca6b)) >>> 7; ; at++) {
      const state = this.#places[at & mask] as number
      if (state === none || (this.#before[state] === before && this.#letter[state] === letter)) return at & mask
    }
  }

  *#addWords(): Generator<undefined, void> {
    let left = stepStates
    for (const [id, word] of this.#words.entries()) {
      this.#isStart[bucketOf(word.charCodeAt(0), word.charCodeAt(1))] = 1
      let state: number = none
      for (let at = 0; at < word.length; at++) {
        const letter = word.charCodeAt(at)
        const place = this.#placeOf(state, letter)
        const known = this.#places[place] as number
        if (known === none) {
          this.#before[this.#count] = state
          this.#letter[this.#count] = letter
          this.#places[place] = this.#count
        }
        state = known === none ? this.#count++ : known
        if (--left > 0) continue
        left = stepStates
        yield
      }
      this.#word[state] = id
    }
  }

  /** The shorter ones first, as what a state ends with is shorter. */
  *#connect(): Generator<undefined, void> {
    let left = stepStates
    for (const state of yield* this.#byLength()) {
      const before = this.#before[state] as number
      const ending =
        before === none ? none : this.#following(this.#ending[before] as number, this.#letter[state] as number)
      this.#ending[state] = ending
      this.#nextWord[state] = (this.#word[ending] as number) < 0 ? (this.#nextWord[ending] as number) : ending
      if (--left > 0) continue
      left = stepStates
      yield
    }
  }

  *#byLength(): Generator<undefined, Int32Array> {
    const lengths = new Int32Array(this.#count)
    const longest = this.#words.reduce((most, { length }) => Math.max(most, length), 0)
    const starts = new Int32Array(longest + 2)
    for (let state = 1; state < this.#count; state++) {
      // A state is made after the one that it follows.
      const length = 1 + (lengths[this.#before[state] as number] as number)
      lengths[state] = length
      starts[length + 1] = 1 + (starts[length + 1] as number)
    }
    yield
    for (let length = 1; length < starts.length; length++)
      starts[length] = (starts[length] as number) + (starts[length - 1] as number)
    const sorted = new Int32Array(this.#count - 1)
    for (let state = 1; state < this.#count; state++) {
      const length = lengths[state] as number
      const at = starts[length] as number
      sorted[at] = state
      starts[length] = at + 1
    }
    yield
    return sorted
  }
}
