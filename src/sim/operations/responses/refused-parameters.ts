/** Refuses parameters that the model does not support. Messages as users quote them (2025-2026), unless noted. */
import { invalidRequest, unsupportedParameter, unsupportedValue } from '../../errors.ts'
import { valueNotSupported } from '../../errors/responses.ts'
import { keepsTemperature, seesImages, thinksInSecret, usesComputers, verbositiesOf } from '../../models/abilities.ts'
import { supportedEfforts, takesSampling } from '../../measure/reasoning.ts'
import type { Model } from '../../types.ts'
import { refuseImageUrl } from '../../answers/image-url.ts'
import { refuseTier } from '../parts/service-tier.ts'
import type { ResponsesBody } from './ask.ts'
import type { ResponsesRequest } from './body.ts'
import { refuseFormat } from './format.ts'
import { refuseResponsesTools } from './tools.ts'

export function refuseUnsupported({ request, own, before }: ResponsesBody, model: Model): void {
  refuseEffort(request, model)
  refuseSampling(request, model)
  refuseTier(request.service_tier, model)
  const verbosity = request.text?.verbosity
  if (verbosity && !verbositiesOf(model).includes(verbosity))
    throw valueNotSupported(verbosity, model.servedName, verbositiesOf(model), 'text.verbosity')
  refuseIncluded(request, model)
  refuseResponsesTools(request, model)
  refuseHosted(request, model)
  refusePictures(own, model)
  refuseFormat(request, model, [...before, ...own])
}

/** A model with optional reasoning refuses these only while it reasons (documented for gpt-5.4). */
function refuseSampling(request: ResponsesRequest, model: Model): void {
  const isFree = takesSampling(model, request.reasoning?.effort)
  for (const name of ['temperature', 'top_p', 'top_logprobs'] as const) {
    const value = request[name]
    if (value === undefined || value === null || !model.refuses.includes(name)) continue
    if (isFree && !(name === 'temperature' && keepsTemperature(model))) continue
    if (name === 'top_logprobs') throw unsupportedParameter(name)
    if (value !== 1) throw name === 'temperature' ? unsupportedValue(name, value, 1) : unsupportedParameter(name)
  }
}

function refuseEffort({ reasoning }: ResponsesRequest, model: Model): void {
  const effort = reasoning?.effort
  if (!effort) return
  const supported = supportedEfforts(model)
  if (supported.length === 0) throw unsupportedParameter('reasoning.effort')
  if (!supported.includes(effort)) throw valueNotSupported(effort, model.servedName, supported, 'reasoning.effort')
}

/** Encrypted reasoning without a reasoning model, and log probabilities with one: both remembered from public issues. */
function refuseIncluded({ include, reasoning }: ResponsesRequest, model: Model): void {
  if (include?.includes('reasoning.encrypted_content') && !thinksInSecret(model))
    throw invalidRequest('Encrypted content is not supported with this model.', 'include', null)
  const isTold = include?.includes('message.output_text.logprobs')
  if (isTold && model.refuses.includes('logprobs') && !takesSampling(model, reasoning?.effort))
    throw invalidRequest('logprobs are not supported with reasoning models.', 'include', null)
}

function refuseHosted({ tools, reasoning }: ResponsesRequest, model: Model): void {
  for (const { type } of tools ?? [])
    if (type === 'computer_use_preview' && !usesComputers(model))
      throw invalidRequest(`Hosted tool '${type}' is not supported with ${model.servedName}.`, 'tools', null)
  if (reasoning?.effort !== 'minimal') return
  const without = (tools ?? []).map(({ type }) => type).filter((type) => thoughtful.has(type))
  if (without.length > 0)
    throw invalidRequest(
      `The following tools cannot be used with reasoning.effort 'minimal': ${[...new Set(without)].map((type) => thoughtful.get(type)).join(', ')}.`,
      'tools',
      null,
    )
}

/** Hosted tools that need reasoning, as the message names them (remembered from public issues). */
const thoughtful: ReadonlyMap<string, string> = new Map([
  ['web_search', 'web_search'],
  ['web_search_preview', 'web_search_preview'],
  ['image_generation', 'image_gen'],
])

/** Refuses pictures for models without vision, and invalid addresses. That the wording is that of chat completions is a guess. */
function refusePictures(items: ResponsesBody['own'], model: Model): void {
  const isBlind = !seesImages(model)
  for (const [index, item] of items.entries()) {
    const content: unknown = 'content' in item ? item.content : undefined
    if (!Array.isArray(content)) continue
    for (const [at, part] of (
      content as readonly { readonly type?: unknown; readonly image_url?: unknown }[]
    ).entries())
      if (part.type === 'input_image' && isBlind)
        throw invalidRequest(
          'Invalid content type. image_url is only supported by certain models.',
          `input[${index}].content[${at}].type`,
          null,
        )
      else if (part.type === 'input_image' && typeof part.image_url === 'string') refuseImageUrl(part.image_url)
  }
}
