/** The examples of extensions, each as it stands in `examples/extensions`, through the clients that its users have. */
import DocumentIntelligence, { getLongRunningPoller, isUnexpected } from '@azure-rest/ai-document-intelligence'
import type { AnalyzeOperationOutput } from '@azure-rest/ai-document-intelligence'
import Anthropic from '@anthropic-ai/sdk'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadExtension } from '../../src/host/extension.ts'
import { startNodeHost } from '../../src/host/node.ts'
import { createSimulator } from '../../src/sim/index.ts'
import { serverLimits } from '../support/hosts.ts'
import { testSimulator } from '../support/simulator.ts'

const root = path.resolve(import.meta.dirname, '../../examples/extensions')
const example = async (name: string) => testSimulator({}, { extension: await loadExtension(path.join(root, name)) })

/** From its source, as `dist` may be older than what is tested. */
const cli = path.resolve(root, '../../src/cli/main.ts')

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const stop of stops.splice(0)) await stop()
})

/** On a port, for clients that follow links; the module is loaded anew where `query` differs. */
async function serve(name: string, { query = '', ...input }: { query?: string } & Record<string, unknown> = {}) {
  const loaded = (await import(`${path.join(root, name)}${query}`)) as { default: unknown }
  const simulator = createSimulator({
    sources: [{ name: 'test', input: { apiKey: 'doc-key', ...input } }],
    extension: { value: loaded.default, place: name },
  })
  const { url, stop } = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
  stops.push(async () => {
    await stop()
    await simulator.close()
  })
  return url
}

const chat = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user' as const, content }] })

describe('the example', () => {
  it('echo echoes', async () => {
    const sim = await example('echo.ts')
    expect(await (await sim.post('/echo', 'hello')).text()).toBe('Echo: hello')
  })

  it('replace-chat-completion says its ten tokens, and stops', async () => {
    const sim = await example('replace-chat-completion.ts')
    const { choices, usage } = await sim.azure('gpt-4o').chat.completions.create(chat('Anything'))
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'one two three four five six seven eight nine ten' },
    })
    expect(usage?.completion_tokens).toBe(10)
  })

  it('canned-answers answers by what was asked', async () => {
    const sim = await example('canned-answers.ts')
    const ask = async (content: string) => (await sim.v1().chat.completions.create(chat(content))).choices[0]
    expect((await ask('What is the capital of Norway?'))?.message.content).toContain('Oslo')
    expect((await ask('How is the weather?'))?.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'get_weather' },
    })
    expect((await ask('Something else'))?.message.content).not.toContain('Oslo')
  })

  it('canned-answers answers the same by responses and by Claude, and lets an agent’s loop end', async () => {
    const sim = await example('canned-answers.ts')
    const respond = (input: OpenAI.Responses.ResponseInput | string) =>
      sim.v1().responses.create({ model: 'gpt-4o', input })
    expect((await respond('What is the capital of Norway?')).output_text).toContain('Oslo')
    const [called] = (await respond('How is the weather?')).output
    expect(called).toMatchObject({ type: 'function_call', name: 'get_weather' })
    const { call_id } = called as OpenAI.Responses.ResponseFunctionToolCall
    const ended = await respond([
      { role: 'user', content: 'How is the weather?' },
      called as OpenAI.Responses.ResponseFunctionToolCall,
      { type: 'function_call_output', call_id, output: 'weather: fine' },
    ])
    expect(ended.output.map(({ type }) => type)).toEqual(['message'])

    const claude = new Anthropic({ apiKey: 'test-key', baseURL: 'http://sim.test/anthropic', fetch: sim.fetch })
    const model = 'claude-haiku-4-5'
    const tell = (content: string) =>
      claude.messages.create({ model, max_tokens: 99, messages: [{ role: 'user', content }] })
    expect((await tell('What is the capital of France?')).content).toMatchObject([
      { type: 'text', text: expect.stringContaining('Paris') as string },
    ])
    expect(await tell('How is the weather?')).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', name: 'get_weather', input: { city: 'Oslo', unit: 'celsius' } }],
    })
  })

  it.each(['documentintelligence', 'formrecognizer'])(
    'document-intelligence analyses what is submitted, by the official client and its poller, at /%s',
    async (service) => {
      vi.stubEnv('DOC_INTELLIGENCE_ANALYSIS_MS', '400')
      const url = await serve('document-intelligence/index.ts', { query: `?${service}` })
      const client = DocumentIntelligence(url, { key: 'doc-key' }, { allowInsecureConnection: true })
      // The client asks at the newer path; the older one differs in nothing else.
      client.pipeline.addPolicy({
        name: 'path',
        sendRequest: (request, next) => {
          request.url = request.url.replace('/documentintelligence/', `/${service}/`)
          return next(request)
        },
      })
      const submitted = await client.path('/documentModels/{modelId}:analyze', 'prebuilt-invoice').post({
        contentType: 'application/json',
        body: { base64Source: Buffer.alloc(250_000).toString('base64') },
      })
      expect(submitted.status).toBe('202')
      if (isUnexpected(submitted)) throw new Error(submitted.body.error.message)
      const running = await fetch(submitted.headers['operation-location'], {
        headers: { 'ocp-apim-subscription-key': 'doc-key' },
      })
      expect(await running.json()).toMatchObject({ status: 'running' })
      const poller = getLongRunningPoller(client, submitted, { intervalInMs: 10 })
      const { status, analyzeResult } = (await poller.pollUntilDone()).body as AnalyzeOperationOutput
      expect(status).toBe('succeeded')
      expect([analyzeResult?.modelId, analyzeResult?.pages.length]).toEqual(['prebuilt-invoice', 3])
      expect(analyzeResult?.pages[0]?.words?.[0]?.content).toBe('invoice')
    },
  )

  it('document-intelligence lets no more submissions pass in a second than it was told', async () => {
    vi.stubEnv('DOC_INTELLIGENCE_RPS', '3')
    const url = await serve('document-intelligence/index.ts', { query: '?limited' })
    const submit = () =>
      fetch(`${url}/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30`, {
        method: 'POST',
        headers: { 'ocp-apim-subscription-key': 'doc-key', 'content-type': 'application/pdf' },
        body: new Uint8Array(10),
      })
    const answers = await Promise.all(Array.from({ length: 5 }, submit))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 429, 429])
    expect(Number(answers.find(({ status }) => status === 429)?.headers.get('retry-after-ms'))).toBeGreaterThan(0)
  })

  it('document-intelligence-forwarder records the submission and the finished result, which replay without the service', async () => {
    vi.stubEnv('DOC_INTELLIGENCE_ANALYSIS_MS', '60')
    const service = await serve('document-intelligence/index.ts', { query: '?service' })
    vi.stubEnv('DOC_INTELLIGENCE_ENDPOINT', service)
    vi.stubEnv('DOC_INTELLIGENCE_KEY', 'doc-key')
    const dir = mkdtempSync(path.join(tmpdir(), 'recordings-'))
    const analyse = async (url: string, key: string) => {
      const client = DocumentIntelligence(url, { key }, { allowInsecureConnection: true })
      const submitted = await client.path('/documentModels/{modelId}:analyze', 'prebuilt-read').post({
        contentType: 'application/octet-stream',
        body: new Uint8Array(1000),
      })
      if (isUnexpected(submitted)) throw new Error(submitted.body.error.message)
      expect(submitted.headers['operation-location']).toMatch(new RegExp(`^${url}/`))
      const poller = getLongRunningPoller(client, submitted, { intervalInMs: 15 })
      return (await poller.pollUntilDone()).body as AnalyzeOperationOutput
    }

    const input = { apiKey: 'sim-key', recording: { dir } }
    const recorder = await serve('document-intelligence-forwarder.ts', { ...input, mode: 'record' })
    const recorded = await analyse(recorder, 'sim-key')
    for (const stop of stops.splice(0)) await stop()
    const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))
    expect(files).toHaveLength(2)
    const texts = files.map((name) => readFileSync(path.join(dir, name), 'utf8'))
    expect(texts.join()).not.toMatch(/doc-key|sim-key|running|127\.0\.0\.1/)

    const player = await serve('document-intelligence-forwarder.ts', { ...input, mode: 'replay' })
    expect(await analyse(player, 'sim-key')).toEqual(recorded)
  })
})

