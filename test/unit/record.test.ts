import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/sim/clock.ts'
import type { Config } from '../../src/sim/config/config.ts'
import { createForwarder } from '../../src/sim/forwarders/azure-openai.ts'
import { createTokenSource } from '../../src/sim/azure/entra-token.ts'
import { endpointUrl, headersOf, pathOf } from '../../src/sim/forwarders/outgoing.ts'
import { send } from '../../src/sim/http/send.ts'
import { parseTarget } from '../../src/sim/http/target.ts'
import { silentLog } from '../../src/sim/base/log.ts'
import { EventSplitter } from '../../src/sim/base/event-splitter.ts'
import { gather } from '../../src/sim/modes/gather.ts'
import { createKeeper } from '../../src/sim/modes/keeper.ts'
import { relayEvents } from '../../src/sim/modes/relay-stream.ts'
import { isErrorEvent, usageOfBytes, usageOfEvents } from '../../src/sim/modes/usage-of-answer.ts'
import type { Recordings } from '../../src/sim/recordings/interaction.ts'
import type { LiveBody, LiveReader, Plan, Wire } from '../../src/sim/types.ts'
import { type Backend, scripted, silentAfter, sound, startBackend } from '../support/backend.ts'
import { manualClock } from '../support/manual-clock.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

const settings = (endpoint: string | undefined, key?: string): Config['forward'] => ({
  endpoint,
  key,
  connectTimeoutMs: 1_000,
  idleTimeoutMs: 2_000,
  totalTimeoutMs: 10_000,
})

function wireOf(url: string, { method = 'POST', body = '{}', headers = {} } = {}): Wire {
  const all = new Headers({ 'content-type': 'application/json', ...headers })
  const target = parseTarget(url)
  return { method, url, target, contentType: 'application/json', headers: all, bytes: Buffer.from(body) }
}

describe('the address that is forwarded to', () => {
  it.each([
    ['https://x.openai.azure.com', '/openai/v1/models', '/openai/v1/models'],
    ['https://x.openai.azure.com/', '//openai/v1/models?', '//openai/v1/models?'],
    ['https://x.openai.azure.com/openai/v1/', '/openai/v1/models?a=1&api-key=k', '/openai/v1/models?a=1'],
    ['https://gateway/team/openai', '/openai/v1/models?API-KEY=k', '/team/openai/v1/models'],
    ['https://x', 'http://127.0.0.1:8000/openai/v1/files?%61pi-key=k&after=%zz', '/openai/v1/files?after=%zz'],
    ['https://x', '/openai/v1/files?subscription-key=k#part', '/openai/v1/files'],
  ])('%s with %s is %s', (endpoint, url, path) => {
    expect(pathOf(wireOf(url), endpointUrl(settings(endpoint)))).toBe(path)
  })

  it.each([undefined, 'x.openai.azure.com', 'ftp://x'])('cannot be %s', (endpoint) => {
    expect(() => endpointUrl(settings(endpoint))).toThrow(/AZURE_OPENAI_ENDPOINT/)
  })
})

describe('the headers that are forwarded', () => {
  const signIn = { 'api-key': 'k' }

  it('leave out what the connection says is its own', () => {
    const headers = headersOf(
      wireOf('/', { headers: { connection: 'close, X-Hop', 'x-hop': '1', 'x-stays': '2', 'x-forwarded-for': '3' } }),
      signIn,
    )
    expect(headers).toEqual({
      'accept-encoding': 'identity',
      'api-key': 'k',
      'content-length': '2',
      'content-type': 'application/json',
      'x-stays': '2',
    })
  })

  it('are those that are known by name where a host cannot list them', () => {
    const given = new Headers({ 'anthropic-version': '2023-06-01', 'api-key': 'mine', 'x-unheard-of': '1' })
    const wire = { ...wireOf('/', { method: 'GET', body: '' }), headers: { get: (name: string) => given.get(name) } }
    expect(headersOf(wire, { authorization: 'Bearer t' })).toEqual({
      'accept-encoding': 'identity',
      'anthropic-version': '2023-06-01',
      authorization: 'Bearer t',
    })
  })
})

