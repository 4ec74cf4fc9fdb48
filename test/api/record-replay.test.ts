import { toFile } from 'openai'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/sim/clock.ts'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { memoryStore } from '../support/memory-store.ts'
import type { Observation } from '../../src/sim/metrics/observation.ts'
import {
  type Backend,
  breaksOff,
  chatEvents,
  content,
  failed,
  rateLimited,
  responsesEvents,
  scripted,
  silentAfter,
  sound,
  startBackend,
} from '../support/backend.ts'
import { all } from '../support/all.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const serviceKey = 'service-key-0123456789'
const simulatorKey = 'test-key'
const messages = [{ role: 'user' as const, content: 'Hi' }]
const chatPath = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'

let backend: Backend
beforeEach(async () => {
  backend = await startBackend()
})
afterEach(() => backend.stop())

/** A simulator in record mode before the backend, and what it keeps. */
function recorder(input: Record<string, unknown> = {}, clock = systemClock()) {
  const store = memoryStore()
  const observations: Observation[] = []
  const recordings = createRecordings({ store, clock })
  const simulator = testSimulator(
    { mode: 'record', forward: { endpoint: backend.url, key: serviceKey }, replay: { speed: 0 }, ...input },
    { recordings, clock, onObservation: (observation) => observations.push(observation) },
  )
  const save = () => simulator.post('/++/save-recordings', {})
  return {
    ...simulator,
    clock,
    observations,
    /** Names of what was kept, once all is. */
    async kept() {
      await save()
      const names: string[] = []
      for await (const { name } of store.list()) names.push(name)
      return names
    },
    async keptText() {
      let text = ''
      for (const name of await this.kept()) {
        const found = await store.read(name)
        if (found && found !== 'unchanged') text += `${name}\n${Buffer.from(found.bytes).toString('latin1')}\n`
      }
      return text
    },
    /** Nobody is behind it after this. */
    async replay() {
      await save()
      simulator.patch({ simulator_mode: 'replay' })
      await backend.stop()
    },
  }
}

type Recorder = ReturnType<typeof recorder>

