/** `/++/config` over HTTP: what scripts, people and other instances see of it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

type Json = Record<string, unknown>

const control = (simulator: ReturnType<typeof testSimulator>) => {
  const ask = async (method: string, { body, headers, query = '' }: Ask = {}) => {
    const init = { method, headers: headers ?? {}, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const answer = await simulator.request(`/++/config${query}`, init)
    return { status: answer.status, etag: answer.headers.get('etag'), json: (await answer.json()) as Json }
  }
  return {
    get: (query = '') => ask('GET', { query }),
    patch: (body: unknown, headers?: Record<string, string>) => ask('PATCH', { body, headers }),
    remove: (headers?: Record<string, string>) => ask('DELETE', { headers }),
  }
}
type Ask = { body?: unknown; headers?: Record<string, string> | undefined; query?: string }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aoai-sim-control-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the Python simulator’s scripts for /++/config', () => {
  // They send the key in a header and a part of the document, look at the status, and read these fields.
  it('find the fields that they read, and set latencies as they do', async () => {
    const simulator = testSimulator()
    const { get, patch } = control(simulator)
    const before = (await get()).json as { latency: Record<string, { mean: number; std_dev: number }> } & Json
    expect(before.simulator_mode).toBe('generate')
    for (const name of ['open_ai_completions', 'open_ai_chat_completions', 'open_ai_embeddings'])
      expect(before.latency[name]).toMatchObject({
        mean: expect.any(Number) as number,
        std_dev: expect.any(Number) as number,
      })

    expect((await patch({ latency: { open_ai_completions: { mean: 50 } } })).status).toBe(200)
    expect((await patch({ latency: { open_ai_chat_completions: { mean: 60, std_dev: 4 } } })).status).toBe(200)
    expect((await patch({ latency: { open_ai_translations: { mean: 1_000 } } })).status).toBe(200)
    expect((await get()).json).toMatchObject({
      latency: {
        open_ai_completions: { mean: 50 },
        open_ai_chat_completions: { mean: 60, std_dev: 4 },
        open_ai_translations: { mean: 1_000 },
      },
    })
    expect(simulator.config().latency.completions.unitMs.mean).toBe(50)
  })

  it('change mode, deployments and whether unknown ones are allowed, one after the other', async () => {
    const { get, patch } = control(testSimulator({ deployments: { one: { model: 'gpt-4o', tokensPerMinute: 100 } } }))
    await patch({ openai_deployments: { one: { tokens_per_minute: 200 } } })
    await patch({ allow_undefined_openai_deployments: false })
    await patch({ simulator_mode: 'replay' })
    expect((await get()).json).toMatchObject({
      simulator_mode: 'replay',
      allow_undefined_openai_deployments: false,
      openai_deployments: { one: { model: 'gpt-4o', tokens_per_minute: 200 } },
    })
  })

  it('reach it where their endpoint ends with a slash, and may send back the whole that they have read', async () => {
    const simulator = testSimulator()
    const whole = await (await simulator.request('//++/config')).json()
    const answer = await simulator.request('//++/config', { method: 'PATCH', body: JSON.stringify(whole) })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ ...(whole as Json), version: '1' })
  })

  it('are refused with 401 without the key', async () => {
    const simulator = testSimulator()
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect((await simulator.fetch('http://sim.test/++/config', { method })).status).toBe(401)
  })
})

describe('/++/config', () => {
  it('names the version in every answer, as a tag too, and where counts and changes are shared', async () => {
    const { get, patch } = control(testSimulator())
    expect(await get()).toMatchObject({
      etag: '"0"',
      json: {
        version: '0',
        sharing: { configuration: null, refused: [], limits: 'instance', calls_counted_alone: 0 },
      },
    })
    expect(await patch({ seed: 4 })).toMatchObject({ status: 200, etag: '"1"', json: { version: '1', seed: 4 } })
  })

  it('takes a change on top of the version it is based on alone, where the client says which', async () => {
    const { get, patch, remove } = control(testSimulator())
    const { etag } = await get()
    expect((await patch({ seed: 4 }, { 'if-match': etag ?? '' })).status).toBe(200)
    const late = await patch({ seed: 5 }, { 'if-match': etag ?? '' })
    expect(late).toMatchObject({
      status: 409,
      json: { error: { code: 'ConfigurationConflict', based_on: '0', current: '1' } },
    })
    expect((await remove({ 'if-match': '"0"' })).status).toBe(409)
    expect((await remove({ 'if-match': '*' })).status).toBe(200)
  })

  it('goes back to what it was at the start when it is deleted', async () => {
    const { get, patch, remove } = control(testSimulator({ seed: 1 }))
    const { version: _, ...before } = (await get()).json
    await patch({ seed: 4, openai_deployments: { more: { model: 'gpt-4o' } } })
    expect(await remove()).toMatchObject({ status: 200, json: { ...before, version: '2' } })
    expect((await get()).json).toMatchObject({ ...before, version: '2' })
  })

  it('answers who waits for a version when it is there, or says which one is', async () => {
    const { get, patch } = control(testSimulator())
    expect((await get('?wait=0')).status).toBe(200)
    const waiting = get('?wait=1&timeout=20s')
    await patch({ seed: 4 })
    expect(await waiting).toMatchObject({ status: 200, json: { version: '1', seed: 4 } })
    const late = await get('?wait=9&timeout=20ms')
    expect(late).toMatchObject({ status: 504, json: { error: { code: 'VersionNotInForce' } } })
    expect(JSON.stringify(late.json)).toMatch(
      /Version 9 did not take effect before the timeout: this instance has version 1/,
    )
    for (const query of ['?wait=', '?wait=latest', '?wait=1&timeout=5', '?wait=1&timeout=1h'])
      expect((await get(query)).status, query).toBe(400)
  })

  it('tells its own schema, by which every answer is a change that may be sent', async () => {
    const simulator = testSimulator({ deployments: { one: { model: 'gpt-4o', latency: { interToken: '1ms' } } } })
    const schema = (await (await simulator.request('/++/config/schema')).json()) as Json
    const isValid = new Ajv2020({ strict: false }).compile(schema)
    expect(isValid((await control(simulator).get()).json), JSON.stringify(isValid.errors)).toBe(true)
    expect(isValid({ openai_deployments: { one: { tokens_per_minute: -1 } } })).toBe(false)
    expect(isValid({ simulator_mode: 'banana' })).toBe(false)
    expect(isValid({ nonsense: 1 })).toBe(false)
    expect(isValid({ openai_deployments: { one: null }, seed: null })).toBe(true)
  })

  it('tells the schema of sim.yaml to who asks for that', async () => {
    const answer = await testSimulator().request('/++/config/schema?of=sim.yaml')
    expect(await answer.json()).toMatchObject({ properties: { deployments: {}, redis: {}, state: {} } })
  })
})

describe('a folder that instances share', () => {
  it('has the same configuration for all of them, a change and a shared file included', async () => {
    const shared = { state: { dir: join(folder, 'shared') } }
    const [one, two] = [control(testSimulator(shared)), control(testSimulator(shared))]
    expect((await one.patch({ seed: 7 })).status).toBe(200)
    // The first request of an instance waits for what there is.
    expect((await two.get()).json).toMatchObject({
      version: '1',
      seed: 7,
      sharing: { configuration: shared.state.dir },
    })
    await writeFile(join(shared.state.dir, 'sim.yaml'), 'generate: { medianTokens: 5 }')
    const { json } = await one.patch({ seed: 8 })
    expect(json).toMatchObject({ seed: 8, generate: { median_tokens: 5 } })
    expect(json.version).toMatch(/^2\.[0-9a-f]{8}$/)
    expect((await two.get(`?wait=${String(json.version)}`)).json).toMatchObject({ version: json.version, seed: 8 })
  })

  it('that cannot be had is a 503 to who changes something, and no matter to anybody else', async () => {
    await writeFile(join(folder, 'a-file'), '')
    const { get, patch } = control(testSimulator({ state: { dir: join(folder, 'a-file', 'below') } }))
    expect((await get()).status).toBe(200)
    expect(await patch({ seed: 1 })).toMatchObject({ status: 503, json: { error: { code: 'StateUnavailable' } } })
    expect((await get()).json).toMatchObject({ version: '0' })
  })
})
