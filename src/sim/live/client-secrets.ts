/** Keys that live for minutes: who has one may open sessions of one kind, and nothing else. */
import { BoundedStore } from '../base/bounded-store.ts'
import { isSameKey } from '../http/keys.ts'
import type { Resource } from '../operation.ts'
import type { SimRequest } from '../types.ts'

export type ClientSecret = {
  readonly value: string
  readonly expiresAtMs: number
  /** What its sessions begin with, for who opens them. */
  readonly session: unknown
}

/** They are short-lived, and small. */
const bounds = { maxEntries: 10_000, maxBytes: 33_554_432, lifetimeMs: 7_200_000 }

const secretsOf = ({ clock }: Pick<Resource, 'clock'>) => new BoundedStore<ClientSecret>(clock, () => bounds)

export function keepSecret(resource: Resource, secret: ClientSecret): void {
  resource.shelf(secretsOf).put(secret.value, secret, JSON.stringify(secret.session).length + 200)
}

/** The one that a request comes with, where it is in force. */
export function secretIn(headers: SimRequest['headers'], resource: Resource): ClientSecret | undefined {
  const bearer = /^bearer +(ek_\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  const value = bearer ?? headers.get('api-key')
  if (!value?.startsWith('ek_')) return undefined
  const secret = resource.shelf(secretsOf).get(value)
  return secret && secret.expiresAtMs > resource.clock.now() && isSameKey(value, secret.value) ? secret : undefined
}
