/**
 * Escapes of a JSON text that JSON itself does not need: .NET writes `\u0027` for an apostrophe, Go `\u003c` for `<`, PHP
 * `\/` for `/`. Which character is escaped how is noted, and single places where it is done otherwise.
 */
import { table } from '../base/object.ts'

export type Escapes = {
  /** As they stand in the text, for every occurrence of what they mean: `\u0027`. */
  readonly escapes?: readonly string[]
  /** Whether all else that is escaped is so in capitals: `\u00E9`. */
  readonly capitals?: boolean
  /** Where it is otherwise: the place in the text as it would be without this, and how it stands there. */
  readonly exceptions?: readonly Exception[]
}
export type Exception = { readonly at: number; readonly text: string }

/** More are no reading matter. */
const maxExceptions = 100

const inQuotes = /"[^"\\]*(?:\\.[^"\\]*)*"/g
const unit = /\\u[0-9a-fA-F]{4}|\\.|[^]/g
const escape = /\\u[0-9a-fA-F]{4}|\\./g

/** What in `text` is escaped otherwise than in `plain`, which says the same; `undefined` where it does not, or hardly. */
export function escapesOf(text: string, plain: string): Escapes | undefined {
  const capitals = /\\u(?=[0-9a-f]*[A-F])[0-9a-fA-F]{4}/.test(text) && !/\\u(?=[0-9A-F]*[a-f])[0-9a-fA-F]{4}/.test(text)
  const base = { ...(capitals && { capitals }) }
  const escapes = usualEscapes(text, withEscapes(plain, base))
  const regular = { ...base, ...(escapes.length > 0 && { escapes }) }
  const exceptions = exceptionsOf(text, withEscapes(plain, regular))
  if (exceptions === undefined || exceptions.length > maxExceptions) return undefined
  return { ...regular, ...(exceptions.length > 0 && { exceptions }) }
}

/** `plain` is JSON with the escapes that its layout has. */
export function withEscapes(plain: string, { escapes = [], capitals, exceptions = [] }: Escapes): string {
  const spelled = new Map(escapes.map((one) => [meaningOf(one), one]))
  const wanted = new RegExp(`${escape.source}${classOf([...spelled.keys()])}`, 'g')
  const inCapitals = (one: string) => (capitals && one.length === 6 ? `\\u${one.slice(2).toUpperCase()}` : one)
  const regular =
    spelled.size === 0 && !capitals
      ? plain
      : plain.replace(inQuotes, (quoted) => {
          const inner = quoted.slice(1, -1).replace(wanted, (one) => spelled.get(meaningOf(one)) ?? inCapitals(one))
          return `"${inner}"`
        })
  if (exceptions.length === 0) return regular
  const pieces: string[] = []
  let done = 0
  for (const { at, text } of exceptions.toSorted((a, b) => a.at - b.at)) {
    const there = unitAt(regular, at)
    // After an edit something else may stand there.
    if (at < done || there === undefined || meaningOf(there) !== meaningOf(text)) continue
    pieces.push(regular.slice(done, at), text)
    done = at + there.length
  }
  return pieces.join('') + regular.slice(done)
}

/** For each character that is mostly escaped in a way of its own, that way. */
function usualEscapes(text: string, plain: string): readonly string[] {
  const counts = new Map<string, Map<string, number>>()
  forEachPair(text, plain, (own, usual) => {
    if (own === usual) return
    const ways = counts.get(meaningOf(own)) ?? new Map<string, number>()
    ways.set(own, (ways.get(own) ?? 0) + 1)
    counts.set(meaningOf(own), ways)
  })
  const found: string[] = []
  for (const [character, ways] of counts) {
    const [most] = [...ways].sort((a, b) => b[1] - a[1])
    if (most && most[0].startsWith('\\') && 2 * most[1] > occurrences(plain, character)) found.push(most[0])
  }
  return found.sort()
}

function occurrences(plain: string, character: string): number {
  let count = 0
  for (const [quoted] of plain.matchAll(inQuotes)) {
    for (const [one] of quoted.slice(1, -1).matchAll(unit)) if (meaningOf(one) === character) count++
  }
  return count
}

function exceptionsOf(text: string, regular: string): readonly Exception[] | undefined {
  const found: Exception[] = []
  const isSame = forEachPair(text, regular, (own, usual, at) => {
    if (own !== usual && found.length <= maxExceptions) found.push({ at, text: own })
  })
  return isSame ? found : undefined
}

/** Goes through both, unit by unit; false where they do not say the same. */
function forEachPair(text: string, other: string, each: (own: string, usual: string, at: number) => void): boolean {
  let [at, otherAt] = [0, 0]
  while (at < text.length) {
    const [own, usual] = [unitAt(text, at), unitAt(other, otherAt)]
    if (own === undefined || usual === undefined || meaningOf(own) !== meaningOf(usual)) return false
    each(own, usual, otherAt)
    at += own.length
    otherAt += usual.length
  }
  return otherAt === other.length
}

/** A character, or what stands for one. */
function unitAt(text: string, at: number): string | undefined {
  if (at >= text.length) return undefined
  if (text[at] !== '\\') return text[at]
  return text.slice(at, at + (text[at + 1] === 'u' ? 6 : 2))
}

const short: Readonly<Record<string, string>> = table({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' })

function meaningOf(one: string): string {
  if (one.length === 6) return String.fromCharCode(Number.parseInt(one.slice(2), 16))
  return one.length === 2 ? (short[one[1] ?? ''] ?? one.slice(1)) : one
}

/** Those characters, as one more way in a regular expression. */
const classOf = (characters: readonly string[]) =>
  characters.length === 0
    ? ''
    : `|[${characters.map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}]`
