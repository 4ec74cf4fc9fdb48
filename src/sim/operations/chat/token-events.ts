/** A text as a stream's events, one a token. */
import { OwnItems } from '../../base/own-items.ts'
import type { TokenText } from '../../generators/text/lorem.ts'
import type { StreamEvent } from '../../types.ts'
import type { Padding } from '../parts/obfuscation.ts'

export type TokenFrame = {
  /** Up to the token, which is JSON. */
  readonly before: string
  /** Behind the token, up to the padding where there is some. */
  readonly after: string
  /** Behind the padding. */
  readonly end: string
  /** How many of these characters count for the padding. */
  readonly length: number
  readonly pad: Padding | undefined
}

export type TokenStream = {
  readonly text: TokenText
  readonly frame: TokenFrame
  /** What stands before the tokens from one on. */
  readonly late?: { readonly from: number; readonly before: string } | undefined
  readonly opening: readonly StreamEvent[]
  /** Asked when the text is over. */
  readonly ending: () => readonly StreamEvent[]
}

/** Itself the event of each token in turn. What is said is put together when it is asked for, so that nothing waits. */
export class TokenEvents extends OwnItems<StreamEvent> implements StreamEvent {
  readonly tokens = 1
  private at: number
  private around: readonly StreamEvent[]
  private readonly isPlain: boolean
  private readonly count: number
  private readonly text: TokenText
  private readonly before: string
  private readonly lateFrom: number
  private readonly lateBefore: string
  private readonly after: string
  private readonly end: string
  private readonly length: number
  private readonly pad: Padding | undefined
  private readonly ending: TokenStream['ending']

  constructor({ text, frame, late, opening, ending }: TokenStream) {
    super()
    this.at = -1 - opening.length
    this.around = opening
    this.isPlain = text.isPlain && isAscii(frame.before + frame.after + frame.end + (late?.before ?? ''))
    this.count = text.count
    this.text = text
    this.before = frame.before
    this.lateFrom = late ? late.from : text.count
    this.lateBefore = late ? late.before : ''
    this.after = frame.after
    this.end = frame.end
    this.length = frame.length
    this.pad = frame.pad
    this.ending = ending
  }

  protected advance(): StreamEvent | undefined {
    const at = ++this.at
    if (at >= 0 && at < this.count) return this
    if (at === this.count) this.around = this.ending()
    return this.around[at < 0 ? at + this.around.length : at - this.count]
  }

  get isAscii(): boolean {
    return this.isPlain
  }

  get data(): string {
    const { after, end, pad, length } = this
    const before = this.at < this.lateFrom ? this.before : this.lateBefore
    const text = this.text.at(this.at)
    // The simulator's own words need no escapes.
    const token = this.isPlain ? `"${text}"` : JSON.stringify(text)
    return before + token + after + (pad ? pad(length + token.length, 13) : '') + end
  }
}

const isAscii = (around: string): boolean => Buffer.byteLength(around) === around.length
