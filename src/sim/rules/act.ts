/** What a rule does to a call and to its answer. */
import { parseDuration } from '../config/duration.ts'
import type { Config } from '../config/config.ts'
import type { KnownRule, Then } from '../config/rules.ts'
import { retryAfterSeconds } from '../errors/limit.ts'
import { type ApiError, gatewayError } from '../errors.ts'
import { loremText } from '../generators/text/lorem.ts'
import { headerText } from '../http/header-text.ts'
import type { Refusal } from '../http/limit-headers.ts'
import { limitsOf } from '../limits/charge.ts'
import type { AnyCall } from '../operation.ts'
import { hash32, mix32, seededRandom } from '../random.ts'
import { STATUS_CODES } from 'node:http'
import type { Plan } from '../types.ts'
import { noUsage } from '../base/no-usage.ts'
import { namedError, usualRetryAfterMs } from './errors.ts'
import { slowed } from './latency.ts'

type Headers = Readonly<Record<string, string>>

/** How journal and headers name a rule. */
export const labelOf = ({ name, id }: KnownRule): string => name ?? id

const msOf = (duration: string | number | undefined): number | undefined =>
  duration === undefined ? undefined : parseDuration(String(duration))?.mean

/** Headers of the answer that are the rule's doing. */
export function toldHeaders(rule: KnownRule): Headers {
  const { then } = rule
  const waitMs = msOf(then.retryAfter)
  return {
    ...(waitMs !== undefined && !isLimit(then.error) && waitHeaders(waitMs)),
    ...(typeof then.error === 'object' && then.error.headers),
    ...then.headers,
    'x-sim-rule': headerText(labelOf(rule)),
  }
}

const isLimit = (error: Then['error']) => error === 'rateLimit' || error === 'tokenLimit'

const waitHeaders = (ms: number): Headers => ({
  'retry-after': String(retryAfterSeconds(ms)),
  'retry-after-ms': String(Math.ceil(ms)),
})

/** The error that is answered in place of everything else. */
export function errorOf({ error, retryAfter }: Then, call: AnyCall, config: Config): ApiError | undefined {
  if (error === undefined) return undefined
  const retryAfterMs = msOf(retryAfter) ?? usualRetryAfterMs
  if (typeof error === 'string') return namedError(error, { call, config, retryAfterMs })
  const { status, code = String(status), message = STATUS_CODES[status] ?? 'Error' } = error
  return gatewayError(status, code, message)
}

/** What a limiter would have said with such an error, for its headers. */
export function refusalOf({ error, retryAfter }: Then, { deployment, cost }: AnyCall): Refusal | undefined {
  if (!isLimit(error)) return undefined
  const retryAfterMs = msOf(retryAfter) ?? usualRetryAfterMs
  const limits = deployment && limitsOf(deployment, cost)
  return {
    ok: false,
    isOfRule: true,
    reason: error === 'tokenLimit' ? 'tokens' : 'requests',
    retryAfterMs,
    state: {
      limitTokens: limits?.tokens,
      remainingTokens: 0,
      resetTokensMs: retryAfterMs,
      limitRequests: limits?.requests,
      remainingRequests: 0,
      resetRequestsMs: retryAfterMs,
      ...(deployment?.throughput && { utilization: 100 }),
    },
  }
}

/** The answer that a rule has written out. */
export function rawPlan({ raw }: Then): Plan | undefined {
  if (!raw) return undefined
  const { status = 200, headers = {}, body = '' } = raw
  const isText = typeof body === 'string'
  const own = Object.entries(headers)
  const type = own.find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  return {
    status,
    contentType: type ?? (isText ? 'text/plain; charset=utf-8' : 'application/json'),
    headers: Object.fromEntries(own.filter(([name]) => name.toLowerCase() !== 'content-type')),
    isRelayed: true,
    usage: noUsage,
    body: { kind: 'whole', atMs: 0, data: isText ? body : JSON.stringify(body) },
  }
}

/** Whether what the answer says is the rule's to choose. */
export const saysSomething = ({ text, json, toolCalls, refusal, tokens }: Then): boolean =>
  text !== undefined || refusal !== undefined || json !== undefined || toolCalls !== undefined || tokens !== undefined

/** The same call, drawn from a seed. */
export function withSeed(call: AnyCall, seed: number): AnyCall {
  const random = seededRandom(mix32(seed) + 4_294_967_296 * hash32(call.wire.bytes))
  return { ...call, random, timing: random }
}

/** The call with what its answer says, and with the time that it takes. */
export function changedCall(call: AnyCall, then: Then, config: Config): AnyCall {
  const { text, json, toolCalls, refusal, tokens, latency, mcp, hosted } = then
  const slow = latency ? slowed(call, latency, config) : call
  const timed = mcp || hosted ? { ...slow, ...(mcp && { mcp }), ...(hosted && { hosted }) } : slow
  if (toolCalls)
    return {
      ...timed,
      said: { toolCalls: toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given })) },
    }
  if (refusal !== undefined) return { ...timed, said: { refusal } }
  if (tokens !== undefined) return { ...timed, said: { text: loremText(tokens, call.random) } }
  const said = json === undefined ? text : JSON.stringify(json)
  return said === undefined ? timed : { ...timed, said: { text: said } }
}
