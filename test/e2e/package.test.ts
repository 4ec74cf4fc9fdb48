/** The package that is sent to Azure, run from an empty folder: nothing but what is in it can be found there. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { AzureOpenAI } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageApp, packageCommand } from '../../scripts/package.mjs'
import { type Azurite, startAzurite } from '../support/azurite.ts'
import { startBackend } from '../support/backend.ts'
import {
  type App,
  quickSettings,
  startFunctionsApp,
  startMinihost,
  type WatchedApp,
  whyNoMinihost,
} from '../support/functions-app.ts'
import { isRedisMissing, startRedis, withRedis } from '../support/redis.ts'
import { startTenant, tenantId } from '../support/tenant.ts'

const apiKey = 'key-of-the-package'
const settings = quickSettings(apiKey)
const empty = mkdtempSync(path.join(tmpdir(), 'package-'))
const folder = path.join(empty, 'wwwroot')

beforeAll(() => packageApp(folder))
afterAll(() => rmSync(empty, { recursive: true, force: true }))

const filesOf = (of: string) =>
  readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(of, path.join(parentPath, name)).split(path.sep).join('/'))

const clientOf = ({ url }: App) => new AzureOpenAI({ endpoint: url, apiKey, apiVersion: '2024-10-21', maxRetries: 0 })

const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }], max_tokens: 7 }

describe('the package', () => {
  it('holds host.json, package.json and the file that main names, and no node_modules', () => {
    const files = filesOf(folder)
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
    expect(files).toEqual(expect.arrayContaining(['host.json', 'package.json', manifest['main']]))
    expect(files.filter((name) => name.includes('node_modules'))).toEqual([])
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest['type']).toBe('module')
  })

  it('is smaller than 10 MB', () => {
    const bytes = filesOf(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0)
    expect(bytes).toBeGreaterThan(2_000_000)
    expect(bytes).toBeLessThan(10_000_000)
  })

  it('is made again to the byte from the same source', { timeout: 30_000 }, async () => {
    const again = path.join(empty, 'again')
    await packageApp(again)
    expect(filesOf(again)).toEqual(filesOf(folder))
    for (const name of filesOf(again)) {
      expect(Buffer.compare(readFileSync(path.join(again, name)), readFileSync(path.join(folder, name)))).toBe(0)
    }
  })

  it.each([
    ['', 'SIMULATOR_API_KEY: is required: the key that clients must send'],
    [
      '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/simulator-api-key)',
      'SIMULATOR_API_KEY: found a Key Vault reference that was not resolved',
    ],
  ])('answers 503 with what is wrong where the key is %j', async (SIMULATOR_API_KEY, problem) => {
    const app = await startFunctionsApp(folder, { SIMULATOR_API_KEY })
    for (const address of ['/', '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21']) {
      const answer = await fetch(app.url + address)
      const { error } = (await answer.json()) as { error: { code: string; message: string } }
      expect([answer.status, error.code]).toEqual([503, '503'])
      expect(error.message).toContain(`The simulator cannot start, as its configuration is wrong:\n${problem}`)
    }
    await app.stop()
  })

  it('takes no TRACE, of which the library cannot make a request', async () => {
    const app = await startFunctionsApp(folder, settings)
    const status = await new Promise((resolve, reject) => {
      const asked = request(app.url, { method: 'TRACE' }, (answer) => resolve(answer.resume().statusCode))
      asked.on('error', reject).end()
    })
    expect([status, (await app.look()).failures]).toEqual([404, []])
    await app.stop()
  })

  it('lets no request run into a time-out, after which the host would start the worker anew', () => {
    const host = JSON.parse(readFileSync(path.join(folder, 'host.json'), 'utf8')) as Record<string, unknown>
    expect(host['functionTimeout']).toBe('-1')
  })
})

const rigs = [
  { name: 'our stand-in for the worker', start: startFunctionsApp, why: undefined },
  { name: 'the stand-in for the Functions host', start: startMinihost, why: whyNoMinihost },
]

describe.each(rigs)('the package under $name', ({ start, why }) => {
  let app: App

  beforeAll(async () => {
    if (why === undefined) app = await start(folder, settings)
  })
  afterAll(() => (why === undefined ? app.stop() : undefined))

  const scenario = why === undefined ? it : it.skip.bind(it)

  scenario('says that it is running', async () => {
    const answer = await fetch(`${app.url}/`)
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('is running')])
  })

  scenario('completes a chat of exactly as many tokens as were asked for', async () => {
    const { choices, usage } = await clientOf(app).chat.completions.create(ask)
    expect([choices[0]?.finish_reason, usage?.completion_tokens]).toEqual(['length', 7])
  })

  scenario('streams a chat', async () => {
    const stream = await clientOf(app).chat.completions.create({ ...ask, stream: true })
    let chunks = 0
    for await (const { choices } of stream) if (choices[0]?.delta.content) chunks++
    expect(chunks).toBe(7)
  })

  scenario('counts with the tables of each encoding', async () => {
    const { usage } = await clientOf(app).embeddings.create({ model: 'text-embedding-3-small', input: 'one two three' })
    expect(usage.prompt_tokens).toBe(3)
  })

  scenario('refuses another key', async () => {
    const answer = await fetch(`${app.url}/++/config`, { headers: { 'api-key': 'another' } })
    expect(answer.status).toBe(401)
  })
})

describe('what the package reads', () => {
  let azurite: Azurite

  beforeAll(async () => {
    azurite = await startAzurite()
  })
  afterAll(() => azurite.stop())

  const bytesOf = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0)
  const hold = (names: readonly string[], mark: string) =>
    names.some((name) => readFileSync(path.join(folder, name), 'utf8').includes(mark))
  /** Words that only the Blob client and the one that signs in have. */
  const [blobMark, signInMark] = ['x-ms-blob-type', 'IDENTITY_ENDPOINT']
  /** Words of the control API alone. */
  const controlMark = 'There is nothing to save in'

  it('is no part that others need, while it only generates', async () => {
    const app = await startFunctionsApp(folder, settings)
    await clientOf(app).chat.completions.create(ask)
    const { read, failures } = await app.look()
    await app.stop()
    expect([read[0], failures]).toEqual(['index.mjs', []])
    expect(bytesOf(read)).toBeLessThan(1_400_000)
    expect([hold(read, controlMark), hold(filesOf(folder), controlMark)]).toEqual([false, true])
    expect([hold(read, blobMark), hold(read, signInMark)]).toEqual([false, false])
    expect([hold(filesOf(folder), blobMark), hold(filesOf(folder), signInMark)]).toEqual([true, true])
  })

  it('is also the Blob client, once recordings are in a container, which it then replays from', async () => {
    const backend = await startBackend()
    const started: WatchedApp[] = []
    const start = async (mode: string) => {
      const app = await startFunctionsApp(folder, {
        ...settings,
        SIMULATOR_MODE: mode,
        AZURE_OPENAI_ENDPOINT: backend.url,
        AZURE_OPENAI_KEY: 'key-of-the-service',
        RECORDING_CONNECTION_STRING: azurite.connectionString,
      })
      started.push(app)
      return app
    }
    const recorded = await clientOf(await start('record')).chat.completions.create(ask)
    await started[0]!.stop()
    await backend.stop()
    const replaying = await start('replay')
    expect(await clientOf(replaying).chat.completions.create(ask)).toEqual(recorded)
    const { read, failures } = await replaying.look()
    expect(failures).toEqual([])
    // Signing in is for a container that is named by its address alone.
    expect([hold(read, blobMark), hold(read, signInMark)]).toEqual([true, false])
    await replaying.stop()
  })
})

