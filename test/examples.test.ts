/** The examples are run: each situation does what its first line says. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadAll } from 'js-yaml'
import { AzureOpenAI } from 'openai'
import { afterAll, describe, expect, it } from 'vitest'
import { startNodeHost } from '../src/host/node.ts'
import { loadConfig } from '../src/host/environment.ts'
import { freePort } from './support/free-port.ts'
import { serverLimits } from './support/hosts.ts'
import { manualClock } from './support/manual-clock.ts'
import { testSimulator } from './support/simulator.ts'

const folder = path.resolve(import.meta.dirname, '../examples')
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8')
const settingsOf = (name: string) => loadAll(read(name))[0] as Record<string, unknown>

const ran = new Set<string>()
/** The situation as it is, on a clock that a test moves. */
function situation(name: string) {
  ran.add(`${name}.yaml`)
  const clock = manualClock()
  const simulator = testSimulator(settingsOf(`situations/${name}.yaml`), { clock })
  const at = (apiKey = 'test-key', endpoint = 'http://sim.test') =>
    new AzureOpenAI({ apiKey, endpoint, apiVersion: '2024-10-21', fetch: simulator.fetch, maxRetries: 0 })
  const ask = (content: string, more: Record<string, unknown> = {}, client = at()) =>
    client.chat.completions
      .create({ model: 'gpt-4o', messages: [{ role: 'user', content }], max_tokens: 60, ...more, stream: false })
      .then(
        ({ choices }) => choices[0],
        (error: unknown) => (error as { status?: number }).status ?? (error as Error).constructor.name,
      )
  const streamed = async (content: string) => {
    let text = ''
    try {
      const messages = [{ role: 'user' as const, content }]
      for await (const { choices } of await at().chat.completions.create({
        model: 'gpt-4o',
        messages,
        max_tokens: 60,
        stream: true,
      }))
        text += choices[0]?.delta.content ?? ''
      return { text, isWhole: true }
    } catch {
      return { text, isWhole: false }
    }
  }
  return { ...simulator, clock, at, ask, streamed }
}

const said = { message: { content: expect.any(String) as string } }

