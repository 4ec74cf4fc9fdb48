/** Finds which of many texts and patterns stand in a text, which is looked through once for all of them. */
import type { RE2JS } from 're2js'
import { compiled, type Expression, expressionOf, re2, spelled } from './patterns.ts'
import { matchInSteps } from './pattern-steps.ts'
import { lowered, wordIn, Words } from './words.ts'

type RE2Set = InstanceType<ReturnType<typeof re2>['RE2Set']>

/** So much text is looked through in one go, whatever the patterns are. */
const shortCharacters = 2_048
/** What was found in texts that were looked through ahead is known for so many characters of them. */
const maxKnownCharacters = 8_000_000

/** Whether the text of the request has it. */
export type Finds = {
  readonly in: (text: string) => boolean
  /** A word without which it is not in the text: its number among the words of the search. */
  readonly word: number | undefined
}

/** One for each kind of text that is looked at. */
export class TextSearch {
  readonly words = new Words()
  readonly #expressions: Single[] = []
  /** The numbers of those without a word, in the order of their set. */
  readonly #wordless: number[] = []
  #set: RE2Set | undefined
  #lastMatched: string | undefined
  #matched: ReadonlySet<number> = new Set()
  readonly #known = new Map<string, ReadonlySet<number>>()
  #knownCharacters = 0

  /** All are added before the first is asked. */
  add(wanted: string): Finds {
    const expression = expressionOf(wanted)
    return expression ? this.addExpression(expression) : this.#plain(lowered(wanted))
  }

  addExpression(expression: Expression): Finds {
    const plain = wordIn(expression.source)
    const word = plain === '' ? undefined : this.words.add(plain)
    const single: Single = { expression, word }
    const id = this.#expressions.push(single) - 1
    if (word !== undefined) return { in: (text) => this.#hasWord(text, word) && this.#one(id, single, text), word }
    this.#wordless.push(id)
    return { in: (text) => (this.#known.get(text) ?? this.#all(text)).has(id), word }
  }

  /** Whether texts of so many characters may take longer than one stretch of work does. */
  isDear(characters: number): boolean {
    return characters > shortCharacters && this.hasPatterns
  }

  get hasPatterns(): boolean {
    return this.#expressions.length > 0
  }

  /** Looks a text through for all patterns step by step: who asks for it afterwards is told at once. */
  *ahead(text: string): Generator<undefined, void> {
    if (this.#known.has(text)) return
    const found = new Set<number>()
    if (this.#wordless.length > 0)
      for (const at of yield* matchInSteps(this.#together(), text)) found.add(this.#wordless[at] as number)
    for (const [id, single] of this.#expressions.entries()) {
      if (single.word === undefined || !this.#hasWord(text, single.word)) continue
      yield
      single.set ??= setOf([single.expression])
      if ((yield* matchInSteps(single.set, text)).size > 0) found.add(id)
    }
    this.#keep(text, found)
  }

  #keep(text: string, found: ReadonlySet<number>): void {
    if (text.length > maxKnownCharacters) return
    this.#knownCharacters += text.length
    for (const oldest of this.#known.keys()) {
      if (this.#knownCharacters <= maxKnownCharacters) break
      this.#known.delete(oldest)
      this.#knownCharacters -= oldest.length
    }
    this.#known.set(text, found)
  }

  #plain(wanted: string): Finds {
    if (wanted.length < 2) return { in: (text) => lowered(text).includes(wanted), word: undefined }
    const word = this.words.add(wanted)
    return { in: (text) => this.#hasWord(text, word), word }
  }

  /** Most texts lack the word, and need not be looked through again. */
  #one(id: number, single: Single, text: string): boolean {
    return this.#known.get(text)?.has(id) ?? (single.compiled ??= compiled(single.expression)).test(text)
  }

  #hasWord(text: string, word: number): boolean {
    this.words.look(text)
    return this.words.has(word)
  }

  #all(text: string): ReadonlySet<number> {
    if (text === this.#lastMatched) return this.#matched
    this.#matched = new Set(
      this.#together()
        .match(text)
        .map((at) => this.#wordless[at] as number),
    )
    this.#lastMatched = text
    return this.#matched
  }

  #together(): RE2Set {
    return (this.#set ??= setOf(this.#wordless.map((id) => (this.#expressions[id] as Single).expression)))
  }
}

/** One of the patterns, made ready when it is needed. */
type Single = {
  readonly expression: Expression
  readonly word: number | undefined
  compiled?: RE2JS
  set?: RE2Set
}

function setOf(expressions: readonly Expression[]): RE2Set {
  const { RE2Set } = re2()
  const set = new RE2Set()
  for (const expression of expressions) set.add(spelled(expression))
  set.compile()
  return set
}
