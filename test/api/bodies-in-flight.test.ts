/** Long bodies are held up by who does not read or send, and no more of them are under way than may be. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type NodeHost, startNodeHost } from '../../src/host/node.ts'
import { manualClock } from '../support/manual-clock.ts'
import { serverLimits } from '../support/hosts.ts'
import { testSimulator } from '../support/simulator.ts'

const clock = manualClock()
let simulator: ReturnType<typeof testSimulator>
let host: NodeHost
let sockets: Socket[]

beforeEach(async () => {
  simulator = testSimulator({ server: { maxBytesInFlight: 2_000_000 } }, { clock })
  host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: { ...serverLimits, stopTimeoutMs: 100 } })
  sockets = []
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await host.stop()
  expect(simulator.errors).toEqual([])
})

const path = '/openai/deployments/text-embedding-3-small/embeddings?api-version=2024-10-21'
const embeddings = (count: number) => JSON.stringify({ input: Array.from({ length: count }, () => 'x') })
/** Some 1.3 MB of answer. */
const asked = embeddings(40)
const ask = (body: string = asked) =>
  fetch(host.url + path, {
    method: 'POST',
    headers: { 'api-key': 'test-key', 'content-type': 'application/json' },
    body,
  })

const headers = { 'api-key': 'test-key' }

/** It is 11 MB, more than the system's own buffers take, and is written in one to be sent. */
async function longChat(): Promise<string> {
  const asked = {
    model: 'gpt-4.1',
    messages: [{ role: 'user', content: 'x' }],
    n: 128,
    max_tokens: 16_000,
    store: true,
  }
  const url = `${host.url}/openai/v1/chat/completions`
  const body = JSON.stringify(asked)
  const typed = { ...headers, 'content-type': 'application/json' }
  const answer = await afterAWhile(fetch(url, { method: 'POST', headers: typed, body }))
  return `/openai/v1/chat/completions/${((await answer.json()) as { id: string }).id}`
}

/** Its content is 20 MB, and is sent as it is kept. */
async function longFile(): Promise<string> {
  const form = new FormData()
  form.append('purpose', 'batch')
  form.append('file', new Blob(['{"custom_id":"one"}\n'.repeat(1_000_000)]), 'long.jsonl')
  const answer = await afterAWhile(fetch(`${host.url}/openai/v1/files`, { method: 'POST', headers, body: form }))
  return `/openai/v1/files/${((await answer.json()) as { id: string }).id}/content`
}

/** A client that asks for this, and reads nothing. */
const slowReader = (path: string) => connected(`GET ${path} HTTP/1.1\r\nHost: localhost\r\napi-key: test-key\r\n\r\n`)

/** A client that sends this much of its request, and reads nothing. */
const slowClient = (body: string, length: number) =>
  connected(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\napi-key: test-key\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`,
  )

async function connected(said: string): Promise<Socket> {
  const socket = connect(host.port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined)
  socket.pause()
  await new Promise((resolve) => socket.write(said, resolve))
  return socket
}

/** What a request comes to, when all that is under way has been, and those who wait have waited. */
function afterAWhile(answer: Promise<Response>): Promise<Response> {
  const timer = setInterval(() => clock.advance(500), 20)
  return answer.finally(() => clearInterval(timer))
}

/** Until that many bytes are under way, which another request is refused for. */
async function expectBusy(): Promise<void> {
  await expect.poll(async () => (await afterAWhile(ask('{"input":"x"}'))).status, { timeout: 20_000 }).toBe(503)
}

describe('a long answer', () => {
  it('is whole, on every host', async () => {
    const answers = [await ask(), await simulator.post(path, asked)]
    for (const answer of answers) {
      const length = Number(answer.headers.get('content-length'))
      const text = await answer.text()
      expect(length).toBeGreaterThan(1_000_000)
      expect(Buffer.byteLength(text)).toBe(length)
      expect((JSON.parse(text) as { data: unknown[] }).data).toHaveLength(40)
    }
  })

  it('that nobody reads keeps others from being made, until its client reads or has gone', async () => {
    const chat = await longChat()
    const client = await slowReader(chat)
    await expectBusy()
    const refused = await afterAWhile(ask())
    expect(refused.headers.get('retry-after')).toBe('2')
    expect(await refused.json()).toEqual({
      error: {
        code: 'ServiceUnavailable',
        message: 'The service is temporarily unable to process your request. Please try again later.',
      },
    })
    expect((await fetch(`${host.url}/++/settings`, { headers: { 'api-key': 'test-key' } })).status).toBe(200)
    client.destroy()
    await expect.poll(async () => (await afterAWhile(ask())).status, { timeout: 20_000 }).toBe(200)
    const reading = await slowReader(chat)
    await expectBusy()
    reading.resume()
    await expect.poll(async () => (await afterAWhile(ask())).status, { timeout: 20_000 }).toBe(200)
  }, 60_000)

  it('that is kept anyway holds up no other where many do not read it', async () => {
    const file = await longFile()
    for (let count = 0; count < 8; count++) {
      const client = await slowReader(file)
      client.resume()
      await once(client, 'data')
      client.pause()
    }
    expect((await afterAWhile(ask())).status).toBe(200)
  }, 60_000)

  it('that is made while it is sent holds up no other where nobody reads it', async () => {
    const long = embeddings(600)
    const client = await slowClient(long, long.length)
    // It has begun.
    client.resume()
    await once(client, 'data')
    client.pause()
    expect((await afterAWhile(ask())).status).toBe(200)
  })
})

describe('a body that is sent by half', () => {
  it('is counted as far as it came, and the next one waits and is refused', async () => {
    const half = `{"input":"${'x '.repeat(400_000)}`
    for (let count = 0; count < 3; count++) await slowClient(half, 5_000_000)
    await expectBusy()
    for (const socket of sockets) socket.destroy()
    await expect.poll(async () => (await afterAWhile(ask())).status, { timeout: 20_000 }).toBe(200)
  })

  it('may be as large as any, if it is alone', async () => {
    const body = JSON.stringify({ input: 'x', user: 'y'.repeat(3_000_000) })
    expect((await afterAWhile(ask(body))).status).toBe(200)
  })
})