describe('a module that cannot be loaded', () => {
  const load = (name: string) => loadExtension(name, { cwd: root })
  it('is told of with its path and what is allowed', async () => {
    await expect(load('nowhere.js')).rejects.toThrow(
      `EXTENSION_PATH: found "nowhere.js", but there is no ${path.join(root, 'nowhere.js')}; allowed: an ES module, or a folder with one`,
    )
    await expect(load('.')).rejects.toThrow(
      'EXTENSION_PATH: found the folder "." with no module in it; allowed: a folder that has index.js',
    )
    await expect(load('document-intelligence/result.ts')).rejects.toThrow(
      'has no default export; write export default {',
    )
  })

  it('is told of with the line of the mistake in it', { timeout: 60_000 }, () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'extension-'))
    writeFileSync(path.join(dir, 'syntax.mjs'), 'export default {\n  name: "x",\n  operations: [\n}')
    writeFileSync(path.join(dir, 'throws.mjs'), '\nnull.name\nexport default {}')
    // As a user sees it: the tests' own loader of modules has other words for a mistake.
    const check = (name: string) =>
      spawnSync(process.execPath, [cli, 'check'], {
        cwd: dir,
        encoding: 'utf8',
        env: { ...process.env, EXTENSION_PATH: name, SIMULATOR_API_KEY: 'k' },
      })
    expect(check('syntax.mjs')).toMatchObject({
      status: 1,
      stderr: "EXTENSION_PATH: syntax.mjs cannot be loaded: Unexpected token '}' (line 4)\n",
    })
    expect(check('throws.mjs').stderr).toMatch(/^EXTENSION_PATH: throws\.mjs cannot be loaded: .*throws\.mjs:2:6\)\n$/)
    const isRight = check(path.join(root, 'echo.ts'))
    expect(isRight.stderr).toBe('')
    expect(isRight.stdout).toContain('echo.ts')
  })
})
