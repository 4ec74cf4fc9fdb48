/** How texts lie in memory matters where thousands of streams are each put together from the same few, event by event. */

import { Memo } from '../../base/memo.ts'

const texts = new Memo<string, string>(256)

/** The same text, but one for all who ask: for few different ones. */
export const shared = (text: string): string => texts.of(text, flat)

/** The same text in one piece: V8 keeps what was put together as its pieces, until somebody reads it. */
export function flat(text: string): string {
  Buffer.byteLength(text)
  return text
}
