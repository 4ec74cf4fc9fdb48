/** What an extension has forwarded, and where to. */
import { parseJsonObject } from '../http/body.ts'
import { resourceNotFound } from '../errors.ts'
import type { Destination, ServiceAnswer } from '../forwarders/forwarder.ts'
import type { ResourceOperation } from '../operation.ts'
import type { Wire } from '../types.ts'
import type { ExtensionForwarder } from './define.ts'
import { guardedNow, guarded } from './guarded.ts'

export const forwarderOf = (forwarders: readonly ExtensionForwarder[], path: string) =>
  forwarders.find((forwarder) => below(path, forwarder.path))

/** Slashes are counted once, as the router counts them. */
function below(path: string, root: string): boolean {
  const wanted = root.split('/').filter((part) => part !== '')
  const given = path.split('/').filter((part) => part !== '')
  return wanted.every((part, at) => given[at] === part) && given.length > wanted.length
}

/** They make the router know the paths; where nothing is forwarded, there is nothing at them. */
export const forwardedOperations = (forwarders: readonly ExtensionForwarder[]): readonly ResourceOperation[] =>
  forwarders.flatMap(({ name, path, keyHeader }) => {
    const template = `${path.replace(/\/+$/, '')}/{...rest}` as const
    return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
      scope: 'resource' as const,
      name,
      method,
      path: template as `/${string}`,
      routes: [{ surface: 'own' as const, template: template as `/${string}` }],
      ...(keyHeader && { keyHeader: keyHeader.toLowerCase() }),
      answer: () => {
        throw resourceNotFound()
      },
    }))
  })

export async function destinationOf({ endpoint, signIn }: ExtensionForwarder, who: string): Promise<Destination> {
  const headers = (await guarded(who, () => signIn?.())) ?? {}
  return {
    endpoint,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  }
}

export function isKept(
  { keep }: ExtensionForwarder,
  { wire, answer, bytes, who }: { wire: Wire; answer: ServiceAnswer; bytes: Uint8Array | undefined; who: string },
): boolean {
  if (!keep) return true
  const { status, headers } = answer
  const json = bytes && parseJsonObject(bytes)
  return guardedNow(who, () => keep({ method: wire.method, path: wire.target.path, status, headers, json }))
}
