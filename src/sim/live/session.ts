/** What every live connection has: its end after a while, JSON both ways, and a plan that opens it. */
import type { JsonObject } from '../base/object.ts'
import { noUsage } from '../base/no-usage.ts'
import { upgradeNeeded } from '../errors/live.ts'
import { isOfSocket } from './headers.ts'
import { parseJsonObject } from '../http/body.ts'
import { longJsonBytes } from '../http/body.ts'
import { parseLongJsonObject } from '../http/long-json.ts'
import { ClientGone, Slices } from '../base/slices.ts'
import type { AnyCall } from '../operation.ts'
import type { LiveRoom } from '../base/live-socket.ts'
import type { LiveSocket, OpenSession, Plan } from '../types.ts'

/** Throws where the client did not ask for a live connection, or its host has none. */
export function sessionPlan({ wire }: AnyCall, session: OpenSession): Plan {
  const isAsked = wire.headers.get('upgrade')?.toLowerCase() === 'websocket'
  if (!isAsked || !isOfSocket(wire.headers)) throw upgradeNeeded(isAsked)
  return { status: 101, contentType: '', usage: noUsage, session, body: { kind: 'whole', atMs: 0, data: '' } }
}

export type LiveClient = LiveRoom & {
  readonly tell: (event: JsonObject) => void
  /** One that is JSON already. */
  readonly tellText: (json: string) => void
  readonly close: LiveSocket['close']
  readonly cut: () => void
}

export type LiveHandlers = {
  /** One message of the client; a long one is looked at in slices. The next waits for it. */
  readonly heard: (event: JsonObject, slices?: Slices) => void | Promise<void>
  /** One that is no JSON object. */
  readonly misheard: () => void
  /** The connection has been there for as long as it may. */
  readonly expired: () => void
  readonly closed: () => void
}

export function openLive(
  { resource, meter }: AnyCall,
  maxMs: number,
  make: (client: LiveClient) => LiveHandlers,
): OpenSession {
  const { clock, report } = resource
  return (socket) => {
    let isOpen = true
    const gone = new AbortController()
    const tellText = (json: string) => {
      if (isOpen) socket.send(json)
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
      isFull: () => isOpen && socket.isFull(),
      onDrain: (goOn) => socket.onDrain(goOn),
    }
    const told = make(client)
    const end = clock.timer(() => told.expired())
    end.set(clock.now() + maxMs)
    return {
      message(text) {
        if (!isOpen) return
        const failed = (error: unknown) => {
          if (error instanceof ClientGone) return
          // Nested too deeply to be written again.
          if (error instanceof RangeError) {
            told.misheard()
            return
          }
          report(error)
          socket.close(1011, 'The simulator failed.')
        }
        try {
          const heard =
            text.length < longJsonBytes
              ? hear(told, parseJsonObject(Buffer.from(text)))
              : hearLong(told, text, new Slices(clock, () => gone.signal, meter))
          return heard?.catch(failed)
        } catch (error) {
          failed(error)
        }
      },
      expire() {
        if (isOpen) told.expired()
      },
      closed() {
        isOpen = false
        gone.abort()
        end.cancel()
        told.closed()
      },
    }
  }
}

function hear(told: LiveHandlers, event: JsonObject | undefined, slices?: Slices): void | Promise<void> {
  if (event) return told.heard(event, slices)
  told.misheard()
}

async function hearLong(told: LiveHandlers, text: string, slices: Slices): Promise<void> {
  const event = await parseLongJsonObject(Buffer.from(text), slices)
  await slices.turn()
  await hear(told, event, slices)
}
