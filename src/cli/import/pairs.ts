/**
 * Lines of JSON that pair what is asked with what is answered: conversations as for fine-tuning, requests beside their
 * answers, evaluations (`input`, `ideal`), and batches, whose requests and results are lines with the same `custom_id`.
 */
import type { JsonObject } from '../../sim/base/object.ts'
import type { ImportedExchange } from '../../sim/index.ts'
import {
  type Found,
  type FoundRule,
  isJson,
  objectsIn,
  textIn,
  thenOfError,
  thenOfMessage,
  whenOfMessages,
} from './found.ts'

/** Undefined where the first line is no pair: the file is of another kind. What of the others is none is told. */
export function readLines(
  text: string,
): { readonly lines: readonly JsonObject[]; readonly left: readonly string[] } | undefined {
  const lines: JsonObject[] = []
  const left: string[] = []
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const value = valueOf(line)
    if (isPair(value)) lines.push(value)
    else if (lines.length === 0) return undefined
    else left.push(`line ${at + 1}: left out: ${value === undefined ? 'not valid JSON' : 'no request with its answer'}`)
  }
  return lines.length > 0 ? { lines, left } : undefined
}

const isPair = (value: unknown): value is JsonObject =>
  isJson(value) && ['messages', 'custom_id', 'request', 'ideal'].some((name) => value[name] !== undefined)

function valueOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

export function fromPairs(lines: readonly JsonObject[]): Found {
  const rules: FoundRule[] = []
  const exchanges: ImportedExchange[] = []
  const left: string[] = []
  const requests = new Map<string, JsonObject>()
  for (const { custom_id: id, body } of lines) if (typeof id === 'string' && isJson(body)) requests.set(id, body)
  const answered = new Set<string>()
  for (const [at, line] of lines.entries()) {
    const place = `line ${at + 1}`
    const id = textIn(line.custom_id)
    if (id !== undefined && isJson(line.body) && line.response === undefined) continue
    if (id !== undefined) answered.add(id)
    const pair = pairOf(line, id === undefined ? undefined : requests.get(id))
    if (!pair) {
      left.push(`${place}: left out: no request with its answer`)
      continue
    }
    const { rule, why } = ruleOf(pair)
    if (rule) rules.push(rule)
    else left.push(`${place}: left out of rules: ${why}`)
    const exchange = exchangeOf(pair)
    if (exchange) exchanges.push(exchange)
    for (const name of pair.missed) left.push(`${place}: without ${name}`)
  }
  for (const id of requests.keys()) if (!answered.has(id)) left.push(`${id}: left out: there is no result of it`)
  return { rules, exchanges, left }
}

type Pair = {
  readonly request: JsonObject
  readonly status: number
  /** The answer of the service, or the message alone. */
  readonly answer: JsonObject
  readonly isMessage: boolean
  readonly missed: readonly string[]
}

function pairOf(line: JsonObject, ofBatch: JsonObject | undefined): Pair | undefined {
  const { messages, request, response, input, ideal, custom_id: _id, ...rest } = line
  const missed = Object.keys(rest)
  if (isJson(response) && ofBatch) {
    const { status_code: status, body } = response
    if (!isJson(body)) return undefined
    return {
      request: ofBatch,
      status: typeof status === 'number' ? status : 200,
      answer: body,
      isMessage: false,
      missed: [],
    }
  }
  if (isJson(request) && isJson(response)) {
    const asked = isJson(request.body) ? request.body : request
    const { body, status_code: code, status = code } = response
    return {
      request: asked,
      status: typeof status === 'number' ? status : 200,
      answer: isJson(body) ? body : response,
      isMessage: false,
      missed,
    }
  }
  const said = objectsIn(messages ?? (Array.isArray(input) ? input : undefined))
  const answer =
    ideal === undefined
      ? said.at(-1)
      : { role: 'assistant', content: Array.isArray(ideal) ? (ideal[0] as unknown) : ideal }
  if (answer?.role !== 'assistant') return undefined
  const asked = ideal === undefined ? said.slice(0, -1) : said
  return { request: { messages: asked }, status: 200, answer, isMessage: true, missed }
}

function ruleOf({ request, status, answer, isMessage }: Pair): { readonly rule?: FoundRule; readonly why?: string } {
  const when = whenOfMessages(objectsIn(request.messages))
  if (!when) return { why: 'it has no text of a user' }
  if (status >= 400) return { rule: { when, then: thenOfError(status, answer) } }
  const message = isMessage ? answer : objectsIn(answer.choices)[0]?.message
  const then = isJson(message) ? thenOfMessage(message) : undefined
  return then ? { rule: { when, then } } : { why: 'its answer says nothing that a rule can say' }
}

/** Whole answers of chats only; a message alone is none. */
function exchangeOf({ request, status, answer, isMessage }: Pair): ImportedExchange | undefined {
  const model = textIn(request.model)
  if (isMessage || model === undefined || !Array.isArray(request.messages)) return undefined
  return {
    method: 'POST',
    path: '/openai/v1/chat/completions',
    query: {},
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(request)),
    status,
    headers: { 'content-type': 'application/json' },
    answer: Buffer.from(JSON.stringify(answer)),
    firstByteMs: 0,
    durationMs: 0,
    recordedAt: undefined,
  }
}
