/** What goes wrong with live connections by rules: the connection itself, and answers within it. */
import { HttpRequest, InvocationContext } from '@azure/functions'
import { afterEach, describe, expect, it } from 'vitest'
import { toFunctionHandler } from '../../src/host/functions.ts'
import { manualClock } from '../support/manual-clock.ts'
import { serveLive } from '../support/live-client.ts'
import { testSimulator } from '../support/simulator.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const address = '/openai/v1/realtime?model=gpt-realtime'
const update = { type: 'session.update', session: { type: 'realtime' } }

const realtime = (then: object, more: object = {}) => ({ rules: [{ when: { operation: 'realtime', ...more }, then }] })
const respond = (then: object) => ({ rules: [{ when: { operation: 'realtimeRespond' }, then }] })

describe('a live connection', () => {
  it.each([
    [{ fault: 'close', code: 1001 }, 1001],
    [{ fault: 'close' }, 1011],
    [{ fault: 'close', code: 1006 }, 1006],
    [{ fault: 'cut' }, 1006],
    [{ fault: 'end' }, 1000],
  ])('is closed in the middle by a rule: %o', async (then, code) => {
    const { dial } = await serveLive(stops, realtime({ ...then, after: { events: 2 } }))
    const live = await dial(address)
    await live.ask(update, 'session.updated')
    live.send(update)
    expect(await live.closed()).toBe(code)
    expect(live.events).toHaveLength(2)
  })

  it.each([
    ['/openai/v1/responses', '{"type":"response.create","model":"gpt-4.1","input":DEEP}'],
    [address, '{"type":"response.create","response":{"prompt":{"id":"a","variables":{"b":DEEP}}}}'],
    [address, '{"type":"session.update","session":{"type":"realtime","prompt":{"id":"a","variables":{"b":DEEP}}}}'],
  ])('outlives what is nested deeply: %s %s', async (path, text) => {
    const { dial } = await serveLive(stops)
    const live = await dial(path)
    live.send(text.replace('DEEP', '['.repeat(20_000) + ']'.repeat(20_000)))
    const { error } = await live.ask({ type: 'nothing' }, 'error')
    expect(error).toMatchObject({ type: 'invalid_request_error' })
    // Whatever was said of the first, the second is answered.
    const isOfSecond = () => live.events.some((event) => JSON.stringify(event).includes("Invalid value: 'nothing'"))
    await expect.poll(isOfSecond, { timeout: 20_000 }).toBe(true)
  })

  it('holds for the deployment or the model that the address of a connection names', async () => {
    const { dial } = await serveLive(stops, {
      deployments: { voice: { model: 'gpt-realtime-mini' }, other: { model: 'gpt-realtime' } },
      rules: [
        {
          when: { operation: 'realtime', deployment: 'voice', headers: { 'x-case': 'by-name' } },
          then: { error: 'rateLimit' },
        },
        {
          when: { operation: 'realtime', model: 'gpt-realtime', headers: { 'x-case': 'by-model' } },
          then: { error: 'rateLimit' },
        },
      ],
    })
    const status = async (path: string, name: string) =>
      (await dial(path, { headers: { 'api-key': 'test-key', 'x-case': name } })).status
    const dated = '/openai/realtime?api-version=2025-04-01-preview&deployment='
    for (const [path, name, wanted] of [
      ['/openai/v1/realtime?model=voice', 'by-name', 429],
      ['/openai/v1/realtime?model=other', 'by-name', 101],
      ['/openai/v1/realtime?model=other', 'by-model', 429],
      ['/openai/v1/realtime?model=voice', 'by-model', 101],
      [`${dated}voice`, 'by-name', 429],
      [`${dated}other`, 'by-model', 429],
      ['/openai/v1/realtime?intent=transcription', 'by-name', 101],
    ] as const)
      expect([path, name, await status(path, name)]).toEqual([path, name, wanted])
  })

  it('expires before its time', async () => {
    const clock = manualClock(1_000_000)
    const { dial } = await serveLive(stops, realtime({ fault: 'expire', after: { time: '30s' } }), { clock })
    const live = await dial(address)
    await live.until('session.created')
    clock.advance(30_000)
    expect(await live.until('error')).toMatchObject({ error: { code: 'session_expired' } })
    expect(await live.closed()).toBe(1001)
    const other = {
      rules: [{ when: { operation: 'responsesConnect' }, then: { fault: 'expire', after: { time: '30s' } } }],
    }
    const second = await serveLive(stops, other, { clock })
    const responses = await second.dial('/openai/v1/responses')
    clock.advance(30_000)
    expect(await responses.until('error')).toMatchObject({ error: { code: 'websocket_connection_limit_reached' } })
    expect(await responses.closed()).toBe(1001)
  })

  it('falls silent, and goes on', async () => {
    const clock = manualClock(1_000_000)
    const { dial } = await serveLive(stops, realtime({ fault: 'stall', after: { events: 1 }, for: '5s' }), { clock })
    const live = await dial(address)
    await live.until('session.created')
    live.send(update)
    live.send({ ...update, session: { type: 'realtime', instructions: 'Last.' } })
    // What was sent before has arrived by the time that another connection has had its answers.
    const other = await dial('/openai/v1/responses')
    for (let n = 0; n < 3; n++) await other.ask('x', 'error')
    expect(live.events).toHaveLength(1)
    clock.advance(5_000)
    await live.until('session.updated')
  })

  it('has frames that are broken, doubled, or in the wrong order', async () => {
    const frames = async (fault: string) => {
      const { dial } = await serveLive(stops, realtime({ fault, after: { events: 1 } }))
      const live = await dial(address)
      for (const instructions of ['one', 'two', 'three'])
        live.send({ ...update, session: { type: 'realtime', instructions } })
      while (!live.texts.at(-1)?.includes('three')) await live.until('session.updated', live.events.length)
      return live.events
        .slice(1)
        .map((event) =>
          event.type === 'broken' ? 'broken' : (event['session'] as { instructions: string }).instructions,
        )
    }
    expect(await frames('malformed')).toEqual(['broken', 'two', 'three'])
    expect(await frames('duplicate')).toEqual(['one', 'one', 'two', 'three'])
    expect(await frames('reorder')).toEqual(['two', 'one', 'three'])
  })

  it('tells of errors that it survives', async () => {
    const { dial } = await serveLive(stops, realtime({ fault: 'errorEvent', after: { events: 1 } }))
    const live = await dial(address)
    live.send(update)
    expect(await live.until('error')).toMatchObject({ error: { type: 'server_error', event_id: null } })
    await live.until('session.updated')
  })

  it('is refused by a rule before it is one', async () => {
    const { dial } = await serveLive(
      stops,
      realtime({ error: { status: 503, code: 'Busy', message: 'busy' } }, { call: 1 }),
    )
    expect((await dial(address)).status).toBe(503)
    expect((await dial(address)).status).toBe(101)
  })
})

