/** A message of the model. */
import { timesInSteps } from '../../base/slices.ts'
import type { TokenText } from '../../generators/text/lorem.ts'
import type { Likelihood } from '../../answers/choice.ts'
import { type TokenLogprob, weighToken } from '../../answers/token-logprobs.ts'
import { added, done, type OutputItem, type EventPiece, type ItemPlace } from './output-item.ts'

export type MessageParts = {
  readonly id: string
  readonly text: TokenText
  readonly status: 'completed' | 'incomplete'
  /** Citations, each sent after so many tokens of the text. */
  readonly citations?: readonly PlacedAnnotation[]
  /** Present if the request asks for log probabilities. */
  readonly likelihood?: Likelihood | undefined
  /** Only the newest models have it. */
  readonly phase?: 'final_answer' | undefined
}

export type PlacedAnnotation = { readonly afterTokens: number; readonly annotation: Readonly<Record<string, unknown>> }

export function messageItem(parts: MessageParts): OutputItem {
  const { id, text, status, citations = [], likelihood } = parts
  const annotations = citations.map(({ annotation }) => annotation)
  const logprobs = likelihood ? timesInSteps(text.count, (at) => logprobOf(likelihood, text.at(at), at)) : []
  const part = () => ({ type: 'output_text', annotations, logprobs, text: text.text() })
  const json = (content: readonly object[], state: string) => ({
    id,
    type: 'message',
    status: state,
    content,
    ...(parts.phase && { phase: parts.phase }),
    role: 'assistant',
  })
  return {
    id,
    json: () => json([part()], status),
    *events(place) {
      const at = `,"item_id":"${id}","output_index":${place.index},"content_index":0`
      yield added(json([], 'in_progress'), place)
      yield partEvent('added', at, '"annotations":[],"logprobs":[],"text":""')
      yield* deltas(parts, at, place)
      const told = JSON.stringify(logprobs)
      yield { tokens: 0, type: 'response.output_text.done', rest: `${at},"text":${text.json()},"logprobs":${told}` }
      const members = `"annotations":${JSON.stringify(annotations)},"logprobs":${told},"text":${text.json()}`
      yield partEvent('done', at, members)
      yield done(json([part()], status), place)
    },
  }
}

const partEvent = (what: 'added' | 'done', at: string, members: string): EventPiece => ({
  tokens: 0,
  type: `response.content_part.${what}`,
  rest: `${at},"part":{"type":"output_text",${members}}`,
})

/** Keys sorted by name, as everywhere in this API; no recording has any of these. */
function logprobOf(likelihood: Likelihood, token: string, index: number) {
  const told = (one: TokenLogprob) => ({
    bytes: [...Buffer.from(one.token, 'utf8')],
    logprob: one.logprob,
    token: one.token,
  })
  const weighed = weighToken(likelihood, token, index)
  return { ...told(weighed), top_logprobs: weighed.top.map(told) }
}

function* deltas(
  { text, citations = [], likelihood }: MessageParts,
  at: string,
  { cover }: ItemPlace,
): Generator<EventPiece> {
  let told = 0
  for (let index = 0; index < text.count; index++) {
    const delta = text.at(index)
    const logprobs = likelihood ? JSON.stringify([logprobOf(likelihood, delta, index)]) : '[]'
    const rest = `${at},"delta":${JSON.stringify(delta)},"logprobs":${logprobs}${cover(delta)}`
    yield { tokens: 1, type: 'response.output_text.delta', rest }
    for (let next = citations[told]; next && next.afterTokens <= index + 1; next = citations[told]) {
      const note = `,"annotation_index":${told++},"annotation":${JSON.stringify(next.annotation)}`
      yield { tokens: 0, type: 'response.output_text.annotation.added', rest: at + note }
    }
  }
}
