/**
 * A simulator that records is killed again and again under load: of what was answered nothing may be lost, of what was not
 * nothing may be left. `KILLS` says how often; 200 take some minutes.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../src/sim/random.ts'
import { blobStore } from '../src/sim/recordings/blob-store.ts'
import { fileStore } from '../src/sim/recordings/file-store.ts'
import { createRecordings } from '../src/sim/recordings/recordings.ts'
import type { RecordingStore } from '../src/sim/recordings/store.ts'
import { type Azurite, startAzurite } from './support/azurite.ts'
import { answerText, toSought } from './support/interactions.ts'
import { manualClock } from './support/manual-clock.ts'

const kills = Number(process.env['KILLS'] ?? 4)
const main = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts')
const path = '/openai/deployments/gpt-4o/chat/completions'

/** What the service answers: short, long enough for a file beside the document, or as a stream. */
function answerTo(question: string): string {
  if (question.startsWith('long')) return JSON.stringify({ text: `${question} ${'x'.repeat(100_000)}` })
  if (question.startsWith('stream')) return `data: {"text":"${question}"}\n\ndata: [DONE]\n\n`
  return JSON.stringify({ text: question })
}

let backend: Server
beforeAll(async () => {
  backend = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => (body += String(piece)))
    request.on('end', () => {
      const { q } = JSON.parse(body) as { q: string }
      const type = q.startsWith('stream') ? 'text/event-stream' : 'application/json'
      const answer = answerTo(q)
      response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(answer) }).end(answer)
    })
  })
  backend.listen(0, '127.0.0.1')
  await once(backend, 'listening')
})
afterAll(() => {
  backend.closeAllConnections()
  backend.close()
})

const key = 'a-key-for-tests'

async function start(place: Record<string, string>): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [main, 'start', '--port', '0', '--mode', 'record'], {
    env: {
      PATH: process.env['PATH'],
      SIMULATOR_API_KEY: key,
      AZURE_OPENAI_ENDPOINT: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`,
      AZURE_OPENAI_KEY: 'service-key',
      ...place,
    },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url !== undefined) return { url, child }
  }
  throw new Error('it did not start')
}

let asked = 0
/** Asks until its server is gone; gives the questions that were answered to the end. */
async function askOn(url: string, kind: string, onAnswer: () => void): Promise<string[]> {
  const answered: string[] = []
  for (;;) {
    const question = `${kind} ${++asked}`
    try {
      const answer = await fetch(`${url}${path}?api-version=2024-10-21`, {
        method: 'POST',
        headers: { 'api-key': key, 'content-type': 'application/json' },
        body: JSON.stringify({ q: question }),
      })
      const reader = answer.body?.getReader()
      let text = ''
      for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
        text += Buffer.from(piece.value).toString()
        // Clients take this for the end of a stream.
        if (text !== answerTo(question)) continue
        answered.push(question)
        onAnswer()
      }
    } catch {
      return answered
    }
  }
}

async function killUnderLoad(place: Record<string, string>): Promise<string[]> {
  const random = seededRandom(7)
  const answered: string[] = []
  for (let round = 0; round < kills; round++) {
    const { url, child } = await start(place)
    let left = 5 + random.below(60)
    const onAnswer = () => {
      // Within the moment after the last byte, or some milliseconds later.
      if (--left === 0) setTimeout(() => child.kill('SIGKILL'), random.below(8))
    }
    const asking = ['short', 'short', 'long', 'stream', 'stream'].map((kind) => askOn(url, kind, onAnswer))
    answered.push(...(await Promise.all(asking)).flat())
  }
  return answered
}

async function expectAll(answered: readonly string[], store: RecordingStore): Promise<void> {
  const told: string[] = []
  const log = { debug() {}, info() {}, warn: (line: string) => void told.push(line), error() {} }
  const recordings = createRecordings({ store, clock: manualClock(), log })
  const lost: string[] = []
  for (const question of answered) {
    const [found] = await recordings.find(toSought({ q: question }, { path }))
    if (!found || answerText(found) !== answerTo(question)) lost.push(question)
  }
  expect({ lost, told }).toEqual({ lost: [], told: [] })
  expect(answered.length).toBeGreaterThanOrEqual(5 * kills)
}

describe('what was answered by a simulator that was killed', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recordings-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it(
    'is in its folder, and nothing else',
    async () => {
      const place = { RECORDING_DIR: folder }
      const answered = await killUnderLoad(place)
      await expectAll(answered, fileStore(folder))
      const { child, url } = await start(place)
      // What was left is removed beside the start.
      await expect
        .poll(async () => (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp')), {
          timeout: 20_000,
        })
        .toEqual([])
      expect(url).toMatch(/^http/)
      child.kill('SIGTERM')
      await once(child, 'exit')
      const names = await readdir(folder, { recursive: true })
      const documents = new Set(names.filter((name) => name.endsWith('.yaml')))
      const orphans = names.filter((name) => name.endsWith('.bin') && !documents.has(name.replace(/\..*/, '.yaml')))
      expect(orphans).toEqual([])
    },
    60_000 + 20_000 * kills,
  )

  it('that could not be written by the stop is one line, and an exit code of 1', async () => {
    await writeFile(join(folder, 'file'), '')
    const { child, url } = await start({ RECORDING_DIR: join(folder, 'file', 'below') })
    let told = ''
    child.stderr?.on('data', (piece) => (told += String(piece)))
    for (const q of ['one', 'two']) {
      const headers = { 'api-key': key, 'content-type': 'application/json' }
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify({ q }) })
      expect(await answer.json()).toEqual({ text: q })
    }
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([1, null])
    const [first, last, ...others] = told.trimEnd().split('\n')
    expect(first).toMatch(/was not recorded, and is tried again: Could not write recordings in .*below: ENOTDIR$/)
    expect(last).toMatch(/^2 answers were not recorded: Could not write recordings in .*below: ENOTDIR$/)
    expect(others).toEqual([])
  })

  describe('in a container', () => {
    let azurite: Azurite
    beforeAll(async () => {
      azurite = await startAzurite()
    })
    afterAll(() => azurite.stop())

    it(
      'is there, whole',
      async () => {
        const { connectionString } = azurite
        const place = { RECORDING_CONNECTION_STRING: connectionString, RECORDING_CONTAINER: 'killed' }
        const answered = await killUnderLoad(place)
        const address = { connectionString, container: 'killed' }
        await expectAll(answered, blobStore({ address, clock: manualClock() }))
      },
      60_000 + 20_000 * kills,
    )
  })
})
