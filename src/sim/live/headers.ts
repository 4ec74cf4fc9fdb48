/** The headers of a request for a live connection: browsers can send none, and have their key elsewhere. */
import type { SimRequest } from '../types.ts'
import { parseTarget } from '../http/target.ts'

const keyProtocol = /^openai-insecure-api-key\.(.+)$/

/** As they are; the key from the query or from a subprotocol where no header has one. */
export function liveHeaders({ url, headers }: Pick<SimRequest, 'url' | 'headers'>): SimRequest['headers'] {
  const get = (name: string): string | null => {
    const value = headers.get(name)
    if (value !== null || name !== 'api-key' || headers.get('authorization') !== null) return value
    const inQuery = parseTarget(url).query.get('api-key')
    if (inQuery !== null) return inQuery
    const protocols = (headers.get('sec-websocket-protocol') ?? '').split(',')
    for (const protocol of protocols) {
      const key = keyProtocol.exec(protocol.trim())?.[1]
      if (key !== undefined) return key
    }
    return null
  }
  const made: SimRequest['headers'] = { get }
  ofSockets.add(made)
  return made
}

/** A client may ask any host for an upgrade: these come from one that can make it. */
const ofSockets = new WeakSet<SimRequest['headers']>()

export const isOfSocket = (headers: SimRequest['headers']): boolean => ofSockets.has(headers)
