/** A simulator in a process of its own that is attacked, and what each attack costs it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import path from 'node:path'

/** What its process is told. */
export type Order = 'watch' | 'tell'

export type Watched = {
  /** The longest that nobody else was served, in processor time of the main thread. */
  readonly busyMs: number
  /** The most that it held beyond what it held before. */
  readonly addedMegabytes: number
}

export type Attack = {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** The beginning of its text, and how long all of it is. */
export type Answered = { readonly status: number; readonly text: string; readonly bytes: number }

export type Attacked = {
  readonly pid: number
  readonly port: number
  readonly send: (attack: Attack) => Promise<Answered>
  /** Sends it, and leaves as soon as it is sent. */
  readonly leave: (attack: Attack) => Promise<void>
  /** What it costs, sent once. */
  readonly measure: (attack: Attack | (() => Promise<Answered>)) => Promise<Answered & Watched>
  readonly stop: () => void
}

const apiKey = 'test-key'

/** Node tells a thread's processor time from version 23.9 on. */
export const canMeasure = typeof process.threadCpuUsage === 'function'

export async function attack(config: object = {}): Promise<Attacked> {
  const child = fork(path.join(import.meta.dirname, 'server.ts'), [JSON.stringify({ apiKey, ...config })], {
    // Its young heap is bounded as `npm start` bounds it.
    execArgv: ['--expose-gc', '--max-semi-space-size=16'],
  })
  const port = (await message(child)) as number
  const agent = new http.Agent({ keepAlive: true })
  const send = (one: Attack) => sendTo(port, agent, one)
  const order = async (what: Order) => {
    child.send(what)
    return message(child)
  }
  return {
    pid: child.pid as number,
    port,
    send,
    leave: (one) => leaveAfter(port, one),
    async measure(what) {
      await order('watch')
      const answered = typeof what === 'function' ? await what() : await send(what)
      return { ...answered, ...((await order('tell')) as Watched) }
    },
    stop() {
      agent.destroy()
      child.kill()
    },
  }
}

async function message(child: ChildProcess): Promise<unknown> {
  const over = new AbortController()
  const ended = once(child, 'exit', { signal: over.signal }).then(([code]) => {
    throw new Error(`The server ended with ${String(code)}`)
  })
  ended.catch(() => undefined)
  try {
    return ((await Promise.race([once(child, 'message', { signal: over.signal }), ended])) as [unknown])[0]
  } finally {
    over.abort()
  }
}

function leaveAfter(port: number, { method = 'POST', path: url, body = '' }: Attack): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const headers = { 'api-key': apiKey, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const request = http.request({ host: '127.0.0.1', port, method, path: url, headers })
  request.on('error', () => undefined)
  request.on('close', () => {
    resolve(undefined)
  })
  request.end(body, () => {
    request.destroy()
  })
  return promise
}

const keptBytes = 65_536

function sendTo(port: number, agent: http.Agent, { method = 'POST', path: url, headers, body = '' }: Attack) {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const usual = { 'api-key': apiKey, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const request = http.request(
    { host: '127.0.0.1', port, method, path: url, agent, headers: { ...usual, ...headers } },
    (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        if (bytes < keptBytes) chunks.push(chunk)
        bytes += chunk.length
      })
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), bytes })
      })
      response.on('error', reject)
    },
  )
  request.on('error', reject)
  request.end(body)
  return promise
}
