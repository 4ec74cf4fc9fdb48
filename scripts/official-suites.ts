/**
 * `node scripts/official-suites.ts CHECKOUT`: runs the API resource tests of openai-node against the simulator, through a
 * small proxy that puts ids that exist in the place of the tests' own (`file_id`, `vector_store_id` …), and prints which
 * share passes of the surfaces that Azure has. The tests come from a checkout (`git clone github.com/openai/openai-node`);
 * the SDK is the one that is installed here. `--verbose` tells each test that fails, with the answer that it got.
 */
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { toFetch } from '../src/host/fetch.ts'
import { createSimulator } from '../src/sim/index.ts'
import { filler } from './official-suites-ids.ts'

const root = join(import.meta.dirname, '..')
const checkout = process.argv[2]
const isVerbose = process.argv.includes('--verbose')
if (checkout === undefined || checkout.startsWith('-')) {
  process.stderr.write('Usage: node scripts/official-suites.ts CHECKOUT_OF_OPENAI_NODE [--verbose]\n')
  process.exit(2)
}

/** What Azure has. The rest is administration, or was never there, or is there no more, or asks nothing of a server. */
const surfaces = [
  ...['audio', 'batches.test.ts', 'chat', 'completions.test.ts', 'containers', 'conversations', 'embeddings.test.ts'],
  ...[
    'evals',
    'files.test.ts',
    'fine-tuning/jobs',
    'images.test.ts',
    'models.test.ts',
    'realtime/client-secrets.test.ts',
  ],
  ...['responses', 'uploads', 'vector-stores', 'videos.test.ts'],
]

/** What of these surfaces Azure has not (its description of v1 names no such path). */
const absent = [/images createVariation/, /models delete/, /videos (?:createCharacter|getCharacter|edit|extend)/]

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
const [quick, slow] = [simulatorOf('0ms'), simulatorOf('60min')]
type Sent = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> }
const ask = (path: string, { headers, ...init }: Sent) =>
  (/^\/fine_tuning|of=jobs/.test(path) ? slow : quick)(`http://sim/openai/v1${path}`, {
    ...init,
    headers: { ...headers, 'api-key': apiKey },
  })
const fill = filler(ask)

const refused = new Map<string, string>()
const server = createServer((request, response) => {
  void (async () => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const { method = 'GET', url = '/', headers } = request
    const filled = await fill({ method, url, contentType: headers['content-type'] ?? '', body: Buffer.concat(pieces) })
    const answer = await ask(filled.url, {
      method,
      headers: { ...(filled.contentType && { 'content-type': filled.contentType }) },
      ...(filled.body.length > 0 && { body: new Uint8Array(filled.body) }),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (answer.status >= 400)
      refused.set(`${method} ${url.split('?')[0] ?? ''}`, `${answer.status} ${bytes.toString().slice(0, 300)}`)
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' })
      .end(bytes)
  })().catch((error: unknown) => response.writeHead(599).end(String(error)))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

// Below this project, so that the tests find its SDK.
const copy = join(root, 'node_modules', '.official-suites')
rmSync(copy, { recursive: true, force: true })
for (const surface of surfaces) {
  const to = join(copy, 'api-resources', surface)
  mkdirSync(join(to, '..'), { recursive: true })
  cpSync(join(checkout, 'tests', 'api-resources', surface), to, { recursive: true })
}
for (const kind of ['float', 'base64'])
  cpSync(
    join(checkout, 'tests', 'api-resources', `embeddings-${kind}-response.json`),
    join(copy, 'api-resources', `embeddings-${kind}-response.json`),
  )
writeFileSync(join(copy, 'setup.mjs'), "import { vi } from 'vitest'\nglobalThis.jest = vi\n")
writeFileSync(
  join(copy, 'vitest.config.mjs'),
  `export default { test: { globals: true, setupFiles: [${JSON.stringify(join(copy, 'setup.mjs'))}], include: ['**/*.test.ts'], exclude: [], dir: ${JSON.stringify(copy)}, testTimeout: 20000, reporters: [['json', { outputFile: ${JSON.stringify(join(copy, 'result.json'))} }]] } }\n`,
)
const child = spawn(
  process.execPath,
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--root',
    copy,
    '--config',
    join(copy, 'vitest.config.mjs'),
  ],
  {
    cwd: copy,
    stdio: ['ignore', 'ignore', isVerbose ? 'inherit' : 'ignore'],
    env: { ...process.env, TEST_API_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
  },
)
await once(child, 'exit')
server.close()

type Report = {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}
const report = JSON.parse(readFileSync(join(copy, 'result.json'), 'utf8')) as Report
let passed = 0
let all = 0
for (const { name, assertionResults } of report.testResults) {
  const ran = assertionResults.filter(
    ({ status, fullName }) =>
      (status === 'passed' || status === 'failed') && !absent.some((name) => name.test(fullName)),
  )
  const failed = ran.filter(({ status }) => status === 'failed')
  all += ran.length
  passed += ran.length - failed.length
  for (const { fullName, failureMessages } of failed)
    process.stdout.write(
      `failed: ${name.slice(copy.length + 1)}: ${fullName}: ${(failureMessages[0] ?? '').split('\n')[0] ?? ''}\n`,
    )
}
if (isVerbose) for (const [what, answer] of refused) process.stdout.write(`refused: ${what}: ${answer}\n`)
process.stdout.write(`${passed} of ${all} passed: ${((100 * passed) / Math.max(1, all)).toFixed(1)} %\n`)
rmSync(copy, { recursive: true, force: true })
process.exitCode = passed / all >= 0.95 ? 0 : 1
