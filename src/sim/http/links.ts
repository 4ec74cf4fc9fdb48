/** Links in the headers of an answer that lead back to where it came from. */
import type { SimRequest } from '../types.ts'

/** Whether a header of that name is such a link. */
export const isLink = (name: string) => /^(operation-)?location$/i.test(name)

type Reached = Pick<SimRequest, 'url' | 'headers'> & { readonly base?: string | undefined }

/** The links of an answer that have no origin, with the one at which the client reached the simulator. */
export function withOrigin(
  headers: Readonly<Record<string, string>>,
  request: Reached,
): Readonly<Record<string, string>> {
  let changed: Record<string, string> | undefined
  for (const name in headers) {
    const link = headers[name]
    if (!isLink(name) || !link?.startsWith('/') || link.startsWith('//')) continue
    changed ??= { ...headers }
    changed[name] = originOf(request) + link
  }
  return changed ?? headers
}

/** Where the client reached the simulator, as far as it or a proxy in between says. */
export function originOf({ url, headers, base = '' }: Reached): string {
  const absolute = url.startsWith('/') ? null : URL.parse(url)
  const schemes = [firstOf(headers, 'x-forwarded-proto'), absolute?.protocol.slice(0, -1)]
  const host = hostOf({ url, headers }) ?? 'localhost'
  const scheme = schemes.find((name) => name === 'http' || name === 'https') ?? 'http'
  return `${scheme}://${host}${base}`
}

/** The host, with its port, at which the client reached the simulator. */
export function hostOf({ url, headers }: Reached): string | undefined {
  const absolute = url.startsWith('/') ? null : URL.parse(url)
  const hosts = [firstOf(headers, 'x-forwarded-host'), absolute?.host, firstOf(headers, 'host')]
  return hosts.find((name) => name !== undefined && isHost(name))
}

const firstOf = (headers: Reached['headers'], name: string) => headers.get(name)?.split(',', 1)[0]?.trim()

/** What a client says is given back to it, so it must not be anything else. */
const isHost = (text: string) => /^([\w.-]{1,253}|\[[\da-f:.]{2,45}\])(:\d{1,5})?$/i.test(text)
