/** JSON by what it says (RFC 8785), whatever its order, its white space, its escapes and the spelling of its numbers. */
import canonicalize from 'canonicalize'
import { isObject } from '../base/object.ts'
import { canonicalJson, type IgnoreTree } from './canonical-json.ts'
import { isWholeNumber, jsonNumbers } from './json-text.ts'

/** `undefined` where the text is not JSON with an object or a list at its top. */
export function jsonByValue(text: string, ignore?: IgnoreTree): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  try {
    if (longNumber.test(text)) value = jsonNumbers(text, exactly)
    if (ignore) leaveOut(value, ignore)
    return canonicalize(value)
  } catch {
    // Half a surrogate pair, or brackets deeper than the stack: those are told apart by how they are spelled.
    return canonicalJson(text, ignore)
  }
}

/** More digits than a number surely holds. */
const longNumber = /[[:,\s]-?\d{16}/

/** A whole number that is beyond what a number can hold is itself, and no other that is near it. */
const exactly = (value: number, source: string) =>
  Number.isSafeInteger(value) || !isWholeNumber(source) ? value : `\0${source}`

function leaveOut(value: unknown, ignore: IgnoreTree): void {
  if (Array.isArray(value)) for (const item of value) leaveOut(item, ignore)
  else if (isObject(value)) {
    const fields = value as Record<string, unknown>
    for (const [name, within] of ignore) {
      if (!Object.hasOwn(fields, name)) continue
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- it was parsed a moment ago, and is thrown away
      if (within === true) delete fields[name]
      else leaveOut(fields[name], within)
    }
  }
}
