/** A call of one of the service's own tools, with the events of its steps. */
import type { Ask } from '../../answers/ask.ts'
import type { HostedRule } from '../../config/rule-hosted.ts'
import type { Resource } from '../../operation.ts'
import type { Random } from '../../random.ts'
import type { ResponsesRequest, ToolInput } from './body.ts'
import type { IdMaker } from './ids.ts'
import type { Item } from './items.ts'
import type { PlacedAnnotation } from './message-item.ts'
import { added, done, type OutputItem } from './output-item.ts'

/** What a tool needs to know. */
export type ToolUse = {
  readonly tool: ToolInput
  readonly request: ResponsesRequest
  /** The conversation so far. */
  readonly items: readonly Item[]
  /** What the user said last. */
  readonly question: string
  readonly model: Ask['model']
  readonly newId: IdMaker
  readonly random: Random
  readonly resource: Resource
  /** What a rule says about it. */
  readonly ruled?: HostedRule | undefined
}

export type HostedCall = {
  readonly item: OutputItem
  /** Tokens that the model wrote for it, counted in the usage. */
  readonly writtenTokens: number
  /** Tokens of its result that the model reads, counted in the prompt. */
  readonly readTokens?: number
  /** How long the tool takes, in tokens that the model could have written meanwhile. */
  readonly waitTokens: number
  /** The citations in the text that follows, which has so many tokens. */
  readonly citations?: (text: string, tokens: number) => readonly PlacedAnnotation[]
  /** More items, directly after this one. */
  readonly further?: readonly OutputItem[]
  /** No text follows: the client has to answer first. */
  readonly endsTurn?: boolean
  /** Another reasoning item follows. */
  readonly isThoughtOver?: boolean
}

/** Tokens that a call costs besides its arguments, as for a function. */
export const tokensAroundCall = 8

/** Splits a text into pieces of about a token each. */
export const tokenSized = (text: string): readonly string[] => text.match(/[\s\S]{1,4}/gu) ?? []

export type HostedParts = {
  readonly id: string
  readonly type: string
  /** Its fields before it is done, and afterwards. */
  readonly opening: Readonly<Record<string, unknown>>
  readonly content: Readonly<Record<string, unknown>>
  readonly steps: readonly string[]
  readonly waitTokens: number
}

export function hostedItem({ id, type, opening, content, steps, waitTokens }: HostedParts): OutputItem {
  const whole = () => ({ id, type, status: 'completed', ...content })
  return {
    id,
    json: whole,
    *events(place) {
      yield added({ id, type, status: 'in_progress', ...opening }, place)
      const rest = `,"output_index":${place.index},"item_id":"${id}"`
      for (const step of steps)
        yield step === 'keepalive' ? keepAlive : { tokens: 0, type: `response.${type}.${step}`, rest }
      yield done(whole(), place, waitTokens)
    },
  }
}

/** Sent while a tool takes long (recorded March 2026); after which time is not known. */
const keepAlive = { tokens: 0, type: 'keepalive', rest: '' } as const

/** The search query: the first words of a question. */
export const questionWords = (question: string): string =>
  question.slice(0, 400).split(/\s+/).slice(0, 12).join(' ').trim()
