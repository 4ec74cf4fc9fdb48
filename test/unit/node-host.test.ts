import { get as httpGet } from 'node:http'
import { Agent, get as httpsGet } from 'node:https'
import { madeCertificate } from '../../src/host/certificate.ts'
import type { IncomingMessage } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { startNodeHost } from '../../src/host/node.ts'
import type { NodeHost } from '../../src/host/node.ts'
import type { SimRequest, SimResponse, Sink } from '../../src/sim/types.ts'
import { dial, hangUp, serverLimits } from '../support/hosts.ts'

type Handle = (request: SimRequest) => Promise<SimResponse>

const hosts: NodeHost[] = []

afterEach(async () => {
  hangUp()
  await Promise.all(hosts.splice(0).map((host) => host.stop()))
})

describe('an answer', () => {
  it('has the headers that the app gave, the date, and none of the host’s own', async () => {
    const wire = await open(() => Promise.resolve(whole('{}')))
    wire.send(get('/'))
    expect((await wire.until('{}')).replace(/Date: .* GMT/, 'Date: now')).toBe(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: now\r\nContent-Type: application/json\r\n\r\n{}',
    )
  })

  it('leaves the connection open for the next request', async () => {
    const wire = await open((request) => Promise.resolve(whole(request.url)))
    wire.send(get('/one'))
    await wire.until('/one')
    wire.send(get('/two'))
    await wire.until('/two')
    expect(wire.hasEnded()).toBe(false)
  })

  it('counts as open until it is sent whole', async () => {
    const gate = Promise.withResolvers<SimResponse>()
    const host = await start(() => gate.promise, {})
    expect(host.openRequests()).toBe(0)
    const asked = fetch(host.url)
    while (host.openRequests() === 0) await new Promise(setImmediate)
    expect(host.openRequests()).toBe(1)
    gate.resolve(whole('{}'))
    await (await asked).text()
    expect(host.openRequests()).toBe(0)
  })

  it('closes the connection where the client asks for that', async () => {
    const wire = await open(() => Promise.resolve(whole('{}')))
    wire.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await wire.end()).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\n\{\}$/)
  })

  it('keeps the order of pipelined requests, whichever is ready first', async () => {
    const first = Promise.withResolvers<undefined>()
    const wire = await open(async (request) => {
      if (request.url === '/1') await first.promise
      else first.resolve(undefined)
      return whole(`<${request.url}>`)
    })
    wire.send(get('/1') + get('/2') + get('/3'))
    expect((await wire.until('</3>')).match(/<.*?>/g)).toEqual(['</1>', '</2>', '</3>'])
  })

  it('to HEAD has no body, streamed or not', async () => {
    const wire = await open((request) => Promise.resolve(request.url === '/s' ? playing('no') : whole('{}')))
    wire.send('HEAD /s HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    const answers = (await wire.end()).split('\r\n\r\n')
    expect([answers.length, answers[2]]).toEqual([3, ''])
  })

  it('to a request for an upgrade is an ordinary one', async () => {
    const wire = await open(() => Promise.resolve(whole('{"error":{"code":"404"}}', 404)))
    wire.send('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    expect(await wire.until('"404"}}')).toMatch(/^HTTP\/1.1 404/)
    await wire.end()
  })

  it('to a request for an upgrade may fail because its client is gone by then', async () => {
    const [asked, answer] = [Promise.withResolvers<undefined>(), Promise.withResolvers<SimResponse>()]
    const wire = await open(() => {
      asked.resolve(undefined)
      return answer.promise
    })
    wire.send('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await asked.promise
    wire.socket.resetAndDestroy()
    const port = hosts[0]?.port ?? 0
    // By then the reset has come: connections are heard in their order.
    const next = dial(port)
    next.send('CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n')
    await next.end()
    answer.resolve(whole('{}', 404))
    const last = dial(port)
    last.send('CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n')
    expect(await last.end()).toMatch(/^HTTP\/1.1 400/)
  })

  // As Java's own HTTP client sends the first request of each connection, and curl --http2 (RFC 7540, 3.2).
  it.each([
    ['at once', 0],
    ['later', 70_000],
  ])('to a request that offers HTTP/2 is as if it had not, its body read where it comes %s', async (_, length) => {
    const body = 'b'.repeat(length + 4)
    const wire = await open(async (request) => {
      const bytes = await request.bytes(1_000_000)
      const [upgrade, key] = ['upgrade', 'api-key'].map((name) => String(request.headers.get(name)))
      return whole(`${request.method} ${request.url} ${bytes?.length} ${upgrade} ${key}`)
    })
    const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA\r\n'
    const head = `POST /a?b=%20 HTTP/1.1\r\nHost: a\r\napi-key: k\r\n${offer}Content-Length: ${body.length}\r\n\r\n`
    wire.send(head + body.slice(0, 4))
    wire.send(body.slice(4))
    const answer = await wire.until('null k')
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
    expect(answer).toContain(`POST /a?b=%20 ${body.length} null k`)
    // The connection goes on.
    wire.send(`${head}${body}`)
    expect(await wire.until('null k')).not.toContain('Connection: close')
  })

  it('to CONNECT is a refusal', async () => {
    const wire = await open(() => Promise.resolve(whole('{}')))
    wire.send('CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n')
    expect(await wire.until('proxy."}}')).toMatch(/^HTTP\/1.1 400/)
  })
})

