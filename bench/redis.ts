/** Measures the cost of counting limits in a Redis on the same machine instead of in memory. */
import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { apiKey, cases } from './cases.ts'
import type { Load, Server } from './processes.ts'
import { measureThroughput, type Rounds } from './throughput.ts'

export type RedisOptions = {
  readonly load: Load
  readonly rounds: Rounds
  readonly startOurs: (settings: Readonly<Record<string, string>>) => Promise<Server>
}

const targetRatio = 0.5

export async function measureRedis({ load, rounds, startOurs }: RedisOptions): Promise<void> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    console.log('chat, limit counted in Redis: not measured, there is no redis-server on the PATH')
    return
  }
  const port = await freePort()
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        if (line.includes('Ready to accept connections')) resolve()
      })
      child.once('exit', () => reject(new Error('redis-server ended before it listened')))
    })
    const inMemory = await startOurs({})
    const inRedis = await startOurs({ REDIS_URL: `redis://127.0.0.1:${port}` })
    for (const subject of cases.filter(({ title }) => title.startsWith('chat, limit counted'))) {
      const names = { ours: 'in Redis', bare: 'in memory', title: subject.title.replace('counted', 'in Redis') }
      const servers = { ours: inRedis, bare: inMemory, load }
      await measureThroughput({ ...subject, targetRatio }, servers, rounds, names)
    }
    console.log(`    calls counted alone, as Redis was late or away: ${await countedAlone(inRedis)}`)
    await Promise.all([inMemory.stop(), inRedis.stop()])
  } finally {
    child.kill('SIGKILL')
  }
}

/** Those measure nothing of Redis: there should be few. */
async function countedAlone({ port }: Server): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/++/config`, { headers: { 'api-key': apiKey } })
  const { sharing } = (await answer.json()) as { sharing: { calls_counted_alone: number } }
  return sharing.calls_counted_alone
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
