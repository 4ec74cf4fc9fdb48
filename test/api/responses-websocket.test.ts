/** Responses over WebSocket, through the SDK and a real server (documented July 2026). */
import OpenAI from 'openai'
import { ResponsesWS } from 'openai/resources/responses/ws'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startNodeHost } from '../../src/host/node.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function serve(input = {}, options = {}) {
  const simulator = testSimulator(input, options)
  const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: simulator.config().server })
  stops.push(() => host.stop())
  const client = new OpenAI({ apiKey: 'test-key', baseURL: `${host.url}/openai/v1`, maxRetries: 0 })
  return { simulator, host, client }
}

type Event = Record<string, unknown> & { type: string }

/** Sends, and gives the events up to the one that ends a response, or an error. */
function talk(client: OpenAI) {
  const ws = new ResponsesWS(client)
  stops.push(() => ws.close())
  const events: Event[] = []
  const waiting: (() => void)[] = []
  ws.on('event', (event) => {
    events.push(event as unknown as Event)
    for (const tell of waiting.splice(0)) tell()
  })
  ws.on('error', () => undefined)
  return async (order: object): Promise<Event[]> => {
    ws.send({ type: 'response.create', model: 'gpt-4.1', ...order } as never)
    const start = events.length
    for (;;) {
      const end = events.findIndex(
        ({ type }, at) => at >= start && /^(?:error|response\.(?:completed|incomplete))$/.test(type),
      )
      if (end >= 0) return events.slice(start, end + 1)
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
}

const responseOf = (events: readonly Event[]) =>
  events.at(-1)!['response'] as {
    id: string
    output: { content: { text: string }[] }[]
    usage: { input_tokens: number }
  }

describe('responses over a WebSocket', () => {
  it('come with the events of a stream, one after the other, and go on from each other', async () => {
    const { client } = await serve()
    const say = talk(client)
    const first = await say({ input: 'My name is Ada.' })
    expect(first.slice(0, 3).map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
    ])
    expect(first.at(-1)!.type).toBe('response.completed')
    const { id, output } = responseOf(first)
    const text = first
      .filter(({ type }) => type === 'response.output_text.delta')
      .map(({ delta }) => delta as string)
      .join('')
    expect(text).toBe(output[0]!.content[0]!.text)
    const second = await say({ input: 'What is it?', previous_response_id: id })
    expect(responseOf(second).usage.input_tokens).toBeGreaterThan(responseOf(first).usage.input_tokens)
    // It is kept as any other.
    expect((await client.responses.retrieve(id)).id).toBe(id)
  })

  it('go on from what only the connection remembers, and no more after an error', async () => {
    const { client } = await serve()
    const say = talk(client)
    const first = responseOf(await say({ input: 'My name is Ada.', store: false }))
    const second = responseOf(await say({ input: 'What is it?', store: false, previous_response_id: first.id }))
    expect(second.usage.input_tokens).toBeGreaterThan(first.usage.input_tokens)
    const [error] = await say({ input: 'x', previous_response_id: first.id })
    expect(error).toMatchObject({
      type: 'error',
      status: 400,
      error: {
        code: 'previous_response_not_found',
        message: `Previous response with id '${first.id}' not found.`,
        param: 'previous_response_id',
      },
    })
    expect((await say({ input: 'x', previous_response_id: second.id }))[0]!.type).toBe('error')
    expect((await say({ input: 'still there?' })).at(-1)!.type).toBe('response.completed')
  })

  it('can be warmed up', async () => {
    const { client } = await serve()
    const say = talk(client)
    const warm = await say({
      input: 'A long beginning, over and over again.',
      instructions: 'Be brief.',
      generate: false,
    })
    expect(warm.map(({ type }) => type)).toEqual(['response.created', 'response.completed'])
    expect(responseOf(warm).output).toEqual([])
    const done = responseOf(await say({ input: 'Go on.', previous_response_id: responseOf(warm).id }))
    expect(done.usage.input_tokens).toBeGreaterThan(15)
  })

  it('are warmed up by what could be answered alone, and go on from there in a chain', async () => {
    const { client } = await serve({
      deployments: { 'gpt-4.1': { model: 'gpt-4.1' } },
      allowUndefinedDeployments: false,
    })
    const say = talk(client)
    const refused = async (order: object) => (await say(order)).at(-1)
    const missing = await refused({ input: 'x', generate: false, model: 'nobody' })
    expect(missing).toMatchObject({ type: 'error', status: 404 })
    expect(missing).toEqual(await refused({ input: 'x', model: 'nobody' }))
    expect(await refused({ input: 'x', generate: false, previous_response_id: 'resp_none' })).toMatchObject({
      type: 'error',
      status: 400,
      error: { code: 'previous_response_not_found' },
    })
    expect(await refused({ input: 'x', generate: false, temperature: 7 })).toMatchObject({
      error: { param: 'temperature' },
    })
    expect(await refused({ input: 'x', generate: 'no' })).toMatchObject({
      error: { code: 'invalid_type', param: 'generate' },
    })
    const first = responseOf(await say({ input: 'My name is Ada.', instructions: 'Be brief.', generate: false }))
    const second = responseOf(
      await say({ input: 'I live in Bergen.', generate: false, previous_response_id: first.id }),
    )
    const all = responseOf(await say({ input: 'Where do I live?', store: false, previous_response_id: second.id }))
    const alone = responseOf(await say({ input: 'Where do I live?', store: false }))
    expect(all.usage.input_tokens).toBeGreaterThan(alone.usage.input_tokens + 10)
    // Another connection knows nothing of it.
    expect((await talk(client)({ input: 'x', previous_response_id: second.id })).at(-1)).toMatchObject({
      type: 'error',
    })
  })

  it('come one after the other, in the order in which they were asked for', async () => {
    const { host } = await serve()
    const socket = new WebSocket(`${host.url.replace('http', 'ws')}/openai/v1/responses?api-key=test-key`)
    stops.push(() => socket.terminate())
    const kinds: string[] = []
    let done = 0
    const all = new Promise<void>((resolve) =>
      socket.on('message', (data: Buffer) => {
        const { type, error } = JSON.parse(data.toString()) as { type: string; error?: { param?: string } }
        if (/created|completed|error/.test(type)) kinds.push(error ? `error ${error.param}` : type)
        if (/completed|error/.test(type) && ++done === 4) resolve()
      }),
    )
    await new Promise((resolve) => socket.once('open', resolve))
    for (const more of [{}, { temperature: 7 }, {}])
      socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-4.1', input: 'Hello', ...more }))
    socket.send('{"type":"nonsense"}')
    await all
    // What is no order at all is refused at once.
    expect(kinds.filter((kind) => kind !== 'error type')).toEqual([
      'response.created',
      'response.completed',
      'error temperature',
      'response.created',
      'response.completed',
    ])
    expect(kinds).toContain('error type')
  })

  it('obey limits and rules as calls do, and are in the journal', async () => {
    const rules = [
      { when: { prompt: 'teapot' }, then: { error: { status: 503, code: 'Busy', message: 'busy' } } },
      { when: { prompt: 'snap' }, then: { fault: 'cut', after: { tokens: 3 } } },
    ]
    const { client } = await serve({ rules })
    const say = talk(client)
    expect((await say({ input: 'a teapot' }))[0]).toMatchObject({
      type: 'error',
      status: 503,
      error: { message: 'busy' },
    })
    expect((await say({ input: 'hello' })).at(-1)!.type).toBe('response.completed')
  })

  it('end when they may last no longer', async () => {
    const clock = manualClock(1_000_000)
    const { host } = await serve({ live: { maxTime: '10min' } }, { clock })
    const socket = new WebSocket(`${host.url.replace('http', 'ws')}/openai/v1/responses?api-key=test-key`)
    const heard: string[] = []
    socket.on('message', (data: Buffer) => heard.push(data.toString()))
    const code = new Promise<number>((resolve) => socket.on('close', resolve))
    await new Promise((resolve) => socket.once('open', resolve))
    clock.advance(600_000)
    expect(await code).toBe(1001)
    expect(JSON.parse(heard[0]!)).toMatchObject({
      type: 'error',
      error: { code: 'websocket_connection_limit_reached' },
    })
  })

  it('take only who may come in, and only where it is asked for', async () => {
    const { host, simulator } = await serve()
    const refused = (url: string, protocols: string[] = []) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`${host.url.replace('http', 'ws')}${url}`, protocols)
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
        socket.on('open', () => {
          socket.close()
          resolve(101)
        })
        socket.on('error', () => undefined)
      })
    expect(await refused('/openai/v1/responses?api-key=wrong')).toBe(401)
    expect(await refused('/openai/v1/nothing?api-key=test-key')).toBe(404)
    expect(await refused('/openai/v1/responses', ['realtime', 'openai-insecure-api-key.test-key'])).toBe(101)
    expect((await simulator.request('/openai/v1/responses')).status).toBe(426)
  })
})
