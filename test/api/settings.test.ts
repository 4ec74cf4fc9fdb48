/** `/++/settings` over HTTP: the words and forms of `sim.yaml`, for all that can change while the simulator runs. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { declared } from '../../src/sim/config/declared.ts'
import { valueAt } from '../../src/sim/config/tree.ts'
import { testSimulator } from '../support/simulator.ts'
import { startInWorker } from '../../src/host/simulator.ts'

type Json = Record<string, unknown>
type Refused = { error: { details: { path: string; message: string }[] } }

function settingsOf(input: Json = {}) {
  const simulator = testSimulator(input)
  const ask = async (method: string, body?: unknown, path = '/++/settings', headers: Record<string, string> = {}) => {
    const answer = await simulator.request(path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, etag: answer.headers.get('etag'), json: (await answer.json()) as Json }
  }
  const refused = async (body: unknown, path?: string) => {
    const { status, json } = await ask('PATCH', body, path)
    expect(status).toBe(400)
    return Object.fromEntries((json as Refused).error.details.map(({ path: at, message }) => [at, message]))
  }
  return { simulator, ask, refused }
}

const everything = {
  seed: 3,
  forward: { endpoint: 'https://real.test', key: 'the-real-key' },
  azure: { timeout: '5s' },
  contentFilter: { rules: [{ pattern: 'kill', category: 'violence' }] },
  deployments: {
    chat: { model: 'gpt-4o', latency: { timeToFirstToken: '400ms ± 80ms', interToken: '12ms' } },
    embed: { model: 'text-embedding-3-large', dimensions: 256, latency: '2s' },
  },
}

describe('GET /++/settings', () => {
  it('has every setting that can change, as sim.yaml would have it, and no other', async () => {
    const { ask } = settingsOf(everything)
    const { status, json, etag } = await ask('GET')
    expect({ status, etag }).toEqual({ status: 200, etag: '"0"' })
    expect(json).toMatchObject({
      ...everything,
      mode: 'generate',
      forward: { endpoint: 'https://real.test', key: '****', connectTimeout: '10s' },
      azure: { timeout: '5s', flexTimeout: null, region: 'East US 2' },
      promptCache: { enabled: true, lifetime: '300s' },
      responses: { queueTime: '500ms ± 100ms', maxResponses: 10_000 },
    })
    for (const { path, startOnly } of declared.filter((setting) => !setting.path.includes('*')))
      expect(valueAt(json, path) !== undefined, path.join('.')).toBe(!startOnly)
    for (const name of ['apiKey', 'auth', 'server', 'redis', 'state', 'recording'])
      expect(json).not.toHaveProperty(name)
  })

  it('is a change that changes nothing when it is sent back, by its own schema, too', async () => {
    const { ask, simulator } = settingsOf(everything)
    const before = simulator.config()
    const { json } = await ask('GET')
    const schema = (await ask('GET', undefined, '/++/settings/schema')).json
    const isValid = new Ajv2020({ strict: false }).compile(schema)
    expect(isValid(json), JSON.stringify(isValid.errors)).toBe(true)
    for (const wrong of [{ seed: 'x' }, { promptCache: { lifetime: 5 } }, { auth: {} }, { log_level: 'info' }])
      expect(isValid(wrong), JSON.stringify(wrong)).toBe(false)
    expect(isValid({ deployments: { chat: null, embed: { dimensions: null } }, azure: null })).toBe(true)
    expect((await ask('PATCH', json)).status).toBe(200)
    expect(simulator.config()).toEqual(before)
    expect(simulator.config().forward.key).toBe('the-real-key')
  })
})

describe('a change with very many problems', () => {
  const named = (deployment: Json) =>
    Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`chat-${at}`, deployment]))
  it.each([
    [
      'names that no setting has',
      { model: 'gpt-4o', tokensPerMinut: 5 },
      'tokensPerMinut',
      /did you mean tokensPerMinute\?/,
    ],
    ['models that there are not', { model: 'gtp-4o' }, 'model', /the nearest names are /],
  ])('is told by the first hundred: %s', async (_what, deployment, key, told) => {
    const { ask } = settingsOf()
    const { status, json } = await ask('PATCH', { deployments: named(deployment) })
    const { details, message } = (json as unknown as { error: Refused['error'] & { message: string } }).error
    expect([status, message]).toEqual([400, expect.stringMatching(/are 150 problems, the first 100 of them listed/)])
    expect(details.map(({ path }) => path)).toEqual(
      Array.from({ length: 100 }, (_, at) => `deployments.chat-${at}.${key}`),
    )
    expect(details.every((problem) => told.test(problem.message))).toBe(true)
    expect((await ask('GET')).etag).toBe('"0"')
  })
})

describe('PATCH /++/settings', () => {
  it('takes durations with units and the names of the file, and answers with the whole', async () => {
    const { ask, simulator } = settingsOf(everything)
    const { status, json, etag } = await ask('PATCH', {
      logLevel: 'warn',
      latency: { chatCompletions: { interToken: '40ms ± 5ms' }, embeddings: '1s' },
      journal: { size: 5 },
      files: { processTime: '2s' },
      replay: { speed: 2 },
      deployments: { chat: { tokensPerMinute: 1_000 }, more: { model: 'gpt-4o-mini' } },
    })
    expect({ status, etag }).toEqual({ status: 200, etag: '"1"' })
    expect(json).toMatchObject({ logLevel: 'warn', latency: { embeddings: '1s' }, files: { processTime: '2s' } })
    expect(simulator.config()).toMatchObject({
      logLevel: 'warn',
      journal: { size: 5 },
      replay: { speed: 2 },
      files: { processTimeMs: 2_000 },
      latency: { chatCompletions: { unitMs: { mean: 40, stdDev: 5 } }, embeddings: { unitMs: { mean: 1_000 } } },
      deployments: { chat: { model: 'gpt-4o', tokensPerMinute: 1_000, latency: { unitMs: { mean: 12 } } }, more: {} },
    })
  })

  it('gives a deployment a latency of the other kind with its other model, and takes all back by null', async () => {
    const { ask, simulator } = settingsOf(everything)
    const [chat, embed] = [
      { model: 'whisper', latency: '3s' },
      { model: 'gpt-4o', latency: { interToken: '9ms' } },
    ]
    await ask('PATCH', { deployments: { chat, embed: { ...embed, dimensions: null } } })
    expect(simulator.config().deployments).toMatchObject({
      chat: { model: 'whisper', latency: { firstMs: undefined, unitMs: { mean: 3_000 } } },
      embed: { model: 'gpt-4o', latency: { unitMs: { mean: 9 } } },
    })
    expect(
      (await ask('PATCH', { deployments: { chat: null, embed: { latency: null } }, azure: { timeout: null } })).json,
    ).toMatchObject({ deployments: { embed: { model: 'gpt-4o' } }, azure: { timeout: null } })
    expect(Object.keys(simulator.config().deployments)).toEqual(['embed'])
    expect((await ask('DELETE')).json).toMatchObject(
      JSON.parse(JSON.stringify({ seed: 3, azure: everything.azure })) as Json,
    )
  })

  it('refuses whole what is wrong, with the checks of the file', async () => {
    const { refused, simulator } = settingsOf(everything)
    expect(
      await refused({
        seed: 9,
        logLevel: 'loud',
        latency: { embeddings: 5, completions: { interTokn: '1ms' } },
        generate: { sigma: 9 },
        deployments: { chat: { model: 'gpt-4oo' }, embed: { dimensions: 9_999 }, fresh: { tokensPerMinute: 1 } },
      }),
    ).toEqual({
      logLevel: 'found "loud"; allowed: debug, info, warn, error',
      'latency.embeddings': expect.stringMatching(
        /^found 5 without a unit; allowed: a duration with its unit/,
      ) as string,
      'latency.completions.interTokn': 'is not a setting; did you mean interToken?',
      'generate.sigma': 'found 9; allowed: a number from 0 to 5',
      'deployments.fresh.model': expect.stringContaining('required') as string,
      'deployments.chat.model': expect.stringContaining('gpt-4oo') as string,
      'deployments.embed.dimensions': 'found 9999; allowed: 1 to 3072 for text-embedding-3-large',
    })
    expect(simulator.config().seed).toBe(3)
  })

  it('refuses what is read at the start only', async () => {
    const message = 'is read at the start only: set it where the simulator is started'
    expect(
      await settingsOf().refused({
        apiKey: 'x',
        auth: { network: 'deny' },
        server: null,
        telemetry: { serviceName: 'x' },
      }),
    ).toEqual({ apiKey: message, auth: message, server: message, 'telemetry.serviceName': message })
  })

  it.each([
    [{ log_level: 'info' }, 'log_level', 'logLevel'],
    [{ simulator_mode: 'replay' }, 'simulator_mode', 'mode'],
    [{ openai_deployments: {} }, 'openai_deployments', 'deployments'],
    [{ latency: { open_ai_embeddings: { mean: 5 } } }, 'latency.open_ai_embeddings', 'embeddings'],
    [{ deployments: { chat: { tokens_per_minute: 5 } } }, 'deployments.chat.tokens_per_minute', 'tokensPerMinute'],
    [{ azure: { max_repeats: 5 } }, 'azure.max_repeats', 'maxRepeats'],
  ])('answers names of /++/config with those of the file: %j', async (part, path, name) => {
    expect(await settingsOf(everything).refused(part)).toEqual({
      [path]: `is not a setting; did you mean ${name}?`,
    })
  })

  it.each([[[]], ['x'], [{ deployments: { ['__proto__x']: 5 } }]])('refuses %j', async (part) => {
    expect((await settingsOf().ask('PATCH', part)).status).toBe(400)
  })

  it('takes a change on top of the version that it is based on alone, and is refused without the key', async () => {
    const { ask, simulator } = settingsOf()
    expect((await ask('PATCH', { seed: 1 }, '/++/settings', { 'if-match': '"0"' })).status).toBe(200)
    expect((await ask('PATCH', { seed: 2 }, '/++/settings', { 'if-match': '"0"' })).status).toBe(409)
    expect((await ask('GET', undefined, '/++/settings?wait=1')).json).toMatchObject({ seed: 1 })
    expect((await simulator.fetch('http://sim.test/++/settings')).status).toBe(401)
  })
})

it.each([
  [{ logLevel: 'info' }, 'logLevel', 'is not a setting; did you mean log_level?'],
  [{ deployments: {} }, 'deployments', 'is not a setting; did you mean openai_deployments?'],
  [{ latency: { embeddings: {} } }, 'latency.embeddings', 'is not a setting; did you mean open_ai_embeddings?'],
  [{ azure: { maxRepeats: 5 } }, 'azure.maxRepeats', 'is not a setting; did you mean max_repeats?'],
  [{ generate: { maxTokens: 'bound' } }, 'generate.maxTokens', 'is not a setting; it is one of /++/settings'],
  [
    { openai_deployments: { gpt: { model: 'gpt-4o', sku: 'Standard' } } },
    'openai_deployments.gpt.sku',
    'is not a setting; it is one of /++/settings',
  ],
  [{ journal: { size: 5 } }, 'journal', 'is not a setting; it is one of /++/settings'],
])('/++/config answers names of the file with its own: %j', async (part, path, message) => {
  expect(await settingsOf().refused(part, '/++/config')).toEqual({ [path]: message })
})

it('takes names of earlier versions in /++/settings and in /++/config', async () => {
  const { ask, simulator } = settingsOf()
  expect((await ask('PATCH', { responses: { mostBytes: 5 } })).status).toBe(200)
  expect((await ask('PATCH', { azure: { most_repeats: 7 } }, '/++/config')).status).toBe(200)
  expect(simulator.config()).toMatchObject({ responses: { maxBytes: 5 }, azure: { maxRepeats: 7 } })
})

describe('the log level', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  it('changes at run time under Functions, too', async () => {
    vi.stubEnv('SIMULATOR_API_KEY', 'k')
    vi.stubEnv('LOG_LEVEL', 'error')
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const simulator = await startInWorker()
    const ask = async (path: string, method = 'GET', body?: unknown) => {
      const bytes = new TextEncoder().encode(JSON.stringify(body ?? {}))
      const headers = new Headers({ 'api-key': 'k' })
      return simulator.handle({ method, url: `http://s${path}`, headers, bytes: () => Promise.resolve(bytes) })
    }
    const list = '/openai/models?api-version=2024-10-21'
    await ask(list)
    expect(printed).not.toHaveBeenCalled()
    await ask('/++/settings', 'PATCH', { logLevel: 'debug' })
    await ask(list)
    expect(printed).toHaveBeenCalledWith(expect.stringContaining('debug: '))
    await simulator.close()
  })
})
