/** A chat completion as a stream. */
import type { Config } from '../../config/config.ts'
import type { Call, Generated } from '../../operation.ts'
import type { StreamEvent } from '../../types.ts'
import { asynchronousVerdicts } from './async-filter.ts'
import type { ChatBody } from './body.ts'
import { chatFinish } from './calls.ts'
import { bareChunk, type ChunkFrame, chunkFrame, doneEvent } from './chunk.ts'
import { isRetired } from '../../models/abilities.ts'
import { ownDataChunks } from './own-data-answer.ts'
import { promptResultsOf } from './prompt-results.ts'
import { speechDeltas, speechExpiry } from './speech.ts'
import { inStep } from './steps.ts'
import type { Choice } from '../../answers/choice.ts'
import {
  answerKeys,
  chunkKeys,
  filterResults,
  isSparse,
  orderedKeys,
  lateKeys,
  type FilterVerdict,
} from '../../answers/filter-results.ts'
import type { Grounding } from '../../answers/grounding.ts'
import { usesFunctions } from '../../answers/tool-choice.ts'
import { TokenEvents } from './token-events.ts'
import { chatUsage, checkpointMember, type UsageDetails } from '../parts/chat-usage.ts'

export type ChatAnswer = Generated & {
  readonly choices: readonly Choice[]
  readonly details: UsageDetails | undefined
  readonly filter: Config['contentFilter']
  readonly promptVerdict: FilterVerdict | undefined
  /** Of an answer on the client's own data. */
  readonly grounding: Grounding | undefined
  /** Where it is kept, and so must be the same in every form. */
  readonly id?: string
}

/** Prompt filter, role, one chunk a token, finish, usage where it is asked for, `[DONE]`: one id throughout. */
export function chatChunks(call: Call<ChatBody>, answer: ChatAnswer): Iterable<StreamEvent> {
  const { choices, filter, grounding } = answer
  if (grounding) return ownDataChunks(call, choices, { usage: answer.usage, grounding })
  const [choice, ...others] = choices
  const isPlain = choice && others.length === 0 && isText(choice) && filter.mode !== 'asynchronous'
  return isPlain ? { [Symbol.iterator]: () => plainChunks(call, answer, choice) } : stepChunks(call, answer)
}

type Stream = {
  readonly call: Call<ChatBody>
  readonly answer: ChatAnswer
  readonly frame: ChunkFrame
  readonly isLegacyCall: boolean
}

/** Draws ids: for when the stream begins, behind what its times draw. */
const streamOf = (call: Call<ChatBody>, answer: ChatAnswer): Stream => ({
  call,
  answer,
  frame: chunkFrame(call, answer.id),
  isLegacyCall: usesFunctions(call.body),
})

const verdictsOf = ({ call, answer: { filter } }: Stream) => {
  const { model } = call.deployment
  const keys = orderedKeys(chunkKeys(model), model)
  return ({ verdict, finishReason }: Choice) =>
    filterResults(filter, keys, finishReason === 'content_filter' ? undefined : verdict)
}

/**
 * In some streams the filter's word on code has come when the last of the tokens that it gathers go out, and their chunks
 * have it: all of a stream of 34 tokens and the last 115 of one of 643, none of one of 74 (recorded September 2026).
 */
function lateOf({ call, answer: { filter } }: Stream, { text, verdict, finishReason }: Choice): Late | undefined {
  if (!isSparse(call.deployment.model) || filter.mode === 'error') return undefined
  if (call.timing.fraction() < 0.5) return undefined
  const results = filterResults(filter, lateKeys, finishReason === 'content_filter' ? undefined : verdict)
  return { from: text.count - 1 - ((text.count - 1) % gatheredTokens), results }
}

type Late = { readonly from: number; readonly results: string }

/** About as many tokens are looked at together (recorded). */
const gatheredTokens = 122

function* stepChunks(call: Call<ChatBody>, answer: ChatAnswer): Generator<StreamEvent> {
  const stream = streamOf(call, answer)
  const { frame, isLegacyCall } = stream
  const { choices, filter } = answer
  const isDelayed = filter.mode === 'asynchronous'

  yield* promptEvents(call, answer)
  const { promptCharacters } = call.cost
  const verdicts = isDelayed
    ? choices.map((choice, index) =>
        asynchronousVerdicts(choice, index, { filter, promptCharacters, model: call.deployment.model }),
      )
    : []
  const steps = inStep(choices, {
    frame,
    isLegacyCall,
    opening: openingOf(call),
    speechOf: (choice, speech) => speechDeltas(call, choice, speech),
    filterOf: isDelayed ? undefined : verdictsOf(stream),
    verdicts,
  })
  if (choices.some(({ speech }) => speech)) yield* beforeLast(steps, finishEvents(stream))
  else {
    yield* steps
    yield* finishEvents(stream)
  }
  yield* expiryEvents(stream)
  for (const told of verdicts) for (const verdict of told.rest()) yield { tokens: 0, data: bareChunk(verdict) }
  yield* lastEvents(stream)
}

