import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type NodeHost, startNodeHost } from '../../src/host/node.ts'
import type { SimRequest, SimResponse } from '../../src/sim/types.ts'
import { dial, hangUp, serverLimits } from '../support/hosts.ts'

const hosts: NodeHost[] = []

afterEach(async () => {
  hangUp()
  await Promise.all(hosts.splice(0).map((host) => host.stop()))
})

describe('a body is read', () => {
  const head = (length: number) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`

  it('in one piece with its head, and behind others on the same connection', async () => {
    const wire = await open(echo)
    wire.send(`${head(3)}one${head(0)}${head(5)}three`)
    expect((await wire.until('<three>')).match(/<.*?>/g)).toEqual(['<one>', '<>', '<three>'])
    wire.send(`${head(4)}four`)
    await wire.until('<four>')
  })

  it('in one piece behind its head', async () => {
    const asked = Promise.withResolvers<undefined>()
    const wire = await open((request) => {
      asked.resolve(undefined)
      return echo(request)
    })
    wire.send(head(4))
    await asked.promise
    wire.send('late')
    await wire.until('<late>')
  })

  it('in many pieces', async () => {
    const asked = Promise.withResolvers<undefined>()
    const wire = await open((request) => {
      asked.resolve(undefined)
      return echo(request)
    })
    wire.send(`${head(6)}ab`)
    await asked.promise
    for (const piece of ['c', 'de', 'f']) {
      wire.send(piece)
      await turn()
    }
    await wire.until('<abcdef>')
    wire.send(`${head(3)}and`)
    await wire.until('<and>')
  })

  it('in chunks', async () => {
    const wire = await open(echo)
    wire.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n')
    await wire.until('<abc>')
  })

  it('in very many small chunks, with long ones between them', async () => {
    const wire = await open(echo)
    const pieces = Array.from({ length: 3_000 }, (_, at) => (at % 700 === 699 ? 'x'.repeat(300) : String(at % 10)))
    const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
    wire.send(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`)
    await wire.until(`<${pieces.join('')}>`)
    wire.send(`${head(3)}and`)
    await wire.until('<and>')
  })

  it('by who asks for it after it has come', async () => {
    const wire = await open(async (request) => {
      for (let turns = 0; turns < 5; turns++) await turn()
      return echo(request)
    })
    wire.send(`${head(4)}soon`)
    await wire.until('<soon>')
  })

  it.each(['', 'some'])('unless it is cut off behind %j', async (sent) => {
    const asked = Promise.withResolvers<undefined>()
    const outcome = Promise.withResolvers<string>()
    const wire = await open(async (request) => {
      const reading = request.bytes(100)
      asked.resolve(undefined)
      const outcomeOf = await reading.then(String, (error: unknown) => (error as Error).message)
      outcome.resolve(outcomeOf)
      return echoed('')
    })
    wire.send(`${head(8)}${sent}`)
    await asked.promise
    wire.socket.destroy()
    expect(await outcome.promise).toBe('The body of the request did not arrive whole.')
  })

  it('without a word of a client that goes when it has all of it', async () => {
    const gone = Promise.withResolvers<Uint8Array | undefined>()
    const wire = await open(async (request) => {
      const body = await request.bytes(100)
      request.onGone?.(() => gone.resolve(body))
      wire.socket.destroy()
      return new Promise<SimResponse>(() => undefined)
    })
    wire.send(`${head(4)}once`)
    expect(String(Buffer.from((await gone.promise) ?? []))).toBe('once')
  })
})

const echoed = (text: string): SimResponse => {
  const body = `<${text}>`
  return { status: 200, headers: { 'Content-Length': String(body.length) }, body }
}

async function echo(request: SimRequest): Promise<SimResponse> {
  return echoed(Buffer.from((await request.bytes(10_000)) ?? []).toString())
}

async function open(handle: (request: SimRequest) => Promise<SimResponse>) {
  const host = await startNodeHost({ handle }, { port: 0, host: '127.0.0.1', server: serverLimits })
  hosts.push(host)
  return dial(host.port)
}
