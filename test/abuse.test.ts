/** What a hostile or broken client can do to the embedded host with the real app in it: nothing to anybody else. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { apiKey, dial, hangUp } from './support/hosts.ts'
import type { Health } from './support/server-process.ts'

const chat = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
let child: ChildProcess
let port: number

beforeAll(async () => {
  const script = path.join(import.meta.dirname, 'support/server-process.ts')
  child = fork(script, [apiKey], { execArgv: ['--expose-gc'] })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended with ${String(code)} before it listened`)
  })
  port = (await Promise.race([once(child, 'message'), ended]))[0] as number
})
afterEach(hangUp)
afterAll(() => child.kill())

describe('a bad request', () => {
  const head = (length: number | string, more = '') =>
    `POST ${chat} HTTP/1.1\r\nHost: localhost\r\napi-key: ${apiKey}\r\nContent-Type: application/json\r\n` +
    `${more}Content-Length: ${length}\r\n\r\n`
  const whole = (body: string | Uint8Array) => Buffer.concat([Buffer.from(head(body.length)), Buffer.from(body)])
  const nested = (open: string, close: string) => `{"messages":${open.repeat(100_000)}${close.repeat(100_000)}}`

  it.each<[string, string | Uint8Array, number]>([
    ['garbage', Uint8Array.from({ length: 4_096 }, (_, at) => (at * 197 + 13) & 255), 400],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a length and chunks', head(5, 'Transfer-Encoding: chunked\r\n') + '0\r\n\r\n', 400],
    ['100 KB of headers', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
    ['an empty body', head(0), 400],
    ['100,000 nested arrays', whole(nested('[', ']')), 400],
    ['100,000 nested objects', whole(nested('{"a":', '}').replace(':}', ':1}')), 400],
    ['100,000 brackets that never close', whole('['.repeat(100_000)), 400],
    ['invalid UTF-8', whole(Buffer.from('{"messages":[{"role":"user","content":"\xff\xfe"}]}', 'latin1')), 400],
    ['half a JSON text', whole('{"messages":[{"role":"us'), 400],
    ['a __proto__ key', whole('{"__proto__":{"messages":[]},"constructor":{"prototype":{}}}'), 400],
    ['a body that is no object', whole('"text"'), 400],
    ['50 MB of JSON', whole(`{"messages":"${'x'.repeat(50_000_000)}"}`), 413],
    ['a length beyond counting', head('9'.repeat(18)), 413],
  ])('gets a clear refusal, and nobody else is touched: %s', async (_, bytes, status) => {
    const wire = dial(port)
    const good = [send(), send()]
    wire.send(bytes)
    expect(await Promise.all([...good, send()])).toEqual([200, 200, 200])
    const answer = await wire.until('}')
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toHaveProperty('error')
  })

  it.each([
    ['nothing', ''],
    ['half a line', 'POST /op'],
    ['half a header', `POST ${chat} HTTP/1.1\r\nHost: localhost\r\nContent-Le`],
    ['half a body', head(1_000) + '{"messages":['],
    ['half a chunk', head(5).replace(/Content-Length: 5/, 'Transfer-Encoding: chunked') + 'ff\r\n{"mess'],
  ])('that is only half sent touches nobody else, also when its client leaves: %s', async (_, bytes) => {
    const wire = dial(port)
    wire.send(bytes)
    expect(await send()).toBe(200)
    wire.socket.destroy()
    expect(await send()).toBe(200)
  })

  it('with keys of an object’s prototype changes no other request', async () => {
    const body = '{"__proto__":{"stream":true},"messages":[{"role":"user","content":"a"}],"max_tokens":1}'
    await (await fetch(`http://127.0.0.1:${port}${chat}`, options(body))).text()
    const answer = await fetch(`http://127.0.0.1:${port}${chat}`, options())
    expect(answer.headers.get('content-type')).toBe('application/json')
  })
})

it('1,000 streams at once, of which a third lose their client, leave nothing behind', { timeout: 60_000 }, async () => {
  await streams(150)
  const before = await settled()
  await streams(1_000)
  const after = await settled()
  expect(after.begunStreams - before.begunStreams).toBe(1_000)
  expect(await send()).toBe(200)
  expect(after.heapUsedBytes - before.heapUsedBytes).toBeLessThan(5_000_000)
})

/** Opens so many, waits until each has begun, drops each third of them, and reads the others to their end. */
async function streams(count: number): Promise<void> {
  const wires = Array.from({ length: count }, () => dial(port))
  wires.forEach((wire, at) => {
    // Those that are dropped would go on for longer than the test may take.
    const maxTokens = at % 3 === 0 ? 10_000 : 40
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'a' }], max_tokens: maxTokens, stream: true })
    wire.send(
      `POST ${chat} HTTP/1.1\r\nHost: localhost\r\napi-key: ${apiKey}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
  })
  await Promise.all(
    wires.map(async (wire, at) => {
      await wire.until('\n\n\r\n')
      if (at % 3 === 0) wire.socket.destroy()
      else expect(await wire.until('\r\n0\r\n\r\n')).toContain('data: [DONE]')
    }),
  )
  hangUp()
}

/** The server's health once no stream is open any more; the test's time limit is what it may take. */
async function settled(): Promise<Health> {
  for (;;) {
    child.send('health')
    const [health] = (await once(child, 'message')) as [Health]
    if (health.openStreams === 0 && health.openSockets === 0) return health
  }
}

const options = (body = '{"messages":[{"role":"user","content":"a"}],"max_tokens":1}'): RequestInit => ({
  method: 'POST',
  headers: { 'api-key': apiKey, 'content-type': 'application/json', connection: 'close' },
  body,
})

/** A well-behaved request's status. */
const send = async () => (await fetch(`http://127.0.0.1:${port}${chat}`, options())).status
