/** A call of a tool that the service has, which is told of and done in steps. */
import type { Ask } from '../../answers/ask.ts'
import type { HostedRule } from '../../config/rule-hosted.ts'
import type { Resource } from '../../operation.ts'
import type { Random } from '../../random.ts'
import type { ResponsesRequest, ToolInput } from './body.ts'
import type { IdMaker } from './ids.ts'
import type { Item } from './items.ts'
import type { PlacedAnnotation } from './message-item.ts'
import { added, done, type OutputItem } from './output-item.ts'

/** What a tool is used with. */
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
  /** What a rule says of it. */
  readonly ruled?: HostedRule | undefined
}

export type HostedCall = {
  readonly item: OutputItem
  /** What the model wrote for it, counted in the usage. */
  readonly writtenTokens: number
  /** What of its use the model reads before it answers, counted in the prompt. */
  readonly readTokens?: number
  /** How long the tool takes, in tokens that could have been written meanwhile. */
  readonly waitTokens: number
  /** What of the text that follows, of so many tokens, refers to what was found. */
  readonly citations?: (text: string, tokens: number) => readonly PlacedAnnotation[]
  /** Of the same kind, right behind it. */
  readonly further?: readonly OutputItem[]
  /** Nothing is said behind it: the client has to answer first. */
  readonly endsTurn?: boolean
  /** The model thinks again over what was found. */
  readonly isThoughtOver?: boolean
}

export type HostedParts = {
  readonly id: string
  readonly type: string
  /** What is told of it before it is done, and then. */
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

/** Sent while a tool takes long (recorded March 2026); what is long is not known. */
const keepAlive = { tokens: 0, type: 'keepalive', rest: '' } as const

/** What is searched for: the first words of a question. */
export const questionWords = (question: string): string =>
  question.slice(0, 400).split(/\s+/).slice(0, 12).join(' ').trim()
