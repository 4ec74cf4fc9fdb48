/** Every way to reach the app, behind one door, for the tests that all of them must pass. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Served } from '../../src/host/served.ts'
import type { Config } from '../../src/sim/index.ts'
import { createSimulator } from '../../src/sim/index.ts'
import { toFetch } from '../../src/host/fetch.ts'
import { startNodeHost } from '../../src/host/node.ts'
import { startFunctionsHost } from './functions-core.ts'

export const serverLimits: Config['server'] = {
  maxBodyBytes: 27_262_976,
  maxHeaderBytes: 32_768,
  headerTimeoutMs: 10_000,
  bodyTimeoutMs: 60_000,
  idleTimeoutMs: 10_000,
  stopTimeoutMs: 1_000,
}

export type Running = {
  /** The path begins with a slash. */
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  /** What went wrong where nobody would see it. */
  readonly failures: readonly unknown[]
  readonly stop: () => Promise<void>
}

export type HostUnderTest = {
  readonly name: string
  /** Functions has no way to tell the app. */
  readonly tellsOfClientsThatLeave: boolean
  readonly start: (simulator: Served) => Promise<Running>
}

export const hosts: readonly HostUnderTest[] = [
  {
    name: 'the embedded host',
    tellsOfClientsThatLeave: true,
    start: async (simulator) => {
      const { url, stop } = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
      return { fetch: (path, init) => fetch(url + path, init), failures: [], stop }
    },
  },
  {
    name: 'the fetch adapter',
    tellsOfClientsThatLeave: true,
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
    start: async (simulator) => {
      const { url, failures, stop } = await startFunctionsHost(simulator)
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
const minihost = path.resolve(root, '../shared/functions-host/minihost.mjs')

/** Why the built app cannot be run under the stand-in for the Functions host that is kept beside the repository. */
export const whyNoMinihost = !existsSync(minihost)
  ? 'no stand-in beside the repository'
  : existsSync(path.join(root, 'dist/functions/simulator.js'))
    ? undefined
    : 'not built'

/** The built app as the Functions host loads it: its `main`, `host.json` and all. */
export async function startMinihost(): Promise<Running> {
  const settings = {
    SIMULATOR_API_KEY: apiKey,
    LATENCY_OPENAI_CHAT_COMPLETIONS_MEAN: '0',
    LATENCY_OPENAI_CHAT_COMPLETIONS_STD_DEV: '0',
  }
  const variables = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const options = ['--app', root, '--port', '0', '--in-process', '--no-local-settings', '--log', 'error', ...variables]
  const child = spawn(process.execPath, [minihost, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ready = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve)
    void exited.then(() => reject(new Error(`The stand-in ended: ${complaints}`)))
  })
  const { url } = JSON.parse(ready) as { url: string }
  return {
    fetch: (address, init) => fetch(url.replace(/\/$/, '') + address, init),
    failures: [],
    stop: () => {
      child.kill()
      return exited
    },
  }
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
