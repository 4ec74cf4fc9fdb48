import { contextLengthExceeded, maxTokensTooLarge, unsupportedParameter, unsupportedValue } from '../errors.ts'
import { parseBody } from '../http/validate.ts'
import { base62Text, hashText32, hexText, seededRandom } from '../random.ts'
import type { Call, Generated, Model, Operation, StreamEvent } from '../types.ts'
import { ChatBody } from './parts/chat-body.ts'
import { type Choice, completionText } from './parts/completion-text.ts'
import { chunkFilterResults, promptFilterResults, sixCategories } from './parts/content-filter.ts'
import { padding } from './parts/obfuscation.ts'
import { tokensBeyond } from './parts/prompt-bound.ts'
import { chatPromptCharacters, requestPromptTokens } from './parts/prompt-tokens.ts'
import { chatUsage } from './parts/usage.ts'

type Answer = Generated & { readonly choices: readonly Choice[] }

export const chatCompletions: Operation<ChatBody, Answer> = {
  scope: 'deployment',
  name: 'ChatCompletions_Create',
  label: 'chatCompletion',
  method: 'POST',
  path: '/chat/completions',
  modelKind: 'chat',
  defaultModel: 'gpt-4.1-mini',
  latency: 'chatCompletions',
  content: 'json',

  parse: (input) => parseBody(ChatBody, input),

  measure: (body, model) => {
    const promptCharacters = chatPromptCharacters(body.messages)
    return {
      promptTokens: tokensBeyond(promptCharacters, model.contextWindowTokens) ?? requestPromptTokens(body, model),
      promptCharacters,
      maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
      choices: body.n ?? 1,
      countsTokens: true,
    }
  },

  check: (body, { promptTokens, maxTokens }, model) => {
    refuseUnsupported(body, model)
    const name = body.max_completion_tokens == null ? 'max_tokens' : 'max_completion_tokens'
    if (maxTokens !== undefined && maxTokens > model.maxOutputTokens)
      throw maxTokensTooLarge(name, maxTokens, model.maxOutputTokens)
    if (promptTokens > model.maxInputTokens || promptTokens >= model.contextWindowTokens)
      throw contextLengthExceeded(model.contextWindowTokens, promptTokens, undefined)
    if (maxTokens !== undefined && promptTokens + maxTokens > model.contextWindowTokens)
      throw contextLengthExceeded(model.contextWindowTokens, promptTokens, maxTokens)
  },

  isStream: ({ stream }) => stream === true,
  seed: ({ seed }) => seed ?? undefined,

  generate: (call, config) => {
    const { cost, body, deployment, random } = call
    const { model } = deployment
    const wish = {
      maxTokens: cost.maxTokens,
      roomTokens: Math.min(model.maxOutputTokens, model.contextWindowTokens - cost.promptTokens),
      stop: typeof body.stop === 'string' ? [body.stop] : (body.stop ?? []),
      encoding: model.encoding,
      length: config.generate,
    }
    const choices: Choice[] = []
    let completionTokens = 0
    let longest = 0
    for (let index = 0; index < cost.choices; index++) {
      const choice = completionText(wish, random)
      choices.push(choice)
      completionTokens += choice.text.count
      if (choice.text.count > longest) longest = choice.text.count
    }
    // Choices are made side by side: the answer is there when the longest is.
    return { choices, usage: { promptTokens: cost.promptTokens, completionTokens }, units: longest }
  },

  whole: (call, { choices, usage }) => ({
    contentType: 'application/json',
    data:
      `{"choices":[${choices.map(wholeChoice).join(',')}],"created":${createdSeconds(call)},"id":"${newId(call)}",` +
      `"model":${servedName(call)},"object":"chat.completion","prompt_filter_results":${promptFilterResults},` +
      `"service_tier":"default","system_fingerprint":${fingerprint(call.deployment.model)},"usage":${chatUsage(usage)}}\n`,
  }),

  events: chunks,
}

const wholeChoice = ({ text, finishReason }: Choice, index: number) =>
  `{"content_filter_results":${sixCategories},"finish_reason":"${finishReason}","index":${index},"logprobs":null,` +
  `"message":{"annotations":[],"content":${text.json()},"refusal":null,"role":"assistant"}}`

/** Prompt filter, role, one chunk a token, finish, usage where it is asked for, `[DONE]`: one id throughout. */
function* chunks(call: Call<ChatBody>, { choices, usage }: Answer): Generator<StreamEvent> {
  const options = call.body.stream_options
  const withUsage = options?.include_usage === true
  const pad = options?.include_obfuscation === false ? undefined : padding(call.timing)
  const head = `,"created":${createdSeconds(call)},"id":"${newId(call)}","model":${servedName(call)},`
  const tail = `"object":"chat.completion.chunk","service_tier":"default","system_fingerprint":${fingerprint(call.deployment.model)}`
  const close = withUsage ? `${tail},"usage":null}` : `${tail}}`
  const hidden = '"obfuscation":"",'.length

  /** `empty` is the filter verdict's place in what is measured. */
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
  const role = '{"content":"","refusal":null,"role":"assistant"}'
  for (let index = 0; index < choices.length; index++)
    yield { tokens: 0, data: chunk('{}', delta(role, 'null', index), close) }

  const filter = chunkFilterResults(call.deployment.model.name)
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
  for (const [index, { finishReason }] of choices.entries())
    yield { tokens: 0, data: chunk('{}', delta('{}', `"${finishReason}"`, index), close) }

  if (withUsage) {
    const end = `${tail},"usage":${chatUsage(usage)}}`
    const length = '{"choices":[]'.length + head.length + hidden + end.length
    const cover = pad ? `"obfuscation":"${pad(length, 1)}",` : ''
    yield { tokens: 0, data: `data: {"choices":[]${head}${cover}${end}\n\n` }
  }
  yield { tokens: 0, data: 'data: [DONE]\n\n' }
}

function refuseUnsupported(body: ChatBody, model: Model): void {
  for (const name of model.refuses) {
    const value = body[name as keyof ChatBody]
    if (value === undefined || value === null) continue
    if (name === 'temperature') {
      if (value !== 1) throw unsupportedValue(name, value as number, 1)
      continue
    }
    throw unsupportedParameter(name, name === 'max_tokens' ? 'max_completion_tokens' : undefined)
  }
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

const createdSeconds = ({ receivedAtMs }: Call) => Math.floor(receivedAtMs / 1000)
const newId = ({ timing }: Call) => `chatcmpl-${base62Text(timing, 29)}`
const servedName = ({ deployment }: Call) => JSON.stringify(deployment.model.servedName)

/** Of the backend's build: the same for a model until it changes; the newest families send none (recorded 2025-2026). */
function fingerprint({ promptFormat, servedName: name }: Model): string {
  if (promptFormat === 'gpt-5') return 'null'
  let known = fingerprints.get(name)
  if (known === undefined) {
    known = `"fp_${hexText(seededRandom(hashText32(name)), 10)}"`
    fingerprints.set(name, known)
  }
  return known
}

/** One a model of the catalogue. */
const fingerprints = new Map<string, string>()
