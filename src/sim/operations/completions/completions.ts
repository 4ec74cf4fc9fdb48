import { bareStreamError } from '../../errors/stream.ts'
import * as z from 'zod'
import { mapInSteps, step, timesInSteps } from '../../base/slices.ts'
import type { ContentFilter } from '../../config/config.ts'
import { isBoundFor } from '../../answers/draw-choice.ts'
import { invalidValue, maxTokensTooLarge, promptTooLong } from '../../errors.ts'
import { integer, parseBody } from '../../http/validate.ts'
import { countTokens } from '../../models/tokenizer.ts'
import { base62Text } from '../../random.ts'
import type { Call, Generated, Operation } from '../../operation.ts'
import type { Model, StreamEvent } from '../../types.ts'
import { createdSeconds, servedName } from '../parts/model-fields.ts'
import { anything, logitBias, optional, stop, stopsOf, streamOptions, refuseManyPairs } from '../parts/body-fields.ts'
import type { Choice } from '../../answers/choice.ts'
import { completionLogprobs, echoLogprobs, wholeLogprobs } from './logprobs.ts'
import { completionText } from '../../answers/completion-text.ts'
import { judgePrompt, lookAhead } from '../../answers/content-filter.ts'
import { filterChoice } from '../../answers/filter-choice.ts'
import { completionPromptKeys, filterResults, fourKeys, type FilterVerdict } from '../../answers/filter-results.ts'
import { saidChoice } from '../../answers/said-choice.ts'
import { tokensBeyond } from '../../measure/prompt-bound.ts'
import { refuseManyWeights } from '../../answers/token-logprobs.ts'
import { plainUsage } from '../parts/chat-usage.ts'

const tokenIds = z.array(integer(0)).min(1)

const Body = z.strictObject({
  prompt: optional(
    z.union([z.string(), tokenIds, z.array(z.string()).min(1).max(2048), z.array(tokenIds).min(1).max(2048)]),
  ),
  model: anything,
  max_tokens: optional(integer(0)),
  n: optional(integer(1, 128)),
  best_of: optional(integer(1, 128)),
  stop,
  stream: optional(z.boolean()),
  stream_options: streamOptions,
  echo: optional(z.boolean()),
  suffix: optional(z.string()),
  seed: optional(integer(Number.MIN_SAFE_INTEGER)),
  user: optional(z.string()),
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().min(0).max(1)),
  presence_penalty: optional(z.number().min(-2).max(2)),
  frequency_penalty: optional(z.number().min(-2).max(2)),
  logit_bias: logitBias,
  logprobs: optional(integer(0, 5)),
})
type Body = z.output<typeof Body>
type Answer = Generated & {
  readonly choices: readonly (Choice & { readonly echoed: string; readonly promptCharacters: number })[]
  readonly filter: ContentFilter
  /** Of each prompt. */
  readonly promptVerdicts: readonly (FilterVerdict | undefined)[]
}

/** A shorter request for a few texts is answered without a break. */
const longBytes = 16_384

/** What the service generates where a request does not say how much. */
const defaultMaxTokens = 16

