/** The proxy between an official suite and the simulator: it fills in ids that exist, and remembers refusals. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toFetch } from '../../src/host/fetch.ts'
import { createSimulator } from '../../src/sim/index.ts'
import { asDescribed } from './differences.ts'
import { filler } from './ids.ts'

const apiKey = 'suites'
/** Evaluations are asked for what comes of them, jobs for what can be done while they run. */
const simulatorOf = (runTime: string) =>
  toFetch(
    createSimulator({
      sources: [
        {
          name: 'suites',
          input: {
            apiKey,
            mode: 'generate',
            responses: { checkItems: 'off' },
            latency: { images: '0ms' },
            jobs: { queueTime: '0ms', runTime },
          },
        },
      ],
      log: { debug() {}, info() {}, warn() {}, error: (line) => void process.stderr.write(`${line}\n`) },
    }),
  )

type Sent = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> }
type Proxy = {
  readonly url: string
  /** By method and path, the answer to the last request that was refused. */
  readonly refused: ReadonlyMap<string, string>
  /** The number of rewritten answers, by difference. */
  readonly told: ReadonlyMap<string, number>
  readonly close: () => void
}

/** Starts a proxy on a free port. With `isRaw`, answers are not rewritten. */
export async function startProxy(isRaw: boolean): Promise<Proxy> {
  const [quick, slow] = [simulatorOf('0ms'), simulatorOf('60min')]
  const ask = (path: string, { headers, ...init }: Sent) =>
    (/^\/fine_tuning|of=jobs/.test(path) ? slow : quick)(`http://sim/openai/v1${path}`, {
      ...init,
      headers: { ...headers, 'api-key': apiKey },
    })
  const fill = filler(ask)
  const refused = new Map<string, string>()
  const told = new Map<string, number>()
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece as Buffer)
      const { method = 'GET', url = '/', headers } = request
      const filled = await fill({
        method,
        url,
        contentType: headers['content-type'] ?? '',
        body: Buffer.concat(pieces),
      })
      const answer = await ask(filled.url, {
        method,
        headers: { ...(filled.contentType && { 'content-type': filled.contentType }) },
        ...(filled.body.length > 0 && { body: new Uint8Array(filled.body) }),
      })
      const type = answer.headers.get('content-type') ?? 'application/json'
      const given = Buffer.from(await answer.arrayBuffer())
      const bytes = isRaw || answer.status >= 400 ? given : asDescribed(given, type, told)
      if (answer.status >= 400)
        refused.set(
          `${method} ${url.split('?')[0] ?? ''}`,
          `${answer.status} ${bytes.toString().slice(0, 300)} to ${filled.url} ${filled.body.toString().slice(0, 2_000)}`,
        )
      response.writeHead(answer.status, { 'content-type': type }).end(bytes)
    })().catch((error: unknown) => response.writeHead(599).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    told,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
