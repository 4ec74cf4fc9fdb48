/** What a model answers, once: a text, or calls of tools. No API's own words are in it. */
import type { TokenText } from '../generators/text/lorem.ts'
import type { FilterVerdict } from './filter-results.ts'
import type { Tool } from './offer.ts'
import type { SoundName, Voice } from './speech-sounds.ts'

/** `stop` also ends calls of a tool that was asked for by name. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

export type Choice = {
  /** Without a token where tools are called; up to what must not be seen where the filter ended it. */
  readonly text: TokenText
  readonly finishReason: FinishReason
  /** The stop sequence that ended it, which is not in its text. */
  readonly stoppedBy?: string | undefined
  readonly calls?: ToolCalls | undefined
  /** The model declines, and its text says so. */
  readonly isRefusal?: true
  /** Thought before the first token that is seen. */
  readonly reasoningTokens?: number | undefined
  /** As many of them as the usage tells. */
  readonly toldReasoningTokens?: number | undefined
  /** What was thought, where the model tells it: as many tokens. */
  readonly thoughts?: TokenText | undefined
  /** What the content filter found in the text, if it found anything. */
  readonly verdict?: FilterVerdict | undefined
  /** Generated, paid for and not shown: behind what the filter found. */
  readonly hiddenTokens?: number | undefined
  /** Of the text, where the request asks how likely its tokens were. */
  readonly likelihood?: Likelihood | undefined
  /** How its text is spoken, where it is. */
  readonly speech?: Speech | undefined
  /** What became of the prediction that the request gave. */
  readonly prediction?: Prediction | undefined
}

/** From what the likelihoods of a text's tokens are drawn: see `token-logprobs.ts`. */
export type Likelihood = { readonly seed: number; readonly alternatives: number }

/** Tokens that are seen or heard. */
export const visibleTokens = ({ text, calls, speech }: Choice): number =>
  calls?.tokens ?? (speech ? text.count + speech.soundTokens : text.count)

/** The units of time it takes. */
export const choiceTokens = (choice: Choice): number => visibleTokens(choice) + (choice.reasoningTokens ?? 0)

/** What it counts in the usage: what of a prediction was not used is paid for, too (documented). */
export const paidTokens = (choice: Choice): number =>
  choiceTokens(choice) + (choice.prediction?.rejectedTokens ?? 0) + (choice.hiddenTokens ?? 0)

export type ToolCall = {
  readonly kind: Tool['kind']
  readonly id: string
  readonly name: string
  /** The arguments as JSON, or a custom tool's text. */
  readonly input: TokenText
  /** Tokens of the name, and of what the model writes around it. */
  readonly openingTokens: number
}

export type ToolCalls = {
  readonly calls: readonly ToolCall[]
  /** Of all calls. */
  readonly tokens: number
}

export type AudioOptions = { readonly voice: Voice; readonly format: SoundName }

export type Speech = AudioOptions & { readonly seconds: number; readonly soundTokens: number }

/** Of a prediction: what of it is in the answer, and what is not, but was paid for. */
export type Prediction = { readonly acceptedTokens: number; readonly rejectedTokens: number }
