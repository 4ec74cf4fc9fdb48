/**
 * JSON as an editable value with a few words about its spelling, such that the same text can be made of it again. A
 * text of which that is not true (other white space) is kept as text.
 */
import { type Escapes, escapesOf, withEscapes } from './json-escapes.ts'

/** Absent properties are `compact`, no and no. */
export type Spelling = Escapes & {
  /** `compact`: no white space; `spaced`: one after each comma and colon, as Python has it; `pretty`: two spaces a level. */
  readonly format?: 'compact' | 'spaced' | 'pretty'
  readonly closingNewline?: boolean
  /** Whether all but ASCII is escaped. */
  readonly asciiOnly?: boolean
}

export const formats = ['compact', 'spaced', 'pretty'] as const

/** A number with a spelling of its own, as `JSON.rawJSON` gives one: `1.0`, or more digits than a number can hold. */
export type RawNumber = { readonly rawJSON: string }

/** Of ECMAScript's source text access for JSON, which the compiler's library does not list. */
const json = JSON as unknown as {
  parse: (text: string, reviver?: (key: string, value: unknown, context: { source?: string }) => unknown) => unknown
  rawJSON: (text: string) => RawNumber
  isRawJSON: (value: unknown) => value is RawNumber
}

export const { isRawJSON } = json

/** A number as it is spelled, where the spelling says more than the value. */
export function exactNumber(source: string): RawNumber | undefined {
  if (String(Number(source)) === source || !/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(source)) return undefined
  return json.rawJSON(source)
}

export const isWholeNumber = (source: string) => /^-?\d+$/.test(source)

/** The value of a text, with each number as `of` has it. */
export const jsonNumbers = (text: string, of: (value: number, source: string) => unknown): unknown =>
  json.parse(text, (_, part, { source }) =>
    typeof part === 'number' && source !== undefined ? of(part, source) : part,
  )

/** `undefined` where the text cannot be made again. */
export function fromJsonText(text: string): { readonly value: unknown; readonly spelling: Spelling } | undefined {
  const spelling = guess(text)
  try {
    const value: unknown = JSON.parse(text)
    if (toJsonText(value, spelling) === text) return { value, spelling }
    const exact = jsonNumbers(text, (part, source) => exactNumber(source) ?? part)
    const plain = toJsonText(exact, spelling)
    if (plain === text) return { value: exact, spelling }
    const escapes = escapesOf(text, plain)
    return escapes && withEscapes(plain, escapes) === text
      ? { value: exact, spelling: { ...spelling, ...escapes } }
      : undefined
  } catch {
    // Not JSON, or deeper than the stack.
    return undefined
  }
}

export function toJsonText(value: unknown, { format, closingNewline, asciiOnly, ...escapes }: Spelling = {}): string {
  const plain = format === 'pretty' ? JSON.stringify(value, undefined, 2) : JSON.stringify(value)
  const laidOut = format === 'spaced' ? spaced(value) : plain
  const ascii = asciiOnly ? laidOut.replace(/[^\0-~]/g, escaped) : laidOut
  const text = escapes.escapes || escapes.capitals || escapes.exceptions ? withEscapes(ascii, escapes) : ascii
  return closingNewline ? `${text}\n` : text
}

function guess(text: string): Spelling {
  const format = /^[[{]\n/.test(text)
    ? 'pretty'
    : /[:,] /.test(text) && !/^[[{]"[^"\\]*":\S/.test(text)
      ? 'spaced'
      : undefined
  const asciiOnly = /\\u(?!00[0-7])/.test(text) && !/[^\0-~]/.test(text)
  return {
    ...(format && { format }),
    ...(text.endsWith('\n') && { closingNewline: true }),
    ...(asciiOnly && { asciiOnly }),
  }
}

/** A line break is only ever between tokens, never within a text. */
const spaced = (value: unknown) => JSON.stringify(value, undefined, 1).replace(/,\n */g, ', ').replace(/\n */g, '')

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