describe('an answer within a live connection', () => {
  const say = { type: 'response.create', response: { output_modalities: ['text'] } }

  it('takes the connection with it, with a code or without', async () => {
    const text = 'One two three four five six seven eight nine ten.'
    for (const [then, code] of [
      [{ fault: 'close', code: 1001 }, 1001],
      [{ fault: 'cut' }, 1006],
      [{ fault: 'end' }, 1011],
    ] as const) {
      const { dial } = await serveLive(stops, respond({ ...then, text, after: { tokens: 4 } }))
      const live = await dial(address)
      live.send(say)
      expect(await live.closed(), then.fault).toBe(code)
      expect(live.events.some(({ type }) => type === 'response.done')).toBe(false)
    }
  })

  it('fails by an error event, and the session lives on', async () => {
    const { dial } = await serveLive(stops, respond({ fault: 'errorEvent', after: { events: 3 } }))
    const live = await dial(address)
    live.send(say)
    expect(await live.until('error')).toMatchObject({ error: { type: 'server_error' } })
    expect(await live.until('response.done')).toMatchObject({
      response: { status: 'failed', status_details: { type: 'failed', error: { type: 'server_error' } } },
    })
    await live.ask(update, 'session.updated')
  })

  it('is refused with what a rule says', async () => {
    const error = { status: 400, code: 'content_filter', message: 'No.' }
    const { dial } = await serveLive(stops, respond({ error }))
    const live = await dial(address)
    live.send(say)
    expect(await live.until('response.done')).toMatchObject({
      response: { status: 'failed', status_details: { error: { code: 'content_filter', message: 'No.' } } },
    })
  })

  it.each([0, 1, 5])(
    'of Responses with a malformed event after %i events leaves the connection in order',
    async (events) => {
      const rules = [
        { when: { operation: 'responses', call: 1 }, then: { text: 'Hi.', fault: 'malformed', after: { events } } },
      ]
      const { dial } = await serveLive(stops, { rules })
      const live = await dial('/openai/v1/responses')
      live.send({ type: 'response.create', model: 'gpt-4.1', input: 'Tell me about fjords.' })
      await live.until('response.completed')
      const at = live.events.length
      live.send({ type: 'response.create', model: 'gpt-4.1', input: 'And about lakes.' })
      await live.until('response.completed', at)
    },
  )

  it('of Responses whose last event is malformed lets the next one follow', async () => {
    const create = { type: 'response.create', model: 'gpt-4.1', input: 'Hi.' }
    const plain = await (await serveLive(stops, { rules: [{ then: { text: 'Hi.' } }] })).dial('/openai/v1/responses')
    plain.send(create)
    await plain.until('response.completed')
    const events = plain.events.length - 1
    const rules = [
      { when: { operation: 'responses', call: 1 }, then: { text: 'Hi.', fault: 'malformed', after: { events } } },
      { then: { text: 'Hi.' } },
    ]
    const live = await (await serveLive(stops, { rules })).dial('/openai/v1/responses')
    live.send(create)
    live.send(create)
    const first = await live.until('response.completed')
    await live.until('response.completed', live.events.indexOf(first) + 1)
    expect(live.texts.filter((text) => text.includes('"type":"response.completed"'))).toHaveLength(2)
  })

  it('of a delegated task leaves out an event that is malformed, and the session goes on', async () => {
    const rules = [
      { when: { operation: 'realtimeRespond' }, then: { text: 'Yes.' } },
      { when: { operation: 'responses' }, then: { text: 'Hi.', fault: 'malformed', after: { events: 1 } } },
    ]
    const { dial } = await serveLive(stops, { rules })
    const live = await dial('/openai/v1/live')
    const delegation = { type: 'responses', responses: { model: 'gpt-4.1' } }
    await live.ask({ type: 'session.start', session: { model: 'gpt-live-1', delegation } }, 'session.started')
    live.send({ type: 'response.item.create', item: { type: 'message', role: 'user', content: 'Hello' } })
    live.send({ type: 'response.create' })
    const isCompleted = ({ event }: Record<string, unknown>) =>
      (event as { type?: string } | undefined)?.type === 'response.completed'
    while (!live.events.some(isCompleted)) await live.until('response.event', live.events.length)
    await live.ask({ type: 'session.input_audio.mute' }, 'session.input_audio.muted')
  })

  it('of Responses closes with the code of a rule', async () => {
    const rules = [{ when: { operation: 'responses' }, then: { fault: 'close', code: 1012, after: { tokens: 3 } } }]
    const { dial } = await serveLive(stops, { rules })
    const live = await dial('/openai/v1/responses')
    live.send({ type: 'response.create', model: 'gpt-4.1', input: 'Tell me about fjords.' })
    expect(await live.closed()).toBe(1012)
    expect(live.events.some(({ type }) => type === 'response.output_text.delta')).toBe(true)
  })
})

describe('a host without WebSockets', () => {
  it('says so, and the log once', async () => {
    const warned: string[] = []
    const log = { debug() {}, info() {}, warn: (text: string) => warned.push(text), error() {} }
    const simulator = testSimulator({}, { log })
    const handle = toFunctionHandler(simulator)
    const headers = { 'api-key': 'test-key', upgrade: 'websocket', connection: 'Upgrade' }
    for (let n = 0; n < 2; n++) {
      const request = new HttpRequest({ method: 'GET', url: `http://sim.test${address}`, headers })
      const answer = await handle(request, new InvocationContext())
      expect(answer).toMatchObject({ status: 426, headers: { upgrade: 'websocket' } })
      expect(JSON.parse((answer as { body: string }).body)).toMatchObject({ error: { code: 'UpgradeRequired' } })
    }
    expect(warned.filter((text) => /no WebSockets/.test(text))).toHaveLength(1)
    expect((await simulator.request('/openai/v1/responses', { headers: { upgrade: 'websocket' } })).status).toBe(426)
  })
})