describe('what the package loads when it is asked for', () => {
  it('is what tells metrics', async () => {
    const app = await startFunctionsApp(folder, settings)
    await clientOf(app).chat.completions.create(ask)
    const answer = await fetch(`${app.url}/++/metrics`, { headers: { 'api-key': apiKey } })
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/^# TYPE /m)])
    expect((await app.look()).failures).toEqual([])
    await app.stop()
  })

  it.skipIf(isRedisMissing)(withRedis('is what counts limits in Redis'), async () => {
    const redis = await startRedis()
    const app = await startFunctionsApp(folder, { ...settings, REDIS_URL: redis.url })
    await clientOf(app).chat.completions.create(ask)
    const answer = await fetch(`${app.url}/++/config`, { headers: { 'api-key': apiKey } })
    const { sharing } = (await answer.json()) as { sharing: Record<string, unknown> }
    await app.stop()
    expect(sharing).toMatchObject({ limits: 'redis', calls_counted_alone: 0 })
    expect(await redis.command('DBSIZE')).toBeGreaterThan(0)
    await redis.kill()
  })

  it("is what checks a tenant's tokens: it takes a good one, and refuses one by another's key", async () => {
    const tenant = await startTenant()
    const file = path.join(empty, 'tenant.yaml')
    writeFileSync(file, JSON.stringify({ auth: { entra: { tenantId, authority: tenant.url } } }))
    const app = await startFunctionsApp(folder, { ...settings, SIMULATOR_CONFIG_PATH: file })
    const statusOf = async (token: string) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const body = JSON.stringify(ask)
      return (await fetch(`${app.url}/openai/v1/chat/completions`, { method: 'POST', headers, body })).status
    }
    expect(await statusOf(await tenant.token())).toBe(200)
    expect(await statusOf(await tenant.token({}, await tenant.foreignKey()))).toBe(401)
    expect((await app.look()).failures).toEqual([])
    await app.stop()
    await tenant.stop()
  })
})

describe('the command that goes into the image', () => {
  it('serves, and stops in order, from a folder where nothing else is', async () => {
    const command = path.join(empty, 'command')
    await packageCommand(command)
    expect(filesOf(command).filter((name) => name.includes('node_modules'))).toEqual([])
    const data = path.join(empty, 'data')
    mkdirSync(data)
    const child = spawn(process.execPath, [path.join(command, 'index.mjs'), 'start', '--port', '0'], {
      cwd: data,
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
    const url = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        const found = /Endpoint: +(\S+)/.exec(line)?.[1]
        if (found) resolve(found)
      })
      void exited.then(() => reject(new Error('It ended before it listened')))
    })
    const { usage } = await clientOf({ url, stop: () => Promise.resolve() }).chat.completions.create(ask)
    expect(usage?.completion_tokens).toBe(7)
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })
})
