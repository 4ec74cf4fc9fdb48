/** A Redis server of its own for a test file, from the `redis-server` on the PATH. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createClient } from '@redis/client'
import { freePort } from './free-port.ts'

const hasServer = spawnSync('redis-server', ['--version']).status === 0

/** For `describe.skipIf`; the name says why. */
export const isRedisMissing = !hasServer
export const withRedis = (name: string) =>
  hasServer ? name : `${name} (skipped: there is no redis-server on the PATH)`
if (!hasServer) console.warn('There is no redis-server on the PATH: tests that need Redis are skipped.')

export type Redis = {
  readonly port: number
  readonly url: string
  readonly pid: number
  /** One command, over a connection of its own. */
  readonly command: (...args: string[]) => Promise<unknown>
  /** As a crash would. */
  readonly kill: () => Promise<void>
  /** Anew on the same port, empty. */
  readonly restart: () => Promise<void>
}

/** Keeps nothing. `args` are settings as on its command line. */
export async function startRedis(...args: string[]): Promise<Redis> {
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child = await launch(port, args)
  const kill = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await ended
    }
  }
  return {
    port,
    url,
    get pid() {
      return child.pid ?? 0
    },
    async command(...words) {
      const client = createClient({ url, socket: { reconnectStrategy: false } })
      client.on('error', () => undefined)
      await client.connect()
      try {
        return await client.sendCommand(words)
      } finally {
        client.destroy()
      }
    },
    kill,
    async restart() {
      await kill()
      child = await launch(port, args)
    },
  }
}

async function launch(port: number, args: readonly string[]): Promise<ChildProcess> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...args]
  const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] })
  // The test process may end without having stopped it.
  const stopNow = () => child.kill('SIGKILL')
  process.once('exit', stopNow)
  child.once('exit', () => process.removeListener('exit', stopNow))
  await new Promise<void>((resolve, reject) => {
    const lines: string[] = []
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      if (line.includes('Ready to accept connections')) resolve()
    })
    child.once('exit', () => reject(new Error(`redis-server ended before it listened:\n${lines.join('\n')}`)))
  })
  return child
}
