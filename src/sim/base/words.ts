/** Finds which of many words stand in a text, which is gone through once for all of them. */
import { WordAutomaton } from './word-automaton.ts'

/** So much is gone through, or made ready, in one go. */
const stepLetters = 65_536

export class Words {
  readonly #words = new Map<string, number>()
  #letters = 0
  #automaton: WordAutomaton | undefined
  /** The request at which each was found last. */
  readonly #foundAt: number[] = []
  #request = 0
  #found: ReadonlySet<number> = new Set()
  #last: string | undefined

  /** All are added before the first is looked for. A word is in lower case, and has two letters at least. */
  add(word: string): number {
    const known = this.#words.get(word)
    if (known !== undefined) return known
    const id = this.#foundAt.push(0) - 1
    this.#words.set(word, id)
    this.#letters += word.length
    return id
  }

  /** Whether to look through so much text may take longer than one stretch of work does. */
  isDear(characters: number): boolean {
    return this.#letters > 0 && characters + (this.#automaton ? 0 : this.#letters) > stepLetters
  }

  /** What is told of by `has` and `found` from now on. */
  look(text: string): void {
    if (this.#isLooked(text)) return
    for (const steps = this.inSteps(text); steps.next().done !== true;);
  }

  *inSteps(text: string): Generator<undefined, void> {
    if (this.#isLooked(text)) return
    const automaton = (this.#automaton ??= yield* WordAutomaton.inSteps([...this.#words.keys()]))
    const found = new Set<number>()
    const lower = lowered(text)
    let state = 0
    for (let from = 0; from < lower.length; from += stepLetters) {
      if (from > 0) yield
      const to = Math.min(lower.length, from + stepLetters)
      state = automaton.follow(lower, { from, to, state }, (word) => found.size < found.add(word).size)
    }
    // Another text may have been looked through meanwhile.
    this.#request++
    for (const word of found) this.#foundAt[word] = this.#request
    this.#found = found
    this.#last = text
  }

  get found(): ReadonlySet<number> {
    return this.#found
  }

  has(id: number): boolean {
    return this.#foundAt[id] === this.#request
  }

  #isLooked(text: string): boolean {
    return text === this.#last || this.#letters === 0
  }
}

/** The long s is an s in any case, and no lower case of it. */
export function lowered(text: string): string {
  const lower = text.toLowerCase()
  return lower.includes('ſ') ? lower.replaceAll('ſ', 's') : lower
}

/** A word that stands in all that a pattern finds, as far as that is easily seen; empty where it is not. */
export function wordIn(expression: string): string {
  const source = expression.replace(/^\(\?[a-z]+\)/, '')
  if (/[|()]/.test(source)) return ''
  const plain = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]|./gs, (part) =>
    /^[A-Za-z0-9 _]$/.test(part) ? part : marks(part),
  )
  // What may be absent is no part of it.
  const runs = plain.replace(/[A-Za-z0-9 _](?=[?*{])/g, '\n').split(/[^A-Za-z0-9 _]+/)
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  return longest.length >= 2 ? longest.toLowerCase() : ''
}

/** The quantifiers stay, to be seen; all else is a break. */
const marks = (part: string) => (/^[?*{]$/.test(part) ? part : '\n')
