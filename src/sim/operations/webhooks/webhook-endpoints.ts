/** Endpoints that are told of events (documented May 2026). */
import * as z from 'zod'
import { invalidValue } from '../../errors.ts'
import { notKept } from '../../errors/stored.ts'
import { later } from '../../http/validate.ts'
import { toSeconds } from '../../kept/stored-files.ts'
import { isAllowedAddress } from '../../base/allowed-address.ts'
import { eventTypes, type WebhookEndpoint, maxEndpoints, webhookEndpoints, webhookShelf } from '../../kept/webhooks.ts'
import type { AnyCall, ResourceOperation, Route } from '../../operation.ts'
import { hexText, type Random } from '../../random.ts'
import { optional } from '../parts/body-fields.ts'
import { bodyOf } from '../parts/json-body.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { jsonPlan } from '../parts/whole-plan.ts'

const backEnd = 'keptResponses'
const shared = { scope: 'resource', backEnd, keeps: [webhookShelf], lists: [webhookShelf] } as const
const path = '/dashboard/webhook_endpoints'
const routes = (below: '' | `/${string}` = ''): readonly Route[] => [
  { surface: 'v1', template: `/openai/v1${path}${below}` },
]

const types = () => z.array(z.enum(eventTypes)).min(1)
const creating = later(() =>
  z.strictObject({ name: z.string().min(1).max(256), url: z.string(), event_types: types() }),
)
const changing = later(() =>
  z.strictObject({
    name: optional(z.string().min(1).max(256)),
    url: optional(z.string()),
    event_types: optional(types()),
  }),
)

export const webhookCreate: ResourceOperation = {
  ...shared,
  name: 'WebhookEndpoints_Create',
  accepts: { json: creating },
  method: 'POST',
  path,
  routes: routes(),
  answer: (call) => {
    const { resource } = call
    const { name, url, event_types } = bodyOf(creating(), call)
    refuseAddress(url, call)
    if (webhookEndpoints(resource).all().length >= maxEndpoints)
      throw invalidValue(
        'url',
        `There are ${maxEndpoints} webhook endpoints, which is as many as the simulator sends to.`,
      )
    const made: WebhookEndpoint = {
      id: `we_${hexText(resource.random, 32)}`,
      createdAtMs: resource.clock.now(),
      name,
      url,
      types: event_types,
      secret: `whsec_${secretText(resource.random)}`,
    }
    webhookEndpoints(resource).put(made)
    // Told this once.
    return jsonPlan(told(made, { signing_secret: made.secret }))
  },
}

const secretText = (random: Random) => Buffer.from(hexText(random, 64), 'hex').toString('base64')

/** The simulator's own words: the service sends wherever it is told to. */
function refuseAddress(url: string, { resource }: AnyCall): void {
  const { allow } = resource.config.webhooks
  if (isAllowedAddress(url, allow)) return
  throw invalidValue('url', `Events are sent to hosts alone that webhooks.allow lists: ${allow.join(', ')}.`)
}

export const webhookList: ResourceOperation = {
  ...shared,
  name: 'WebhookEndpoints_List',
  method: 'GET',
  path,
  routes: routes(),
  answer: (call) => {
    const all = webhookEndpoints(call.resource).all()
    return jsonPlan(listOf(pageOf(all, call.wire.target.query, { usual: 20, max: 100 }), (one) => told(one)))
  },
}

export const webhookGet: ResourceOperation = {
  ...shared,
  name: 'WebhookEndpoints_Get',
  method: 'GET',
  path: `${path}/{endpoint}`,
  routes: routes('/{endpoint}'),
  answer: (call) => jsonPlan(told(named(call))),
}

export const webhookUpdate: ResourceOperation = {
  ...shared,
  name: 'WebhookEndpoints_Update',
  accepts: { json: changing },
  method: 'POST',
  path: `${path}/{endpoint}`,
  routes: routes('/{endpoint}'),
  answer: (call) => {
    const endpoint = named(call)
    const { name, url, event_types } = bodyOf(changing(), call)
    if (url) refuseAddress(url, call)
    const changed = {
      ...endpoint,
      name: name ?? endpoint.name,
      url: url ?? endpoint.url,
      types: event_types ?? endpoint.types,
    }
    webhookEndpoints(call.resource).put(changed)
    return jsonPlan(told(changed))
  },
}

export const webhookDelete: ResourceOperation = {
  ...shared,
  name: 'WebhookEndpoints_Delete',
  method: 'DELETE',
  path: `${path}/{endpoint}`,
  routes: routes('/{endpoint}'),
  answer: (call) => {
    const { id } = named(call)
    webhookEndpoints(call.resource).delete(id)
    return jsonPlan({ id, object: 'webhook.endpoint.deleted', deleted: true })
  },
}

function named({ match, resource }: AnyCall): WebhookEndpoint {
  const id = match.params['endpoint'] ?? ''
  const endpoint = webhookEndpoints(resource).get(id)
  if (!endpoint) throw notKept('webhook endpoint', id, backEnd)
  return endpoint
}

const told = ({ id, createdAtMs, types, name, url, secret }: WebhookEndpoint, more: object = {}) => ({
  id,
  object: 'webhook.endpoint',
  created_at: toSeconds(createdAtMs),
  event_types: types,
  name,
  ...more,
  signing_secret_hint: `${secret.slice(0, 6)}...`,
  url,
})
