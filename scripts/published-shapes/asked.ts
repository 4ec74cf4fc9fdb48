/** Makes requests to a simulator, and validates each answer and event against the description. */
import { WebSocket } from 'ws'
import type { Description } from './description.ts'

export type Json = Record<string, unknown> & { readonly id: string }
type Values = Readonly<Record<string, string>>
export type Row = { readonly what: string; count: number; readonly wrong: Set<string>; readonly more: Set<string> }
export type Asked = ReturnType<typeof asker>

/** `url` is the host's; at `door` its API begins. */
export function asker(description: Description, url: string, apiKey: string, door = '/openai/v1') {
  const mark = door === '/openai/v1' ? '' : 'project: '
  const rows = new Map<string, Row>()
  const failed: string[] = []
  const note = (what: string, pointer: string | undefined, value: unknown) => {
    const row = rows.get(what) ?? { what, count: 0, wrong: new Set(), more: new Set() }
    rows.set(what, row)
    row.count += 1
    if (pointer === undefined) return
    const { wrong, more } = description.judge(pointer, value)
    for (const line of wrong) row.wrong.add(line)
    for (const line of more) row.more.add(line)
  }

  async function send(method: string, path: string, body?: object | FormData, headers: Values = {}) {
    const isForm = body instanceof FormData
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'api-key': apiKey, ...(body && !isForm && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    })
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
    return { status: answer.status, type, text: await answer.text() }
  }

  /** One request to a path as the description writes it. `query` follows it. */
  async function ask(
    method: string,
    path: string,
    values: Values = {},
    ...[body, query = '']: readonly [body?: object | FormData | undefined, query?: string]
  ) {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
    const { status, type, text } = await send(method, `${door}${filled}${query}`, body)
    const what = `${mark}${method} ${path}`
    if (status >= 300) failed.push(`${what}: ${status} ${text.slice(0, 300)}`)
    if (status >= 300) return { id: '' } as Json
    if (type === 'text/event-stream') {
      const pointer = description.answerOf(method, path, status, type)
      const events = eventsOf(text)
      for (const event of events) note(`${what} stream${kindOf(event)}`, pointer, event)
      return { id: '', events } as Json
    }
    const pointer = description.answerOf(method, path, status, type)
    const value: unknown = type === 'application/json' ? JSON.parse(text) : text
    note(what, type === 'application/json' ? pointer : undefined, value)
    return value as Json
  }

  /** A connection, of which each event is judged as it comes; `until` waits for one by its type. */
  async function dial(path: string, schema: string | ((type: string) => string), what: string) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, { headers: { 'api-key': apiKey } })
    const events: Json[] = []
    const waiting: (() => void)[] = []
    socket.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString()) as Json
      const named = typeof schema === 'string' ? schema : schema(String(event['type']))
      // Not each event of the previews is described.
      const isDescribed = description.schemas.includes(named)
      note(`${what}${kindOf(event)}`, isDescribed ? `/components/schemas/${named}` : undefined, event)
      events.push(event)
      for (const tell of waiting.splice(0)) tell()
    })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    let seen = 0
    return {
      events,
      close: () => socket.terminate(),
      send: (event: object) => socket.send(JSON.stringify(event)),
      async until(type: string): Promise<Json> {
        for (;;) {
          for (; seen < events.length; seen += 1) {
            const event = events[seen]
            if (event?.['type'] === 'error' && type !== 'error') failed.push(`${what}: ${JSON.stringify(event)}`)
            if (event?.['type'] === type || event?.['type'] === 'error') {
              seen += 1
              return event
            }
          }
          await new Promise<void>((resolve) => waiting.push(resolve))
        }
      },
    }
  }
  return { ask, send, dial, note, rows, failed }
}

const kindOf = (event: unknown) => {
  const { type, object } = event as { readonly type?: string; readonly object?: string }
  return ` ${type ?? object ?? ''}`
}

const eventsOf = (text: string): readonly unknown[] =>
  [...text.matchAll(/^data: (.*)$/gm)].flatMap(([, line = '']) =>
    line === '[DONE]' ? [] : [JSON.parse(line) as unknown],
  )
