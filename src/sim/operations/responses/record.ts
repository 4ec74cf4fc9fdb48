/** All that is known about a response. It can be written as a whole, at an earlier status, or as a stream, now or later. */
import type { FilterVerdict } from '../../answers/filter-results.ts'
import type { ContentFilter } from '../../config/config.ts'
import type { Latency, Model, ServedTier, Usage } from '../../types.ts'
import type { UsageDetails } from '../parts/chat-usage.ts'
import type { AgentReference } from './agents.ts'
import type { ResponsesRequest } from './body.ts'
import type { KeptItem } from './items.ts'
import type { OutputItem } from './output-item.ts'

export type FilterVerdicts = {
  readonly filter: ContentFilter
  readonly prompt: FilterVerdict | undefined
  readonly answer: FilterVerdict | undefined
}

export type Background = {
  readonly startedAtMs: number
  /** Counted from the start, like `endMs`. */
  readonly queueMs: number
  readonly endMs: number
  readonly latency: Latency
  /** Draws the times between events, and their padding. */
  readonly seed: number
  /** The only field that changes, because a reader of the stream must see it at once. */
  cancelledAtMs: number | undefined
}

export type ResponseRecord = {
  readonly id: string
  readonly createdAtSeconds: number
  /** The client's name of it, which answers have as `model` (recorded). */
  readonly deployment: string
  readonly model: Model
  /** The tier that served it, if the request or the deployment asked for one. */
  readonly tier?: ServedTier | undefined
  readonly request: ResponsesRequest
  readonly conversationId: string | undefined
  readonly agent: AgentReference | undefined
  /** The request names it as `agent`; then the answer does so, too. */
  readonly tellsAgent?: boolean | undefined
  /** What the request added to the conversation. */
  readonly input: readonly KeptItem[]
  readonly items: readonly OutputItem[]
  /** Why it is incomplete, if it is. */
  readonly incomplete: 'max_output_tokens' | 'content_filter' | undefined
  readonly usage: Usage
  readonly details: UsageDetails
  readonly promptCharacters: number
  /** Tokens of reasoning, reported or not. */
  readonly thoughtTokens: number
  readonly judged: FilterVerdicts
  /** Only for a completed foreground response. */
  readonly completedAtSeconds: number | null
  readonly background: Background | undefined
}

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'cancelled'

export const finalStatus = ({ incomplete }: ResponseRecord): ResponseStatus => (incomplete ? 'incomplete' : 'completed')

/** The items that a response adds to its conversation. */
export const turnOf = ({ input, items }: ResponseRecord): readonly KeptItem[] => [
  ...input,
  ...items.map((item) => item.json()),
]
