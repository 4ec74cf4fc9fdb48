/** A client of live connections that speaks in frames, as no SDK would, and a server for it. */
import { WebSocket } from 'ws'
import { startNodeHost } from '../../src/host/node.ts'
import type { SimulatorOptions } from '../../src/sim/index.ts'
import { testSimulator } from './simulator.ts'

export type Event = Record<string, unknown> & { readonly type: string }

export async function serveLive(
  stops: (() => unknown)[],
  input: Record<string, unknown> = {},
  options: Partial<SimulatorOptions> = {},
) {
  const simulator = testSimulator(input, options)
  const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: simulator.config().server })
  stops.push(() => host.stop())
  return { simulator, host, dial: (path: string, how: Dial = {}) => dial(host.url, path, stops, how) }
}

type Dial = { readonly headers?: Record<string, string>; readonly protocols?: string[] }
export type Live = Awaited<ReturnType<typeof dial>>

/** Resolves when the connection is there or was refused. */
export async function dial(
  url: string,
  path: string,
  stops: (() => unknown)[],
  { headers = { 'api-key': 'test-key' }, protocols = [] }: Dial,
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocols, { headers })
  stops.push(() => socket.terminate())
  const events: Event[] = []
  const texts: string[] = []
  const waiting: (() => void)[] = []
  const wake = () => {
    for (const tell of waiting.splice(0)) tell()
  }
  let code: number | undefined
  socket.on('message', (data: Buffer) => {
    const text = data.toString()
    texts.push(text)
    try {
      events.push(JSON.parse(text) as Event)
    } catch {
      events.push({ type: 'broken', text })
    }
    wake()
  })
  socket.on('close', (closed) => {
    code = closed
    wake()
  })
  socket.on('error', () => undefined)
  const status = await new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101))
    socket.once('unexpected-response', (_, answer) => {
      resolve(answer.statusCode ?? 0)
      socket.terminate()
    })
  })
  const change = () => new Promise<void>((resolve) => waiting.push(resolve))
  return {
    status,
    events,
    texts,
    protocol: socket.protocol,
    send: (event: object | string) => socket.send(typeof event === 'string' ? event : JSON.stringify(event)),
    /** The next event of that type, which is then behind. */
    async until(type: string, from = 0): Promise<Event> {
      for (;;) {
        const found = events.slice(from).find((event) => event.type === type)
        if (found) return found
        if (code !== undefined) throw new Error(`closed with ${code} before ${type}: ${texts.join('\n').slice(-500)}`)
        await change()
      }
    },
    async closed(): Promise<number> {
      while (code === undefined) await change()
      return code
    },
    /** Sends, and gives the first event of that type that comes after. */
    async ask(event: object | string, type: string): Promise<Event> {
      const from = events.length
      socket.send(typeof event === 'string' ? event : JSON.stringify(event))
      return this.until(type, from)
    },
    close: () => socket.close(),
  }
}

/** So many milliseconds of a tone, or of silence, as PCM of 24 kHz. */
export function tone(ms: number, loudness: number): Buffer {
  const bytes = Buffer.alloc(ms * 48)
  for (let at = 0; at < bytes.length / 2; at++)
    bytes.writeInt16LE(Math.round(32_767 * loudness * Math.sin((2 * Math.PI * 200 * at) / 24_000)), 2 * at)
  return bytes
}
