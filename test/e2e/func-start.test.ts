/** The app under Azure Functions Core Tools, where they are on the PATH: from the repository, and from the package. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AzureOpenAI } from 'openai'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { packageApp } from '../../scripts/package.mjs'
import { type Azurite, startAzurite } from '../support/azurite.ts'
import { freePort } from '../support/free-port.ts'

const root = path.resolve(import.meta.dirname, '../..')
const isWindows = process.platform === 'win32'
const hasFunc = spawnSync('func', ['--version'], { shell: isWindows, stdio: 'ignore' }).status === 0
const place = mkdtempSync(path.join(tmpdir(), 'func-start-'))
const startMs = 90_000

let func: ChildProcess | undefined
let azurite: Azurite | undefined

afterEach(async () => {
  if (func && func.exitCode === null) {
    func.kill('SIGINT')
    await once(func, 'exit')
  }
  await azurite?.stop()
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

/** Resolves to where it listens, once it answers there. */
async function funcStart(folder: string): Promise<string> {
  azurite = await startAzurite()
  const port = await freePort()
  const env = { ...process.env, AzureWebJobsStorage: azurite.connectionString }
  const child = spawn('func', ['start', '--port', String(port)], { cwd: folder, env, shell: isWindows })
  func = child
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const url = `http://127.0.0.1:${port}`
  const untilMs = Date.now() + startMs
  while (Date.now() < untilMs && child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return url
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`func start did not answer:\n${said}`)
}

async function expectAnswers(url: string): Promise<void> {
  const apiKey = 'local-dev-key'
  const client = new AzureOpenAI({ endpoint: url, apiKey, apiVersion: '2024-10-21', maxRetries: 0 })
  const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }], max_tokens: 5 }
  const whole = await client.chat.completions.create(ask)
  expect(whole.usage?.completion_tokens).toBe(5)
  let chunks = 0
  for await (const { choices } of await client.chat.completions.create({ ...ask, stream: true }))
    if (choices[0]?.delta.content) chunks++
  expect(chunks).toBe(5)
  expect((await fetch(`${url}/openai/models?api-version=2024-10-21`)).status).toBe(401)
}

describe.skipIf(!hasFunc)(
  'func start, where Azure Functions Core Tools are on the PATH',
  { timeout: 2 * startMs },
  () => {
    it('serves the repository as it is, with its local.settings.json', async () => {
      await expectAnswers(await funcStart(root))
    })

    it('serves the package that azd sends', async () => {
      await packageApp(place)
      cpSync(path.join(root, 'local.settings.json'), path.join(place, 'local.settings.json'))
      await expectAnswers(await funcStart(place))
    })
  },
)
