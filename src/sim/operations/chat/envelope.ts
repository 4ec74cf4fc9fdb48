/** What all answers of a chat completion, and all chunks of one, have around them. */
import type { Config } from '../../config/config.ts'
import type { Model } from '../../types.ts'
import { base62Text, hashText32, uuid } from '../../random.ts'
import type { Call } from '../../operation.ts'
import { isRetired, isRouted } from '../../models/abilities.ts'
import type { ChatBody } from './body.ts'
import { servedTier } from '../parts/service-tier.ts'

export const newId = ({ timing, body: { data_sources: sources } }: Call<ChatBody>) =>
  sources ? uuid(timing) : `chatcmpl-${base62Text(timing, 29)}`

/** What is made with the help of data sources is called otherwise. */
export const objectName = ({ data_sources: sources }: ChatBody): string =>
  sources ? 'extensions.chat.completion' : 'chat.completion'

/**
 * The tier that served a request, as a member: the one that it asked for, where it did. Without that the new front end
 * alone tells it (recorded April 2026).
 */
export function serviceTier({
  resource,
  deployment,
  tier: served,
  apiVersion,
  body: { service_tier: tier },
}: Call<ChatBody>): string {
  if (
    isRetired(deployment.model) ||
    (!tier && !served && !isTold(resource.config.azure.frontEnd, apiVersion, deployment.model))
  )
    return ''
  return `"service_tier":"${served ?? servedTier(tier)}",`
}

/** Not by the last recording of these models with this version (August 2025). */
const isTold = (frontEnd: Config['azure']['frontEnd'], apiVersion: string, { name }: Model): boolean =>
  frontEnd === 'new' && !(apiVersion === '2025-04-01-preview' && name === 'gpt-4o')

/**
 * Which replica served it, as a member: of the newest back ends alone (recorded September and October 2026 of these models
 * and of gpt-4.1-mini, which had none in March). How many replicas there are is a guess.
 */
export function routingMember({ resource, deployment: { model }, requestId }: Call<ChatBody>): string {
  const { azure } = resource.config
  if (!azure.routing || azure.frontEnd !== 'new' || !isRouted(model)) return ''
  const drawn = hashText32(requestId)
  const kind = drawn % 4 === 0 ? 'prefill' : 'default'
  const build = hashText32(model.servedName).toString(16).padStart(8, '0')
  return `"routing":{"serving_pipereplica":"d20260919103649-${build}-${kind}-r${(drawn >>> 2) % 10}-dp0-${kind}"},`
}