describe('the situations', () => {
  it('throttled-twice', async () => {
    const { ask } = situation('throttled-twice')
    expect([await ask('a'), await ask('b'), await ask('c')]).toMatchObject([429, 429, said])
  })

  it('provisioned-full', async () => {
    const { ask, at } = situation('provisioned-full')
    expect(await ask('a', { model: 'gpt-4o-ptu' })).toBe(429)
    const create = { model: 'gpt-4o-ptu-with-spillover', messages: [{ role: 'user' as const, content: 'a' }] }
    const { response } = await at().chat.completions.create(create).withResponse()
    expect(response.headers.get('x-ms-is-spilled-over')).toBe('true')
  })

  it('region-lost', async () => {
    const { ask, at, clock } = situation('region-lost')
    const [east, west] = [
      at('east-key', 'http://sim.test/resources/contoso-eastus'),
      at('west-key', 'http://sim.test/resources/contoso-westus'),
    ]
    expect(await ask('a', {}, east)).toMatchObject(said)
    clock.advance(61_000)
    expect(await ask('a', {}, east)).toBe(503)
    expect(await ask('a', {}, west)).toMatchObject(said)
    clock.advance(120_000)
    expect(await ask('a', {}, east)).toMatchObject(said)
  })

  it('slow-first-token', async () => {
    const { streamed, clock } = situation('slow-first-token')
    let isDone = false
    const answer = streamed('a').finally(() => (isDone = true))
    await clock.advanceAsync(7_999)
    expect(isDone).toBe(false)
    await clock.advanceAsync(5_000)
    expect(await answer).toMatchObject({ isWhole: true })
  })

  it('content-filter', async () => {
    const { ask } = situation('content-filter')
    expect(await ask('Tell me how to pick a lock')).toBe(400)
    expect(await ask('I am a locksmith')).toMatchObject({ finish_reason: 'content_filter' })
    expect(await ask('Hello')).toMatchObject(said)
  })

  it('tool-loop', async () => {
    const { at } = situation('tool-loop')
    const names = ['find_order', 'refund']
    const tools = names.map((name) => ({
      type: 'function' as const,
      function: { name, parameters: { type: 'object', properties: { n: { type: 'integer' } } } },
    }))
    const messages: { role: 'user' | 'tool' | 'assistant'; [name: string]: unknown }[] = [
      { role: 'user', content: 'I want a refund' },
    ]
    const called: string[] = []
    for (;;) {
      const { choices } = await at().chat.completions.create({ model: 'gpt-4o', tools, messages: messages as never })
      const message = choices[0]?.message
      const call = message?.tool_calls?.[0]
      if (call?.type !== 'function') {
        expect(message?.content).toBe('Your refund is on its way.')
        break
      }
      called.push(call.function.name)
      messages.push(message as never, { role: 'tool', tool_call_id: call.id, content: 'done' })
    }
    expect(called).toEqual(names)
  })

  it('malformed-json', async () => {
    const { ask } = situation('malformed-json')
    const contentOf = async () =>
      ((await ask('The weather as JSON')) as { message: { content: string } }).message.content
    expect(JSON.parse(await contentOf())).toEqual({ city: 'Oslo', degrees: 7 })
    const broken = await contentOf()
    expect(() => JSON.parse(broken) as unknown).toThrow()
  })

  it('cut-stream', async () => {
    const { streamed } = situation('cut-stream')
    const all = await Promise.all(Array.from({ length: 40 }, (_, at) => streamed(`question ${at}`)))
    const cut = all.filter(({ isWhole }) => !isWhole)
    expect(cut.length).toBeGreaterThan(2)
    expect(cut.length).toBeLessThan(18)
  })

  it('stalled-stream', async () => {
    const { streamed, clock } = situation('stalled-stream')
    let isDone = false
    void streamed('a').finally(() => (isDone = true))
    await clock.advanceAsync(3_600_000)
    expect(isDone).toBe(false)
  })

  it('gateway-page', async () => {
    const { post } = situation('gateway-page')
    const chat = () =>
      post('/openai/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: 'a' }] })
    const answers = [await chat(), await chat(), await chat()]
    expect(answers.map(({ status }) => status)).toEqual([502, 200, 200])
    expect(answers.map(({ headers }) => /html/.test(headers.get('content-type') ?? ''))).toEqual([true, true, false])
  })

  it('slow-recovery', async () => {
    const { ask, clock } = situation('slow-recovery')
    expect(await ask('a')).toBe(500)
    clock.advance(60_000)
    let isDone = false
    const answer = ask('a', { max_tokens: 1 }).finally(() => (isDone = true))
    await clock.advanceAsync(1_100)
    expect(isDone).toBe(false)
    await clock.advanceAsync(5_000)
    expect(await answer).toMatchObject(said)
  })

  it('keys-rotated', async () => {
    const { ask, at, post } = situation('keys-rotated')
    const endpoint = 'http://sim.test/resources/contoso'
    await post('/++/resources/contoso/regenerate-key', { keyName: 'Key1' })
    expect(await ask('a', {}, at('first-key', endpoint))).toBe(401)
    expect(await ask('a', {}, at('second-key', endpoint))).toMatchObject(said)
  })

  it('refused', async () => {
    const { ask } = situation('refused')
    expect(await ask('Please write some malware')).toMatchObject({
      message: { content: null, refusal: "I can't help with that." },
    })
    expect(await ask('A novel, please', { max_tokens: 100 })).toMatchObject({ finish_reason: 'length' })
  })

  it('are all of them', () => {
    expect([...ran].sort()).toEqual(readdirSync(path.join(folder, 'situations')).sort())
  })

  it.each(readdirSync(path.join(folder, 'situations')))('are taken as they are from the file %s', (name) => {
    const config = path.join(folder, 'situations', name)
    expect(loadConfig({ host: 'embedded', env: {}, cwd: tmpdir(), flags: { config } }).warnings).toEqual([])
  })
})

describe('the requests by hand', () => {
  it.each(readdirSync(path.join(folder, 'requests')))('%s: all of them are answered', async (name) => {
    const simulator = testSimulator()
    const variables: Record<string, string> = { endpoint: 'http://sim.test', key: 'test-key' }
    const parts = read(`requests/${name}`)
      .split(/^### .*$/m)
      .slice(1)
    expect(parts.length).toBeGreaterThan(2)
    for (const part of parts) {
      const text = part.trim().replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => variables[key] ?? '')
      const [head = '', ...rest] = text.split('\n\n')
      const [line = '', ...headers] = head.split('\n')
      const [method = '', url = ''] = line.split(' ')
      const body = rest.join('\n\n')
      const answer = await simulator.fetch(url, {
        method,
        headers: Object.fromEntries(headers.map((header) => header.split(/: */, 2) as [string, string])),
        ...(body !== '' && { body }),
      })
      expect(answer.status, `${line}: ${await answer.text()}`).toBeLessThan(300)
    }
  })
})

const hasNginx = spawnSync('nginx', ['-v']).status === 0
const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0
const unless = (isThere: boolean, name: string, what: string) =>
  isThere ? name : `${name} (skipped: there is no ${what})`

describe('the load balancer', () => {
  const text = read('load-balancer/compose.yaml')
  it('names files that are there, and resources that the settings have', () => {
    const { services } = loadAll(text)[0] as { services: Record<string, { volumes?: string[]; build?: string }> }
    for (const volume of Object.values(services).flatMap(({ volumes = [] }) => volumes))
      expect(read(path.join('load-balancer', volume.split(':')[0] ?? ''))).not.toBe('')
    expect(
      readFileSync(path.join(folder, 'load-balancer', services['simulator']?.build ?? '', 'Dockerfile'), 'utf8'),
    ).toContain('FROM')
    const { resources } = settingsOf('load-balancer/sim.yaml') as { resources: Record<string, { apiKeys: string[] }> }
    for (const [name, { apiKeys }] of Object.entries(resources)) {
      expect(read('load-balancer/nginx.conf')).toContain(`/resources/${name}/`)
      expect(read('load-balancer/nginx.conf')).toContain(`api-key ${apiKeys[0]}`)
    }
  })

  it.skipIf(!hasCompose)(unless(hasCompose, 'is a Compose file', 'docker compose'), () => {
    const { status, stderr } = spawnSync(
      'docker',
      ['compose', '-f', path.join(folder, 'load-balancer/compose.yaml'), 'config', '-q'],
      { encoding: 'utf8' },
    )
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  const cleanups: (() => unknown)[] = []
  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean()
  })

  it.skipIf(!hasNginx)(unless(hasNginx, 'answers every call, though a resource fails', 'nginx'), async () => {
    const simulator = testSimulator(settingsOf('load-balancer/sim.yaml'))
    const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
    cleanups.push(() => host.stop())
    const [front, east, west] = await Promise.all([freePort(), freePort(), freePort()])
    const place = mkdtempSync(path.join(tmpdir(), 'nginx-'))
    cleanups.push(() => rmSync(place, { recursive: true, force: true }))
    const settings = read('load-balancer/nginx.conf')
      .replaceAll('simulator:8000', `127.0.0.1:${host.port}`)
      .replaceAll('8080', `127.0.0.1:${front}`)
      .replaceAll('8081', String(east))
      .replaceAll('8082', String(west))
    writeFileSync(path.join(place, 'nginx.conf'), `daemon off;\npid ${place}/pid;\nerror_log stderr;\n${settings}`)
    const nginx = spawn('nginx', ['-p', place, '-c', path.join(place, 'nginx.conf'), '-e', 'stderr'], {
      stdio: 'ignore',
    })
    cleanups.push(() => nginx.kill('SIGTERM'))
    const endpoint = `http://127.0.0.1:${front}`
    const client = new AzureOpenAI({ endpoint, apiKey: 'none', apiVersion: '2024-10-21', maxRetries: 0 })
    await isUp(`${endpoint}/openai/models?api-version=2024-10-21`)
    const regions: (string | null)[] = []
    for (let call = 0; call < 6; call++) {
      const messages = [{ role: 'user' as const, content: 'Hello' }]
      const { response } = await client.chat.completions
        .create({ model: 'gpt-4o', messages, max_tokens: 3 })
        .withResponse()
      regions.push(response.headers.get('x-ms-region'))
    }
    expect(regions.filter((region) => region === 'East US')).toHaveLength(3)
    expect(regions.filter((region) => region === 'West US')).toHaveLength(3)
  })
})

async function isUp(url: string): Promise<void> {
  for (;;) {
    const isThere = await fetch(url).then(
      () => true,
      () => false,
    )
    if (isThere) return
  }
}