describe('over https', () => {
  it('answers and streams, to a client that trusts its certificate and to no other, and stops', async () => {
    const tls = await madeCertificate('127.0.0.1')
    const handle: Handle = (request) => Promise.resolve(request.url === '/s' ? playing('a', 'b') : whole('{}'))
    const host = await startNodeHost({ handle }, { port: 0, host: '127.0.0.1', server: serverLimits, tls })
    hosts.push(host)
    expect(host.url).toMatch(/^https:/)
    const ask = (path: string, ca?: string, headers = {}) =>
      new Promise<string>((resolve, reject) => {
        const asked = httpsGet(
          host.url + path,
          { agent: new Agent({ keepAlive: true }), headers, ...(ca && { ca }) },
          (answer) => {
            let text = ''
            answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
            answer.on('end', () => resolve(text))
          },
        )
        asked.on('error', reject)
      })
    expect([await ask('/', tls.cert), await ask('/s', tls.cert)]).toEqual(['{}', 'ab'])
    expect(await ask('/s', tls.cert, { connection: 'Upgrade', upgrade: 'h2c' })).toBe('ab')
    await expect(ask('/')).rejects.toThrow(/self-signed/)
    // Connections that are kept alive do not hold it up.
    await host.stop()
  })
})

describe('a stream', () => {
  it('is framed in chunks, one for each write', async () => {
    const wire = await open(() => Promise.resolve(playing('data: ☕\n\n', Uint8Array.of(65))))
    wire.send(get('/'))
    const [head, ...body] = (await wire.until('0\r\n\r\n')).split('\r\n\r\n')
    expect(head).toMatch(/\r\nTransfer-Encoding: chunked/)
    expect(head).not.toMatch(/\r\n(connection|keep-alive|content-length):/i)
    expect(body.join('\r\n\r\n')).toBe('b\r\ndata: ☕\n\n\r\n1\r\nA\r\n0\r\n\r\n')
  })

  it('is followed by the next answer on the same connection', async () => {
    const wire = await open((request) => Promise.resolve(request.url === '/s' ? playing('a') : whole('{}')))
    wire.send(get('/s'))
    await wire.until('0\r\n\r\n')
    wire.send(get('/'))
    expect(await wire.until('{}')).toMatch(/0\r\n\r\nHTTP\/1.1 200 OK/)
  })

  it('to a client of HTTP/1.0 is not framed, and ends with the connection', async () => {
    const wire = await open(() => Promise.resolve(playing('a', 'b')))
    wire.send('GET / HTTP/1.0\r\n\r\n')
    const answer = await wire.end()
    expect(answer).not.toMatch(/transfer-encoding/i)
    expect(answer).toMatch(/\r\n\r\nab$/)
  })

  it('waits for a client that does not read, and resumes when it does', async () => {
    const blocked = Promise.withResolvers<undefined>()
    let resumed = 0
    const host = await start(
      () =>
        Promise.resolve(
          streamed((sink) => {
            let left = 2_000
            const resume = () => {
              resumed++
              run()
            }
            const run = () => {
              while (left > 0) {
                left--
                if (sink.write('x'.repeat(10_000))) continue
                sink.onDrain(resume)
                blocked.resolve(undefined)
                return
              }
              sink.end()
            }
            run()
          }),
        ),
      {},
    )
    const answer = await new Promise<IncomingMessage>((resolve) => httpGet(host.url, { agent: false }, resolve))
    await blocked.promise
    let receivedBytes = 0
    for await (const piece of answer as AsyncIterable<Buffer>) receivedBytes += piece.length
    expect(receivedBytes).toBe(20_000_000)
    expect(resumed).toBeGreaterThan(0)
  })

  it('tells once that its client has gone, and takes no harm from what is still written', async () => {
    let told = 0
    const gone = Promise.withResolvers<Sink>()
    const wire = await open(() =>
      Promise.resolve(
        streamed((sink) => {
          sink.onClose(() => {
            told++
            gone.resolve(sink)
          })
          sink.write('first')
        }),
      ),
    )
    wire.send(get('/'))
    await wire.until('first')
    wire.socket.destroy()
    const sink = await gone.promise
    expect(sink.write('late')).toBe(true)
    await new Promise<void>((resolve) => sink.onDrain(resolve))
    sink.end()
    expect(told).toBe(1)
  })

  it('that has ended says nothing of a client that goes later', async () => {
    let told = 0
    const wire = await open((request) => {
      if (request.url !== '/s') return Promise.resolve(whole('{}'))
      return Promise.resolve(
        streamed((sink) => {
          sink.onClose(() => told++)
          sink.end()
        }),
      )
    })
    wire.send('GET /s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await wire.end()
    expect(await (await fetch(hosts[0]!.url)).text()).toBe('{}')
    expect(told).toBe(0)
  })
})

describe('a body', () => {
  it('that is declared too long is refused before it is sent, and the connection closed', async () => {
    const wire = await open(tooLongAbove(10))
    wire.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000\r\nExpect: 100-continue\r\n\r\n')
    const answer = await wire.end()
    expect(answer).toMatch(/^HTTP\/1.1 413 [^]*\r\nConnection: close\r\n[^]*too long$/)
  })

  it('that fits is asked for with 100 Continue', async () => {
    const wire = await open(tooLongAbove(10))
    wire.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n')
    await wire.until('HTTP/1.1 100 Continue\r\n\r\n')
    wire.send('body')
    await wire.until('4 bytes')
  })

  it('of 40 MB that is too long can be sent whole by a client that reads only then', async () => {
    const wire = await open(tooLongAbove(10))
    wire.socket.pause()
    wire.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40000000\r\n\r\n`)
    await new Promise<void>((resolve, reject) => {
      wire.socket.once('error', reject)
      wire.socket.write(Buffer.alloc(40_000_000, 120), () => resolve())
    })
    wire.socket.resume()
    expect(await wire.end()).toMatch(/^HTTP\/1.1 413 [^]*too long$/)
  })

  it('in chunks is refused as soon as it is too long', async () => {
    const wire = await open(tooLongAbove(10))
    wire.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n')
    wire.send('3\r\n9ab\r\n')
    await wire.until('too long')
    wire.send('0\r\n\r\n')
    expect(await wire.end()).toMatch(/^HTTP\/1.1 413 /)
  })

  it('in chunks that are broken is refused as no HTTP', async () => {
    const wire = await open(tooLongAbove(10))
    wire.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n')
    expect(await wire.until('}}')).toMatch(/^HTTP\/1.1 400 Bad Request\r\n[^]*"code":"400"/)
  })

  it('that stops coming is refused with 408', async () => {
    const wire = await open(tooLongAbove(10), { headerTimeoutMs: 40, bodyTimeoutMs: 40 })
    wire.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n1234')
    expect(await wire.until('}}')).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n[^]*"code":"408"/)
  })

  it('that is cut off rejects, and the signal aborts', async () => {
    const outcome = Promise.withResolvers<unknown[]>()
    const asked = Promise.withResolvers<undefined>()
    const wire = await open(async (request) => {
      const signal = request.signal
      const reading = request.bytes(100)
      asked.resolve(undefined)
      const error = await reading.catch((reason: unknown) => (reason as Error).message)
      outcome.resolve([error, signal?.aborted])
      return whole('{}')
    })
    wire.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n1234')
    await asked.promise
    wire.socket.destroy()
    expect(await outcome.promise).toEqual(['The body of the request did not arrive whole.', true])
  })

  it('that nobody read is not taken for the next request', async () => {
    const wire = await open((request) => Promise.resolve(whole(`<${request.url}>`, 401)))
    wire.send(`POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 34\r\n\r\n${get('/x').padEnd(34)}${get('/2')}`)
    expect((await wire.until('</2>')).match(/<.*?>/g)).toEqual(['</1>', '</2>'])
  })
})

describe('what is no request', () => {
  it.each([
    ['garbage', '\u0000\u0001\u0002 nonsense\r\n\r\n', 400],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['a length that is none', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n', 400],
    ['headers without an end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}`, 431],
  ])('is refused in JSON and the connection closed: %s', async (_, bytes, status) => {
    const wire = await open(() => Promise.resolve(whole('{}')))
    wire.send(Buffer.from(bytes, 'latin1'))
    const answer = await wire.until('}}')
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\nConnection: close\r\n\r\n`))
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ error: { code: String(status) } })
    wire.socket.end()
    await wire.end()
  })

  it('is refused with 408 where the headers do not come to an end', async () => {
    const wire = await open(() => Promise.resolve(whole('{}')), { headerTimeoutMs: 40 })
    wire.send('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    expect(await wire.until('}}')).toMatch(/^HTTP\/1.1 408 /)
  })

  it('after a good request does not spoil its answer', async () => {
    const wire = await open(() => Promise.resolve(streamed((sink) => sink.write('part'))))
    wire.send(get('/'))
    await wire.until('part')
    wire.send('garbage\r\n\r\n')
    expect(await wire.end()).toMatch(/part\r\n$/)
  })
})

describe('stopping', () => {
  it('waits for what runs, and refuses what is new', async () => {
    const sink = Promise.withResolvers<Sink>()
    const wire = await open(() =>
      Promise.resolve(
        streamed((to) => {
          to.write('a')
          sink.resolve(to)
        }),
      ),
    )
    const host = hosts[0]!
    wire.send(get('/'))
    await wire.until('a')
    const stopping = host.stop()
    await expect(fetch(host.url)).rejects.toThrow()
    const to = await sink.promise
    to.write('b')
    to.end()
    await stopping
    expect(await wire.end()).toMatch(/\r\nb\r\n0\r\n\r\n$/)
  })

  it('closes connections that are idle, silent or half-way into a request', async () => {
    const host = await start(() => Promise.resolve(whole('{}')), {})
    const wires = ['', 'GET / HTTP/1.1\r\nHo', get('/')].map((text) => ({ text, wire: dial(host.port) }))
    for (const { text, wire } of wires) wire.send(text)
    await wires[2]!.wire.until('{}')
    await host.stop()
    await Promise.all(wires.map(({ wire }) => wire.end()))
  })

  it('closes a connection that is not used for as long as is set, and none that is', async () => {
    let answer = Promise.withResolvers<SimResponse>()
    const wire = await open(() => answer.promise, { idleTimeoutMs: 60 })
    wire.send(get('/'))
    // It is used while its answer is waited for.
    await new Promise((resolve) => setTimeout(resolve, 150))
    answer.resolve(whole('{}'))
    await wire.until('{}')
    answer = Promise.withResolvers<SimResponse>()
    answer.resolve(whole('{"second":1}'))
    wire.send(get('/'))
    expect(await wire.end()).toContain('{"second":1}')
  })

  it('cuts what still runs when its time is up', async () => {
    let told = 0
    const wire = await open(() => Promise.resolve(streamed((sink) => (sink.onClose(() => told++), sink.write('a')))), {
      stopTimeoutMs: 30,
    })
    wire.send(get('/'))
    await wire.until('a')
    await hosts[0]!.stop()
    await wire.end()
    expect(told).toBe(1)
  })

  it('can be asked for twice', async () => {
    const host = await start(() => Promise.resolve(whole('{}')), {})
    await Promise.all([host.stop(), host.stop()])
  })
})

describe('starting', () => {
  it('says in one line that a port is taken', async () => {
    const { port } = await start(() => Promise.resolve(whole('{}')), {})
    await expect(startNodeHost({ handle: never }, { port, host: '127.0.0.1', server: serverLimits })).rejects.toThrow(
      `Port ${port} is already in use on 127.0.0.1: stop what uses it, or choose another port.`,
    )
  })

  it('says in one line that an address is none of this machine', async () => {
    const options = { port: 0, host: '192.0.2.1', server: serverLimits }
    await expect(startNodeHost({ handle: never }, options)).rejects.toThrow(
      'Cannot listen on 192.0.2.1:0: 192.0.2.1 is not an address of this machine.',
    )
  })
})

const never = () => new Promise<SimResponse>(() => undefined)
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

function whole(body: string, status = 200): SimResponse {
  const headers = { 'Content-Length': String(Buffer.byteLength(body)), 'Content-Type': 'application/json' }
  return { status, headers, body }
}

const streamed = (body: (sink: Sink) => unknown): SimResponse => ({
  status: 200,
  headers: { 'Content-Type': 'text/event-stream' },
  body: (sink) => void body(sink),
})

const playing = (...chunks: (string | Uint8Array)[]) =>
  streamed((sink) => {
    for (const chunk of chunks) sink.write(chunk)
    sink.end()
  })

const tooLongAbove =
  (maxBytes: number): Handle =>
  async (request) => {
    const body = await request.bytes(maxBytes)
    return body === undefined ? whole('too long', 413) : whole(`${body.length} bytes`)
  }

async function start(handle: Handle, limits: Partial<typeof serverLimits>): Promise<NodeHost> {
  const server = { ...serverLimits, ...limits }
  const host = await startNodeHost({ handle }, { port: 0, host: '127.0.0.1', server })
  hosts.push(host)
  return host
}

const open = async (handle: Handle, limits: Partial<typeof serverLimits> = {}) =>
  dial((await start(handle, limits)).port)
