/**
 * The embedded host with the real app, under watch: between two turns of its event loop, how much processor time its
 * main thread took, and the most memory it held. A busy machine does not count. Run with `--expose-gc`.
 */
import { startNodeHost } from '../../src/host/node.ts'
import { createSimulator } from '../../src/sim/index.ts'
import type { Order, Watched } from './attacked.ts'

const simulator = createSimulator({
  sources: [{ name: 'test', input: JSON.parse(process.argv[2] ?? '{}') as unknown }],
})
const { server } = simulator.config()
const { port } = await startNodeHost(
  { handle: (request) => simulator.handle(request) },
  { port: 0, host: '127.0.0.1', server },
)

const cpuMicroseconds = () => {
  const { user, system } = process.threadCpuUsage()
  return user + system
}
let last = cpuMicroseconds()
let longestMicroseconds = 0
let atStartBytes = 0
let maxBytes = 0

const look = () => {
  const now = cpuMicroseconds()
  longestMicroseconds = Math.max(longestMicroseconds, now - last)
  last = now
  maxBytes = Math.max(maxBytes, process.memoryUsage.rss())
}
setInterval(look, 2)

process.on('message', (order: Order) => {
  if (order === 'watch') {
    globalThis.gc?.()
    maxBytes = atStartBytes = process.memoryUsage.rss()
    // What the collection took is nobody's request.
    setImmediate(() => {
      last = cpuMicroseconds()
      longestMicroseconds = 0
      process.send?.('watching')
    })
    return
  }
  look()
  const watched: Watched = { busyMs: longestMicroseconds / 1000, addedMegabytes: (maxBytes - atStartBytes) / 2 ** 20 }
  process.send?.(watched)
})
process.send?.(port)
