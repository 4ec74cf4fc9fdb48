/** How texts lie in memory matters where thousands of streams are each put together from the same few, event by event. */

import { Memo } from '../../base/memo.ts'

const texts = new Memo<string, string>(256)

/** The same text, but one for all who ask: for few different ones. */
export const shared = (text: string): string => texts.of(text, flat)

/** What the same values made the last time: requests come that are alike, one after another. */
export class Latest<const Keys extends readonly unknown[], Made> {
  private keys: Keys | undefined
  private made: Made | undefined
  private readonly make: (...keys: Keys) => Made

  constructor(make: (...keys: Keys) => Made) {
    this.make = make
  }

  of(...keys: Keys): Made {
    if (this.made !== undefined && this.keys !== undefined && isSame(this.keys, keys)) return this.made
    this.keys = keys
    return (this.made = this.make(...keys))
  }
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}

/** The same text in one piece: V8 keeps what was put together as its pieces, until somebody reads it. */
export function flat(text: string): string {
  Buffer.byteLength(text)
  return text
}
