/** A call of a tool that the service has, which is told of and done in steps. */
import { added, done, type OutputItem } from './output-item.ts'

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
      for (const step of steps) yield { tokens: 0, type: `response.${type}.${step}`, rest }
      yield done(whole(), place, waitTokens)
    },
  }
}

/** What is searched for: the first words of a question. */
export const wordsOf = (question: string): string => question.slice(0, 400).split(/\s+/).slice(0, 12).join(' ').trim()
