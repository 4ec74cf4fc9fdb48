/** Passes a request on to a real service, and its answer back as it arrives; the answer may be kept on the way. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Forwarder, ServiceAnswer } from '../forwarders/forwarder.ts'
import { streamErrorEvent } from '../errors/stream.ts'
import { withOrigin } from '../http/links.ts'
import type { Log } from '../base/log.ts'
import type { RecordedEvent } from '../recordings/interaction.ts'
import type { AnyCall } from '../operation.ts'
import type { Origin } from '../base/origin.ts'
import type { Plan, Usage, Wire } from '../types.ts'
import { gather } from './gather.ts'
import type { Answered, Keeper } from './keeper.ts'
import { keptBody, recordedOrigin, withoutKeysIn } from './kept-form.ts'
import { isDialling, liveRelay } from './live-relay.ts'
import { relayBytes, relayEvents } from './relay-stream.ts'
import { usageOfBytes, usageOfEvents } from './usage-of-answer.ts'
import { noUsage } from '../base/no-usage.ts'

export type RelayOptions = {
  readonly forwarder: Forwarder
  readonly clock: Clock
  readonly log: Log
  /** Absent: nothing is kept. */
  readonly keeper?: Keeper | undefined
  /** Whether an answer that could be kept is; `bytes` are absent of a stream of events. */
  readonly mayKeep?: ((wire: Wire, answer: ServiceAnswer, bytes: Uint8Array | undefined) => boolean) | undefined
}

export type Relay = (call: AnyCall, config: Config) => Promise<Plan>

/** JSON up to this length is of no use to a client before it is whole, and can still become an error until then. */
const wholeBytes = 1_048_576

export function createRelay({ forwarder, clock, log, keeper, mayKeep }: RelayOptions): Relay {
  return async (call, config) => {
    const { wire } = call
    if (isDialling(call)) return liveRelay(call, config, { forwarder, clock, log, keeper })
    const answer = await forwarder.forward(wire, config.forward, call.signal())
    const keys = [config.apiKey, config.forward.key].filter((key) => key !== undefined)

    const keep = (body: Answered['body'], size: number, usage: Usage | undefined, bytes?: Uint8Array) => {
      const whyNot = keeper ? whyNotKept(answer) : undefined
      if (keeper && mayKeep?.(wire, answer, bytes) === false) return undefined
      if (whyNot) {
        log.info(`The answer to ${wire.method} ${wire.target.path} was not recorded: ${whyNot}.`)
        return undefined
      }
      const { status, headers, contentType } = answer
      const endedAtMs = clock.now()
      const { receivedAtMs } = call
      return keeper?.keep({
        wire,
        status,
        headers,
        contentType,
        body,
        bytes: size,
        usage,
        receivedAtMs,
        endedAtMs,
        keys,
      })
    }
    const plan = (usage: Usage, body: Plan['body']): Plan => {
      const { status, contentType } = answer
      const headers = withOrigin(answer.headers, wire)
      const origin = keeper && whyNotKept(answer) === undefined ? recordedOrigin(call, config) : forwarded
      return { status, contentType, headers, isRelayed: true, usage, body, origin }
    }
    const context = { clock, log, receivedAtMs: call.receivedAtMs, what: `${wire.method} ${wire.target.path}` }

    if (isEventStream(answer)) {
      const { streamError = streamErrorEvent } = call.match.operation
      let usage: Usage | undefined
      const source = relayEvents(answer.body, {
        ...context,
        streamError,
        onWhole: (events, size) => {
          usage = usageOfEvents(events)
          return keep(() => ({ kind: 'events', events: events.map((event) => hidden(event, keys)) }), size, usage)
        },
      })
      return plan(noUsage, { kind: 'live', source, usage: () => usage })
    }

    const keepBytes = (pieces: readonly Uint8Array[]) => {
      const bytes = Buffer.concat(pieces)
      const usage = usageOfBytes(bytes)
      return { usage, written: keep(() => keptBody(bytes, keys), bytes.length, usage, bytes) }
    }
    const gathered = isShort(answer) ? await gather(answer.body, wholeBytes) : undefined
    if (gathered?.isWhole) {
      const { bytes } = gathered
      const { usage = noUsage, written } = keepBytes([bytes])
      if (written) await written
      return plan(usage, { kind: 'whole', atMs: 0, data: bytes })
    }
    let usage: Usage | undefined
    const onWhole = (pieces: readonly Uint8Array[]) => {
      const kept = keepBytes(pieces)
      usage = kept.usage
      return kept.written
    }
    const source = relayBytes(gathered?.source ?? answer.body, { ...context, onWhole })
    return plan(noUsage, { kind: 'live', source, usage: () => usage })
  }
}

const forwarded: Origin = { kind: 'forwarded' }

const isEventStream = ({ contentType }: ServiceAnswer) => /^text\/event-stream/i.test(contentType)

/** Also what has no body at all. */
const isShort = ({ contentType, status }: ServiceAnswer) =>
  /json/i.test(contentType) || contentType === '' || status >= 300

function whyNotKept({ status, isFramed }: ServiceAnswer): string | undefined {
  if (status >= 300) return `its status is ${status}`
  return isFramed ? undefined : 'nothing tells whether it is whole'
}

const hidden = (event: RecordedEvent, keys: readonly string[]): RecordedEvent =>
  typeof event.data === 'string' ? { ...event, data: withoutKeysIn(event.data, keys) } : event