describe('a token', () => {
  const tokens = () => {
    const clock = manualClock()
    const asked: ((result: string | Error) => void)[] = []
    const source = createTokenSource(
      clock,
      () =>
        new Promise((resolve, reject) => {
          asked.push((result) =>
            typeof result === 'string'
              ? resolve({ token: result, expiresOnTimestamp: clock.now() + 3_600_000 })
              : reject(result),
          )
        }),
    )
    return { clock, asked, source: async () => (await source()).token }
  }

  it('is fetched once for all who ask at the same time, and again five minutes before its end', async () => {
    const { clock, asked, source } = tokens()
    const both = [source(), source()]
    expect(asked).toHaveLength(1)
    asked[0]!('one')
    expect(await Promise.all(both)).toEqual(['one', 'one'])
    clock.advance(3_299_999)
    expect(await source()).toBe('one')
    clock.advance(1)
    const next = source()
    asked[1]!('two')
    expect(await next).toBe('two')
    expect(asked).toHaveLength(2)
  })

  it('is used to its end where no new one can be had', async () => {
    const { clock, asked, source } = tokens()
    const first = source()
    asked[0]!('one')
    await first
    clock.advance(3_400_000)
    const second = source()
    asked[1]!(new Error('away'))
    expect(await second).toBe('one')
    clock.advance(200_000)
    const third = source()
    asked[2]!(new Error('away'))
    await expect(third).rejects.toThrow('away')
  })
})

