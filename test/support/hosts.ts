/** All hosts of the app behind one interface, for the tests that each must pass. */
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import path from 'node:path'
import type { Served } from '../../src/host/served.ts'
import type { Config } from '../../src/sim/index.ts'
import { createSimulator } from '../../src/sim/index.ts'
import { toFetch } from '../../src/host/fetch.ts'
import { startNodeHost } from '../../src/host/node.ts'
import { quickSettings, startMinihost, whyNoMinihost } from './functions-app.ts'
import { toFunctionHandler } from '../../src/host/functions.ts'
import { startFunctionsHost } from './functions-core.ts'

export const serverLimits: Config['server'] = {
  cors: { origins: [] },
  allowedHosts: ['*'],
  maxBodyBytes: 27_262_976,
  maxBytesInFlight: 134_217_728,
  maxHeaderBytes: 32_768,
  headerTimeoutMs: 10_000,
  bodyTimeoutMs: 60_000,
  idleTimeoutMs: 10_000,
  stopTimeoutMs: 1_000,
}

export type Running = {
  /** The path begins with a slash. */
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  /** Errors that no client sees. */
  readonly failures: readonly unknown[]
  readonly stop: () => Promise<void>
}

export type HostUnderTest = {
  readonly name: string
  /** Functions has no way to tell the app. */
  readonly tellsOfClientsThatLeave: boolean
  /** Functions has no place for them. */
  readonly sendsPhrases: boolean
  readonly start: (simulator: Served) => Promise<Running>
}

export const hosts: readonly HostUnderTest[] = [
  {
    name: 'the embedded host',
    tellsOfClientsThatLeave: true,
    sendsPhrases: true,
    start: async (simulator) => {
      const { url, stop } = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
      return { fetch: (path, init) => fetch(url + path, init), failures: [], stop }
    },
  },
  {
    name: 'the fetch adapter',
    tellsOfClientsThatLeave: true,
    sendsPhrases: true,
    start: (simulator) => {
      const inProcess = toFetch(simulator)
      return Promise.resolve({
        fetch: (path, init) => inProcess(`http://simulator${path}`, init),
        failures: [],
        stop: () => Promise.resolve(),
      })
    },
  },
  {
    name: 'the Functions library',
    tellsOfClientsThatLeave: false,
    sendsPhrases: false,
    start: async (simulator) => {
      const { url, failures, stop } = await startFunctionsHost(toFunctionHandler(simulator))
      return { fetch: (path, init) => fetch(url + path, init), failures, stop }
    },
  },
]

export const apiKey = 'a-key-for-tests'

/** The app itself, with its timing off. */
export const realSimulator = () => {
  const none = { meanMs: 0, stdDevMs: 0 }
  const latency = { chatCompletions: { interToken: none }, embeddings: none }
  return createSimulator({ sources: [{ name: 'test', input: { apiKey, latency } }] })
}

const root = path.resolve(import.meta.dirname, '../..')

/** Why the built app cannot be run under the stand-in for the Functions host. */
export const whyNoBuiltApp =
  whyNoMinihost ?? (existsSync(path.join(root, 'dist/functions/simulator.js')) ? undefined : 'not built')

/** The built app as the Functions host loads it from the repository. */
export async function startBuiltApp(): Promise<Running> {
  const { url, stop } = await startMinihost(root, quickSettings(apiKey))
  return { fetch: (address, init) => fetch(url + address, init), failures: [], stop }
}

const sockets: Socket[] = []

/** Closes what `dial` opened. */
export function hangUp(): void {
  for (const socket of sockets.splice(0)) socket.destroy()
}

/** A client that speaks bytes. */
export function dial(port: number) {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  let received = ''
  let ended = false
  let look: () => void = () => undefined
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    received += text
    look()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    ended = true
    look()
  })
  const when = (isSo: () => boolean) =>
    new Promise<string>((resolve, reject) => {
      look = () => {
        if (isSo()) resolve(received)
        else if (ended) reject(new Error(`The connection ended after: ${received}`))
      }
      look()
    })
  return {
    socket,
    send: (bytes: string | Uint8Array) => socket.write(bytes),
    /** All that was received, as soon as it ends with `text`. */
    until: (text: string) => when(() => received.endsWith(text) || (text.length < 9 && received.includes(text))),
    end: () => when(() => ended),
    hasEnded: () => ended,
  }
}
