/** Finds which of many texts and patterns stand in a text, which is looked through once for all of them. */
import type { RE2JS } from 're2js'
import { compiled, type Expression, expressionOf, re2, spelled } from './patterns.ts'
import { lowered, wordIn, Words } from './words.ts'

/** Whether the text of the request has it. */
export type Finds = {
  readonly in: (text: string) => boolean
  /** A word without which it is not in the text: its number among the words of the search. */
  readonly word: number | undefined
}

/** One for each kind of text that is looked at. */
export class TextSearch {
  readonly words = new Words()
  readonly #expressions: string[] = []
  #set: InstanceType<ReturnType<typeof re2>['RE2Set']> | undefined
  #lastMatched: string | undefined
  #matched = new Set<number>()

  /** All are added before the first is asked. */
  add(wanted: string): Finds {
    const expression = expressionOf(wanted)
    return expression ? this.addExpression(expression) : this.#plain(lowered(wanted))
  }

  addExpression(expression: Expression): Finds {
    const word = wordIn(expression.source)
    if (word !== '') return this.#pattern(expression, word)
    const index = this.#expressions.push(spelled(expression)) - 1
    return { in: (text) => this.#all(text).has(index), word: undefined }
  }

  #plain(wanted: string): Finds {
    if (wanted.length < 2) return { in: (text) => lowered(text).includes(wanted), word: undefined }
    const word = this.words.add(wanted)
    return { in: (text) => this.#hasWord(text, word), word }
  }

  /** Most texts lack the word, and need not be looked through again. */
  #pattern(expression: Expression, plain: string): Finds {
    const word = this.words.add(plain)
    let pattern: RE2JS | undefined
    const matches = (text: string) => (pattern ??= compiled(expression)).test(text)
    return { in: (text) => this.#hasWord(text, word) && matches(text), word }
  }

  #hasWord(text: string, word: number): boolean {
    this.words.look(text)
    return this.words.has(word)
  }

  #all(text: string): ReadonlySet<number> {
    if (text === this.#lastMatched) return this.#matched
    this.#set ??= this.#together()
    this.#matched = new Set(this.#set.match(text))
    this.#lastMatched = text
    return this.#matched
  }

  #together() {
    const { RE2Set } = re2()
    const set = new RE2Set()
    for (const expression of this.#expressions) set.add(expression)
    set.compile()
    return set
  }
}
