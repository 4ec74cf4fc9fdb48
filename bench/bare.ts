/**
 * The server that the simulator is compared with: it uses `node:http`, parses the same body, sends the same bytes, and does
 * nothing else. Its argument is a file with the bytes.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One whole body, or the events of a stream; headers as name, value, name, value. */
export type Answer = { readonly headers: string[]; readonly body: string | readonly string[] }

/** By the path with its query, and ` stream` behind that for streams. */
export type Answers = Readonly<Record<string, Answer>>

const answers = new Map(Object.entries(JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Answers))

const server = createServer((incoming, outgoing) => {
  const pieces: Buffer[] = []
  incoming.on('data', (piece: Buffer) => pieces.push(piece))
  incoming.on('end', () => {
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
    const { stream } = JSON.parse(bytes.toString('utf8')) as { stream?: boolean }
    const { headers, body } = answers.get(stream ? `${incoming.url ?? ''} stream` : (incoming.url ?? ''))!
    // As the simulator does; node would add two headers of its own.
    outgoing.removeHeader('connection')
    outgoing.writeHead(200, headers)
    if (typeof body === 'string') {
      outgoing.end(body)
      return
    }
    for (const event of body) outgoing.write(event)
    outgoing.end()
  })
})

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`Endpoint: http://127.0.0.1:${port}\n`)
})
