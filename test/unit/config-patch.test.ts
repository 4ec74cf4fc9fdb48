import { describe, expect, it } from 'vitest'
import { applyPatch, invalidConfigurationBody, toControlDocument } from '../../src/sim/admin/config.ts'
import { runTimeSource } from '../../src/sim/config/change.ts'
import { ConfigError } from '../../src/sim/config/problem.ts'
import type { ConfigSource } from '../../src/sim/config/read-source.ts'
import { resolveConfig } from '../../src/sim/config/resolve.ts'
import { findModel, modelNames } from '../../src/sim/models/catalogue.ts'

const models = { findModel, modelNames }
const started: readonly ConfigSource[] = [
  {
    name: 'sim.yaml',
    input: {
      apiKey: 'hidden-key',
      seed: 3,
      latency: { completions: { interToken: '1ms ± 2ms' } },
      deployments: {
        chat: {
          model: 'gpt-4o',
          tokensPerMinute: 10,
          latency: { timeToFirstToken: '400ms', interToken: '12ms ± 3ms' },
        },
        embed: { model: 'text-embedding-3-large', dimensions: 256, latency: '2s' },
        plain: { model: 'gpt-4o-mini' },
      },
    },
  },
]
const patched = (...patches: unknown[]) =>
  patches.reduce<ReturnType<typeof applyPatch>>(({ sources }, patch) => applyPatch(sources, patch, models), {
    ...resolveConfig(started, models),
    sources: started,
  })
type Document = Record<string, Record<string, Record<string, unknown>>>
const document = (...patches: unknown[]) => toControlDocument(patched(...patches).settings) as Document

function refused(patch: unknown) {
  try {
    patched(patch)
  } catch (error) {
    if (error instanceof ConfigError) return invalidConfigurationBody(error)
    throw error
  }
  throw new Error('the patch was taken')
}

describe('the document of /++/config', () => {
  it('has the rules of the content filter as the file has them, and takes them back', () => {
    const rules = [
      { pattern: 'kill', category: 'violence', severity: 'high', source: 'prompt', blocking: true },
      { answersTo: 'badly', category: 'custom_blocklists', source: 'completion', blocking: false, blocklist: 'own' },
    ]
    const shown = document({ content_filter: { rules, mode: 'asynchronous' }, prompt_cache: { lifetime: 1_000 } })
    expect(shown.content_filter).toEqual({ mode: 'asynchronous', partial_answers: false, rules })
    expect(shown.prompt_cache).toEqual({ enabled: true, lifetime: 1_000 })
    expect(document({ content_filter: shown.content_filter }).content_filter).toEqual(shown.content_filter)
    expect(refused({ content_filter: { rules: [{ pattern: '(', category: 'hate' }] } }).error.details).toEqual([
      {
        path: 'content_filter.rules.0.pattern',
        message: expect.stringContaining('found "("; allowed: a pattern as RE2 reads it') as string,
      },
    ])
  })

  it('has the Python simulator’s names, and neither the key nor what is read at the start only', () => {
    expect(document({})).toEqual({
      simulator_mode: 'generate',
      latency: {
        open_ai_chat_completions: { mean: 19, std_dev: 6, time_to_first_token: null },
        open_ai_completions: { mean: 1, std_dev: 2, time_to_first_token: null },
        open_ai_embeddings: { mean: 100, std_dev: 30 },
        open_ai_translations: { mean: 15_000, std_dev: 500 },
        open_ai_transcriptions: { mean: 15_000, std_dev: 500 },
        open_ai_speech: { mean: 100, std_dev: 20 },
        open_ai_images: { mean: 20_000, std_dev: 4_000 },
      },
      openai_deployments: {
        chat: {
          model: 'gpt-4o',
          tokens_per_minute: 10,
          requests_per_minute: null,
          embedding_size: null,
          latency: { mean: 12, std_dev: 3, time_to_first_token: { mean: 400, std_dev: 0 } },
        },
        embed: {
          model: 'text-embedding-3-large',
          tokens_per_minute: null,
          requests_per_minute: null,
          embedding_size: 256,
          latency: { mean: 2_000, std_dev: 0, time_to_first_token: null },
        },
        plain: {
          model: 'gpt-4o-mini',
          tokens_per_minute: null,
          requests_per_minute: null,
          embedding_size: null,
          latency: null,
        },
      },
      allow_undefined_openai_deployments: true,
      undefined_openai_deployments: { tokens_per_minute: null, requests_per_minute: null },
      limits: { algorithm: 'sliding', charge: 'actual' },
      generate: { median_tokens: 120, sigma: 0.6, tool_call_probability: 1 },
      content_filter: { mode: 'default', partial_answers: false, rules: [] },
      prompt_cache: { enabled: true, lifetime: 300_000 },
      azure: {
        region: 'East US 2',
        front_end: 'new',
        resource_kind: 'OpenAI',
        rate_limit_error: 'since2025',
        max_repeats: null,
        max_custom_headers: null,
        timeout: null,
        flex_timeout: null,
        timing_headers: false,
      },
      seed: 3,
      log_level: 'info',
    })
  })

  it('changes nothing when it is sent back', () => {
    expect(patched(document({})).config).toEqual(resolveConfig(started, models).config)
  })
})

