/** By which names a simulator may be called that only its own machine can reach. */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

export type HostNames = {
  /** Where it listens. */
  readonly host: string
  /** Names that it may have besides, without a port; `*` is any. */
  readonly allowed: readonly string[]
  /** Whether a resource is reached by the name, which may be followed by a port. */
  readonly knows: ((host: string) => boolean) | undefined
}

/**
 * Gives what tells whether a request's `Host` is a stranger's. A page may make its own name lead to this machine after
 * it was loaded (DNS rebinding), and its requests then pass for those of the same origin; the name in `Host` is what
 * gives it away. Addresses and `localhost` cannot be had by a page. Undefined where others may reach the simulator, who
 * then need no such trick, or where all names are allowed.
 */
export function strangerCheck({
  host,
  allowed,
  knows,
}: HostNames): ((header: string | undefined) => boolean) | undefined {
  const names = new Set(allowed.map((name) => name.toLowerCase()))
  if (!isLoopback(host) || names.has('*')) return undefined
  // Nearly all requests name the same.
  let lastOwn: string | undefined
  const isStranger = (header: string) => {
    if (header === lastOwn) return false
    const asked = header.toLowerCase()
    const name = nameOf(asked)
    const isOwn = isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || names.has(name)
    if (isOwn) lastOwn = header
    return !isOwn && !knows?.(asked)
  }
  // A browser always says whom it asks.
  return (header) => header !== undefined && isStranger(header)
}

/** Whom it asks; a target that names its host itself goes before the header (RFC 9112, 3.2.2). */
export function askedHost({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string | undefined {
  if (url.startsWith('/')) return headers.host
  return /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? headers.host
}

/** Without its port, brackets, and the dot that ends a full name. */
const nameOf = (host: string) => {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host)?.[1]
  return bracketed ?? host.replace(/:\d*$/, '').replace(/\.$/, '')
}

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)

export const strangerRefused =
  'This simulator takes requests for localhost, for an address and for names that server.allowedHosts lists only: a web page could lead any other name here.'
