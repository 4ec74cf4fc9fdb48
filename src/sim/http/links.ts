/** Links in the headers of an answer that lead back to where it came from. */
import type { SimRequest } from '../types.ts'

/** Whether a header of that name is such a link. */
export const isLink = (name: string) => /^(operation-)?location$/i.test(name)

export function hasLink(
  headers: Readonly<Record<string, string>> | undefined,
): headers is Readonly<Record<string, string>> {
  for (const name in headers) if (isLink(name)) return true
  return false
}

/** The links of an answer that have no origin, with the one at which the client reached the simulator. */
export function withOrigin(
  headers: Readonly<Record<string, string>>,
  request: SimRequest['headers'],
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

/** As the client addressed the simulator: behind a proxy, scheme and host are in the headers that the proxy adds. */
export function originOf(headers: SimRequest['headers']): string {
  const first = (name: string) => headers.get(name)?.split(',', 1)[0]?.trim()
  const scheme = first('x-forwarded-proto')
  const host = first('x-forwarded-host') ?? headers.get('host') ?? 'localhost'
  return `${scheme === 'https' ? 'https' : 'http'}://${host}`
}