describe('a patch', () => {
  it('sets what the service does at its bounds, and takes it back', () => {
    const azure = {
      max_repeats: 20,
      max_custom_headers: 10,
      timeout: 5_000,
      flex_timeout: 9_000,
      timing_headers: true,
    }
    const shown = document({ azure })
    expect(shown.azure).toMatchObject(azure)
    expect(patched(shown).config.azure.timeouts).toEqual({ usualMs: 5_000, flexMs: 9_000 })
    expect(document({ azure: { timeout: 5_000 } }).azure).toMatchObject({ timeout: 5_000, flex_timeout: null })
    expect(document({ azure: { flex_timeout: 5_000 } }).azure).toMatchObject({ timeout: null, flex_timeout: 5_000 })
  })

  it('sets what it names and leaves the rest', () => {
    const before = document({})
    expect(
      document({
        simulator_mode: 'replay',
        latency: { open_ai_completions: { mean: 50 }, open_ai_chat_completions: { time_to_first_token: { mean: 9 } } },
        openai_deployments: { chat: { tokens_per_minute: 20 }, more: { model: 'whisper', latency: { mean: 5 } } },
        generate: { median_tokens: 7 },
      }),
    ).toEqual({
      ...before,
      simulator_mode: 'replay',
      latency: {
        ...before.latency,
        open_ai_completions: { mean: 50, std_dev: 2, time_to_first_token: null },
        open_ai_chat_completions: { mean: 19, std_dev: 6, time_to_first_token: { mean: 9, std_dev: 0 } },
      },
      openai_deployments: {
        ...before.openai_deployments,
        chat: { ...before.openai_deployments?.chat, tokens_per_minute: 20 },
        more: {
          model: 'whisper',
          tokens_per_minute: null,
          requests_per_minute: null,
          embedding_size: null,
          latency: { mean: 5, std_dev: 0, time_to_first_token: null },
        },
      },
      generate: { median_tokens: 7, sigma: 0.6, tool_call_probability: 1 },
    })
  })

  it('removes a deployment, its own latency, a limit, or all of them by null', () => {
    const { config } = patched({
      openai_deployments: { embed: null, chat: { latency: null, tokens_per_minute: null }, unknown: null },
    })
    expect(Object.keys(config.deployments)).toEqual(['chat', 'plain'])
    expect(config.deployments.chat).toMatchObject({ latency: undefined, tokensPerMinute: undefined })
    expect(patched({ openai_deployments: null }).config.deployments).toEqual({})
  })

  it('resets to the default by null, whatever the file says', () => {
    const { config, origin } = patched({ seed: null, latency: { open_ai_completions: { mean: null } } })
    expect(config.seed).toBeUndefined()
    expect(config.latency.completions.unitMs).toEqual({ mean: 15, stdDev: 2 })
    expect(origin().get('latency.completions.interToken.meanMs')).toBe('default')
    expect(patched({ latency: null }).config.latency.completions.unitMs).toEqual({ mean: 15, stdDev: 2 })
  })

  it('that makes a removed deployment anew makes it without what it had', () => {
    const { config } = patched(
      { openai_deployments: { chat: null } },
      { openai_deployments: { chat: { model: 'gpt-4' } } },
    )
    expect(config.deployments.chat).toEqual({
      model: 'gpt-4',
      tokensPerMinute: undefined,
      requestsPerMinute: undefined,
      dimensions: undefined,
      latency: undefined,
    })
  })

  it('adds no source to those of earlier patches, and is forgotten with its source', () => {
    const { sources, origin } = patched({ seed: 5 }, { simulator_mode: 'record' }, { seed: 6 })
    expect(sources.map(({ name }) => name)).toEqual(['sim.yaml', runTimeSource])
    expect(origin().get('seed')).toBe(runTimeSource)
    expect(resolveConfig(sources.slice(0, 1), models).config.seed).toBe(3)
  })

  it('leaves the sources it was given as they were', () => {
    const before = structuredClone(started)
    patched({ seed: 9, openai_deployments: { chat: null } })
    expect(started).toEqual(before)
  })
})