export const completions: Operation<Body, Answer> = {
  scope: 'deployment',
  name: 'Completions_Create',
  accepts: { json: () => Body },
  label: 'completion',
  method: 'POST',
  path: '/completions',
  modelKind: 'completion',
  defaultModel: 'gpt-35-turbo-instruct',
  latency: 'completions',
  content: 'json',
  streamError: bareStreamError,

  parse: (input) => {
    refuseManyPairs(input)
    return parseBody(Body, input)
  },

  measure: (body, model) => {
    const prompts = promptsOf(body)
    return {
      // What comes behind the text is read, too (recorded March 2024).
      promptTokens:
        prompts.reduce((sum, prompt) => sum + tokensOf(prompt, model), 0) +
        tokensOf(body.suffix ?? '', model) * prompts.length,
      promptCharacters: prompts.reduce((sum, prompt) => sum + prompt.length, 0),
      maxTokens: body.max_tokens ?? defaultMaxTokens,
      choices: prompts.length * Math.max(body.n ?? 1, body.best_of ?? 1),
      countsTokens: true,
    }
  },

  /** Nothing was charged (recorded February 2025). */
  estimate: () => 0,

  check: (body, { promptTokens, maxTokens = 0 }, model) => {
    if (maxTokens > model.maxOutputTokens) throw maxTokensTooLarge('max_tokens', maxTokens, model.maxOutputTokens)
    const prompts = promptsOf(body)
    refuseManyTexts(body, prompts.length, maxTokens)
    // One prompt has been counted, and is all that there is.
    const longest = prompts.length === 1 ? promptTokens : Math.max(...prompts.map((prompt) => tokensOf(prompt, model)))
    if (longest + maxTokens > model.contextWindowTokens)
      throw promptTooLong(model.contextWindowTokens, longest, maxTokens)
  },

  lookAhead: (body, { contentFilter }) => {
    lookAhead(contentFilter, () => promptsOf(body).filter((prompt) => typeof prompt === 'string'))
  },
  backEnd: 'completions',
  isSaid: true,
  isStream: ({ stream }) => stream === true,
  seed: ({ seed }) => seed ?? undefined,

  isSliced: ({ cost, wire }) => cost.choices > 8 || wire.bytes.length > longBytes,

  generate: ({ cost, body, deployment: { name, model }, random, timing, said }, config) => {
    const { generate, contentFilter: filter } = config
    const isBound = isBoundFor(config, name)
    const wish = {
      maxTokens: isBound ? undefined : cost.maxTokens,
      roomTokens: Math.min(model.maxOutputTokens, isBound ? (cost.maxTokens ?? Infinity) : Infinity),
      stop: stopsOf(body.stop),
      encoding: model.encoding,
      medianTokens: generate.medianTokens,
      sigma: generate.sigma,
    }
    // These streams know no asynchronous filter: what is found ends them where it begins.
    const prompts = promptsOf(body)
    const textsOf = (prompt: Prompt) => () => (typeof prompt === 'string' ? [prompt] : [])
    const promptVerdicts = mapInSteps(prompts, (prompt) => judgePrompt(filter, textsOf(prompt), completionPromptKeys))
    const discarded = Math.max(0, (body.best_of ?? 1) - (body.n ?? 1))
    const draw = () => (said ? saidChoice(said, { model, wish, timing }) : completionText(wish, random))
    const asked = prompts.flatMap((prompt) => Array.from({ length: body.n ?? 1 }, () => prompt))
    const choices = mapInSteps(asked, (prompt) => ({
      ...filterChoice(draw(), { model, isStream: false, promptTexts: textsOf(prompt) }, filter),
      likelihood: body.logprobs == null ? undefined : { seed: random.uint32(), alternatives: body.logprobs },
      echoed: body.echo === true && typeof prompt === 'string' ? prompt : '',
      promptCharacters: typeof prompt === 'string' ? prompt.length : 0,
    }))
    const counts = choices.map(({ text }) => text.count)
    const shown = counts.reduce((sum, count) => sum + count, 0)
    // The others of `best_of` are paid for, and not shown (recorded March 2024).
    const unseen = timesInSteps(discarded * prompts.length, () => draw().text.count).reduce(
      (sum, count) => sum + count,
      0,
    )
    const completionTokens = shown + unseen
    const echoed = body.echo === true ? cost.promptTokens * (body.n ?? 1) : 0
    refuseManyWeights(choices.length, shown + echoed, body.logprobs ?? undefined)
    const usage = { promptTokens: cost.promptTokens, completionTokens }
    return { choices, usage, units: Math.max(...counts), filter, promptVerdicts }
  },

  whole: (call, answer) => {
    const { choices, usage } = answer
    const contentType = 'application/json'
    const start = envelope(call)
    if (choices.length > manyTexts || usage.completionTokens > manyTokens)
      return { contentType, pieces: piecesOf(call, answer, start) }
    const all = choices.map((choice, index) => step(() => wholeChoice(call, answer, { choice, index })))
    const prompts = answer.promptVerdicts.map((_, index) => promptResult(answer, index))
    return {
      contentType,
      data: `{${start},"prompt_filter_results":[${prompts.join(',')}],"choices":[${all.join(',')}],${usageOf(answer)}}\n`,
    }
  },

  *events(call, answer): Generator<StreamEvent> {
    const { choices, usage, filter } = answer
    const shared = envelope(call)
    const chunk = (index: number, piece: Piece) => `data: {${shared},"choices":[${choiceOf(index, piece)}]}\n\n`
    for (const index of answer.promptVerdicts.keys())
      yield { tokens: 0, data: promptEvent(promptResult(answer, index)) }
    const { encoding } = call.deployment.model
    const offsets = choices.map(({ promptCharacters }) => promptCharacters)
    for (const [index, choice] of choices.entries()) {
      const { echoed } = choice
      if (echoed === '') continue
      const logprobs = echoLogprobs(choice, echoed, encoding)
      yield { tokens: 0, data: chunk(index, { filter: '{}', text: echoed, logprobs }) }
    }
    const filters = choices.map(({ verdict, finishReason }) =>
      filterResults(filter, fourKeys, finishReason === 'content_filter' ? undefined : verdict),
    )
    const longest = Math.max(...choices.map(({ text }) => text.count))
    for (let at = 0; at < longest; at++) {
      let tokens = 1
      for (const [index, choice] of choices.entries()) {
        if (at >= choice.text.count) continue
        const token = choice.text.at(at)
        const offset = offsets[index] ?? 0
        offsets[index] = offset + token.length
        const logprobs = completionLogprobs(choice, { start: at, end: at + 1, offset })
        yield { tokens, data: chunk(index, { filter: filters[index] ?? '{}', text: token, logprobs }) }
        tokens = 0
      }
    }
    for (const [index, { finishReason, verdict }] of choices.entries()) {
      const results = finishReason === 'content_filter' ? filterResults(filter, fourKeys, verdict) : '{}'
      yield { tokens: 0, data: chunk(index, { filter: results, text: '', finish: `"${finishReason}"` }) }
    }
    // Told without being asked for (recorded February 2025).
    yield { tokens: 0, data: `data: {${shared},"choices":[],"usage":${plainUsage(usage)}}\n\n` }
    yield { tokens: 0, data: 'data: [DONE]\n\n' }
  },
}

