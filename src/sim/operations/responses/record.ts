/** One response, all that is to be known of it: it can be told whole, in part, or as a stream, now or later. */
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
  /** From the start on, as `endMs` is. */
  readonly queueMs: number
  readonly endMs: number
  readonly latency: Latency
  /** Draws the times between events, and their padding. */
  readonly seed: number
  /** What alone changes: whoever reads the stream at that moment must see it, too. */
  cancelledAtMs: number | undefined
}

export type ResponseRecord = {
  readonly id: string
  readonly createdAtSeconds: number
  /** As the client named it: that is what answers call the model (recorded). */
  readonly deployment: string
  readonly model: Model
  /** The tier that served it, where it or its deployment asked for one. */
  readonly tier?: ServedTier | undefined
  readonly request: ResponsesRequest
  readonly conversationId: string | undefined
  readonly agent: AgentReference | undefined
  /** The request named it as `agent`, and so does the answer. */
  readonly tellsAgent?: boolean | undefined
  /** What the request added to the conversation. */
  readonly input: readonly KeptItem[]
  readonly items: readonly OutputItem[]
  /** Why it is not complete, where it is not. */
  readonly incomplete: 'max_output_tokens' | 'content_filter' | undefined
  readonly usage: Usage
  readonly details: UsageDetails
  readonly promptCharacters: number
  /** Thought before what it puts out, told or not. */
  readonly thoughtTokens: number
  readonly judged: FilterVerdicts
  /** Of one in the foreground that is complete. */
  readonly completedAtSeconds: number | null
  readonly background: Background | undefined
}

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'cancelled'

export const finalStatus = ({ incomplete }: ResponseRecord): ResponseStatus => (incomplete ? 'incomplete' : 'completed')

/** What a response adds to a conversation that goes on from it. */
export const turnOf = ({ input, items }: ResponseRecord): readonly KeptItem[] => [
  ...input,
  ...items.map((item) => item.json()),
]
