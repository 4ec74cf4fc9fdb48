/** An extension as the pipeline and the modes use it: its functions guarded, its values turned into the app's own. */
import type { Clock } from '../clock.ts'
import type { Destination, ServiceAnswer } from '../forwarders/forwarder.ts'
import { noLimitState } from '../limits/charge.ts'
import type { AnyCall, Call, ResourceOperation } from '../operation.ts'
import type { Random } from '../random.ts'
import type { Admission, Latency, Plan, SimRequest, SimResponse, Target, Wire } from '../types.ts'
import { toPlan } from './answer.ts'
import { operationKeyOf } from '../base/operation-key.ts'
import { toCall } from './call.ts'
import type {
  Extension,
  ExtensionContext,
  ExtensionOperation,
  ExtensionSpread,
  Said,
  ExtensionVerdict,
} from './define.ts'
import { said, toGeneratorCall } from './said.ts'
import { ExtensionError } from './extension-error.ts'
import { destinationOf, forwardedOperations, forwarderOf, isKept } from './forwarded.ts'
import { guarded } from './guarded.ts'
import { changed } from './outcome.ts'
import { toExtensionRequest } from './request.ts'

/** Each is absent where the extension has nothing to say there, so that it costs nothing. */
export type ExtensionHooks = {
  /** With those that only stand for what is forwarded. */
  readonly operations: readonly ResourceOperation[]
  /** Whether a path is forwarded to a service of the extension's. */
  readonly isForwarded: (path: string) => boolean
  readonly destinationFor?: (wire: Wire) => Promise<Destination> | undefined
  readonly mayKeep?: (wire: Wire, answer: ServiceAnswer, bytes: Uint8Array | undefined) => boolean
  /** Asked once the key was found right; a plan is the answer. */
  readonly before?: (request: Arrived) => Promise<Plan | undefined>
  /** What the answer to a built-in operation's call says. */
  readonly say?: (call: Call) => Promise<Said | undefined> | undefined
  readonly admit?: (call: AnyCall) => Promise<Admission | undefined> | undefined
  readonly latency?: (call: AnyCall) => Promise<Latency | undefined>
  readonly after?: (response: SimResponse, request: Arrived, call: AnyCall | undefined) => Promise<SimResponse>
}

/** A request that has not been parsed, whose body can be read more than once. */
export type Arrived = {
  readonly request: SimRequest
  readonly target: Target
  readonly maxBytes: number
}

export function createHooks(extension: Extension, { clock, random }: { clock: Clock; random: Random }): ExtensionHooks {
  const kept = new Map<string, unknown>()
  const context: ExtensionContext = {
    now: () => clock.now(),
    random: () => random.fraction(),
    keep<T>(name: string, make: () => T): T {
      if (!kept.has(name)) kept.set(name, make())
      // What stands under a name is what was made for it.
      return kept.get(name) as T
    },
  }
  const who = (part: string) => `The extension ${extension.name}, ${part}`
  const { operations = [], forwarders = [], onRequest, onResponse, latency } = extension
  const limiters = new Map(Object.entries(extension.limiters ?? {}))
  const generators = new Map(Object.entries(extension.generators ?? {}))

  const toOperation = ({ name, method = 'GET', path, keyHeader, handle }: ExtensionOperation): ResourceOperation => ({
    scope: 'resource',
    name,
    method,
    path: path as `/${string}`,
    routes: [{ surface: 'own', template: path as `/${string}` }],
    ...(keyHeader && { keyHeader: keyHeader.toLowerCase() }),
    answer: async (call) => toPlan(await guarded(who(name), () => handle(requestOf(call), context)), who(name)),
  })

  return {
    operations: [...operations.map(toOperation), ...forwardedOperations(forwarders)],
    isForwarded: (path) => forwarderOf(forwarders, path) !== undefined,

    ...(forwarders.length > 0 && {
      destinationFor(wire: Wire) {
        const forwarder = forwarderOf(forwarders, wire.target.path)
        return forwarder && destinationOf(forwarder, who(`forwarders.${forwarder.name}`))
      },
      mayKeep(wire: Wire, answer: ServiceAnswer, bytes: Uint8Array | undefined) {
        const forwarder = forwarderOf(forwarders, wire.target.path)
        return !forwarder || isKept(forwarder, { wire, answer, bytes, who: who(`forwarders.${forwarder.name}`) })
      },
    }),

    ...(generators.size > 0 && {
      say(call: Call) {
        const key = operationKeyOf(call)
        const generator = generators.get(key)
        if (!generator) return undefined
        const part = who(`generators.${key}`)
        return said(
          guarded(part, () => generator(toGeneratorCall(call))),
          part,
        )
      },
    }),

    ...(onRequest && {
      before: async (arrived: Arrived) => {
        const answer = await guarded(who('onRequest'), () => onRequest(toExtensionRequest(readable(arrived))))
        return answer === undefined ? undefined : toPlan(answer, who('onRequest'))
      },
    }),

    ...(limiters.size > 0 && {
      admit(call: AnyCall) {
        const key = operationKeyOf(call)
        const limiter = limiters.get(key)
        if (!limiter) return undefined
        const part = who(`limiters.${key}`)
        return judged(
          guarded(part, () => limiter(toCall(call), context)),
          part,
        )
      },
    }),

    ...(latency && {
      async latency(call: AnyCall) {
        const answer = await guarded(who('latency'), () => latency(toCall(call)))
        if (answer === undefined) return undefined
        const { each, timeToFirstToken } = answer
        const part = who('latency')
        return { unitMs: toSpread(each, part), firstMs: timeToFirstToken && toSpread(timeToFirstToken, part) }
      },
    }),

    ...(onResponse && {
      async after(response: SimResponse, arrived: Arrived, call: AnyCall | undefined) {
        const { status, headers, body } = response
        const outcome = {
          status,
          headers,
          ...(body !== undefined && typeof body !== 'function' && { body }),
          operation: call && operationKeyOf(call),
          deployment: call?.deployment?.name,
        }
        const part = who('onResponse')
        const change = await guarded(part, () => onResponse(outcome, toExtensionRequest(readable(arrived))))
        return change === undefined ? response : changed(response, change, part)
      },
    }),
  }
}

const requestOf = ({ wire, match, signal }: AnyCall) =>
  toExtensionRequest({ ...wire, params: match.params, signal: signal(), bytes: () => Promise.resolve(wire.bytes) })

function readable({ request, target, maxBytes }: Arrived) {
  const { method, url, headers, signal } = request
  const bytes = async () => (await request.bytes(maxBytes)) ?? new Uint8Array()
  return { method, url, target, headers, signal, params: {}, bytes }
}

async function judged(asked: Promise<ExtensionVerdict | undefined>, who: string): Promise<Admission | undefined> {
  const verdict = await asked
  if (verdict === undefined) return undefined
  if (verdict.ok) return { ok: true, state: undefined, settle: () => undefined }
  const { retryAfterMs, reason = 'requests' } = verdict
  if (!(retryAfterMs >= 0)) throw new ExtensionError(who, 'retryAfterMs is no number of milliseconds')
  // Where an extension's limits stand is its own affair: no header tells of them.
  return { ok: false, reason, retryAfterMs, state: noLimitState }
}

function toSpread(spread: ExtensionSpread, who: string) {
  const { meanMs, stdDevMs = 0 } = spread
  if (meanMs >= 0 && stdDevMs >= 0) return { mean: meanMs, stdDev: stdDevMs }
  throw new ExtensionError(who, 'meanMs and stdDevMs must be numbers of milliseconds, 0 or more')
}
