/** What every live connection has: its end after a while, JSON both ways, and a plan that opens it. */
import { isObject, type JsonObject } from '../base/object.ts'
import { noUsage } from '../base/no-usage.ts'
import { upgradeNeeded } from '../errors/live.ts'
import { isOfSocket } from './headers.ts'
import { parseJsonObject } from '../http/body.ts'
import type { AnyCall } from '../operation.ts'
import type { LiveSocket, OpenSession, Plan } from '../types.ts'

/** Throws where the client did not ask for a live connection, or its host has none. */
export function sessionPlan({ wire }: AnyCall, session: OpenSession): Plan {
  const isAsked = wire.headers.get('upgrade')?.toLowerCase() === 'websocket'
  if (!isAsked || !isOfSocket(wire.headers)) throw upgradeNeeded(isAsked)
  return { status: 101, contentType: '', usage: noUsage, session, body: { kind: 'whole', atMs: 0, data: '' } }
}

export type LiveClient = {
  readonly tell: (event: JsonObject) => void
  /** One that is JSON already. */
  readonly tellText: (json: string) => void
  readonly close: LiveSocket['close']
  readonly cut: () => void
}

export type LiveHandlers = {
  /** One message of the client. */
  readonly heard: (event: JsonObject) => void
  /** One that is no JSON object. */
  readonly misheard: () => void
  /** The connection has been there for as long as it may. */
  readonly expired: () => void
  readonly closed: () => void
}

/** Whoever reads so little gets no more. */
const maxBufferedBytes = 67_108_864

export function openLive(
  { resource }: AnyCall,
  maxMs: number,
  make: (client: LiveClient) => LiveHandlers,
): OpenSession {
  const { clock, report } = resource
  return (socket) => {
    let isOpen = true
    const tellText = (json: string) => {
      if (!isOpen) return
      if (socket.bufferedBytes() > maxBufferedBytes) socket.cut()
      else socket.send(json)
    }
    const client: LiveClient = {
      tell: (event) => tellText(JSON.stringify(event)),
      tellText,
      close: (code, reason) => {
        if (isOpen) socket.close(code, reason)
      },
      cut: () => {
        if (isOpen) socket.cut()
      },
    }
    const told = make(client)
    const end = clock.timer(() => told.expired())
    end.set(clock.now() + maxMs)
    return {
      message(text) {
        if (!isOpen) return
        try {
          const event = parseJsonObject(Buffer.from(text))
          if (isObject(event)) told.heard(event)
          else told.misheard()
        } catch (error) {
          // Nested too deeply to be written again.
          if (error instanceof RangeError) {
            told.misheard()
            return
          }
          report(error)
          socket.close(1011, 'The simulator failed.')
        }
      },
      expire() {
        if (isOpen) told.expired()
      },
      closed() {
        isOpen = false
        end.cancel()
        told.closed()
      },
    }
  }
}
