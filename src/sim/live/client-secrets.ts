/** Keys that live for minutes: who has one may open sessions of one kind, and nothing else. Kept by what they hash to. */
import { createHash } from 'node:crypto'
import { keptShelf } from '../base/kept-shelf.ts'
import type { Resource } from '../operation.ts'
import type { SimRequest } from '../types.ts'

export type ClientSecret = {
  readonly value: string
  readonly expiresAtMs: number
  /** What its sessions begin with, for who opens them. */
  readonly session: unknown
}

type KeptSecret = Omit<ClientSecret, 'value'> & { readonly id: string }

/** They are short-lived, and small. */
const bounds = { maxEntries: 10_000, maxBytes: 33_554_432, lifetimeMs: 7_200_000 }

/** For `resource.shelf`. No request names one but by the key itself, which is in no text that is looked through. */
export const secretShelf = keptShelf<KeptSecret>({
  kind: 'clientSecrets',
  ids: /\n\/clientSecret\/([0-9a-f]{64})(?=\n)/g,
  bounds: () => bounds,
})

const idOf = (value: string) => createHash('sha256').update(value).digest('hex')

export function keepSecret({ shelf }: Resource, { value, ...rest }: ClientSecret): void {
  shelf(secretShelf).put({ id: idOf(value), ...rest })
}

function valueIn(headers: SimRequest['headers']): string | undefined {
  const bearer = /^bearer +(ek_\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  const value = bearer ?? headers.get('api-key')
  return value?.startsWith('ek_') ? value : undefined
}

/** The one that a request comes with, where it is known here and in force. */
export function secretIn(headers: SimRequest['headers'], { shelf, clock }: Resource): KeptSecret | undefined {
  const value = valueIn(headers)
  const secret = value === undefined ? undefined : shelf(secretShelf).get(idOf(value))
  return secret && secret.expiresAtMs > clock.now() ? secret : undefined
}

/** Whether that one opens such a session: one that another instance has made is looked up first. */
export function opensBySecret(
  headers: SimRequest['headers'],
  resource: Resource,
  isOfKind: (session: unknown) => boolean,
): boolean | Promise<boolean> {
  const opens = () => {
    const secret = secretIn(headers, resource)
    return secret !== undefined && isOfKind(secret.session)
  }
  const value = valueIn(headers)
  const { keeping } = resource.live
  if (value === undefined || !keeping || secretIn(headers, resource)) return opens()
  const { port } = resource.shelf(secretShelf)
  return keeping.lookUp({ text: `\n/clientSecret/${idOf(value)}\n`, named: [port], listed: [] }).then(opens)
}