/** The last of the sound comes when the answer has finished (recorded April 2025: no finish stands behind it). */
function* beforeLast(steps: Iterable<StreamEvent>, finish: readonly StreamEvent[]): Generator<StreamEvent> {
  let held: StreamEvent | undefined
  for (const event of steps) {
    if (held) yield held
    held = event
  }
  yield* finish
  if (held) yield held
}

function finishEvents({ call, answer, frame, isLegacyCall }: Stream): readonly StreamEvent[] {
  const { choices, filter } = answer
  const keys = orderedKeys(answerKeys, call.deployment.model)
  const isDelayed = filter.mode === 'asynchronous'
  const events: StreamEvent[] = []
  for (const [index, { finishReason, verdict }] of choices.entries()) {
    if (isDelayed && finishReason === 'content_filter') continue
    const end = `"delta":{},"finish_reason":"${chatFinish(finishReason, isLegacyCall)}","index":${index},"logprobs":null`
    const results = finishReason === 'content_filter' ? filterResults(filter, keys, verdict) : '{}'
    events.push({ tokens: 0, data: isDelayed ? frame.chunk(undefined, end) : frame.chunk(results, `,${end}`) })
  }
  return events
}

/** Behind sound comes a chunk without any choices, then when it expires (recorded April 2025). */
function* expiryEvents({ call, answer: { choices }, frame }: Stream): Generator<StreamEvent> {
  for (const [index, { speech }] of choices.entries()) {
    if (!speech) continue
    yield { tokens: 0, data: frame.none() }
    yield { tokens: 0, data: frame.chunk('{}', `,${speechExpiry(call)},"index":${index}`) }
  }
}

function lastEvents({ call, answer: { usage, details, checkpoint }, frame }: Stream): readonly StreamEvent[] {
  const done = { tokens: 0, data: doneEvent }
  if (call.body.stream_options?.include_usage !== true) return [done]
  return [{ tokens: 0, data: frame.usage(chatUsage(usage, details), checkpoint && checkpointMember(checkpoint)) }, done]
}

const opening = '{"content":"","refusal":null,"role":"assistant"}'

/** Retired models know no refusal (recorded of gpt-4-turbo, November 2025). */
const openingOf = ({ deployment: { model } }: Call<ChatBody>): string =>
  isRetired(model) ? '{"content":"","role":"assistant"}' : opening

const isText = ({ calls, likelihood, speech, thoughts, isRefusal }: Choice) =>
  !calls && !likelihood && !speech && !thoughts && !isRefusal

/** None where the filter does not work (recorded September 2026). */
function promptEvents(call: Call<ChatBody>, answer: ChatAnswer): readonly StreamEvent[] {
  if (answer.filter.mode === 'error') return []
  const results = promptResultsOf(call, answer)
  const data = bareChunk('', `,"prompt_filter_results":[{"prompt_index":0,"content_filter_results":${results}}]`)
  return [{ tokens: 0, data }]
}

/** Around a token. */
const content = [',"delta":{"content":', '},"finish_reason":null,"index":0,"logprobs":null'] as const

/** Nothing but a text: all that is the same in each of its chunks is put together once. */
function plainChunks(call: Call<ChatBody>, answer: ChatAnswer, choice: Choice): Iterator<StreamEvent> {
  const stream = streamOf(call, answer)
  const { chunk, around } = stream.frame
  const late = lateOf(stream, choice)
  return new TokenEvents({
    text: choice.text,
    frame: around(verdictsOf(stream)(choice), content),
    late: late && { from: late.from, before: around(late.results, content).before },
    opening: [
      ...promptEvents(call, answer),
      {
        tokens: choice.reasoningTokens ?? 0,
        data: chunk('{}', `,"delta":${openingOf(call)},"finish_reason":null,"index":0,"logprobs":null`),
      },
    ],
    ending: () => [...finishEvents(stream), ...lastEvents(stream)],
  })
}
