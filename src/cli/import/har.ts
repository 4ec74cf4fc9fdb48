/** HAR: requests and answers as a browser or a proxy has kept them. */
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

export const isHar = (value: unknown): boolean => isJson(value) && isJson(value.log) && Array.isArray(value.log.entries)

export function fromHar(value: unknown): Found {
  const exchanges: ImportedExchange[] = []
  const rules: FoundRule[] = []
  const left: string[] = []
  const log = isJson(value) && isJson(value.log) ? value.log : {}
  for (const [at, entry] of objectsIn(log.entries).entries()) {
    const place = `entry ${at + 1}`
    const missed: string[] = []
    const exchange = exchangeOf(entry, missed)
    if (exchange) {
      exchanges.push(exchange)
      const rule = ruleOf(exchange)
      if (rule) rules.push(rule)
    }
    if (missed.length > 0) left.push(`${place}: ${missed.join(', ')}`)
  }
  return { rules, exchanges, left }
}

function exchangeOf(entry: JsonObject, missed: string[]): ImportedExchange | undefined {
  const { request, response } = entry
  const url = isJson(request) ? URL.parse(textIn(request.url) ?? '') : null
  if (!isJson(request) || !isJson(response) || !url) return void missed.push('left out: no request with its answer')
  const path = /^\/v1\//.test(url.pathname) ? `/openai${url.pathname}` : url.pathname
  if (!/^\/(?:openai|models|anthropic|api\/projects)\//.test(path))
    return void missed.push(`left out: ${url.host}${url.pathname} is no path of the service`)
  if (path !== url.pathname) missed.push(`${url.pathname} is ${path} here`)
  const { status } = response
  if (typeof status !== 'number' || status < 200) return void missed.push('left out: it was not answered')
  const posted = isJson(request.postData) ? request.postData : {}
  const body = textIn(posted.text)
  if (body === undefined && Array.isArray(posted.params))
    return void missed.push('left out: the body of its form is not in the file')
  const content = isJson(response.content) ? response.content : {}
  const bytes = Buffer.from(textIn(content.text) ?? '', content.encoding === 'base64' ? 'base64' : 'utf8')
  if (bytes.length === 0 && typeof content.size === 'number' && content.size > 0)
    return void missed.push('left out: its answer is not in the file')
  const contentType = textIn(content.mimeType) ?? ''
  const timings = isJson(entry.timings) ? entry.timings : {}
  const totalMs = typeof entry.time === 'number' ? entry.time : 0
  const isStream = /event-stream/.test(contentType)
  if (isStream) missed.push('the times of its events are not in the file: they come evenly')
  return {
    method: textIn(request.method) ?? 'POST',
    path,
    query: Object.fromEntries(url.searchParams),
    contentType: textIn(posted.mimeType) ?? '',
    body: Buffer.from(body ?? ''),
    status,
    headers: { ...headersOf(response.headers), ...(contentType !== '' && { 'content-type': contentType }) },
    answer: bytes,
    firstByteMs: typeof timings.wait === 'number' && timings.wait > 0 ? timings.wait : totalMs,
    durationMs: totalMs,
    recordedAt: textIn(entry.startedDateTime),
  }
}

const headersOf = (headers: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    objectsIn(headers).map(({ name, value }) => [(textIn(name) ?? '').toLowerCase(), textIn(value) ?? ''] as const),
  )

/** Of chats that were answered whole. */
function ruleOf({ path, body, status, answer }: ImportedExchange): FoundRule | undefined {
  if (!/\/chat\/completions$/.test(path)) return undefined
  const [asked, said] = [jsonOf(body), jsonOf(answer)]
  const when = asked && whenOfMessages(objectsIn(asked.messages))
  if (!when || !said) return undefined
  if (status >= 400) return { when, then: thenOfError(status, said) }
  const message = objectsIn(said.choices)[0]?.message
  const then = isJson(message) ? thenOfMessage(message) : undefined
  return then && { when: { operation: 'chatCompletions', ...when }, then }
}

function jsonOf(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
    return isJson(value) ? value : undefined
  } catch {
    return undefined
  }
}
