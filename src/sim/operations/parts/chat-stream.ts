/** A chat completion as a stream. */
import type { Generated } from '../../operation.ts'
import type { Call, StreamEvent } from '../../types.ts'
import type { ChatBody } from './chat-body.ts'
import { callDeltas, chatFinish, type Delta } from './chat-calls.ts'
import type { Choice } from './choice.ts'
import { createdSeconds, fingerprint, newId, servedName, serviceTier } from './chat-envelope.ts'
import { chunkFilterResults, promptFilterResults } from './content-filter.ts'
import { padding } from './obfuscation.ts'
import { isLegacy } from './tool-choice.ts'
import { chatUsage, type UsageDetails } from './usage.ts'

export type ChatAnswer = Generated & {
  readonly choices: readonly Choice[]
  readonly details: UsageDetails | undefined
}

/** Prompt filter, role, one chunk a token, finish, usage where it is asked for, `[DONE]`: one id throughout. */
export function* chatChunks(call: Call<ChatBody>, { choices, usage, details }: ChatAnswer): Generator<StreamEvent> {
  const options = call.body.stream_options
  const withUsage = options?.include_usage === true
  const pad = options?.include_obfuscation === false ? undefined : padding(call.timing)
  const head = `,"created":${createdSeconds(call)},"id":"${newId(call)}","model":${servedName(call)},`
  const tail = `"object":"chat.completion.chunk",${serviceTier(call)}"system_fingerprint":${fingerprint(call.deployment.model)}`
  const close = withUsage ? `${tail},"usage":null}` : `${tail}}`
  const hidden = '"obfuscation":"",'.length

  /** What is measured for the padding has an empty verdict in the filter's place. */
  const chunk = (filter: string, rest: string, end: string) => {
    const choicesLength = '{"choices":[{"content_filter_results":{}'.length + rest.length
    const cover = pad ? `"obfuscation":"${pad(choicesLength + head.length + hidden + end.length, 13)}",` : ''
    return `data: {"choices":[{"content_filter_results":${filter}${rest}${head}${cover}${end}\n\n`
  }
  const delta = (content: string, finish: string, index: number) =>
    `,"delta":${content},"finish_reason":${finish},"index":${index},"logprobs":null}]`

  yield {
    tokens: 0,
    data: `data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":${promptFilterResults}}\n\n`,
  }
  const isLegacyCall = isLegacy(call.body)
  const filter = chunkFilterResults(call.deployment.model.name)
  if (choices.some(({ calls }) => calls) || (choices.length > 1 && details?.reasoningTokens)) {
    for (const { index, tokens, json, isText } of inStep(choices, isLegacyCall))
      yield { tokens, data: chunk(isText ? filter : '{}', delta(json, 'null', index), close) }
  } else {
    for (let index = 0; index < choices.length; index++)
      yield { tokens: choices[index]?.reasoningTokens ?? 0, data: chunk('{}', delta(roleDelta, 'null', index), close) }

    const longest = Math.max(...choices.map(({ text }) => text.count))
    // All that is the same in each of a choice's chunks is put together once.
    const parts = choices.map((_, index) => {
      const before = `data: {"choices":[{"content_filter_results":${filter},"delta":{"content":`
      const after = `},"finish_reason":null,"index":${index},"logprobs":null}]${head}${pad ? '"obfuscation":"' : ''}`
      const end = `${pad ? '",' : ''}${close}\n\n`
      const length = before.length - 'data: '.length - filter.length + 2 + after.length + end.length - 2
      return { before, after, end, length }
    })
    // All choices' tokens of one moment come together; only the first of them takes time.
    for (let at = 0; at < longest; at++) {
      let tokens = 1
      for (let index = 0; index < choices.length; index++) {
        const { text } = choices[index] as Choice
        if (at >= text.count) continue
        const { before, after, end, length } = parts[index] as (typeof parts)[number]
        const token = jsonText(text.at(at))
        yield { tokens, data: before + token + after + (pad ? pad(length + token.length, 13) : '') + end }
        tokens = 0
      }
    }
  }

  for (const [index, { finishReason }] of choices.entries())
    yield { tokens: 0, data: chunk('{}', delta('{}', `"${chatFinish(finishReason, isLegacyCall)}"`, index), close) }

  if (withUsage) {
    const end = `${tail},"usage":${chatUsage(usage, details)}}`
    const length = '{"choices":[]'.length + head.length + hidden + end.length
    const cover = pad ? `"obfuscation":"${pad(length, 1)}",` : ''
    yield { tokens: 0, data: `data: {"choices":[]${head}${cover}${end}\n\n` }
  }
  yield { tokens: 0, data: 'data: [DONE]\n\n' }
}

const roleDelta = '{"content":"","refusal":null,"role":"assistant"}'

type Step = Delta & { readonly index: number; readonly isText: boolean }

/** The deltas of all choices in the order of their tokens; what comes at the same moment takes time once. */
function inStep(choices: readonly Choice[], isLegacyCall: boolean): readonly Step[] {
  const steps: (Step & { readonly at: number })[] = []
  for (const [index, choice] of choices.entries()) {
    let at = choice.reasoningTokens ?? 0
    const isText = !choice.calls
    for (const { tokens, json } of choice.calls ? callDeltas(choice.calls, isLegacyCall) : textDeltas(choice))
      steps.push({ index, tokens, json, isText: isText && tokens > 0, at: (at += tokens) })
  }
  steps.sort((one, other) => one.at - other.at)
  let last = 0
  return steps.map((step) => {
    const tokens = step.at - last
    last = step.at
    return { ...step, tokens }
  })
}

function* textDeltas({ text }: Choice): Generator<Delta> {
  yield { tokens: 0, json: roleDelta }
  for (let at = 0; at < text.count; at++) yield { tokens: 1, json: `{"content":${jsonText(text.at(at))}}` }
}

/** The simulator's own words need no escapes. */
const jsonText = (text: string) => (isPlain(text) ? `"${text}"` : JSON.stringify(text))

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false
  }
  return true
}
