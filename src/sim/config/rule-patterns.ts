/** Texts that rules look for: words in any case, or patterns of an engine whose time is linear in the text. */
import { createRequire } from 'node:module'
import type * as Library from 're2js'

type Re2 = typeof Library

/** Loaded when a pattern is met: it takes as long as the rest of a start. */
let library: Re2 | undefined
export const re2 = (): Re2 => (library ??= createRequire(import.meta.url)('re2js') as Re2)

const written = /^\/(.+)\/([a-z]*)$/s

/** The pattern that a text of the form `/…/flags` stands for; `undefined` where it is words. */
export function expressionOf(text: string): string | undefined {
  const [, source, flags = ''] = written.exec(text) ?? []
  if (source === undefined) return undefined
  const kept = flags.replaceAll(/[ugv]/g, '')
  return kept === '' ? source : `(?${kept})${source}`
}

/** Why a text cannot be looked for; `undefined` where it can. */
export function expressionProblem(text: string): string | undefined {
  const [, , flags = ''] = written.exec(text) ?? []
  if (!/^(?:i|m|s|u|g|v)*$/.test(flags)) return 'a pattern with the flags i, m and s alone'
  const expression = expressionOf(text)
  if (expression === undefined) return undefined
  try {
    re2().RE2JS.compile(expression)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : ''
    return `a pattern as RE2 reads it, without look-around and back-references (${reason})`
  }
}