describe('the forwarder', () => {
  let backend: Backend
  beforeEach(async () => {
    backend = await startBackend()
  })
  afterEach(() => backend.stop())

  const text = (live: LiveBody) =>
    new Promise<string>((resolve, reject) => {
      let all = ''
      live.start({
        data: (bytes) => (all += Buffer.from(bytes).toString('latin1')),
        end: () => resolve(all),
        fail: reject,
      })
    })

  it('signs in by a token where there is no key', async () => {
    const signIn = () => Promise.resolve({ token: 'entra', expiresOnTimestamp: Infinity })
    const { forward } = createForwarder({ clock: systemClock(), log: silentLog, signIn })
    await text((await forward(wireOf('/openai/v1/x'), settings(backend.url), undefined)).body)
    expect(backend.requests[0]?.headers).toMatchObject({ authorization: 'Bearer entra' })
    expect(backend.requests[0]?.headers).not.toHaveProperty('api-key')
  })

  it('says what to do where there is neither', async () => {
    const errors: string[] = []
    const log = { ...silentLog, error: (message: string) => errors.push(message) }
    const signIn = () => Promise.reject(new Error('az login'))
    const { forward } = createForwarder({ clock: systemClock(), log, signIn })
    const asking = forward(wireOf('/openai/v1/x'), settings(backend.url), undefined)
    await expect(asking).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining('AZURE_OPENAI_KEY') as string,
    })
    expect(errors).toEqual([expect.stringContaining('az login')])
  })

  it('sends again, once, what met a connection that the service had closed', async () => {
    const { forward } = createForwarder({ clock: systemClock(), log: silentLog })
    const ask = async () => (await forward(wireOf('/openai/v1/x'), settings(backend.url, 'k'), undefined)).status
    const first = await forward(wireOf('/openai/v1/x'), settings(backend.url, 'k'), undefined)
    await text(first.body)
    backend.next((answer) => answer.socket?.resetAndDestroy())
    expect(await ask()).toBe(200)
    expect(backend.requests).toHaveLength(3)
    backend.next((answer) => answer.socket?.resetAndDestroy())
    await expect(ask()).rejects.toMatchObject({ status: 502 })
  })

  it('undoes a compression that it did not ask for', async () => {
    const { forward } = createForwarder({ clock: systemClock(), log: silentLog })
    backend.next((answer) => {
      answer.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Type': 'text/plain', 'X-Other': '1' })
      answer.end(gzipSync(sound))
    })
    const answer = await forward(wireOf('/openai/v1/x'), settings(backend.url, 'k'), undefined)
    expect(answer.headers).toEqual({ 'X-Other': '1' })
    expect(await text(answer.body)).toBe(sound.toString('latin1'))
  })

  it('waits for a service that is silent as long as it may be, before its answer', async () => {
    const clock = manualClock()
    const { forward } = createForwarder({ clock, log: silentLog })
    const asked = new Promise<void>((resolve) => backend.next(silentAfter(resolve)))
    const asking = forward(wireOf('/openai/v1/x'), settings(backend.url, 'k'), undefined)
    const failing = expect(asking).rejects.toMatchObject({ status: 504 })
    await asked
    clock.advance(1_999)
    expect(clock.waiting).toBeGreaterThan(0)
    clock.advance(1)
    await failing
    expect(clock.waiting).toBe(0)
  })

  it('does not count a client’s slowness as the service’s silence', async () => {
    const clock = manualClock()
    const { forward } = createForwarder({ clock, log: silentLog })
    const { play, begun } = scripted()
    backend.next(play)
    const { body } = await forward(wireOf('/openai/v1/x'), settings(backend.url, 'k'), undefined)
    const upstream = await begun
    let failure: Error | undefined
    let all = ''
    const seen: (() => void)[] = []
    const next = () => new Promise<void>((resolve) => seen.push(resolve))
    body.start({
      data: (bytes) => {
        all += Buffer.from(bytes).toString()
        seen.shift()?.()
      },
      end: () => seen.shift()?.(),
      fail: (reason) => {
        failure = reason
        seen.shift()?.()
      },
    })
    let arrived = next()
    upstream.write('one')
    await arrived
    body.pause()
    clock.advance(5_000)
    body.resume()
    arrived = next()
    upstream.write('two')
    await arrived
    expect([all, failure]).toEqual(['onetwo', undefined])
    const broken = next()
    clock.advance(2_000)
    await broken
    expect(failure).toMatchObject({ status: 504 })
  })

  it('ends what takes longer in all than it may, and what nobody waits for any more', async () => {
    const clock = manualClock()
    const { forward } = createForwarder({ clock, log: silentLog })
    const leaving = new AbortController()
    for (const end of [() => clock.advance(10_000), () => leaving.abort()]) {
      const { play, begun } = scripted()
      backend.next(play)
      const { body } = await forward(
        wireOf('/openai/v1/x'),
        { ...settings(backend.url, 'k'), idleTimeoutMs: 60_000 },
        leaving.signal,
      )
      const upstream = await begun
      const closed = new Promise((resolve) => upstream.once('close', resolve))
      const failing = expect(text(body)).rejects.toThrow()
      end()
      await Promise.all([closed, failing])
    }
    expect(clock.waiting).toBe(0)
  })
})

describe('events', () => {
  const stream = 'data: a\n\ndata: ü\ndata: b\r\n\r\n\n: comment\n\nevent: x\r\ndata: {}\r\n\r\nrest'
  const parts = [
    'data: a\n\n',
    'data: ü\ndata: b\r\n\r\n',
    '\n',
    ': comment\n\n',
    'event: x\r\ndata: {}\r\n\r\n',
    'rest',
  ]

  it('are the same whatever pieces they arrive in', () => {
    const bytes = Buffer.from(stream)
    for (let size = 1; size <= bytes.length; size++) {
      const splitter = new EventSplitter()
      const found: string[] = []
      for (let at = 0; at < bytes.length; at += size)
        for (const event of splitter.push(bytes.subarray(at, at + size))) found.push(Buffer.from(event).toString())
      const rest = splitter.rest()
      if (rest) found.push(Buffer.from(rest).toString())
      expect(found).toEqual(parts)
    }
  })

  it.each([
    ['data: {"error":{"message":"x"}}\n\n', true],
    ['event: error\ndata: {}\n\n', true],
    ['event: response.failed\r\ndata: {}\r\n\r\n', true],
    ['data: {"error":null,"id":1}\n\n', false],
    ['data: {"id":1,"error":{"a":1}}\n\n', false],
    ['event: response.completed\ndata: {"response":{"error":null}}\n\n', false],
  ])('%j tell of an error: %s', (event, isError) => {
    expect(isErrorEvent(event)).toBe(isError)
  })
})

