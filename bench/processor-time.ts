/**
 * Loaded before a server: tells whoever connects how much processor time the process has used, in microseconds. The
 * system's own tables count in hundredths of a second, which is too coarse for a round of half a second.
 */
import { type AddressInfo, connect, createServer } from 'node:net'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { isMainThread } from 'node:worker_threads'

/** Asks the server that listens on `port`. */
export async function processorMicros(port: number): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  return Number(await text(socket))
}

if (process.env.BENCH_PROCESSOR_TIME === 'on' && isMainThread) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    const { user, system } = process.cpuUsage()
    socket.end(String(user + system))
  })
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`Processor time: ${(server.address() as AddressInfo).port}\n`)
  })
  server.unref()
}
