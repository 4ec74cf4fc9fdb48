/** How texts lie in memory matters where thousands of streams are each put together from the same few, event by event. */

const max = 256
const texts = new Map<string, string>()

/** The same text, but one for all who ask: for few different ones. */
export function shared(text: string): string {
  const known = texts.get(text)
  if (known !== undefined) return known
  if (texts.size >= max) texts.clear()
  texts.set(text, text)
  return text
}

/** The same text in one piece: V8 keeps what was put together as its pieces, until somebody reads it. */
export function flat(text: string): string {
  Buffer.byteLength(text)
  return text
}
