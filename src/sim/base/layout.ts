/** How the services lay JSON out. */
import { step } from './slices.ts'

/** How JSON is written: spaces a level, and whether a newline ends it. */
export type Layout = { readonly indent: 0 | 2; readonly hasNewline: boolean }

export const compact: Layout = { indent: 0, hasNewline: false }
export const pretty: Layout = { indent: 2, hasNewline: false }
export const prettyLine: Layout = { indent: 2, hasNewline: true }

export const laidOut = (value: unknown, { indent, hasNewline }: Layout): string =>
  `${indent === 0 ? JSON.stringify(value) : indented(value)}${hasNewline ? '\n' : ''}`

/**
 * JSON with two spaces a level. What is so deep that its spaces would be many times what it says is in one line: a list
 * of a megabyte in a thousand others would take a gigabyte.
 */
export function indented(value: unknown): string {
  const text = step(() => JSON.stringify(value))
  // Undefined has none.
  const isFlat = (text as string | undefined) === undefined || text.length < shortCharacters
  if (isFlat || step(() => spacesOf(text) <= maxSpaces(text))) return step(() => JSON.stringify(value, undefined, 2))
  return text
}

const shortCharacters = 2_048
const maxSpaces = ({ length }: string) => Math.max(262_144, 16 * length)

/** How many there would be. */
function spacesOf(json: string): number {
  let depth = 0
  let spaces = 0
  let isInText = false
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at)
    if (isInText) {
      if (unit === backslash) at++
      else if (unit === quote) isInText = false
    } else if (unit === quote) isInText = true
    else if (unit === brace || unit === bracket) spaces += 2 * ++depth
    else if (unit === brace + 2 || unit === bracket + 2) spaces += 2 * --depth
    else if (unit === comma) spaces += 2 * depth
  }
  return spaces
}
const [quote, backslash, bracket, brace, comma] = [0x22, 0x5c, 0x5b, 0x7b, 0x2c]
