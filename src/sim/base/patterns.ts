/** Patterns that somebody configured: run by RE2, whose time is linear in the text, whatever pattern and text are. */
import { createRequire } from 'node:module'
import type * as Library from 're2js'

type Re2 = typeof Library

/** Loaded when a pattern is met: it takes as long as the rest of a start. */
let library: Re2 | undefined
export const re2 = (): Re2 => (library ??= createRequire(import.meta.url)('re2js') as Re2)

/** As JavaScript spells it; `flags` are `i`, `m` and `s`. */
export type Expression = { readonly source: string; readonly flags: string }

/** In RE2's own spelling. */
export const spelled = ({ source, flags }: Expression): string => {
  const translated = re2().RE2JS.translateRegExp(source)
  return flags === '' ? translated : `(?${flags})${translated}`
}

export const compiled = (expression: Expression): Library.RE2JS => re2().RE2JS.compile(spelled(expression))

const written = /^\/(.+)\/([a-z]*)$/s

/** The pattern that a text of the form `/…/flags` stands for; `undefined` where it is words. */
export function expressionOf(text: string): Expression | undefined {
  const [, source, flags = ''] = written.exec(text) ?? []
  return source === undefined ? undefined : { source, flags: flags.replaceAll(/[ugv]/g, '') }
}

/** Why a text cannot be looked for; `undefined` where it can. */
export function textProblem(text: string): string | undefined {
  const [, , flags = ''] = written.exec(text) ?? []
  if (!/^(?:i|m|s|u|g|v)*$/.test(flags)) return 'a pattern with the flags i, m and s alone'
  const expression = expressionOf(text)
  return expression && expressionProblem(expression)
}

/** Why RE2 does not take a pattern; `undefined` where it does. */
export function expressionProblem(expression: Expression): string | undefined {
  try {
    const states = compiled(expression).programSize()
    if (states > maxStates)
      return `a pattern of ${maxStates} states at most as RE2 compiles it (this one has ${states})`
    if (!namedReference.test(expression.source)) return undefined
    throw new Error(hasReference)
  } catch (error) {
    const told = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : ''
    const reason = lacking.find(([form]) => form.test(expression.source))?.[1] ?? told
    return `a pattern as RE2 reads it, without look-around and back-references (${reason})`
  }
}

/** Each character of a text may take a step in each of them, and a repeat has its own for each time. */
const maxStates = 500

const hasReference = 'this one has a back-reference'
/** This library passes over it. */
const namedReference = /(?<!\\)(?:\\\\)*\\k</

/** What JavaScript has and RE2 has not. */
const lacking: readonly (readonly [form: RegExp, reason: string])[] = [
  [/(?<!\\)(?:\\\\)*\(\?<[=!]/, 'this one has a look-behind'],
  [/(?<!\\)(?:\\\\)*\(\?[=!]/, 'this one has a look-ahead'],
  [/(?<!\\)(?:\\\\)*\\[1-9]/, hasReference],
]

export type TextRange = { readonly start: number; readonly end: number }

/** So much of a text is looked through exactly at once; to find the place takes far longer than to know that there is one. */
const blockCharacters = 8_192
/** So far a place may reach over the border of two blocks, and is found there all the same. */
const reachCharacters = 4_096

/** Says where a pattern first stands in a text. */
export class PatternFinder {
  readonly #expression: Expression
  #compiled: Library.RE2JS | undefined

  constructor(expression: Expression) {
    this.#expression = expression
  }

  isIn(text: string): boolean {
    return this.#pattern().test(text)
  }

  find(text: string): TextRange | undefined {
    if (!this.isIn(text)) return undefined
    for (let at = 0; at < text.length; at += blockCharacters) {
      const from = Math.max(0, at - reachCharacters)
      const to = at + blockCharacters
      if (!this.isIn(text.slice(from, to))) continue
      const found = this.#exact(to < text.length ? text.slice(0, to + reachCharacters) : text, from)
      // What ends where the text was cut may go on, or not be there at all; what begins there may have begun before.
      const isCut = to < text.length && found?.end === to + reachCharacters
      if (found && !isCut && (from === 0 || found.start > from)) return found
    }
    return this.#exact(text, 0)
  }

  #exact(text: string, from: number): TextRange | undefined {
    const matcher = this.#pattern().matcher(text)
    return matcher.find(from) ? { start: matcher.start(), end: matcher.end() } : undefined
  }

  #pattern(): Library.RE2JS {
    return (this.#compiled ??= compiled(this.#expression))
  }
}