describe('usage', () => {
  it.each([
    ['{"a":"\\"usage\\":{}","usage":{"prompt_tokens":3,"details":{"x":{}},"completion_tokens":2},"z":1}', 3, 2],
    ['{"usage" : {\n "input_tokens": 4,\n "output_tokens": 5 } }', 4, 5],
    ['{"usage":{"prompt_tokens":6,"total_tokens":6}}', 6, 0],
  ])('is read from %s', (text, promptTokens, completionTokens) => {
    expect(usageOfBytes(Buffer.from(text))).toEqual({ promptTokens, completionTokens })
  })

  it.each(['{}', '', '{"usage":null}', '{"usage":{"type":"duration","seconds":9}}', '{"usage":{"prompt_tokens":3'])(
    'is not known from %j',
    (text) => {
      expect(usageOfBytes(Buffer.from(text))).toBeUndefined()
    },
  )

  it('of a stream is that of the last event that tells it', () => {
    const events = ['{"usage":{"prompt_tokens":1}}', '{"usage":{"prompt_tokens":2}}', '{"usage":null}', '[DONE]']
    const recorded = events.map((data) => ({ afterMs: 0, data: `data: ${data}\n\n` }))
    expect(usageOfEvents(recorded)).toEqual({ promptTokens: 2, completionTokens: 0 })
  })
})

describe('a body that is waited for', () => {
  const source = () => {
    let to: LiveReader | undefined
    const calls: string[] = []
    const live: LiveBody = {
      start: (reader) => (to = reader),
      pause: () => calls.push('pause'),
      resume: () => calls.push('resume'),
      cancel: () => calls.push('cancel'),
    }
    return { live, calls, reader: () => to! }
  }

  it('is whole where it is short enough', async () => {
    const { live, reader } = source()
    const gathering = gather(live, 3)
    for (const byte of [1, 2, 3]) reader().data(Uint8Array.of(byte))
    reader().end()
    expect(await gathering).toEqual({ isWhole: true, bytes: Buffer.of(1, 2, 3) })
  })

  it('goes on as it comes where it is longer, with nothing lost in between', async () => {
    const { live, reader, calls } = source()
    const gathering = gather(live, 1)
    reader().data(Uint8Array.of(1))
    reader().data(Uint8Array.of(2))
    const gathered = await gathering
    if (gathered.isWhole) throw new Error('it is not whole')
    expect(calls).toEqual(['pause'])
    reader().data(Uint8Array.of(3))
    reader().end()
    const seen: unknown[] = []
    gathered.source.start({
      data: (bytes) => seen.push(...bytes),
      end: () => seen.push('end'),
      fail: (e) => seen.push(e),
    })
    expect(seen).toEqual([1, 2, 3, 'end'])
    expect(calls).toEqual(['pause', 'resume'])
  })

  it('is an error where it breaks off before that', async () => {
    const { live, reader } = source()
    const gathering = gather(live, 1)
    reader().fail(new Error('gone'))
    await expect(gathering).rejects.toThrow('gone')
  })
})

