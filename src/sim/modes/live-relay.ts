/** A live connection passed on to a real service, frame by frame; what both sides said may be kept when it has ended. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { isObject, objectIn } from '../base/object.ts'
import type { Log } from '../base/log.ts'
import { noUsage } from '../base/no-usage.ts'
import type { Forwarder } from '../forwarders/forwarder.ts'
import type { ServiceSocket } from '../forwarders/service-socket.ts'
import { isOfSocket } from '../live/headers.ts'
import { sessionPlan } from '../live/session.ts'
import type { AnyCall } from '../operation.ts'
import { type LiveFrame, keptFrame, liveStatus } from '../recordings/frames.ts'
import type { LiveSession, LiveSocket, Plan, Usage } from '../types.ts'
import type { Keeper } from './keeper.ts'
import { recordedOrigin, withoutKeysIn } from './kept-form.ts'

export type LiveRelayOptions = {
  readonly forwarder: Pick<Forwarder, 'dial'>
  readonly clock: Clock
  readonly log: Log
  /** Absent: nothing is kept. */
  readonly keeper?: Keeper | undefined
}

export const isDialling = ({ wire }: AnyCall): boolean =>
  isOfSocket(wire.headers) && wire.headers.get('upgrade')?.toLowerCase() === 'websocket'

/** A session of which more was said is passed on, and not kept. */
const maxKeptCharacters = 67_108_864

export async function liveRelay(call: AnyCall, config: Config, options: LiveRelayOptions): Promise<Plan> {
  const dialled = await options.forwarder.dial(call.wire, config.forward, call.signal())
  if ('refused' in dialled) {
    const { status, contentType, body } = dialled.refused
    return {
      status,
      contentType,
      isRelayed: true,
      usage: noUsage,
      origin: { kind: 'forwarded' },
      body: { kind: 'whole', atMs: 0, data: body },
    }
  }
  const plan = sessionPlan(call, (socket) => new Passed(call, config, { ...options, socket, service: dialled.socket }))
  return { ...plan, origin: options.keeper ? recordedOrigin(call, config) : { kind: 'forwarded' } }
}

type Ends = LiveRelayOptions & { readonly socket: LiveSocket; readonly service: ServiceSocket }

class Passed implements LiveSession {
  readonly #call: AnyCall
  readonly #ends: Ends
  readonly #keys: readonly string[]
  readonly #openedAtMs: number
  #frames: LiveFrame[] | undefined
  #characters = 0
  #lastAtMs: number
  #isOver = false

  constructor(call: AnyCall, config: Config, ends: Ends) {
    const { clock, keeper, service, socket } = ends
    this.#call = call
    this.#ends = ends
    this.#keys = [config.apiKey, config.forward.key].filter((key) => key !== undefined)
    this.#openedAtMs = this.#lastAtMs = clock.now()
    this.#frames = keeper ? [] : undefined
    service.listen({
      message: (text) => {
        if (this.#isOver) return
        this.#note('server', text)
        socket.send(text)
      },
      closed: (code, reason) => {
        if (this.#isOver) return
        // What broke off is not whole, as with any other answer.
        const isWhole = code !== 1006 && code !== 1005
        if (isWhole) this.#note('close', JSON.stringify({ code, reason }))
        this.#end(isWhole ? undefined : `the service broke it off (${code})`)
        if (isWhole) socket.close(code, reason)
        else socket.cut()
      },
    })
  }

  message(text: string): void {
    if (this.#isOver) return
    this.#note('client', text)
    this.#ends.service.send(text)
  }

  closed(): void {
    if (this.#isOver) return
    this.#end(undefined)
    this.#ends.service.close(1000, '')
  }

  #note(by: LiveFrame['by'], text: string): void {
    if (!this.#frames) return
    const nowMs = this.#ends.clock.now()
    this.#characters += text.length
    if (this.#characters > maxKeptCharacters) {
      this.#frames = undefined
      const { method, target } = this.#call.wire
      this.#ends.log.warn(
        `The session of ${method} ${target.path} is not recorded: more was said in it than can be kept.`,
      )
      return
    }
    this.#frames.push({ afterMs: nowMs - this.#lastAtMs, by, text: withoutKeysIn(text, this.#keys) })
    this.#lastAtMs = nowMs
  }

  #end(whyNot: string | undefined): void {
    this.#isOver = true
    const frames = this.#frames
    this.#frames = undefined
    const { keeper, clock, log } = this.#ends
    const { wire } = this.#call
    if (!frames || !keeper) return
    if (whyNot !== undefined) {
      log.info(`The session of ${wire.method} ${wire.target.path} was not recorded: ${whyNot}.`)
      return
    }
    void keeper.keep({
      wire,
      status: liveStatus,
      headers: {},
      contentType: 'text/event-stream',
      body: () => ({ kind: 'events', events: frames.map(keptFrame) }),
      bytes: this.#characters,
      usage: usageOf(frames),
      receivedAtMs: this.#openedAtMs,
      endedAtMs: clock.now(),
      keys: this.#keys,
    })
  }
}

/** What all responses of a session used. */
function usageOf(frames: readonly LiveFrame[]): Usage | undefined {
  let promptTokens = 0
  let completionTokens = 0
  for (const { by, text } of frames) {
    if (by !== 'server' || !/"response\.(?:done|completed|incomplete)"/.test(text)) continue
    const used = usageIn(text)
    promptTokens += Number(used['input_tokens'] ?? 0)
    completionTokens += Number(used['output_tokens'] ?? 0)
  }
  return promptTokens + completionTokens > 0 ? { promptTokens, completionTokens } : undefined
}

function usageIn(text: string): Readonly<Record<string, unknown>> {
  const response = objectIn(text)?.['response']
  return isObject(response) && isObject(response['usage']) ? response['usage'] : {}
}
