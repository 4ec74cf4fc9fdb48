/** One choice of a chat completion: a text, or calls of tools. */
import type { TokenText } from '../../generators/lorem.ts'
import type { ToolCalls } from './tool-calls.ts'

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'function_call'

export type ChatChoice = {
  /** Without a token where tools are called. */
  readonly text: TokenText
  readonly finishReason: FinishReason
  readonly calls?: ToolCalls | undefined
}

/** What it counts in the usage, and the units of time it takes. */
export const choiceTokens = ({ text, calls }: ChatChoice): number => calls?.tokens ?? text.count
