/** What all answers of a chat completion, and all chunks of one, have around them. */
import { base62Text, hashText32, hexText, seededRandom, uuid } from '../../random.ts'
import type { Call, Model } from '../../types.ts'
import type { ChatBody } from './chat-body.ts'
import { servedTier } from './service-tier.ts'

export const createdSeconds = ({ receivedAtMs }: Call) => Math.floor(receivedAtMs / 1000)
export const newId = ({ timing, body: { data_sources: sources } }: Call<ChatBody>) =>
  sources ? uuid(timing) : `chatcmpl-${base62Text(timing, 29)}`
export const servedName = ({ deployment }: Call) => JSON.stringify(deployment.model.servedName)

/** What is made with the help of data sources is called otherwise. */
export const objectName = ({ data_sources: sources }: ChatBody): string =>
  sources ? 'extensions.chat.completion' : 'chat.completion'

/**
 * The tier that served a request, as a member: the one that it asked for, where it did. Without that the new front end
 * alone tells it (recorded April 2026).
 */
export function serviceTier({ resource, body: { service_tier: tier } }: Call<ChatBody>): string {
  if (!tier && resource.config().azure.frontEnd !== 'new') return ''
  return `"service_tier":"${servedTier(tier)}",`
}

/** Of the backend's build: the same for a model until it changes; the newest families and the oldest send none (recorded 2024-2026). */
export function fingerprint({ promptFormat, servedName: name }: Model): string {
  if (promptFormat === 'gpt-5' || name.startsWith('gpt-35')) return 'null'
  let known = fingerprints.get(name)
  if (known === undefined) {
    known = `"fp_${hexText(seededRandom(hashText32(name)), 10)}"`
    fingerprints.set(name, known)
  }
  return known
}

/** One a model of the catalogue. */
const fingerprints = new Map<string, string>()