const tools = [
  { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
]
const model = 'gpt-4o'
const kinds: Record<string, (simulator: Recorder) => Promise<unknown>> = {
  'a chat completion': ({ azure }) => azure().chat.completions.create({ model, messages }),
  'a chat completion on v1': ({ v1 }) => v1().chat.completions.create({ model, messages }),
  'a streamed chat completion': async ({ azure }) =>
    all(await azure().chat.completions.create({ model, messages, stream: true })),
  'tool calls': ({ azure }) => azure().chat.completions.create({ model, messages, tools }),
  embeddings: ({ azure }) => azure().embeddings.create({ model: 'text-embedding-3-small', input: 'Hi' }),
  'a multipart upload': async ({ azure }) =>
    azure('whisper').audio.translations.create({ model: 'whisper', file: await toFile(sound, 'a.wav') }),
  speech: async ({ azure }) => {
    const answer = await azure('tts').audio.speech.create({ model: 'tts', voice: 'alloy', input: 'Hi' })
    return Buffer.from(await answer.arrayBuffer())
  },
  'a response': ({ v1 }) => v1().responses.create({ model, input: 'Hi' }),
  'a streamed response': async ({ v1 }) => all(await v1().responses.create({ model, input: 'Hi', stream: true })),
}

describe('what is recorded is replayed with nobody behind', () => {
  it.each(Object.entries(kinds))('%s', async (_kind, ask) => {
    const simulator = recorder()
    const recorded = await ask(simulator)
    expect(backend.requests).toHaveLength(1)
    await simulator.replay()
    expect(await ask(simulator)).toEqual(recorded)
    expect(simulator.errors).toEqual([])
  })

  it.each([
    [chatPath, { messages, stream: true }, chatEvents],
    ['/openai/v1/responses', { model, input: 'Hi', stream: true }, responsesEvents],
  ])('%s streams the same bytes', async (path, body, events) => {
    const simulator = recorder()
    expect(await (await simulator.post(path, body)).text()).toBe(events.join(''))
    await simulator.replay()
    const replayed = await simulator.post(path, body)
    expect(replayed.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(await replayed.text()).toBe(events.join(''))
  })

  it('a path that the simulator does not know, with any method', async () => {
    const simulator = recorder()
    const ask = async () => {
      const answer = await simulator.request('/openai/v1/vector_stores/vs_1?order=asc', { method: 'DELETE' })
      return answer.json()
    }
    const recorded = await ask()
    expect(recorded).toEqual({ echo: { method: 'DELETE', url: '/openai/v1/vector_stores/vs_1?order=asc', body: '' } })
    await simulator.replay()
    expect(await ask()).toEqual(recorded)
  })
})

describe('what is forwarded', () => {
  it('has path, query and body as they were, and the headers without the client’s sign-in', async () => {
    const { request } = recorder()
    const body = '{ "messages" : [1.0], "b":2, "a":1 }'
    await request('/openai//deployments/d%20x/chat/completions?api-version=weird&b=%2f&api-key=secret-in-query&c', {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-ms-client-request-id': 'mine',
        cookie: 'a=b',
        authorization: 'Bearer x',
        'ocp-apim-subscription-key': 'y',
        'x-sim-seed': '1',
        'accept-encoding': 'gzip',
        'user-agent': 'ours',
      },
    })
    const [received] = backend.requests
    expect(received?.url).toBe('/openai//deployments/d%20x/chat/completions?api-version=weird&b=%2f&c')
    expect(received?.body.toString()).toBe(body)
    expect(received?.headers).toEqual({
      host: new URL(backend.url).host,
      connection: 'keep-alive',
      'api-key': serviceKey,
      'accept-encoding': 'identity',
      'content-length': String(body.length),
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'ours',
      'x-ms-client-request-id': 'mine',
    })
  })

  it('is nothing without the simulator’s key, nor outside of the service’s paths', async () => {
    const { request, handle } = recorder()
    const raw = (url: string) =>
      handle({
        method: 'GET',
        url,
        headers: new Headers({ 'api-key': simulatorKey }),
        bytes: () => Promise.resolve(new Uint8Array()),
      })
    expect((await request(chatPath, { headers: { 'api-key': 'wrong' } })).status).toBe(401)
    for (const path of ['/elsewhere', '/openaix/v1/models']) expect((await request(path)).status).toBe(404)
    // As it is on the wire: a URL that is parsed, as by fetch, has no such segment any more.
    for (const path of [
      '/openai/%2e%2e/secret',
      '/openai/../secret',
      '/openai/v1/%2E%2E/%2E%2E/secret',
      '/openai/.%2e',
    ])
      expect((await raw(path)).status, path).toBe(404)
    expect(backend.requests).toHaveLength(0)
  })

  it('goes over one connection, one request after the other', async () => {
    const { post } = recorder()
    for (let n = 0; n < 5; n++) await (await post(chatPath, { messages, n })).text()
    expect(backend.connections()).toBe(1)
  })
})

describe('the answer of the service', () => {
  it('comes with its own headers, but for cookies and what belongs to the connection', async () => {
    const answer = await recorder().post(chatPath, { messages })
    expect(Object.fromEntries(answer.headers)).toEqual({
      'apim-request-id': 'backend-apim-id',
      'content-length': String((await answer.arrayBuffer()).byteLength),
      'content-type': 'application/json',
      'x-ms-region': 'Sweden Central',
      'x-ratelimit-remaining-requests': '99',
      'x-request-id': 'backend-request-id',
    })
  })

  it('is relayed as it arrives', async () => {
    const { play, begun } = scripted()
    backend.next(play)
    const answer = await recorder().post(chatPath, { messages, stream: true })
    const upstream = await begun
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    for (const text of ['a', 'b']) {
      upstream.write(content(text))
      expect((await reader.read()).value).toBe(content(text))
    }
    upstream.end()
    expect((await reader.read()).done).toBe(true)
  })

  it.each([
    ['429', rateLimited, 429],
    ['500', failed, 500],
  ])('is relayed and not kept where it is %s', async (_name, play, status) => {
    const simulator = recorder()
    backend.next(play)
    const answer = await simulator.post(chatPath, { messages })
    expect(answer.status).toBe(status)
    expect(await answer.json()).toHaveProperty('error.message')
    expect(await simulator.kept()).toEqual([])
  })

  it('is not kept where it tells of an error within a stream of status 200', async () => {
    const simulator = recorder()
    const { play, begun } = scripted()
    backend.next(play)
    const answer = await simulator.post('/openai/v1/responses', { model, input: 'Hi', stream: true })
    ;(await begun).end('event: error\ndata: {"type":"error","error":{"type":"too_many_requests"}}\n\n')
    expect(await answer.text()).toContain('too_many_requests')
    expect(await simulator.kept()).toEqual([])
  })

  it('is kept once for twenty equal requests at once, and all of them get it', async () => {
    const simulator = recorder()
    const answers = await Promise.all(Array.from({ length: 20 }, () => simulator.post(chatPath, { messages })))
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(new Set(texts).size).toBe(1)
    expect(await simulator.kept()).toHaveLength(1)
  })
})

describe('a service that breaks its answer off', () => {
  it('ends a stream with an error event, and nothing is kept', async () => {
    const simulator = recorder()
    backend.next(breaksOff('text/event-stream', `${content('a')}data: {"half`))
    const stream = await simulator.azure().chat.completions.create({ model, messages, stream: true })
    const seen: unknown[] = []
    const read = async () => {
      for await (const event of stream) seen.push(event.choices[0]?.delta.content)
    }
    await expect(read()).rejects.toThrow(/broke its answer off/)
    expect(seen).toEqual(['a'])
    expect(await simulator.kept()).toEqual([])
    expect(simulator.observations.map(({ status }) => status)).toEqual([502])
  })

  it('ends a stream of events with names by one called error, without [DONE]', async () => {
    backend.next(breaksOff('text/event-stream', responsesEvents[0]!))
    const answer = await recorder().post('/openai/v1/responses', { model, input: 'Hi', stream: true })
    const text = await answer.text()
    expect(text).toMatch(
      /\n\nevent: error\ndata: \{"type":"error","error":\{"message":"127\.0\.0\.1:\d+ broke .*\}\}\n\n$/,
    )
    expect(text).not.toContain('[DONE]')
  })

  it('is a 502 where the answer would have been whole', async () => {
    const simulator = recorder()
    backend.next(breaksOff('application/json', '{"id":'))
    const answer = await simulator.post(chatPath, { messages })
    expect(answer.status).toBe(502)
    expect(await answer.json()).toMatchObject({ error: { code: 'AnswerBrokenOff' } })
    expect(await simulator.kept()).toEqual([])
  })
})

describe('a client that leaves', () => {
  it('in mid-stream ends the request to the service, and nothing is kept', async () => {
    const simulator = recorder()
    const { play, begun } = scripted()
    backend.next(play)
    const leaving = new AbortController()
    const answer = await simulator.fetch(`http://sim.test${chatPath}`, {
      method: 'POST',
      headers: { 'api-key': simulatorKey, 'content-type': 'application/json' },
      body: JSON.stringify({ messages, stream: true }),
      signal: leaving.signal,
    })
    const upstream = await begun
    const closed = new Promise((resolve) => upstream.once('close', resolve))
    upstream.write(content('a'))
    await answer.body!.getReader().read()
    leaving.abort()
    await closed
    expect(upstream.writableFinished).toBe(false)
    expect(await simulator.kept()).toEqual([])
    expect(simulator.observations.map(({ status }) => status)).toEqual([499])
  })
})

describe('a service that is not there', () => {
  it('is a 502 that names the host and what to check, and no key', async () => {
    await backend.stop()
    const answer = await recorder().post(chatPath, { messages })
    expect(answer.status).toBe(502)
    const text = await answer.text()
    expect(JSON.parse(text)).toEqual({
      error: {
        code: 'ServiceUnreachable',
        message: `The simulator could not reach ${new URL(backend.url).host} (ECONNREFUSED). Check AZURE_OPENAI_ENDPOINT, and that this machine may connect to it.`,
      },
    })
    expect(text).not.toContain(serviceKey)
  })

  it('is a 504 where it says nothing for longer than it may', async () => {
    const clock = manualClock()
    const asked = new Promise<void>((resolve) => backend.next(silentAfter(resolve)))
    const answering = recorder({}, clock).post(chatPath, { messages })
    await asked
    await clock.advanceAsync(300_000)
    const answer = await answering
    expect(answer.status).toBe(504)
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('300000 ms') as unknown } })
  })

  it('stops the start in record mode where no endpoint is set', () => {
    expect(() => testSimulator({ mode: 'record' })).toThrow(/^AZURE_OPENAI_ENDPOINT: is required: /)
    expect(() => {
      testSimulator().patch({ simulator_mode: 'record' })
    }).toThrow(/^AZURE_OPENAI_ENDPOINT: /)
  })
})

