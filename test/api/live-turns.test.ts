/** Messages of live connections: in order though they are taken in turns, and no faster than their client reads. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { liveHeaders } from '../../src/sim/index.ts'
import { serveLive } from '../support/live-client.ts'
import { testSimulator } from '../support/simulator.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const address = '/openai/v1/realtime?model=gpt-realtime'
const said = (id: string, text = 'a') => ({
  type: 'conversation.item.create',
  item: { id, type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
})

/** A frame as a client sends it; the mask changes nothing. */
function frame(opcode: number, data: Buffer | string, isLast = true): Buffer {
  const bytes = Buffer.from(data)
  const head = [(isLast ? 0x80 : 0) | opcode, 0x80 | (bytes.length < 126 ? bytes.length : 126)]
  if (bytes.length >= 126) head.push(bytes.length >> 8, bytes.length & 0xff)
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), bytes])
}
const [more, text, ping] = [0, 1, 9]

/** A connection without a library, with the frames that come on it: `opcode: text`. */
async function dialled(port: number): Promise<{ readonly socket: Socket; readonly next: () => Promise<string> }> {
  const socket = connect(port, '127.0.0.1')
  stops.push(() => socket.destroy())
  socket.write(
    `GET ${address} HTTP/1.1\r\nHost: localhost\r\napi-key: test-key\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  let rest = Buffer.alloc(0)
  socket.on('data', (data: Buffer) => (rest = Buffer.concat([rest, data])))
  const wait = async (isThere: () => boolean) => {
    while (!isThere()) await once(socket, 'data')
  }
  await wait(() => rest.includes('\r\n\r\n'))
  rest = rest.subarray(rest.indexOf('\r\n\r\n') + 4)
  const next = async () => {
    await wait(() => rest.length >= endOf(rest))
    const [at, end] = [rest[1] === 126 ? 4 : 2, endOf(rest)]
    const told = `${(rest[0] ?? 0) & 0x0f}: ${rest.toString('utf8', at, end)}`
    rest = rest.subarray(end)
    return told
  }
  expect(await next()).toContain('session.created')
  return { socket, next }
}
function endOf(bytes: Buffer): number {
  const [, length = Infinity] = bytes
  if (length !== 126) return 2 + length
  return bytes.length < 4 ? Infinity : 4 + bytes.readUInt16BE(2)
}

describe('messages of a live connection', () => {
  it('are answered in order where thousands come at once', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial(address)
    const ids = Array.from({ length: 3_000 }, (_, at) => `item-${at}`)
    for (const id of ids) live.send(said(id))
    live.send({ type: 'session.update', session: { type: 'realtime' } })
    await live.until('session.updated')
    const added = live.events.filter(({ type }) => type === 'conversation.item.added')
    expect(added.map(({ item }) => (item as { id: string }).id)).toEqual(ids)
    expect(live.events.at(-1)?.type).toBe('session.updated')
  })

  it('wait for a long one before them', async () => {
    const { dial } = await serveLive(stops)
    const live = await dial(address)
    const content = Array.from({ length: 15_000 }, (_, at) => ({ type: 'input_text', text: `${at}` }))
    live.send({ ...said('long'), item: { ...said('long').item, content } })
    live.send('no JSON')
    live.send(said('short'))
    live.send({ type: 'conversation.item.delete', item_id: 'long' })
    await live.until('conversation.item.deleted')
    expect(
      live.events
        .slice(1)
        .map(({ type, item, error }) => (item as { id: string } | undefined)?.id ?? (error ? 'error' : type)),
    ).toEqual([...['long', 'long', 'error', 'short', 'short', 'conversation.item.deleted']])
  })

  it('may come in many fragments, with a ping between them that is answered', async () => {
    const { host } = await serveLive(stops)
    const { socket, next } = await dialled(host.port)
    const update = JSON.stringify({ type: 'session.update', session: { type: 'realtime' } })
    socket.write(
      Buffer.concat([
        ...Array.from(update, (letter, at) =>
          frame(at === 0 ? text : more, letter, at === update.length - 1),
        ).toSpliced(3, 0, frame(ping, 'a')),
      ]),
    )
    const told = [await next(), await next()].map((one) => one.slice(0, 27))
    expect(told.toSorted()).toEqual(['10: a', '1: {"type":"session.updated'].toSorted())
  })

  it('of which the last ping is answered, of however many at once', async () => {
    const { host } = await serveLive(stops)
    const { socket, next } = await dialled(host.port)
    const pings = Array.from({ length: 5_000 }, (_, at) => frame(ping, `${at}`))
    socket.write(Buffer.concat(pings))
    let answered = 1
    while ((await next()) !== '10: 4999') answered++
    expect(answered).toBeLessThan(1_000)
  })
})

describe('a spoken answer', () => {
  it('is made no faster than its client reads', async () => {
    const simulator = testSimulator({ rules: [{ then: { text: 'some words '.repeat(200).trim() } }] })
    const own = new Map(Object.entries({ 'api-key': 'test-key', connection: 'upgrade', upgrade: 'websocket' }))
    const url = address
    const headers = liveHeaders({ url, headers: { get: (name) => own.get(name) ?? null } })
    const bytes = () => Promise.resolve(new Uint8Array())
    const { session: open } = await simulator.handle({ method: 'GET', url, headers, bytes })
    const told: string[] = []
    let goOn: (() => void) | undefined
    let come = Promise.withResolvers<string>()
    const session = open?.({
      send(json) {
        told.push((JSON.parse(json) as { readonly type: string }).type)
        if (told.at(-1) === 'response.done') come.resolve('done')
      },
      close: () => undefined,
      cut: () => undefined,
      isFull: () => told.length > 0 && told.length % 100 === 0,
      onDrain(resume) {
        goOn = resume
        come.resolve('full')
      },
    })
    await session?.message(JSON.stringify({ type: 'response.create' }))
    const lengths: number[] = []
    while ((await come.promise) === 'full') {
      lengths.push(told.length)
      told.push('read')
      come = Promise.withResolvers()
      goOn?.()
    }
    expect(lengths.length).toBeGreaterThan(5)
    expect(lengths).toEqual(lengths.map((_, at) => 100 * (at + 1)))
    expect(told.filter((type) => type === 'response.output_audio_transcript.delta')).toHaveLength(400)
    session?.closed()
  })
})