describe('a live answer', () => {
  const sending = async (cut?: () => void) => {
    let reader: LiveReader | undefined
    const calls: string[] = []
    const note = (name: string) => () => void calls.push(name)
    const source: LiveBody = {
      start: (to) => (reader = to),
      pause: note('pause'),
      resume: note('resume'),
      cancel: note('cancel'),
    }
    let hasRoom = true
    let drain: (() => void) | undefined
    let leave: (() => void) | undefined
    const usage = { promptTokens: 1, completionTokens: 2 }
    const ends: unknown[] = []
    const plan: Plan = {
      status: 200,
      contentType: 'audio/mpeg',
      usage: { promptTokens: 0, completionTokens: 0 },
      body: { kind: 'live', source, usage: () => usage },
    }
    const { body } = await send(plan, {
      clock: manualClock(),
      receivedAtMs: 0,
      request: {},
      headers: () => ({}),
      onEnd: (isWhole, live) => ends.push([isWhole, live]),
      report: (error) => ends.push(error),
    })
    if (typeof body !== 'function') throw new Error('it is no stream')
    body({
      write: (bytes) => {
        calls.push(`write ${Buffer.from(bytes).toString()}`)
        return hasRoom
      },
      onDrain: (resume) => (drain = resume),
      end: note('end'),
      onClose: (stop) => (leave = stop),
      ...(cut && { cut }),
    })
    return {
      calls,
      ends,
      usage,
      reader: reader!,
      full: () => (hasRoom = false),
      drain: () => drain?.(),
      leave: () => leave?.(),
    }
  }
  const bytes = (text: string) => Buffer.from(text)

  it('is held up while the client does not keep up', async () => {
    const { calls, reader, full, drain, ends, usage } = await sending()
    reader.data(bytes('a'))
    full()
    reader.data(bytes('b'))
    expect(calls).toEqual(['write a', 'write b', 'pause'])
    drain()
    reader.end()
    expect(calls.slice(3)).toEqual(['resume', 'end'])
    expect(ends).toEqual([[true, { usage, brokenBy: undefined }]])
  })

  it('is given up where the client leaves, and what still comes goes nowhere', async () => {
    const { calls, reader, leave, ends, usage } = await sending()
    leave()
    reader.data(bytes('a'))
    reader.end()
    expect(calls).toEqual(['cancel'])
    expect(ends).toEqual([[false, { usage, brokenBy: undefined }]])
  })

  it('that breaks off is cut where the host can, unless the body itself told it', async () => {
    for (const [isTold, canCut, last] of [
      [false, true, 'cut'],
      [false, false, 'end'],
      [true, true, 'end'],
    ] as const) {
      const cuts: string[] = []
      const { calls, reader, ends, usage } = await sending(canCut ? () => cuts.push('cut') : undefined)
      reader.fail(new Error('gone'), isTold)
      expect([...calls, ...cuts]).toEqual([last])
      expect(ends).toEqual([[false, { usage, brokenBy: new Error('gone') }]])
    }
  })
})

