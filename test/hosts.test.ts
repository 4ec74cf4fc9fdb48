/** One contract, every host: first with answers made by hand, so that only the host can be at fault; then the app. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SimRequest, SimResponse, Sink } from '../src/sim/index.ts'
import { apiKey, hosts, realSimulator, startBuiltApp, whyNoBuiltApp } from './support/hosts.ts'
import type { Running } from './support/hosts.ts'

const maxBytes = 20_000_000

describe.each(hosts)('$name', ({ start, tellsOfClientsThatLeave, sendsPhrases }) => {
  let handle: (request: SimRequest) => Promise<SimResponse>
  let running: Running

  beforeEach(async () => {
    running = await start({ handle: (request) => handle(request) })
  })
  afterEach(async () => {
    await running.stop()
    expect(running.failures).toEqual([])
  })

  it('sends a whole answer with its status, its headers and its length', async () => {
    handle = () => Promise.resolve(whole(200, '{"text":"čaj ☕"}', { 'apim-request-id': 'abc' }))
    const answer = await running.fetch('/')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-length')).toBe('19')
    expect(answer.headers.get('transfer-encoding')).toBeNull()
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('apim-request-id')).toBe('abc')
    expect(await answer.text()).toBe('{"text":"čaj ☕"}')
  })

  it('sends the phrase that an answer has beside its status, where it can send one', async () => {
    handle = () => Promise.resolve({ ...whole(400, '{"error":{}}'), phrase: 'model_error' })
    const answer = await running.fetch('/')
    expect([answer.status, await answer.text()]).toEqual([400, '{"error":{}}'])
    if (sendsPhrases) expect(answer.statusText).toBe('model_error')
    handle = () => Promise.resolve(whole(400, '{"error":{}}'))
    expect((await running.fetch('/')).statusText).not.toBe('model_error')
  })

  it('sends a refusal like any other answer', async () => {
    handle = () => Promise.resolve(whole(429, '{"error":{}}', { 'retry-after-ms': '1500' }))
    const answer = await running.fetch('/openai/deployments/d/chat/completions', { method: 'POST', body: '{}' })
    expect([answer.status, answer.headers.get('retry-after-ms'), await answer.text()]).toEqual([
      429,
      '1500',
      '{"error":{}}',
    ])
  })

  it('gives the method, the address and the headers as they came', async () => {
    let seen: unknown
    handle = (request) => {
      const { pathname, search } = new URL(request.url, 'http://simulator')
      seen = [request.method, pathname, search, request.headers.get('api-key'), request.headers.get('x-none')]
      return Promise.resolve(whole(200, '{}'))
    }
    await running.fetch('/openai//deployments/my%20d/x?api-version=2024-10-21&a=1&a=2', {
      method: 'DELETE',
      headers: { 'API-Key': 'secret' },
    })
    expect(seen).toEqual(['DELETE', '/openai//deployments/my%20d/x', '?api-version=2024-10-21&a=1&a=2', 'secret', null])
  })

  it('answers a request whose query names a parameter `headers`', async () => {
    handle = (request) => Promise.resolve(whole(200, JSON.stringify(new URL(request.url, 'http://s').search)))
    const answer = await running.fetch('/x?headers=1')
    expect([answer.status, await answer.text()]).toEqual([200, '"?headers=1"'])
  })

  it('carries a text body of several languages unchanged', async () => {
    const text = JSON.stringify({ prompt: 'žluťoučký 東京 👩‍👩‍👧 \u0000' })
    handle = async (request) => whole(200, new TextDecoder().decode(await request.bytes(maxBytes)))
    const answer = await running.fetch('/', { method: 'POST', body: text })
    expect(await answer.text()).toBe(text)
  })

  it('carries 5 MB of every byte both ways', async () => {
    const sent = Uint8Array.from({ length: 5_000_000 }, (_, at) => (at * 31) & 255)
    handle = async (request) => {
      const body = (await request.bytes(maxBytes)) ?? new Uint8Array(0)
      return { status: 200, headers: { 'content-length': String(body.length), 'content-type': 'audio/mpeg' }, body }
    }
    const answer = await running.fetch('/', { method: 'POST', body: sent })
    const received = new Uint8Array(await answer.arrayBuffer())
    expect(answer.headers.get('content-length')).toBe('5000000')
    expect(Buffer.compare(received, sent)).toBe(0)
  })

  it('carries a body that is sent in chunks', async () => {
    handle = async (request) => whole(200, new TextDecoder().decode(await request.bytes(maxBytes)))
    const body = new Blob(['one ', 'two']).stream()
    const answer = await running.fetch('/', { method: 'POST', body, duplex: 'half' })
    expect(await answer.text()).toBe('one two')
  })

  it('gives an empty body where there is none', async () => {
    handle = async (request) => whole(200, String((await request.bytes(maxBytes))?.length))
    expect(await (await running.fetch('/', { method: 'POST' })).text()).toBe('0')
    expect(await (await running.fetch('/')).text()).toBe('0')
  })

  it.each(['whole', 'in chunks'])('gives nothing of a body that is too long, sent %s', async (how) => {
    handle = async (request) => whole((await request.bytes(1_000)) === undefined ? 413 : 200, '{}')
    const body = how === 'whole' ? 'x'.repeat(1_001) : new Blob(['x'.repeat(900), 'x'.repeat(101)]).stream()
    const tooLong = await running.fetch('/', { method: 'POST', body, duplex: 'half' })
    expect([tooLong.status, await tooLong.text()]).toEqual([413, '{}'])
    const fits = await running.fetch('/', { method: 'POST', body: 'x'.repeat(1_000) })
    expect(fits.status).toBe(200)
  })

  it('answers without having read the body, and then answers the next request', async () => {
    handle = (request) => Promise.resolve(whole(401, JSON.stringify(request.url.slice(-2))))
    for (const path of ['/a', '/b', '/c']) {
      const answer = await running.fetch(path, { method: 'POST', body: 'x'.repeat(100_000) })
      expect([answer.status, await answer.text()]).toEqual([401, JSON.stringify(path)])
    }
  })

  it('answers HEAD without a body', async () => {
    handle = () => Promise.resolve(whole(200, '{"a":1}'))
    const answer = await running.fetch('/', { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '7', ''])
  })

  it('answers 500 where the app fails, and tells nothing of why', async () => {
    handle = () => Promise.reject(new Error('secret detail'))
    const answer = await running.fetch('/')
    expect([answer.status, await answer.text()]).toEqual([
      500,
      '{"error":{"code":"500","message":"The simulator failed to answer this request."}}',
    ])
  })

  it('answers 500 where an answer is not valid HTTP', async () => {
    handle = () => Promise.resolve(whole(200, '{}', { 'x-broken': 'a\r\nb' }))
    expect((await running.fetch('/')).status).toBe(500)
  })

  it('delivers each event of a stream before the next is made', async () => {
    const sink = deferred<Sink>()
    handle = () => Promise.resolve(streamed(sink.resolve))
    const answering = running.fetch('/')
    const to = await sink.promise
    to.write('data: 1\n\n')
    const answer = await answering
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    expect(answer.headers.get('content-length')).toBeNull()
    const reader = answer.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>
    const next = async () => new TextDecoder().decode((await reader.read()).value)
    expect(await next()).toBe('data: 1\n\n')
    for (const event of ['data: ů\n\n', 'data: [DONE]\n\n']) {
      to.write(event)
      expect(await next()).toBe(event)
    }
    to.end()
    expect(await reader.read()).toEqual({ done: true, value: undefined })
  })

  it('sends the bytes and the texts of a stream in order, and ignores what comes after its end', async () => {
    handle = () =>
      Promise.resolve(
        streamed((sink) => {
          sink.write('a')
          sink.write(Uint8Array.of(98, 99))
          sink.write('')
          sink.write(new Uint8Array(0))
          sink.write('d')
          sink.end()
          sink.write('e')
          sink.end()
        }),
      )
    expect(await (await running.fetch('/')).text()).toBe('abcd')
  })

  it('resumes a stream of 8 MB that stops whenever it is told to', async () => {
    const piece = 'x'.repeat(10_000)
    let told = 0
    handle = () =>
      Promise.resolve(
        streamed((sink) => {
          let left = 800
          const run = () => {
            while (left > 0) {
              left--
              if (!sink.write(piece)) {
                told++
                sink.onDrain(run)
                return
              }
            }
            sink.end()
          }
          run()
        }),
      )
    const answer = await running.fetch('/')
    expect((await answer.arrayBuffer()).byteLength).toBe(8_000_000)
    expect(told).toBeGreaterThan(0)
  })

  it('ends an answer whose stream throws at once', async () => {
    handle = () =>
      Promise.resolve(
        streamed(() => {
          throw new Error('never to be seen')
        }),
      )
    const ended = await running.fetch('/').then(
      (answer) => answer.text().catch(() => ''),
      () => '',
    )
    expect(ended).toBe('')
  })

  it('lets one client leave in the middle and serves the others to the end', async () => {
    const sinks = new Map<string, Sink>()
    const arrived = deferred<undefined>()
    const left = deferred<string>()
    handle = (request) =>
      Promise.resolve(
        streamed((sink) => {
          const name = request.url.slice(-1)
          sinks.set(name, sink)
          sink.onClose(() => left.resolve(name))
          sink.write(`${name}1`)
          if (sinks.size === 3) arrived.resolve(undefined)
        }),
      )
    const leaving = new AbortController()
    const answers = await Promise.all([
      running.fetch('/a'),
      running.fetch('/b', { signal: leaving.signal }),
      running.fetch('/c'),
    ])
    await arrived.promise
    const broken = answers[1].text()
    leaving.abort()
    await expect(broken).rejects.toThrow(/abort/i)
    if (tellsOfClientsThatLeave) expect(await left.promise).toBe('b')
    for (const [name, sink] of sinks) {
      sink.write(`${name}2`)
      sink.end()
    }
    expect([await answers[0].text(), await answers[2].text()]).toEqual(['a1a2', 'c1c2'])
    handle = () => Promise.resolve(whole(200, '{}'))
    expect((await running.fetch('/')).status).toBe(200)
  })

  const itWhereTold = tellsOfClientsThatLeave ? it : () => undefined
  itWhereTold('tells the app of a client that leaves before its answer', async () => {
    const asked = deferred<undefined>()
    const gone = deferred<undefined>()
    const stopped = deferred<undefined>()
    handle = async (request) => {
      asked.resolve(undefined)
      await new Promise<void>((resolve) => request.signal!.addEventListener('abort', () => resolve()))
      gone.resolve(undefined)
      return streamed((sink) => sink.onClose(() => stopped.resolve(undefined)))
    }
    const leaving = new AbortController()
    const broken = running.fetch('/', { signal: leaving.signal })
    await asked.promise
    leaving.abort()
    await expect(broken).rejects.toThrow(/abort/i)
    await gone.promise
    await stopped.promise
  })
})

const surroundings = [
  ...hosts.map(({ name, start }) => ({ name, start: () => start(realSimulator()), why: undefined })),
  { name: 'the built app under the Functions host', start: startBuiltApp, why: whyNoBuiltApp },
]

describe.each(surroundings)('the app on $name', ({ name, start, why }) => {
  const chat = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
  const ask = (body: object, key = apiKey): RequestInit => ({
    method: 'POST',
    headers: { 'api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5, ...body }),
  })
  let running: Running | undefined

  beforeAll(async () => {
    if (why === undefined) running = await start()
  })
  afterAll(async () => {
    await running?.stop()
    expect(running?.failures ?? []).toEqual([])
  })
  const scenario = (title: string, test: (at: Running) => Promise<void>) =>
    it.skipIf(why !== undefined)(why === undefined ? title : `${title} (${name}: ${why})`, () => test(running!))

  scenario('says that it runs, without a key', async (at) => {
    const answer = await at.fetch('/')
    expect([answer.status, await answer.json()]).toMatchObject([200, { message: 'aoai-simulated-api is running' }])
  })

  scenario('refuses a wrong key', async (at) => {
    const answer = await at.fetch(chat, ask({}, 'wrong'))
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: { code: '401' } }])
  })

  scenario('knows no other paths', async (at) => {
    const answer = await at.fetch('/openai/nothing?api-version=2024-10-21', { headers: { 'api-key': apiKey } })
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: '404' } }])
  })

  scenario('completes a chat', async (at) => {
    const answer = await at.fetch(chat, ask({}))
    const text = await answer.text()
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
    expect(JSON.parse(text)).toMatchObject({ object: 'chat.completion', usage: { completion_tokens: 5 } })
  })

  scenario('streams a chat', async (at) => {
    const answer = await at.fetch(chat, ask({ stream: true }))
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const events = (await answer.text()).split('\n\n')
    expect(events.slice(-2)).toEqual(['data: [DONE]', ''])
    expect(events.filter((event) => event.includes('"delta":{"content":"')).length).toBeGreaterThanOrEqual(5)
  })

  scenario('accepts a path with a double slash', async (at) => {
    expect((await at.fetch(chat.replace('/deployments', '//deployments'), ask({}))).status).toBe(200)
  })
})

function whole(status: number, body: string, headers: Record<string, string> = {}): SimResponse {
  const length = String(Buffer.byteLength(body))
  return { status, headers: { 'content-type': 'application/json', 'content-length': length, ...headers }, body }
}

function streamed(body: (sink: Sink) => void): SimResponse {
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body }
}

function deferred<T>() {
  return Promise.withResolvers<T>()
}
