/** What one request asks for by its own `x-sim-…` headers: the same as a rule would do, for it alone. */
import type { Config } from '../config/config.ts'
import { problemsOfThen, type Then } from '../config/rules.ts'
import { gatewayError } from '../errors.ts'
import type { SimRequest } from '../types.ts'

export type Wishes = { readonly then: Then; readonly seed: number | undefined }

/** Each header with what it says in the words of a rule. */
const headers: Readonly<Record<string, (value: string) => object>> = {
  'x-sim-error': (value) => ({ error: /^\d+$/.test(value) ? { status: Number(value) } : value }),
  'x-sim-retry-after': (value) => ({ retryAfter: value }),
  'x-sim-fault': readFault,
  'x-sim-text': (value) => ({ text: decodeURIComponent(value) }),
  'x-sim-tokens': (value) => ({ tokens: Number(value) }),
  'x-sim-time-to-first-token': (value) => ({ latency: { timeToFirstToken: value } }),
  'x-sim-inter-token': (value) => ({ latency: { interToken: value } }),
}
const seedHeader = 'x-sim-seed'
const names = [...Object.keys(headers), seedHeader]

/** What the problem with a key of a rule is the problem of. */
const headerOf: Readonly<Record<string, string>> = {
  error: 'x-sim-error',
  retryAfter: 'x-sim-retry-after',
  text: 'x-sim-text',
  tokens: 'x-sim-tokens',
  latency: 'x-sim-time-to-first-token and x-sim-inter-token',
}

/** Whether there is anything to read: asked of each request, so it makes nothing. */
export function hasWishes({ headers: given }: Pick<SimRequest, 'headers'>, { simHeaders }: Pick<Config, 'simHeaders'>) {
  return simHeaders !== 'off' && isAsking(given)
}

const prefix = 'x-sim-'

function isAsking(given: SimRequest['headers']): boolean {
  if (given.hasPrefix) return given.hasPrefix(prefix)
  if (!given.forEach) return names.some((name) => given.get(name) !== null)
  let isFound = false
  given.forEach((_value, name) => (isFound ||= name.startsWith(prefix)))
  return isFound
}

/** Undefined where a request asks for nothing. Throws a 400 for what is not understood. */
export function wishesOf({ headers: given }: Pick<SimRequest, 'headers'>): Wishes | undefined {
  if (!isAsking(given)) return undefined
  given.forEach?.((_value, name) => {
    if (name.startsWith(prefix) && !names.includes(name)) throw refused(name, `allowed: ${names.join(', ')}`)
  })
  const found: Record<string, unknown> = {}
  for (const name of names) {
    const value = given.get(name)
    if (value !== null && name !== seedHeader) add(found, name, value)
  }
  const [problem] = Object.keys(found).length === 0 ? [] : problemsOfThen(found)
  if (problem) throw refused(headerOf[problem.key] ?? 'x-sim-fault', `allowed: ${problem.message}`)
  return { then: found, seed: seedOf(given.get(seedHeader)) }
}

function add(found: Record<string, unknown>, name: string, value: string): void {
  try {
    const { latency, ...said } = (headers[name]?.(value) ?? {}) as { latency?: object }
    Object.assign(found, said)
    if (latency) found.latency = { ...(found.latency as object | undefined), ...latency }
  } catch {
    throw refused(name, 'allowed: percent-encoded UTF-8')
  }
}

function seedOf(value: string | null): number | undefined {
  if (value === null) return undefined
  if (!/^\d{1,15}$/.test(value)) throw refused(seedHeader, 'allowed: a whole number of 0 or more')
  return Number(value)
}

/** `cut; tokens=5`, `stall; events=2; for=3s`. */
function readFault(value: string): object {
  const [fault = '', ...parts] = value.split(';').map((part) => part.trim())
  const then: Record<string, unknown> = { fault }
  const after: Record<string, unknown> = {}
  for (const part of parts) {
    const [key = '', said = ''] = part.split('=').map((each) => each.trim())
    if (key === 'for' || key === 'every') then[key] = said
    else after[key] = key === 'time' || said === '' ? said : Number(said)
  }
  return parts.some((part) => !/^(?:for|every)\s*=/.test(part)) ? { ...then, after } : then
}

const refused = (name: string, message: string) =>
  gatewayError(400, 'InvalidSimulatorHeader', `The header ${name} is not understood; ${message}.`)

const answers = ['text', 'json', 'toolCalls', 'refusal', 'tokens', 'error', 'raw'] as const

/** A wish beats a rule: an answer of its own takes the place of the rule's. */
export function withWishes(then: Then, wished: Then): Then {
  const hasAnswer = answers.some((name) => wished[name] !== undefined)
  const kept = Object.entries(then).filter(([key]) => !hasAnswer || !(answers as readonly string[]).includes(key))
  const place = wished.fault === undefined ? kept : kept.filter(([key]) => !['after', 'for', 'every'].includes(key))
  return { ...Object.fromEntries(place), ...wished }
}