describe('a patch with mistakes', () => {
  it('is refused whole, with each told by its own path', () => {
    expect(
      refused({
        simulator_mode: 'banana',
        mode: 'replay',
        api_key: 'other',
        seed: 9,
        latency: { open_ai_embeddings: { mean: '5ms', deviation: 1 }, open_ai_completions: 5 },
        openai_deployments: {
          chat: { embedding_size: 12, model: 'gpt-4oo' },
          embed: { embedding_size: 9_999 },
          fresh: { tokens_per_minute: -1 },
          plain: { latency: { std_dev: 1 } },
        },
      }),
    ).toEqual({
      error: {
        code: 'InvalidConfiguration',
        message: 'The configuration was not changed: there are 11 problems, listed in details.',
        details: [
          { path: 'mode', message: expect.stringMatching(/^is not a setting; /) as string },
          { path: 'api_key', message: expect.stringMatching(/^is not a setting; /) as string },
          { path: 'latency.open_ai_embeddings.deviation', message: 'is not a setting; allowed: mean, std_dev' },
          { path: 'latency.open_ai_completions', message: 'found 5; allowed: an object' },
          { path: 'simulator_mode', message: 'found "banana"; allowed: generate, record, replay' },
          {
            path: 'openai_deployments.fresh.tokens_per_minute',
            message: 'found -1; allowed: a whole number of 0 or more',
          },
          {
            path: 'latency.open_ai_embeddings.mean',
            message: 'found "5ms"; allowed: a number of milliseconds, 0 or more',
          },
          {
            path: 'openai_deployments.plain.latency.mean',
            message: 'is required',
          },
          { path: 'openai_deployments.fresh.model', message: 'is required' },
          {
            path: 'openai_deployments.chat.model',
            message:
              'found "gpt-4oo", which is not in the model catalogue; the nearest names are gpt-4o, gpt-4, gpt-4.1',
          },
          {
            path: 'openai_deployments.embed.embedding_size',
            message: 'found 9999; allowed: 1 to 3072 for text-embedding-3-large',
          },
        ],
      },
    })
  })

  it.each(['apiKey', 'api_key', 'auth', 'redis', 'server', 'state', 'telemetry'])(
    'of %s, which is settled at the start, is refused',
    (name) => {
      expect(refused({ seed: 1, [name]: null }).error.details).toEqual([
        { path: name, message: expect.stringMatching(/^is not a setting; /) as string },
      ])
      expect(refused({ [name]: { network: 'deny' } }).error.details).toMatchObject([{ path: name }])
    },
  )

  it.each([[[]], ['x'], [5], [null], [undefined]])('%j is no patch', (patch) => {
    expect(refused(patch).error.details).toEqual([
      { path: '', message: expect.stringContaining('an object') as string },
    ])
  })

  it('cannot reach the prototype of objects', () => {
    const patch: unknown = JSON.parse('{"__proto__":{"a":1},"openai_deployments":{"__proto__":{"model":"gpt-4o"}}}')
    expect(refused(patch).error.details.map(({ path }) => path)).toEqual(['__proto__', 'openai_deployments.__proto__'])
    expect({}).not.toHaveProperty('model')
  })

  it('is refused however deep it is nested', () => {
    const depth = 100_000
    const patch: unknown = JSON.parse(`{"seed":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    expect(refused(patch).error.details).toEqual([
      { path: 'seed', message: 'found a list; allowed: a whole number of 0 or more' },
    ])
  })
})

describe('a change of many deployments', () => {
  const names = Array.from({ length: 1_000 }, (_, at) => `d${at}`)
  const many = (each: (name: string, at: number) => object) =>
    Object.fromEntries(names.map((name, at) => [name, each(name, at)]))

  it('is taken whole', () => {
    const { config } = patched({
      openai_deployments: many((_, at) => ({ model: 'gpt-4o', tokens_per_minute: at + 1 })),
    })
    expect(names.map((name) => config.deployments[name]?.tokensPerMinute)).toEqual(names.map((_, at) => at + 1))
    expect(config.deployments['plain']?.model).toBe('gpt-4o-mini')
  })

  it('tells each that is wrong, of which nothing else is wrong', () => {
    const { details, message } = refused({
      openai_deployments: many((_, at) => ({ model: at % 2 ? 'gpt-4o' : 'gpt-nothing', tokens_per_minute: -1 })),
    }).error
    expect(details).toHaveLength(100)
    expect(message).toMatch(/there are 1000 problems, the first 100 of them/)
  })
})
