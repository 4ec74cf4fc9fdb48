/**
 * The embedded host with the real app in a process of its own, for tests that ask what it costs. It tells its parent
 * where it listens, and on each message what it holds after a collection. Run with `--expose-gc`.
 */
import { startNodeHost } from '../../src/host/node.ts'
import type { StreamBody } from '../../src/sim/index.ts'
import { createSimulator } from '../../src/sim/index.ts'

export type Health = {
  readonly heapUsedBytes: number
  /** Streams that have begun and were neither ended nor told that their client has gone. */
  readonly openStreams: number
  readonly begunStreams: number
  readonly openSockets: number
}

const latency = { chatCompletions: { interToken: { meanMs: 20, stdDevMs: 0 } } }
const input = { apiKey: process.argv[2], latency }
const simulator = createSimulator({ sources: [{ name: 'test', input }] })
let begunStreams = 0
let openStreams = 0

const counted =
  (body: StreamBody): StreamBody =>
  (sink) => {
    begunStreams++
    openStreams++
    body({
      write: (chunk) => sink.write(chunk),
      onDrain: (resume) => sink.onDrain(resume),
      end() {
        openStreams--
        sink.end()
      },
      onClose: (stop) =>
        sink.onClose(() => {
          openStreams--
          stop()
        }),
    })
  }

const handle: typeof simulator.handle = async (request) => {
  const answer = await simulator.handle(request)
  return typeof answer.body === 'function' ? { ...answer, body: counted(answer.body) } : answer
}
const { server } = simulator.config()
const { port } = await startNodeHost({ handle }, { port: 0, host: '127.0.0.1', server })

process.on('message', () => {
  void Promise.resolve(globalThis.gc?.()).then(() => {
    const openSockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
    const health: Health = { heapUsedBytes: process.memoryUsage().heapUsed, openStreams, begunStreams, openSockets }
    process.send?.(health)
  })
})
process.send?.(port)
