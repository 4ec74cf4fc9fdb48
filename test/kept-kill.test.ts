/**
 * A simulator that keeps is killed again and again while clients leave things behind: of what was answered nothing may be
 * lost, and nothing is there by half. `KEPT_KILLS` says how often.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../src/sim/random.ts'
import { type Azurite, startAzurite } from './support/azurite.ts'

const kills = Number(process.env['KEPT_KILLS'] ?? 2)
const main = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts')
const key = 'a-key-for-tests'

async function start(place: Record<string, string>): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [main, 'start', '--port', '0'], {
    env: { PATH: process.env['PATH'], SIMULATOR_API_KEY: key, ...place },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url !== undefined) return { url, child }
  }
  throw new Error('it did not start')
}

const headers = { 'api-key': key, 'content-type': 'application/json' }
type Told = { readonly id: string }

async function ask(url: string, path: string, body?: unknown): Promise<string> {
  const init =
    body instanceof FormData ? { headers: { 'api-key': key }, body } : { headers, body: JSON.stringify(body) }
  const answer = await fetch(`${url}/openai/v1${path}`, body === undefined ? { headers } : { method: 'POST', ...init })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return text
}

/** What was answered, and where it has to be found again with what in it. */
type Promised = { readonly path: string; readonly says: string }

/** Leaves things behind one after the other, until its server is gone. */
async function leave(url: string, who: number, promised: Promised[], onAnswer: () => void): Promise<void> {
  const says = (at: number) => `${who}-${at} ${'x'.repeat(2_000)}`
  try {
    const { id: conversation } = JSON.parse(await ask(url, '/conversations', {})) as Told
    for (let at = 0; ; at++) {
      const text = says(at)
      if (who % 3 === 0) {
        const stream = at % 2 === 1
        const told = await ask(url, '/responses', {
          model: 'gpt-4.1-mini',
          input: text,
          stream,
          metadata: { text: text.slice(0, 20) },
        })
        // A stream that was read to its end.
        const id = stream
          ? /"type":"response.completed".*?"id":"(resp_\w+)"/.exec(told)?.[1]
          : (JSON.parse(told) as Told).id
        if (id !== undefined) promised.push({ path: `/responses/${id}/input_items`, says: text })
      } else if (who % 3 === 1) {
        await ask(url, `/conversations/${conversation}/items`, {
          items: [{ type: 'message', role: 'user', content: text }],
        })
        promised.push({ path: `/conversations/${conversation}/items?limit=100&order=asc`, says: text })
        if (at >= 80) throw new Error('A page holds no more.')
      } else {
        const form = new FormData()
        form.set('purpose', 'assistants')
        form.set('file', new File([text], 'text.md'))
        const { id } = JSON.parse(await ask(url, '/files', form)) as Told
        promised.push({ path: `/files/${id}/content`, says: text })
      }
      onAnswer()
    }
  } catch {
    // It was killed.
  }
}

async function killAndLook(place: Record<string, string>): Promise<void> {
  const random = seededRandom(11)
  const promised: Promised[] = []
  for (let round = 0; round < kills; round++) {
    const { url, child } = await start(place)
    let left = 10 + random.below(60)
    const onAnswer = () => {
      if (--left === 0) setTimeout(() => child.kill('SIGKILL'), random.below(8))
    }
    await Promise.all([0, 1, 2, 3, 4, 5].map((who) => leave(url, who, promised, onAnswer)))
  }
  const { url, child } = await start(place)
  const lost: string[] = []
  const found = new Map<string, Promise<string>>()
  for (const { path, says } of promised) {
    if (!found.has(path))
      found.set(
        path,
        ask(url, path).catch((error: unknown) => String(error)),
      )
    if (!(await found.get(path))?.includes(says)) lost.push(`${path} ${says.slice(0, 10)}`)
  }
  // A list reads all that is there: what is there by half would be told of, or fail it.
  expect(JSON.parse(await ask(url, '/files'))).toHaveProperty('data')
  child.kill('SIGKILL')
  expect(lost).toEqual([])
  expect(promised.length).toBeGreaterThanOrEqual(10 * kills)
}

describe('What was acknowledged by a simulator that was killed', () => {
  let azurite: Azurite
  let folder = ''
  beforeAll(async () => {
    azurite = await startAzurite()
    folder = await mkdtemp(join(tmpdir(), 'kept-kill-'))
  })
  afterAll(async () => {
    await azurite.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const timeoutMs = 60_000 + 20_000 * kills

  it(
    'is in its folder, whole',
    async () => {
      await killAndLook({ SIMULATOR_STATE_DIR: folder })
      const left = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp'))
      expect(left).toEqual([])
    },
    timeoutMs,
  )

  it(
    'is in its container, whole',
    () =>
      killAndLook({ SIMULATOR_STATE_CONNECTION_STRING: azurite.connectionString, SIMULATOR_STATE_CONTAINER: 'killed' }),
    timeoutMs,
  )
})