/** So much of an answer is made while it is sent. */
const manyTexts = 128
const manyTokens = 100_000

function* piecesOf(call: Call<Body>, answer: Answer, start: string): Generator<string> {
  yield `{${start},"prompt_filter_results":[`
  for (const index of answer.promptVerdicts.keys()) yield (index === 0 ? '' : ',') + promptResult(answer, index)
  yield '],"choices":['
  for (const [index, choice] of answer.choices.entries())
    yield (index === 0 ? '' : ',') + wholeChoice(call, answer, { choice, index })
  yield `],${usageOf(answer)}}\n`
}

const usageOf = ({ usage }: Answer): string => `"usage":${plainUsage(usage)}`

const wholeChoice = (
  { deployment }: Call<Body>,
  { filter }: Answer,
  { choice, index }: { readonly choice: Answer['choices'][number]; readonly index: number },
): string =>
  choiceOf(index, {
    text: choice.echoed + choice.text.text(),
    finish: `"${choice.finishReason}"`,
    logprobs: wholeLogprobs(choice, choice, deployment.model.encoding),
    filter: filterResults(filter, fourKeys, choice.verdict),
  })

/** As many as 128 choices of a chat are: a guess, as the service would have no quota for more. */
const maxTexts = 16_384
const maxAllTokens = 2_097_152

/** Throws for more texts, or longer ones, than one answer has. */
function refuseManyTexts({ n, best_of: best }: Body, prompts: number, maxTokens: number): void {
  const each = Math.max(n ?? 1, best ?? 1)
  const param = (n ?? 1) < each ? 'best_of' : 'n'
  if (prompts * each > maxTexts) throw aboveMax(param, Math.max(1, Math.floor(maxTexts / prompts)), each)
  const max = Math.floor(maxAllTokens / (prompts * each))
  if (maxTokens > max) throw aboveMax('max_tokens', max, maxTokens)
}

const aboveMax = (param: string, max: number, given: number) =>
  invalidValue(
    param,
    `Invalid '${param}': integer above maximum value. Expected a value <= ${max}, but got ${given} instead.`,
    'integer_above_max_value',
  )

type Piece = {
  readonly text: string
  readonly filter: string
  readonly finish?: string
  readonly logprobs?: string
}

const choiceOf = (index: number, { text, filter, finish = 'null', logprobs = 'null' }: Piece): string =>
  `{"text":${JSON.stringify(text)},"index":${index},"finish_reason":${finish},"logprobs":${logprobs},"content_filter_results":${filter}}`

/** One of each prompt, without the answer's id (recorded March 2024 and February 2025). */
const promptEvent = (result: string): string =>
  `data: {"id":"","object":"","created":0,"model":"","prompt_filter_results":[${result}],"choices":[]}\n\n`

const promptResult = ({ filter, promptVerdicts }: Answer, index: number): string =>
  `{"prompt_index":${index},"content_filter_results":${filterResults(filter, completionPromptKeys, promptVerdicts[index])}}`

type Prompt = string | readonly number[]

function promptsOf({ prompt }: Body): readonly Prompt[] {
  if (prompt === null || prompt === undefined) return ['']
  if (typeof prompt === 'string') return [prompt]
  return typeof prompt[0] === 'number' ? [prompt as number[]] : (prompt as string[] | number[][])
}

const tokensOf = (prompt: Prompt, { encoding, contextWindowTokens }: Model) =>
  typeof prompt === 'string'
    ? (tokensBeyond(prompt.length, contextWindowTokens) ?? countTokens(prompt, encoding))
    : prompt.length

const envelope = (call: Call<Body>) =>
  `"id":"cmpl-${base62Text(call.timing, 29)}","object":"text_completion","created":${createdSeconds(call)},` +
  `"model":${servedName(call)}`
