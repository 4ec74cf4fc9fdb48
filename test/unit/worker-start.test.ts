/** A Functions worker whose configuration is wrong: it answers with what is wrong, and tells no secret. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startInWorker } from '../../src/host/simulator.ts'

let cwd = ''
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'worker-'))
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  rmSync(cwd, { recursive: true })
  vi.restoreAllMocks()
})

async function answerOf(env: Record<string, string>, url = '/') {
  const simulator = await startInWorker({ env, cwd })
  const bytes = () => Promise.resolve(new Uint8Array(0))
  const { status, headers, body } = await simulator.handle({ method: 'GET', url, headers: new Headers(), bytes })
  await simulator.close()
  expect(headers['Content-Type']).toBe('application/json')
  return { status, message: (JSON.parse(body as string) as { error: { message: string } }).error.message }
}

it('tells every setting that is wrong, as check does, on every path', async () => {
  const env = { SIMULATOR_MODE: 'banana', SIMULATOR_SEED: 'x', SIMULATOR_API_KEY: 'k' }
  for (const url of ['/', '/++/config', '/openai/v1/models'])
    expect(await answerOf(env, url)).toEqual({
      status: 503,
      message:
        'The simulator cannot start, as its configuration is wrong:\n' +
        'SIMULATOR_MODE: found "banana"; allowed: generate, record, replay\n' +
        'SIMULATOR_SEED: found "x"; allowed: a whole number of 0 or more',
    })
})

it('tells no secret: neither of a setting, nor what code that is not ours says of one', async () => {
  const env = {
    SIMULATOR_API_KEY: 'a key with\ttabs',
    REDIS_URL: 'secret-of-redis',
    AZURE_OPENAI_KEY: 'secret-of-service',
    RECORDING_CONNECTION_STRING: 'AccountKey=secret-of-storage',
  }
  const wrong = await answerOf(env)
  expect(wrong.status).toBe(503)
  expect(wrong.message).toContain('SIMULATOR_API_KEY: found ****')
  expect(wrong.message).not.toMatch(/secret-of|tabs/)

  writeFileSync(join(cwd, 'mine.mjs'), `throw new Error('cannot sign in with ' + 'secret-of-service')`)
  const { message } = await answerOf({
    SIMULATOR_API_KEY: 'k',
    AZURE_OPENAI_KEY: 'secret-of-service',
    EXTENSION_PATH: 'mine.mjs',
  })
  expect(message).toContain('EXTENSION_PATH: mine.mjs cannot be loaded: cannot sign in with ****')
})

it('answers as ever where nothing is wrong', async () => {
  expect((await answerOf({ SIMULATOR_API_KEY: 'k' }, '/openai/v1/models')).status).toBe(401)
})
