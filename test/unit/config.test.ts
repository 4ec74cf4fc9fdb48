// cspell:words categry deploymnets
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from '../../src/sim/config/duration.ts'
import { fromLegacyDeployments } from '../../src/sim/config/legacy.ts'
import { ConfigError } from '../../src/sim/config/problem.ts'
import type { ConfigSource } from '../../src/sim/config/read-source.ts'
import { resolveConfig } from '../../src/sim/config/resolve.ts'
import { configJsonSchema } from '../../src/sim/config/schema-parts.ts'
import { fromEnvironment } from '../../src/sim/config/variables.ts'
import { findModel, modelNames } from '../../src/sim/models/catalogue.ts'

const models = { findModel, modelNames }
const key = { name: 'key', input: { apiKey: 'k' } }
const yaml = (input: unknown): ConfigSource => ({ name: 'sim.yaml', input })
const env = (environment: Record<string, string>) => fromEnvironment(environment).source
const resolve = (...sources: ConfigSource[]) => resolveConfig([key, ...sources], models)

function problemsOf(...sources: ConfigSource[]): readonly string[] {
  try {
    resolve(...sources)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
  return []
}

const spread = 'a duration with its unit, as 250ms, 2s or 1min, or with a deviation, as 400ms ± 80ms'
const names = '1 to 64 letters, digits, "-", "_" and ".", beginning with a letter or digit'

describe('rules of the content filter', () => {
  const rules = (...list: unknown[]) => ({ name: 'sim.yaml', input: { contentFilter: { rules: list } } })

  it('block all but what is of low severity, in prompts and answers, unless they say otherwise', () => {
    const { contentFilter } = resolve(
      rules(
        { pattern: 'kill', category: 'violence' },
        { pattern: 'stab', category: 'violence', severity: 'low' },
        { pattern: 'lyrics', category: 'protected_material_text', source: 'completion', blocking: false },
        { answersTo: 'badly', category: 'hate' },
      ),
    ).config
    expect(contentFilter.rules).toMatchObject([
      { severity: 'medium', isBlocking: true, findsInPrompts: true, findsInAnswers: true },
      { severity: 'low', isBlocking: false },
      { severity: undefined, isBlocking: false, findsInPrompts: false, findsInAnswers: true },
      { findsInPrompts: false, findsInAnswers: true },
    ])
    expect(contentFilter.rules[0]?.finder?.isIn('KILLED')).toBe(true)
  })

  it('are told where they are wrong', () => {
    expect(
      problemsOf(
        rules({ pattern: '(', category: 'violence' }, { category: 'hate' }, { pattern: 'x', categry: 'hate' }),
      ),
    ).toEqual([
      'sim.yaml: contentFilter.rules.0.pattern: found "("; allowed: a pattern as RE2 reads it, without look-around and back-references (missing closing ): `(?i)(`)',
      'sim.yaml: contentFilter.rules.1: found a mapping; allowed: a pattern, or answersTo',
      expect.stringContaining('sim.yaml: contentFilter.rules.2.category: is required: hate, self_harm'),
      'sim.yaml: contentFilter.rules.2.categry: is not a setting; did you mean category?',
    ])
  })
})

describe('a pattern that RE2 does not read', () => {
  const reasonOf = (pattern: string) => {
    const rules = [{ pattern, category: 'hate' }]
    return problemsOf({ name: 'sim.yaml', input: { contentFilter: { rules } } })
      .join()
      .replace(/^.*\((this one .*)\)$/, '$1')
  }

  it.each([
    ['(?<=a)b', 'this one has a look-behind'],
    ['(?<!a)b', 'this one has a look-behind'],
    ['a(?=b)', 'this one has a look-ahead'],
    ['a(?!b)', 'this one has a look-ahead'],
    ['(a)\\1', 'this one has a back-reference'],
    ['(?<letter>a)\\k<letter>', 'this one has a back-reference'],
  ])('is refused when the settings are read, with the reason: %s', (pattern, reason) => {
    expect(reasonOf(pattern)).toBe(reason)
  })

  it.each(['(?<letter>a)', '\\u00e9t\\u00e9', '\\(\\?=', '[\\w-]+\\/', '\\p{L}+', '(?:a|b){2,3}?$'])(
    'is none of these: %s',
    (pattern) => {
      expect(reasonOf(pattern)).toBe('')
    },
  )
})

describe('defaults', () => {
  it('hold where no source says anything', () => {
    expect(resolve().config).toEqual({
      mode: 'generate',
      apiKey: 'k',
      allowUndefinedDeployments: true,
      undefinedDeployments: { tokensPerMinute: undefined, requestsPerMinute: undefined },
      resources: {},
      sessions: { maxSessions: 1000, lifetimeMs: 600_000 },
      deployments: {},
      agents: {},
      timeline: undefined,
      latencyFactor: 1,
      latency: {
        chatCompletions: { firstMs: undefined, unitMs: { mean: 19, stdDev: 6 } },
        completions: { firstMs: undefined, unitMs: { mean: 15, stdDev: 2 } },
        embeddings: { firstMs: undefined, unitMs: { mean: 100, stdDev: 30 } },
        translations: { firstMs: undefined, unitMs: { mean: 15_000, stdDev: 500 } },
        transcriptions: { firstMs: undefined, unitMs: { mean: 15_000, stdDev: 500 } },
        speech: { firstMs: undefined, unitMs: { mean: 100, stdDev: 20 } },
        images: { firstMs: undefined, unitMs: { mean: 20_000, stdDev: 4_000 } },
      },
      limits: { algorithm: 'sliding', charge: 'actual' },
      provisioned: { burstMs: 5_000, estimatedOutputTokens: 1_000, utilizationHeader: true },
      generate: {
        maxTokens: 'exact',
        promptSchemas: 'on',
        medianTokens: 120,
        sigma: 0.6,
        optional: 0.9,
        toolCallProbability: 1,
      },
      quota: {},
      contentFilters: undefined,
      contentFilter: {
        delivery: undefined,
        mode: 'default',
        keepsPartialAnswers: false,
        omitsMessages: false,
        rules: [],
      },
      promptCache: { enabled: true, lifetimeMs: 300_000 },
      responses: {
        checkItems: 'on',
        maxResponses: 10_000,
        maxBytes: 134_217_728,
        lifetimeMs: 2_592_000_000,
        queueTimeMs: { mean: 500, stdDev: 100 },
      },
      auth: {
        entra: undefined,
        acceptAnyToken: false,
        disableKeys: false,
        bearerKeys: 'v1',
        network: 'allow',
      },
      azure: {
        region: 'East US 2',
        frontEnd: 'new',
        versionGates: 'on',
        resourceKind: 'OpenAI',
        rateLimitError: 'since2025',
        maxRepeats: undefined,
        maxCustomHeaders: undefined,
        timeouts: undefined,
        routing: true,
        timingHeaders: false,
      },
      recording: {
        dir: '.recording',
        containerUrl: undefined,
        connectionString: undefined,
        container: 'recordings',
        autosave: true,
        match: { ignore: [] },
        keep: 'all',
        durability: 'before-end',
        maxWaitingBytes: 67_108_864,
      },
      state: {
        dir: undefined,
        containerUrl: undefined,
        connectionString: undefined,
        container: 'state',
        kept: 'on',
        refreshMs: 3_000,
      },
      redis: { url: undefined, timeoutMs: 50, auth: 'auto' },
      replay: { onMiss: 'error', speed: 1 },
      rules: [],
      rulesFrom: [],
      simHeaders: 'on',
      kept: { maxEntries: 10_000, maxBytes: 67_108_864, lifetimeMs: 2_592_000_000 },
      live: { maxTimeMs: 3_600_000 },
      serviceTiers: {
        aboveMonthly: 2,
        flexFactor: 2,
        flexUnavailable: 0,
        monthlyTokens: {},
        rampFrom: 100_000,
        rampLimit: 'on',
      },
      jobs: { queueTimeMs: 500, runTimeMs: 5_000 },
      webhooks: { allow: ['localhost', '127.0.0.1', '[::1]'], timeoutMs: 10_000, maxRetries: 5 },
      mcp: { servers: [], timeoutMs: 30_000 },
      files: { processTimeMs: 500, indexTimeMs: 1_000, maxFiles: 500, maxBytes: 268_435_456, lifetimeMs: 86_400_000 },
      batches: {
        validateTimeMs: 1_000,
        runTimeMs: 5_000,
        finalizeTimeMs: 1_000,
        maxBatches: 1_000,
        lifetimeMs: 86_400_000,
      },
      forward: {
        endpoint: undefined,
        key: undefined,
        connectTimeoutMs: 10_000,
        idleTimeoutMs: 300_000,
        totalTimeoutMs: 900_000,
      },
      report: { moments: 300 },
      verdict: {
        enabled: true,
        size: 10_000,
        warn: expect.objectContaining({ givesUp: 0.01, retryStorm: 5, ramp: 2 }) as object,
        fail: expect.objectContaining({ givesUp: 0.1, retryStorm: 10, failover: 30 }) as object,
      },
      telemetry: {
        metrics: true,
        connectionString: undefined,
        authentication: undefined,
        otlpEndpoint: undefined,
        serviceName: 'aoai-simulated-api',
        exportIntervalMs: 60_000,
        undefinedDeployments: 'together',
      },
      journal: { size: 1000, bodies: 'off' },
      seed: undefined,
      logLevel: 'info',
      server: {
        maxBodyBytes: 33_554_432,
        maxBytesInFlight: 134_217_728,
        maxHeaderBytes: 32_768,
        headerTimeoutMs: 10_000,
        bodyTimeoutMs: 60_000,
        idleTimeoutMs: 65_000,
        cors: { origins: [] },
        allowedHosts: [],
        stopTimeoutMs: 10_000,
      },
    })
  })
})

describe('durations', () => {
  it.each([
    ['250ms', 250, 0],
    ['2s', 2_000, 0],
    ['1.5min', 90_000, 0],
    ['0.007s', 7, 0],
    [' 400ms ± 80ms ', 400, 80],
    ['400ms+-80ms', 400, 80],
    ['1s +/- 0.25s', 1_000, 250],
  ])('%s is read with its unit and deviation', (text, mean, stdDev) => {
    expect(parseDuration(text)).toEqual({ mean, stdDev })
  })

  it.each(['250', '-1ms', '1 hour', '1ms ±', '1ms ± 2', '', '1e3ms', 'ms', '٣ms'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it('are written so that they are read as the same', () => {
    expect(formatDuration({ mean: 15_000, stdDev: 500 })).toBe('15s ± 500ms')
    expect(formatDuration({ mean: 1_500, stdDev: 0 })).toBe('1500ms')
    expect(parseDuration(formatDuration({ mean: 0.25, stdDev: 3 }))).toEqual({ mean: 0.25, stdDev: 3 })
  })
})

describe('deployments', () => {
  it('have their model, limits and latency', () => {
    const { config } = resolve(
      yaml({
        deployments: {
          chat: {
            model: 'gpt-4o',
            tokensPerMinute: 1_000,
            latency: { timeToFirstToken: '400ms', interToken: '12ms ± 3ms' },
          },
          embed: { model: 'text-embedding-3-large', dimensions: 256, latency: '2s' },
        },
      }),
    )
    expect(config.deployments).toEqual({
      chat: {
        model: 'gpt-4o',
        tokensPerMinute: 1_000,
        requestsPerMinute: undefined,
        dimensions: undefined,
        latency: { firstMs: { mean: 400, stdDev: 0 }, unitMs: { mean: 12, stdDev: 3 } },
      },
      embed: {
        model: 'text-embedding-3-large',
        tokensPerMinute: undefined,
        requestsPerMinute: undefined,
        dimensions: 256,
        latency: { firstMs: undefined, unitMs: { mean: 2_000, stdDev: 0 } },
      },
    })
  })

  it('that nobody configured are not found under the names of what every object has', () => {
    const { deployments } = resolve(yaml({ deployments: { constructor: { model: 'gpt-4o' } } })).config
    expect(deployments.constructor).toMatchObject({ model: 'gpt-4o' })
    expect(resolve().config.deployments.constructor).toBeUndefined()
    expect('toString' in resolve().config.deployments).toBe(false)
  })
})

describe('precedence', () => {
  it('is by setting: flags, environment, sim.yaml, the old file, defaults', () => {
    const { config, origin } = resolve(
      fromLegacyDeployments('old.json', { a: { model: 'gpt-4', tokensPerMinute: 1 }, b: { model: 'gpt-4o' } }),
      yaml({
        mode: 'replay',
        seed: 1,
        deployments: { a: { tokensPerMinute: 2 } },
        latency: { embeddings: '5ms ± 1ms' },
      }),
      env({ SIMULATOR_MODE: 'record', LATENCY_OPENAI_EMBEDDINGS_MEAN: '7' }),
      { name: 'flags', input: { mode: 'generate' }, spell: () => '--mode' },
    )
    expect(config.mode).toBe('generate')
    expect(config.seed).toBe(1)
    expect(config.deployments.a).toMatchObject({ model: 'gpt-4', tokensPerMinute: 2 })
    expect(Object.keys(config.deployments)).toEqual(['a', 'b'])
    expect(config.latency.embeddings.unitMs).toEqual({ mean: 7, stdDev: 1 })
    expect(Object.fromEntries(origin())).toMatchObject({
      mode: '--mode',
      seed: 'sim.yaml',
      'deployments.a.model': 'old.json',
      'deployments.a.tokensPerMinute': 'sim.yaml',
      'latency.embeddings.meanMs': 'LATENCY_OPENAI_EMBEDDINGS_MEAN',
      'latency.embeddings.stdDevMs': 'sim.yaml',
      logLevel: 'default',
    })
  })

  it('lets null undo what weaker sources say', () => {
    const { config } = resolve(
      yaml({ seed: 1, generate: { sigma: 1 }, deployments: { a: { model: 'gpt-4' }, b: { model: 'gpt-4' } } }),
      { name: 'later', input: { seed: null, generate: null, deployments: { a: null } } },
    )
    expect(config.seed).toBeUndefined()
    expect(config.generate.sigma).toBe(0.6)
    expect(Object.keys(config.deployments)).toEqual(['b'])
  })
})

describe('the environment', () => {
  it('reads flags in any case, levels by their Python names, and nothing from empty variables', () => {
    const read = (text: string) => resolve(env({ ALLOW_UNDEFINED_OPENAI_DEPLOYMENTS: text })).config
    expect(['FALSE', '0'].map((text) => read(text).allowUndefinedDeployments)).toEqual([false, false])
    expect(['True', '1', ''].map((text) => read(text).allowUndefinedDeployments)).toEqual([true, true, true])
    expect(resolve(env({ LOG_LEVEL: 'WARNING' })).config.logLevel).toBe('warn')
    expect(resolve(env({ SIMULATOR_SEED: '42' })).config.seed).toBe(42)
  })

  it('warns of variables that look like ours and are not, with the name that was meant', () => {
    const { warnings } = fromEnvironment({
      SIMULATOR_MOD: 'record',
      RECORDING_X: '1',
      PATH: '/bin',
      SIMULATOR_OTHER: '',
    })
    expect(warnings[0]).toBe(
      'SIMULATOR_MOD: is not a variable of the simulator, and has no effect; did you mean SIMULATOR_MODE?',
    )
    expect(warnings[1]).toMatch(
      /^RECORDING_X: is not a variable of the simulator, and has no effect; did you mean RECORDING_DIR/,
    )
    expect(warnings).toHaveLength(2)
  })
})

describe('the Python simulator’s file', () => {
  it('gives deployments, and names its own keys when it is wrong', () => {
    const file = (json: unknown) => fromLegacyDeployments('old.json', json)
    const { config } = resolve(
      file({ e: { model: 'text-embedding-3-small', requestsPerMinute: 6, embeddingSize: 512 } }),
    )
    expect(config.deployments.e).toMatchObject({ requestsPerMinute: 6, dimensions: 512 })
    expect(problemsOf(file({ e: { model: 'text-embedding-3-small', embeddingSize: 0 } }))).toEqual([
      'old.json: e.embeddingSize: found 0; allowed: a whole number of 1 or more',
    ])
    for (const model of ['gpt-35-turbo', 'text-embedding-ada-002', 'text-embedding-3-large'])
      expect(resolve(file({ e: { model, embeddingSize: 7_680 } })).config.deployments.e).toMatchObject({
        dimensions: 7_680,
      })
    expect(
      problemsOf(file({ e: { model: 'gpt-4o', dimensions: 5 } }), {
        name: 'sim.yaml',
        input: { deployments: { e: { dimensions: 7 } } },
      }),
    ).toEqual(['sim.yaml: deployments.e.dimensions: found 7; allowed: nothing, as gpt-4o makes no embeddings'])
    expect(problemsOf(file([]))).toEqual(['old.json: found a list; allowed: a mapping'])
  })
})

describe('a mistake is told by its place, what was found and what is allowed:', () => {
  const deployment = (value: object) => yaml({ deployments: { d: { model: 'gpt-4o', ...value } } })
  const cases: readonly [string, ConfigSource, readonly string[]][] = [
    ['a word', yaml({ mode: 'banana' }), ['sim.yaml: mode: found "banana"; allowed: generate, record, replay']],
    [
      'a variable',
      env({ SIMULATOR_MODE: 'banana' }),
      ['SIMULATOR_MODE: found "banana"; allowed: generate, record, replay'],
    ],
    [
      'a flag in the environment',
      env({ ALLOW_UNDEFINED_OPENAI_DEPLOYMENTS: 'yes' }),
      ['ALLOW_UNDEFINED_OPENAI_DEPLOYMENTS: found "yes"; allowed: true or false in any case, 1 or 0'],
    ],
    [
      'a flag in the file',
      yaml({ allowUndefinedDeployments: 1 }),
      ['sim.yaml: allowUndefinedDeployments: found 1; allowed: true or false'],
    ],
    [
      'milliseconds',
      env({ LATENCY_OPENAI_COMPLETIONS_STD_DEV: '2ms' }),
      ['LATENCY_OPENAI_COMPLETIONS_STD_DEV: found "2ms"; allowed: a number of milliseconds, 0 or more'],
    ],
    [
      'a bare number',
      yaml({ latency: { embeddings: 250 } }),
      [`sim.yaml: latency.embeddings: found 250 without a unit; allowed: ${spread}`],
    ],
    [
      'a duration',
      yaml({ latency: { completions: { interToken: '5 hours' } } }),
      [`sim.yaml: latency.completions.interToken: found "5 hours"; allowed: ${spread}`],
    ],
    [
      'a timeout',
      yaml({ server: { idleTimeout: '0s' } }),
      [
        'sim.yaml: server.idleTimeout: found "0s"; allowed: a duration with its unit, as 250ms, 2s or 1min; ' +
          'at least 1ms, and in whole milliseconds',
      ],
    ],
    [
      'a limit',
      deployment({ tokensPerMinute: -1.5 }),
      ['sim.yaml: deployments.d.tokensPerMinute: found -1.5; allowed: a whole number of 0 or more'],
    ],
    [
      'an unknown key',
      yaml({ deploymnets: {} }),
      ['sim.yaml: deploymnets: is not a setting; did you mean deployments?'],
    ],
    [
      'an unknown key that is like none',
      yaml({ limits: { window: 1 } }),
      ['sim.yaml: limits.window: is not a setting; allowed: algorithm, charge'],
    ],
    [
      'a model',
      deployment({ model: 'gpt-4oo-mini' }),
      [
        'sim.yaml: deployments.d.model: found "gpt-4oo-mini", which is not in the model catalogue; ' +
          'the nearest names are gpt-4o-mini, gpt-4.1-mini, gpt-5-mini',
      ],
    ],
    ['no model', yaml({ deployments: { d: { tokensPerMinute: 5 } } }), ['sim.yaml: deployments.d.model: is required']],
    [
      'dimensions of no embedding',
      deployment({ dimensions: 5 }),
      ['sim.yaml: deployments.d.dimensions: found 5; allowed: nothing, as gpt-4o makes no embeddings'],
    ],
    [
      'too many dimensions',
      deployment({ model: 'text-embedding-3-small', dimensions: 4_000 }),
      ['sim.yaml: deployments.d.dimensions: found 4000; allowed: 1 to 1536 for text-embedding-3-small'],
    ],
    [
      'dimensions that cannot be chosen',
      deployment({ model: 'text-embedding-ada-002', dimensions: 512 }),
      ['sim.yaml: deployments.d.dimensions: found 512; allowed: 1536 for text-embedding-ada-002'],
    ],
    [
      'one duration for tokens',
      deployment({ latency: '5ms' }),
      [
        'sim.yaml: deployments.d.latency: found one duration; allowed: { timeToFirstToken, interToken }, as gpt-4o answers in tokens',
      ],
    ],
    [
      'half a latency',
      deployment({ latency: { timeToFirstToken: '5ms' } }),
      ['sim.yaml: deployments.d.latency.interToken: is required: a duration'],
    ],
    [
      'a latency by token for an embedding',
      deployment({ model: 'text-embedding-3-small', latency: { interToken: '5ms' } }),
      [
        'sim.yaml: deployments.d.latency: found a mapping; allowed: one duration, as 100ms ± 30ms, ' +
          'as text-embedding-3-small does not answer in tokens',
      ],
    ],
    [
      'an agent’s name',
      yaml({ agents: { 'my agent': { definition: { model: 'gpt-4o' } } } }),
      [
        'sim.yaml: agents.my agent: found "my agent" as an agent\'s name; allowed: 1 to 128 letters, digits, "-", "_" and ".", beginning with a letter or digit',
      ],
    ],
    [
      'a deployment’s name',
      yaml({ deployments: { '../x': { model: 'gpt-4o' } } }),
      [`sim.yaml: deployments.../x: found "../x" as a deployment's name; allowed: ${names}`],
    ],
    [
      'a key, without telling it',
      yaml({ apiKey: 'my secret ' }),
      [
        'sim.yaml: apiKey: found ****; allowed: 1 to 256 printable ASCII characters, neither the first nor the last a space',
      ],
    ],
    [
      'an unresolved Key Vault reference',
      env({ SIMULATOR_API_KEY: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/k)' }),
      [
        'SIMULATOR_API_KEY: found a Key Vault reference that was not resolved; allowed: the key itself: ' +
          "see that the secret exists, and that the app's identity may read it",
      ],
    ],
    ['a file that is a list', yaml([1]), ['sim.yaml: found a list; allowed: a mapping of settings']],
  ]
  it.each(cases)('%s', (_name, source, expected) => {
    expect(problemsOf(source)).toEqual(expected)
  })

  it('every one of them at once, from every source', () => {
    expect(
      problemsOf(
        yaml({ mode: 'x', deployments: { a: { model: 'gpt4o' }, b: { model: 5 } } }),
        env({ LOG_LEVEL: 'loud', SIMULATOR_SEED: '-1' }),
      ),
    ).toEqual([
      'sim.yaml: mode: found "x"; allowed: generate, record, replay',
      'sim.yaml: deployments.b.model: found 5; allowed: a name in the model catalogue',
      'SIMULATOR_SEED: found -1; allowed: a whole number of 0 or more',
      'LOG_LEVEL: found "loud"; allowed: debug, info, warn, error',
      'sim.yaml: deployments.a.model: found "gpt4o", which is not in the model catalogue; the nearest names are gpt-4o, gpt-4, gpt-5',
    ])
  })

  it('a key that nobody gave', () => {
    expect(() => resolveConfig([], models)).toThrow('SIMULATOR_API_KEY: is required: the key that clients must send')
  })

  it('keys that would reach every object’s prototype', () => {
    const polluting: unknown = JSON.parse(
      '{"__proto__":{"mode":"replay"},"deployments":{"__proto__":{"model":"gpt-4o"}},"limits":{"__proto__":{"charge":"old"}}}',
    )
    expect(problemsOf(yaml(polluting))).toEqual([
      `sim.yaml: deployments.__proto__: found "__proto__" as a deployment's name; allowed: ${names}`,
      'sim.yaml: limits.__proto__: is not a setting; allowed: algorithm, charge',
      expect.stringMatching(/^sim\.yaml: __proto__: is not a setting; allowed: mode, apiKey, /),
    ])
    expect({}).not.toHaveProperty('model')
    expect({}).not.toHaveProperty('charge')
  })
})

describe('the JSON schema', () => {
  it('has durations as texts, defaults, and no key that only the program uses', () => {
    const schema = configJsonSchema()
    expect(schema).toMatchObject({
      additionalProperties: false,
      properties: {
        mode: { enum: ['generate', 'record', 'replay'], default: 'generate' },
        latency: { properties: { embeddings: { type: ['string', 'object'], default: '100ms ± 30ms' } } },
        deployments: { additionalProperties: { required: ['model'] } },
      },
    })
    expect(JSON.stringify(schema)).not.toMatch(/meanMs|"each"|"secret"/)
  })
})
