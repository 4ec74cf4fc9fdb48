/** Parameters that a model refuses, or that ask for each other. Texts as users quote them (2024-2026). */
import { table } from '../../base/object.ts'
import {
  invalidRequest,
  unknownParameter,
  unsupportedChoice,
  unsupportedParameter,
  unsupportedValue,
} from '../../errors.ts'
import {
  callsOnlyWithoutEffort,
  callsOnlyWithoutThought,
  keepsTemperature,
  takesPredictions,
  tellsCacheWrites,
  verbositiesOf,
} from '../../models/abilities.ts'
import type { Model } from '../../types.ts'
import { refuseMetadata } from '../parts/body-fields.ts'
import type { ChatBody } from './body.ts'
import { isThinking, supportedEfforts, takesSampling } from '../../measure/reasoning.ts'
import { refuseTier } from '../parts/service-tier.ts'

export function refuseParameters(body: ChatBody, model: Model): void {
  refuseEffort(body, model)
  refuseUnsupported(body, model)
  const { verbosity, service_tier: tier, prediction } = body
  if (verbosity && !verbositiesOf(model).includes(verbosity))
    throw unsupportedChoice('verbosity', verbosity, verbositiesOf(model))
  refuseTier(tier, model)
  if (body.prompt_cache_options && !tellsCacheWrites(model)) throw unknownParameter('prompt_cache_options')
  if (prediction && !takesPredictions(model)) throw unsupportedParameter('prediction')
  refuseCombinations(body)
  refuseMetadata(body.metadata)
}

/** A model without thought does not know the parameter. */
function refuseEffort({ reasoning_effort: effort, tools, functions }: ChatBody, model: Model): void {
  if (effort !== undefined && effort !== null) {
    const efforts = supportedEfforts(model)
    if (efforts.length === 0)
      throw invalidRequest('Unrecognized request argument supplied: reasoning_effort', null, null)
    if (!efforts.includes(effort)) throw unsupportedChoice('reasoning_effort', effort, efforts)
  }
  if (!(tools ?? functions) || !isThinking(model, effort)) return
  if (effort != null && callsOnlyWithoutEffort(model)) {
    const message = `Function tools with reasoning_effort are not supported for ${model.name} in /v1/chat/completions. Please use /v1/responses instead.`
    throw invalidRequest(message, 'reasoning_effort', null)
  }
  if (callsOnlyWithoutThought(model)) {
    const message = `Function tools with reasoning_effort are not supported for ${model.name} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`
    throw invalidRequest(message, 'reasoning_effort', null)
  }
}

function refuseUnsupported(body: ChatBody, model: Model): void {
  for (const name of model.refuses) {
    const value: unknown = body[name as keyof ChatBody]
    if (value === undefined || value === null || isHarmless(name, value, body, model)) continue
    if (name === 'temperature') throw unsupportedValue(name, value as number, 1)
    throw unsupportedParameter(name, name === 'max_tokens' ? 'max_completion_tokens' : undefined)
  }
}

/** A default changes nothing; and sampling is refused only while a model thinks. */
function isHarmless(name: string, value: unknown, { reasoning_effort: effort }: ChatBody, model: Model): boolean {
  if (value === defaults[name]) return true
  if (name === 'temperature' && keepsTemperature(model)) return false
  return sampling.includes(name) && takesSampling(model, effort)
}

const defaults: Readonly<Record<string, unknown>> = table({
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  logprobs: false,
})
const sampling = ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty', 'logprobs', 'top_logprobs']

function refuseCombinations(body: ChatBody): void {
  if (body.max_tokens != null && body.max_completion_tokens != null) {
    const message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
    throw invalidRequest(message, 'max_tokens', 'invalid_parameter_combination')
  }
  for (const [name, needed] of needs) if (body[name] != null && body[needed] !== true) throw onlyWith(name, needed)
  if (!body.prediction) return
  // What goes with a prediction is documented; the words are a guess.
  for (const [name, isThere] of [
    ['n', (body.n ?? 1) > 1],
    ['logprobs', body.logprobs === true],
    ['presence_penalty', (body.presence_penalty ?? 0) > 0],
    ['frequency_penalty', (body.frequency_penalty ?? 0) > 0],
    ['max_completion_tokens', body.max_completion_tokens != null],
    ['tools', body.tools != null || body.functions != null],
    ['modalities', body.modalities?.includes('audio') === true],
  ] as const)
    if (isThere) throw invalidRequest(`Invalid parameter: '${name}' is not supported with 'prediction'.`, name, null)
}

const needs = [
  ['stream_options', 'stream'],
  ['top_logprobs', 'logprobs'],
  ['metadata', 'store'],
] as const

const onlyWith = (name: string, needed: string) =>
  invalidRequest(`The '${name}' parameter is only allowed when '${needed}' is enabled.`, name, null)
