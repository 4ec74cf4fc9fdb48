/** Endpoints that are told of events, and the sending of events to them (documented May 2026). */
import { createHmac } from 'node:crypto'
import { isAllowedAddress } from '../base/allowed-address.ts'
import { keptShelf } from '../base/kept-shelf.ts'
import { until } from '../clock.ts'
import type { LiveResource, Resource } from '../operation.ts'
import { hexText, uuid } from '../random.ts'
import { toSeconds } from './stored-files.ts'

export const eventTypes = [
  ...['response.completed', 'response.failed', 'response.cancelled', 'response.incomplete'],
  ...['batch.completed', 'batch.failed', 'batch.cancelled', 'batch.expired'],
  ...['fine_tuning.job.succeeded', 'fine_tuning.job.failed', 'fine_tuning.job.cancelled'],
  ...['realtime.call.incoming'],
] as const

export type EventType = (typeof eventTypes)[number]

export type WebhookEndpoint = {
  readonly id: string
  readonly createdAtMs: number
  readonly name: string
  readonly url: string
  readonly types: readonly EventType[]
  readonly secret: string
}

/** For `resource.shelf`. What happens anywhere is told to all of them. */
export const webhookShelf = keptShelf<WebhookEndpoint>({
  kind: 'webhooks',
  ids: /\bwe_[0-9a-f]{32}\b/g,
  watchMs: 3_000,
})
export const webhookEndpoints = ({ shelf }: Pick<Resource, 'shelf'>) => shelf(webhookShelf)

/** More are refused: each event is sent to all of them, again and again where they do not take it. */
export const maxEndpoints = 100

/** Whether anybody is to be told: what nobody hears of is not waited for. */
export const hasWebhooks = (resource: Pick<Resource, 'shelf'>): boolean => webhookEndpoints(resource).all().length > 0

/** Tells every endpoint that asked for such events, and nobody waits for it. */
export function sendEvent(live: LiveResource, type: EventType, id: string): void {
  for (const endpoint of webhookEndpoints(live).all())
    if (endpoint.types.includes(type)) void deliver(live, endpoint, { type, id })
}

type Told = { readonly type: EventType; readonly id: string }

/** How many are sent at a time, and how many may wait for their turn or to be sent again; more are not sent. */
const maxSending = 32
const maxWaiting = 10_000

/** What a resource has to send. */
class Outgoing {
  count = 0
  #sending = 0
  readonly #waiting: (() => void)[] = []

  async inTurn(send: () => Promise<boolean>): Promise<boolean> {
    if (this.#sending < maxSending) this.#sending++
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await send()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#sending--
    }
  }
}

const outgoingOf = new WeakMap<LiveResource, Outgoing>()

/** The first wait; each further one is three times as long. */
const firstWaitMs = 1_000

async function deliver(
  live: LiveResource,
  { id: endpointId, url, secret }: WebhookEndpoint,
  told: Told,
): Promise<void> {
  const { clock, random, config } = live
  const outgoing = outgoingOf.get(live) ?? new Outgoing()
  outgoingOf.set(live, outgoing)
  if (outgoing.count >= maxWaiting) return
  outgoing.count++
  const atMs = clock.now()
  const body = JSON.stringify({
    object: 'event',
    id: `evt_${hexText(random, 32)}`,
    type: told.type,
    created_at: toSeconds(atMs),
    data: { id: told.id },
  })
  const webhookId = `wh_${uuid(random)}`
  try {
    for (let attempt = 0, waitMs = firstWaitMs; ; attempt++, waitMs *= 3) {
      const { webhooks } = config()
      // What is no longer there, or no longer allowed, is told nothing.
      if (!webhookEndpoints(live).get(endpointId) || !isAllowedAddress(url, webhooks.allow)) return
      const send = () =>
        isTaken(url, signed(body, { webhookId, secret, seconds: toSeconds(clock.now()) }), webhooks.timeoutMs)
      if (await outgoing.inTurn(send)) return
      if (attempt >= webhooks.maxRetries) return
      await until(clock, clock.now() + waitMs)
    }
  } catch (error) {
    live.report(error)
  } finally {
    outgoing.count--
  }
}

type Signing = { readonly webhookId: string; readonly secret: string; readonly seconds: number }

function signed(body: string, { webhookId, secret, seconds }: Signing): RequestInit {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${webhookId}.${seconds}.${body}`).digest('base64')
  return {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)',
      'webhook-id': webhookId,
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${signature}`,
    },
    body,
  }
}

async function isTaken(url: string, init: RequestInit, timeoutMs: number): Promise<boolean> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
