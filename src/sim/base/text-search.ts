/** Finds which of many texts and patterns stand in a text, which is looked through once for all of them. */
import type { RE2JS } from 're2js'
import { compiled, type Expression, expressionOf, re2, spelled } from './patterns.ts'
import { matchInSteps } from './pattern-steps.ts'
import { lowered, wordIn, Words } from './words.ts'

type RE2Set = InstanceType<ReturnType<typeof re2>['RE2Set']>

/** So much text is looked through in one go, whatever the patterns are. */
const shortCharacters = 2_048
/** So many patterns are made ready together: to make one set of hundreds takes long, and no part of that can be left. */
const patternsASet = 32
/** So many patterns are made ready in one go where a text needs them. */
const fewPatterns = 8
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
  /** Those that have a word, by its number. */
  readonly #byWord: number[][] = []
  /** Those without a word, as they are looked for together. */
  readonly #groups: Group[] = []
  /** Of all patterns, how many have not been made ready. */
  #raw = 0
  #lastMatched: string | undefined
  #matched: ReadonlySet<number> = new Set()
  readonly #known = new Map<string, ReadonlySet<number>>()
  #knownCharacters = 0

  /** All are added before the first is asked. */
  add(wanted: string): Finds {
    const expression = expressionOf(wanted)
    return expression ? this.addExpression(expression) : this.#plain(lowered(wanted))
  }

  addExpression(expression: Expression): Finds & { readonly id: number } {
    const plain = wordIn(expression.source)
    const word = plain === '' ? undefined : this.words.add(plain)
    const single: Single = { expression, word }
    const id = this.#expressions.push(single) - 1
    this.#raw++
    if (word !== undefined) {
      ;(this.#byWord[word] ??= []).push(id)
      return { in: (text) => this.#hasWord(text, word) && this.#one(id, single, text), word, id }
    }
    const last = this.#groups.at(-1)
    if (last && last.ids.length < patternsASet) last.ids.push(id)
    else this.#groups.push({ ids: [id], set: undefined })
    return { in: (text) => (this.#known.get(text) ?? this.#all(text)).has(id), word, id }
  }

  /** The patterns that are in the text, by their numbers. */
  found(text: string): ReadonlySet<number> {
    const known = this.#known.get(text)
    if (known) return known
    const found = new Set(this.#groups.length > 0 ? this.#all(text) : [])
    this.words.look(text)
    for (const id of this.#withWord()) if (this.#one(id, this.#expressions[id] as Single, text)) found.add(id)
    return found
  }

  /** Whether texts of so many characters may take longer than one stretch of work does: by now, as patterns are made ready once. */
  isDear(characters: number): boolean {
    const isDear = this.hasPatterns && (characters > shortCharacters || this.#raw > fewPatterns)
    return isDear || this.words.isDear(characters)
  }

  /** The same, known without the text: of that and all that is beside it there are so many bytes. */
  mayBeDear(bytes: number): boolean {
    return this.hasPatterns || this.words.isDear(bytes)
  }

  get hasPatterns(): boolean {
    return this.#expressions.length > 0
  }

  /** Looks a text through for all patterns step by step: who asks for it afterwards is told at once. */
  *ahead(text: string): Generator<undefined, void> {
    if (this.#known.has(text)) return
    yield* this.words.inSteps(text)
    if (!this.hasPatterns) return
    const found = new Set<number>()
    for (const group of this.#groups) {
      const set = (group.set ??= yield* this.#setInSteps(group.ids))
      for (const at of yield* matchInSteps(set, text)) found.add(group.ids[at] as number)
    }
    this.words.look(text)
    for (const id of this.#withWord()) {
      const single = this.#expressions[id] as Single
      yield
      if (!single.set) this.#raw--
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

  /** Those whose word is in the text that was looked at last. */
  #withWord(): readonly number[] {
    return this.words.found.size === 0 ? [] : [...this.words.found].flatMap((word) => this.#byWord[word] ?? [])
  }

  #hasWord(text: string, word: number): boolean {
    this.words.look(text)
    return this.words.has(word)
  }

  #all(text: string): ReadonlySet<number> {
    if (text === this.#lastMatched) return this.#matched
    const matched = new Set<number>()
    for (const group of this.#groups) {
      const set = (group.set ??= this.#setAtOnce(group.ids))
      for (const at of set.match(text)) matched.add(group.ids[at] as number)
    }
    this.#matched = matched
    this.#lastMatched = text
    return matched
  }

  #setAtOnce(ids: readonly number[]): RE2Set {
    this.#raw -= ids.length
    return setOf(ids.map((id) => this.#expression(id)))
  }

  *#setInSteps(ids: readonly number[]): Generator<undefined, RE2Set> {
    const { RE2Set } = re2()
    const set = new RE2Set()
    for (const id of ids) {
      yield
      set.add(spelled(this.#expression(id)))
    }
    yield
    set.compile()
    this.#raw -= ids.length
    return set
  }

  #expression(id: number): Expression {
    return (this.#expressions[id] as Single).expression
  }
}

/** The numbers of patterns in the order of their set, which is made when it is needed. */
type Group = { readonly ids: number[]; set: RE2Set | undefined }

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
