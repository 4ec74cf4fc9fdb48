/**
 * The embedded host with the real app, under watch: between two turns of its event loop, how much processor time its
 * main thread took, and the most memory it held. A busy machine does not count. Run with `--expose-gc`. Where
 * ATTACK_BUILT is set, it is the app as it is built, whose parts are loaded as quickly as users have them.
 */
import type * as Testing from '../../src/testing/index.ts'
import type { Order, Watched } from './attacked.ts'

const from = process.env['ATTACK_BUILT'] === undefined ? '../../src/testing/index.ts' : '../../dist/testing.js'
const { startSimulator } = (await import(from)) as typeof Testing
const { endpoint } = await startSimulator(JSON.parse(process.argv[2] ?? '{}') as Testing.Settings)

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
process.send?.(Number(new URL(endpoint).port))
