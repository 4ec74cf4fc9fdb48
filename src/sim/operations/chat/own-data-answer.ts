/**
 * Answers on the client's own data, as the service that makes them writes them: no model's layer is heard, keys are not
 * sorted, and no filter is told (recorded November 2025).
 */
import type { Choice } from '../../answers/choice.ts'
import type { Grounding } from '../../answers/grounding.ts'
import { plainUsage } from '../parts/chat-usage.ts'
import { createdSeconds, fingerprint } from '../parts/model-fields.ts'
import type { Call } from '../../operation.ts'
import type { StreamEvent, Usage } from '../../types.ts'
import type { ChatBody } from './body.ts'
import { newId, objectName } from './envelope.ts'
import { contextOf, toolContextOf } from './grounding.ts'

export type Grounded = { readonly usage: Usage; readonly grounding: Grounding }

/** The family's name stands for the model. */
const modelName = ({ deployment: { model } }: Call<ChatBody>): string => JSON.stringify(model.name)

/** In the form of 2023 no build is told. */
const build = ({ deployment: { model }, body }: Call<ChatBody>): string =>
  body.isFirstOwnData ? '' : `,"system_fingerprint":${fingerprint(model)}`

const context = (call: Call<ChatBody>, grounding: Grounding): string =>
  call.body.isFirstOwnData ? toolContextOf(grounding) : contextOf(grounding)

export function wholeOwnData(call: Call<ChatBody>, choices: readonly Choice[], { usage, grounding }: Grounded): string {
  const all = choices.map(
    ({ text, finishReason }, index) =>
      `{"index":${index},"finish_reason":"${finishReason}","message":{"role":"assistant","content":${text.json()},` +
      `"end_turn":true,${context(call, grounding)}}}`,
  )
  return (
    `{"id":"${newId(call)}","model":${modelName(call)},"created":${createdSeconds(call)},` +
    `"object":"${objectName(call.body)}","choices":[${all.join(',')}],"usage":${plainUsage(usage)}${build(call)}}`
  )
}

/** Role and context first, then a token a chunk, then the end of the turn. */
export function* ownDataChunks(
  call: Call<ChatBody>,
  choices: readonly Choice[],
  { usage, grounding }: Grounded,
): Generator<StreamEvent> {
  const head =
    `data: {"id":"${newId(call)}","model":${modelName(call)},"created":${createdSeconds(call)},` +
    `"object":"${objectName(call.body)}.chunk","choices":[`
  const tail = `]${build(call)}}\n\n`
  const told = (index: number, delta: string, reason?: string) =>
    `{"index":${index},"delta":${delta},"end_turn":${reason !== undefined},"finish_reason":${reason ? `"${reason}"` : 'null'}}`

  for (const index of choices.keys())
    yield { tokens: 0, data: `${head}${told(index, `{"role":"assistant",${context(call, grounding)}}`)}]}\n\n` }
  const longest = Math.max(0, ...choices.map(({ text }) => text.count))
  for (let at = 0; at < longest; at++) {
    let tokens = 1
    for (const [index, { text }] of choices.entries()) {
      if (at >= text.count) continue
      yield { tokens, data: `${head}${told(index, `{"content":${JSON.stringify(text.at(at))}}`)}${tail}` }
      tokens = 0
    }
  }
  for (const [index, { finishReason }] of choices.entries())
    yield { tokens: 0, data: `${head}${told(index, '{}', finishReason)}${tail}` }
  if (call.body.stream_options?.include_usage === true)
    yield { tokens: 0, data: `${head}],"usage":${plainUsage(usage)}${build(call)}}\n\n` }
  yield { tokens: 0, data: 'data: [DONE]\n\n' }
}
