/** A stream whose pieces are more than tokens of plain text: calls of tools, likelihoods, verdicts that come later. */
import type { StreamEvent } from '../../types.ts'
import type { AsynchronousVerdicts } from './async-filter.ts'
import { callDeltas, type Delta } from './calls.ts'
import { bareChunk, type ChunkFrame } from './chunk.ts'
import type { Choice, Speech } from '../../answers/choice.ts'
import { logprobJson } from '../../answers/token-logprobs.ts'

export type StepWish = {
  readonly frame: ChunkFrame
  readonly isLegacyCall: boolean
  /** The first delta of a text. */
  readonly opening: string
  readonly speechOf: (choice: Choice, speech: Speech) => Iterable<Delta>
  /** The verdict that each chunk of a choice's text bears; `undefined` where the filter is asynchronous. */
  readonly filterOf: ((choice: Choice) => string) | undefined
  /** Of each choice, where it is asynchronous. */
  readonly verdicts: readonly AsynchronousVerdicts[]
}

/** The events of all choices in the order of their tokens; what comes at the same moment takes time once. */
export function* inStep(choices: readonly Choice[], wish: StepWish): Generator<StreamEvent> {
  const sources = choices.map((choice, index) => stepsOf(choice, index, wish))
  const heads = sources.map((source, index) => {
    const { value } = source.next()
    return {
      source,
      value,
      at: (choices[index]?.thoughts ? 0 : (choices[index]?.reasoningTokens ?? 0)) + (value?.tokens ?? 0),
    }
  })
  let last = 0
  for (;;) {
    const first = heads.reduce<(typeof heads)[number] | undefined>(
      (min, head) => (head.value && (!min || head.at < min.at) ? head : min),
      undefined,
    )
    if (!first?.value) return
    yield { tokens: first.at - last, data: first.value.data }
    last = first.at
    first.value = first.source.next().value
    first.at += first.value?.tokens ?? 0
  }
}

/** As far as is known; no recording has one. */
const refusing = '{"content":null,"refusal":"","role":"assistant"}'

function* stepsOf(choice: Choice, index: number, wish: StepWish): Generator<StreamEvent, undefined> {
  const { frame, filterOf, isLegacyCall, opening } = wish
  const isDelayed = filterOf === undefined
  const event = (tokens: number, filter: string, delta: string, logprobs = 'null'): StreamEvent => {
    const members = `"delta":${delta},"finish_reason":null,"index":${index},"logprobs":${logprobs}`
    return { tokens, data: isDelayed ? frame.chunk(undefined, members) : frame.chunk(filter, `,${members}`) }
  }
  for (let at = 0; at < (choice.thoughts?.count ?? 0); at++) {
    const role = at === 0 ? ',"role":"assistant"' : ''
    yield event(1, '{}', `{"content":null,"reasoning_content":${JSON.stringify(choice.thoughts?.at(at))}${role}}`)
  }
  if (choice.calls) {
    for (const { tokens, json } of callDeltas(choice.calls, isLegacyCall)) yield event(tokens, '{}', json)
    return undefined
  }
  const { text, likelihood, speech } = choice
  const filter = filterOf?.(choice) ?? ''
  const verdicts = wish.verdicts[index]
  if (speech) {
    for (const { tokens, json } of wish.speechOf(choice, speech)) yield event(tokens, tokens > 0 ? filter : '{}', json)
    return undefined
  }
  if (choice.isRefusal) {
    yield event(0, '{}', refusing)
    for (let at = 0; at < text.count; at++) yield event(1, filter, `{"refusal":${JSON.stringify(text.at(at))}}`)
    return undefined
  }
  let characters = 0
  yield event(0, '{}', opening, likelihood ? '{"content":[],"refusal":null}' : 'null')
  for (let at = 0; at < text.count; at++) {
    const token = text.at(at)
    const logprobs = likelihood && `{"content":[${logprobJson(likelihood, token, at)}],"refusal":null}`
    yield event(1, filter, `{"content":${JSON.stringify(token)}}`, logprobs)
    if (!verdicts) continue
    characters += token.length
    for (const verdict of verdicts.upTo(characters)) yield { tokens: 0, data: bareChunk(verdict) }
  }
  return undefined
}
