/** What is asked of a model, whatever an API's words for it are. */
import type { Model } from '../types.ts'
import type { ChatMessage } from '../measure/prompt-tokens.ts'
import type { JsonFormat } from './json-format.ts'
import type { Offer } from './offer.ts'
import type { AudioOptions } from './choice.ts'

export type Verbosity = 'low' | 'medium' | 'high'

export type Ask = {
  readonly model: Model
  readonly promptTokens: number
  /** The most that a choice may have, thinking included; a text always reaches it, so that load tests get what they ask for. */
  readonly maxTokens: number | undefined
  /** The most that a choice may have where that is a bound alone, which a text need not reach. */
  readonly tokenLimit?: number | undefined
  /** A text ends before the first of these in it. */
  readonly stop: readonly string[]
  /** Tools that may be called; `undefined` where none may. */
  readonly offer: Offer | undefined
  /** Whether a conversation that leaves calling open asks for a call: it ends in a question that none was made for. */
  readonly isOpenQuestion: boolean
  /** `undefined` for text. */
  readonly format: JsonFormat | undefined
  /** How much to think; absent for the model's default. */
  readonly effort: string | null | undefined
  /** What of the prompt the content filter's rules are held to. */
  readonly promptTexts: () => readonly string[]
  /** The conversation, in which the form of the answer may be asked for in words. */
  readonly formMessages?: readonly ChatMessage[] | undefined
  readonly isStream: boolean
  /** Whether it is asked how likely tokens were, and beside how many others. */
  readonly alternatives: number | undefined
  /** How long an answer is that nothing bounds. */
  readonly verbosity: Verbosity | null | undefined
  /** What the answer will probably say. */
  readonly prediction?: string | undefined
  /** Asks for an answer that is spoken. */
  readonly spoken?: AudioOptions | undefined
  /** How many documents an answer cites. */
  readonly documents?: number | undefined
}
