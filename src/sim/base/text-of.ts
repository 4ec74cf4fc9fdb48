/**
 * Somebody else's value as a text, for a message. JavaScript's own way fails for what JSON may hold, as an object with a
 * `toString` that is no function.
 */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    if (typeof value === 'object') return JSON.stringify(value)
    // eslint-disable-next-line @typescript-eslint/no-base-to-string -- no object gets here
    return String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

/** Text as part of an address. JSON may hold half a character, which has no place in one. */
export const inAddress = (text: string): string => encodeURIComponent(text.toWellFormed())
