/** A reasoning item: never the reasoning itself, but a summary if the request asks for one. */
import { lorem, tokenText, type TokenText } from '../../generators/text/lorem.ts'
import type { Random } from '../../random.ts'
import { added, done, type OutputItem } from './output-item.ts'

export type ReasoningParts = {
  readonly id: string
  /** How long the reasoning takes; the summary comes within this time. */
  readonly tokens: number
  readonly summary: TokenText | undefined
  /** For clients that keep the conversation themselves. */
  readonly encrypted: string | undefined
  /** The newest models have an empty list `content`; models with open reasoning have it there. */
  readonly hasContent: boolean
}

export function reasoningItem({ id, tokens, summary, encrypted, hasContent }: ReasoningParts): OutputItem {
  const json = (parts: readonly object[]) => ({
    id,
    type: 'reasoning',
    ...(hasContent && { content: [] }),
    ...(encrypted !== undefined && { encrypted_content: encrypted }),
    summary: parts,
  })
  const part = (text: string) => ({ type: 'summary_text', text })
  const whole = () => json(summary ? [part(summary.text())] : [])
  return {
    id,
    isThought: true,
    json: whole,
    *events(place) {
      yield added(json([]), place)
      if (summary) {
        const at = `,"item_id":"${id}","output_index":${place.index},"summary_index":0`
        const event = (what: string, rest: string, taken = 0) => ({
          tokens: taken,
          type: `response.reasoning_summary_${what}`,
          rest: at + rest,
        })
        yield event('part.added', `,"part":${JSON.stringify(part(''))}`)
        for (let index = 0; index < summary.count; index++) {
          const delta = summary.at(index)
          const rest = `,"delta":${JSON.stringify(delta)}${place.cover(delta)}`
          yield event('text.delta', rest, shareOf(index, summary.count, tokens))
        }
        yield event('text.done', `,"text":${summary.json()}`)
        yield event('part.done', `,"part":${JSON.stringify(part(summary.text()))}`)
      }
      yield done(whole(), place, summary ? 0 : tokens)
    },
  }
}

/** Spreads the time of the reasoning evenly over its summary. */
const shareOf = (index: number, count: number, tokens: number) =>
  Math.floor(((index + 1) * tokens) / count) - Math.floor((index * tokens) / count)

/** A heading and a paragraph, as recorded; it is not counted in the usage. */
export function summaryText(random: Random): TokenText {
  const heading = lorem(2 + random.below(3), random, false)
  const body = lorem(50 + random.below(60), random, true)
  const tokens = ['**']
  for (let index = 0; index < heading.count; index++) tokens.push(heading.at(index))
  tokens.push('**\n\n')
  for (let index = 0; index < body.count; index++) tokens.push(body.at(index))
  return tokenText(tokens)
}