describe('keeping', () => {
  const answered = {
    wire: wireOf('/openai/v1/x'),
    status: 200,
    headers: {},
    contentType: '',
    body: () => ({ kind: 'text' as const, text: 'x' }),
    usage: undefined,
    receivedAtMs: 0,
    endedAtMs: 1,
    bytes: 1,
    keys: [],
  }
  const options = { log: silentLog, clock: manualClock(), durability: 'before-end', maxBytes: 1_000 } as const
  const recordings = (add: Recordings['add']) => ({ add })

  it('soon makes nothing of the answer before it has been sent', async () => {
    const order: string[] = []
    const add: Recordings['add'] = () => Promise.resolve(void order.push('add'))
    const keeper = createKeeper(recordings(add), { ...options, durability: 'soon' })
    const body = () => {
      order.push('body')
      return answered.body()
    }
    expect(keeper.keep({ ...answered, body })).toBeUndefined()
    await Promise.resolve()
    order.push('sent')
    expect(keeper.isBusy()).toBe(true)
    await keeper.settled()
    expect(keeper.isBusy()).toBe(false)
    expect(order).toEqual(['sent', 'body', 'add'])
  })

  it('is waited for where the answer must not end before', async () => {
    let finish: () => void = () => undefined
    const keeper = createKeeper(
      recordings(() => new Promise((resolve) => (finish = resolve))),
      options,
    )
    let isWritten = false
    const written = keeper.keep(answered)?.then(() => (isWritten = true))
    await nextTurn()
    expect(isWritten).toBe(false)
    finish()
    await written
    expect(isWritten).toBe(true)
  })

  it('soon waits too, once more waits than may', () => {
    const keeper = createKeeper(
      recordings(() => new Promise(() => undefined)),
      { ...options, durability: 'soon' },
    )
    const large = { ...answered, bytes: 600 }
    expect(keeper.keep(large)).toBeUndefined()
    expect(keeper.keep(large)).toBeInstanceOf(Promise)
  })

  it('that fails is told to the operator alone, and tried again until it succeeds', async () => {
    const errors: string[] = []
    const log = { ...silentLog, error: (message: string) => errors.push(message) }
    const clock = manualClock()
    let isAway = true
    const added: string[] = []
    const add: Recordings['add'] = (_, { path }) =>
      isAway ? Promise.reject(new Error('no room')) : Promise.resolve(void added.push(path))
    const keeper = createKeeper(recordings(add), { ...options, log, clock })
    await keeper.keep(answered)
    await keeper.keep({ ...answered, wire: wireOf('/openai/v1/y') })
    expect(errors).toEqual(['The answer to POST /openai/v1/x was not recorded, and is tried again: no room'])
    expect(keeper.unwritten()).toBe(2)
    await expect(keeper.retry()).rejects.toThrow('no room')
    clock.advance(2_000)
    await nextTurn()
    expect(keeper.unwritten()).toBe(2)
    isAway = false
    clock.advance(4_000)
    await nextTurn()
    expect([keeper.unwritten(), added]).toEqual([0, ['/openai/v1/x', '/openai/v1/y']])
  })

  it('of what fails holds no more than may wait, counts the rest, and says so once', async () => {
    const errors: string[] = []
    const log = { ...silentLog, error: (message: string) => errors.push(message) }
    const keeper = createKeeper(
      recordings(() => Promise.reject(new Error('no room'))),
      { ...options, log },
    )
    for (let count = 0; count < 3; count++) await keeper.keep({ ...answered, bytes: 600 })
    expect(keeper.unwritten()).toBe(3)
    expect(errors).toEqual([
      'The answer to POST /openai/v1/x was not recorded, and is tried again: no room',
      'The answer to POST /openai/v1/x was not recorded, nor are those behind it: too many wait to be tried again: no room',
    ])
  })
})

/** A stream of the service, piece by piece, and what of it has gone on. */
describe('a stream that is kept', () => {
  const relayed = (written: Promise<void> | undefined) => {
    let source: Parameters<LiveBody['start']>[0] | undefined
    const live = { start: (reader: typeof source) => (source = reader), pause() {}, resume() {}, cancel() {} }
    const told: string[] = []
    relayEvents(live, {
      clock: manualClock(),
      log: silentLog,
      receivedAtMs: 0,
      what: 'it',
      streamError: (message) => `error ${message}`,
      onWhole: () => written,
    }).start({
      data: (bytes) => told.push(Buffer.from(bytes).toString()),
      end: () => told.push('end'),
      fail: () => told.push('fail'),
    })
    return { source: source!, told }
  }

  it.each([
    'data: [DONE]\n\n',
    'event: response.completed\ndata: {}\n\n',
    'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  ])('gives its last event when its document is there: %j', async (last) => {
    let finish: () => void = () => undefined
    const { source, told } = relayed(new Promise((resolve) => (finish = resolve)))
    source.data(Buffer.from('data: 1\n\n'))
    source.data(Buffer.from(`data: 2\n\n${last}`))
    source.end()
    await nextTurn()
    expect(told).toEqual(['data: 1\n\n', 'data: 2\n\n'])
    finish()
    await nextTurn()
    expect(told.slice(2)).toEqual([last, 'end'])
  })

  it('holds nothing back that is not the last, nor where it breaks off', () => {
    const { source, told } = relayed(undefined)
    source.data(Buffer.from('data: [DONE]\n\n'))
    expect(told).toEqual([])
    source.data(Buffer.from('data: 3\n\n'))
    expect(told).toEqual(['data: [DONE]\n\ndata: 3\n\n'])
    source.data(Buffer.from('data: [DONE]\n\n'))
    source.fail(new Error('gone'))
    expect(told.slice(1)).toEqual(['data: [DONE]\n\n', 'error The answer broke off.', 'fail'])
  })
})
