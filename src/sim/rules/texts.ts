/** Finds which of many texts and patterns stand in a text, which is looked through once for all patterns. */
import { expressionOf, re2 } from '../config/rule-patterns.ts'

/** Whether the text of the request has it. */
export type Finds = (text: string) => boolean

/** One for each kind of text that rules look at. */
export class TextSearch {
  readonly #expressions: string[] = []
  #set: InstanceType<ReturnType<typeof re2>['RE2Set']> | undefined
  #lastText: string | undefined
  #lastLower = ''
  #lastMatched: string | undefined
  #matched = new Set<number>()

  /** All are added before the first is asked. */
  add(wanted: string): Finds {
    const expression = expressionOf(wanted)
    if (expression === undefined) {
      const lower = wanted.toLowerCase()
      return (text) => this.#lower(text).includes(lower)
    }
    const index = this.#expressions.push(expression) - 1
    return (text) => this.#all(text).has(index)
  }

  #lower(text: string): string {
    if (text !== this.#lastText) {
      this.#lastText = text
      this.#lastLower = text.toLowerCase()
    }
    return this.#lastLower
  }

  #all(text: string): ReadonlySet<number> {
    if (text === this.#lastMatched) return this.#matched
    this.#set ??= this.#compiled()
    this.#matched = new Set(this.#set.match(text))
    this.#lastMatched = text
    return this.#matched
  }

  #compiled() {
    const { RE2Set } = re2()
    const set = new RE2Set()
    for (const expression of this.#expressions) set.add(expression)
    set.compile()
    return set
  }
}