describe('what is kept', () => {
  it('has no key, token or cookie', async () => {
    const simulator = recorder()
    const searched = {
      type: 'azure_search',
      parameters: { authentication: { type: 'api_key', key: 'search-secret-1' } },
    }
    const said = [{ role: 'user', content: `My key is ${simulatorKey}, yours ${serviceKey}` }]
    await simulator.post(
      `${chatPath}&api-key=query-secret-1&code=query-secret-2`,
      { messages: said, data_sources: [searched], stream: true },
      { cookie: 'a=cookie-secret', authorization: 'Bearer header-secret', 'x-ms-client-request-id': 'client-id' },
    )
    await simulator.post('/openai/v1/echo', `{"said":"${serviceKey}"}`)
    const text = await simulator.keptText()
    expect(await simulator.kept()).toHaveLength(2)
    expect(text).toContain('My key is ***, yours ***')
    expect(text).toContain('Sweden Central')
    expect(text).not.toMatch(/secret|test-key|service-key|client-id|backend-(apim|request|cookie)/)
  })
})

describe('replay', () => {
  const recorded = async (input: Record<string, unknown> = {}, body: unknown = { messages }) => {
    const simulator = recorder(input)
    const answer = await simulator.post(chatPath, body)
    expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)])
    await simulator.replay()
    return simulator
  }

  it('gives each answer ids of its own', async () => {
    const { post } = await recorded()
    const ids = [await post(chatPath, { messages }), await post(chatPath, { messages })].map(({ headers }) =>
      ['apim-request-id', 'x-request-id'].map((name) => headers.get(name)),
    )
    expect(new Set([...ids.flat(), 'backend-apim-id', 'backend-request-id']).size).toBe(6)
  })

  it('takes any body that was recorded, also one that the simulator would refuse', async () => {
    const body = '{"messages": not json'
    const { post } = await recorded({}, body)
    expect((await post(chatPath, body)).status).toBe(200)
  })

  it('counts what the recording used against the limits', async () => {
    const { post } = await recorded({
      deployments: { 'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 30, requestsPerMinute: 600 } },
    })
    const answer = await post(chatPath, { messages })
    expect(answer.status).toBe(200)
    // Recording it took 12 of 30, and this answer 9 for its prompt.
    expect(answer.headers.get('x-ratelimit-remaining-tokens')).toBe('9')
    expect((await post(chatPath, { messages })).status).toBe(429)
  })

  it('misses with a status that no SDK tries again, and says what came nearest', async () => {
    const simulator = await recorded()
    const { post, azure, observations } = simulator
    const answer = await post(chatPath, { messages: [{ role: 'user', content: 'Ho' }] })
    expect(answer.status).toBe(404)
    const { error } = (await answer.json()) as { error: { code: string; message: string } }
    expect(error.code).toBe('RecordingNotFound')
    expect(error.message).toContain('No recording fits this POST /openai/deployments/gpt-4o/chat/completions.')
    expect(error.message).toContain(`The nearest is ${(await names(simulator))[0]}`)
    expect(error.message).toContain('messages[0].content')
    const sought = /It would be (\S+), by its key ([0-9a-f]{32})\./.exec(error.message)
    expect(sought?.[1]).toBe(`openai/deployments/gpt-4o/chat/completions/${sought?.[2]}.yaml`)
    const journal = await simulator.request('/++/requests?status=404')
    expect(await journal.json()).toMatchObject({
      requests: [{ status: 404, recording: sought?.[1], why: `no recording ${sought?.[1]}` }],
    })
    const before = observations.length
    const asking = azure().chat.completions.create({ model, messages: [] }, { maxRetries: 5 })
    await expect(asking).rejects.toMatchObject({ status: 404 })
    expect(observations.length - before).toBe(1)
  })

  it('generates what it misses where it is told so, by the simulator’s own rules', async () => {
    const { post } = await recorded({ replay: { onMiss: 'generate', speed: 0 } })
    const made = await post(chatPath, { messages, max_tokens: 3 })
    expect(await made.json()).toMatchObject({ usage: { completion_tokens: 3 } })
    expect((await post(chatPath, { messages: 'no' })).status).toBe(400)
    expect((await post(`${chatPath}0`, { messages, max_tokens: 3 })).status).toBe(404)
    expect((await post('/openai/v1/nonsense', {})).status).toBe(404)
    expect(await (await post(chatPath, { messages })).json()).toMatchObject({ id: 'chatcmpl-1' })
  })

  it('asks the service for what it misses where it is told so, and keeps nothing of it', async () => {
    const simulator = recorder({ mode: 'replay', replay: { onMiss: 'forward' } })
    for (let n = 0; n < 2; n++) expect((await simulator.post(chatPath, { messages })).status).toBe(200)
    expect(backend.requests).toHaveLength(2)
    simulator.patch({ simulator_mode: 'record' })
    expect(await simulator.kept()).toEqual([])
  })

  it('repeats the gaps of a stream to the millisecond', async () => {
    const clock = manualClock(1_000)
    const simulator = recorder({ replay: { speed: 1 } }, clock)
    const { play, begun } = scripted()
    backend.next(play)
    const answering = simulator.post(chatPath, { messages, stream: true })
    const upstream = await begun
    const answer = await answering
    const reader = answer.body!.getReader()
    for (const [at, gapMs] of [50, 300, 50].entries()) {
      await clock.advanceAsync(gapMs)
      upstream.write(content(String(at)))
      await reader.read()
    }
    upstream.end('data: [DONE]\n\n')
    while (!(await reader.read()).done);
    await simulator.replay()

    const startedAtMs = clock.now()
    const replaying = simulator.post(chatPath, { messages, stream: true })
    const seen: [number, string][] = []
    await clock.advanceAsync(50)
    const replayed = (await replaying).body!.pipeThrough(new TextDecoderStream()).getReader()
    const reading = (async () => {
      for (let next = await replayed.read(); !next.done; next = await replayed.read())
        seen.push([clock.now() - startedAtMs, next.value])
    })()
    for (let ms = 0; ms < 350; ms++) await clock.advanceAsync(1)
    await reading
    expect(seen).toEqual([
      [50, content('0')],
      [350, content('1')],
      [400, `${content('2')}data: [DONE]\n\n`],
    ])
  })

  it('keeps the pace on a real clock too; how well is only reported', async () => {
    backend.gapsMs = [50, 300, 50]
    const simulator = await recorded({ replay: { speed: 1 } }, { messages, stream: true })
    const answer = await simulator.post(chatPath, { messages, stream: true })
    const times: number[] = []
    for await (const _piece of answer.body!) times.push(performance.now())
    const gaps = times.slice(1).map((time, at) => Math.round(time - times[at]!))
    console.info(`Gaps of 300 and 50 ms were replayed as ${gaps.join(' and ')} ms`)
    expect(times.length).toBeGreaterThan(0)
  })
})

async function names(simulator: Recorder): Promise<string[]> {
  simulator.patch({ simulator_mode: 'record' })
  const found = await simulator.kept()
  simulator.patch({ simulator_mode: 'replay' })
  return found
}

describe('the control API', () => {
  it('saves recordings on request in record mode alone', async () => {
    const simulator = recorder()
    await simulator.post(chatPath, { messages })
    expect((await simulator.post('/++/save-recordings', {})).status).toBe(200)
    expect(
      (await simulator.request('/++/config', { method: 'PATCH', body: '{"simulator_mode":"replay"}' })).status,
    ).toBe(200)
    expect((await simulator.post('/++/save-recordings', {})).status).toBe(400)
    expect((await simulator.post(chatPath, { messages })).headers.get('x-ms-region')).toBe('Sweden Central')
  })
})
