import { describe, expect, it } from 'vitest'
import { allModels, findModel, modelId, modelNames } from '../../src/sim/models/catalogue.ts'
import { resolveModel } from '../../src/sim/models/resolve.ts'

const idOf = (name: string) => {
  const model = findModel(name)
  return model && modelId(model)
}
const resolved = (name: string) => {
  const model = resolveModel(name)
  return model && modelId(model)
}

describe('a model is found', () => {
  it.each([
    ['gpt-4o', 'gpt-4o-2024-11-20'],
    ['gpt-4o-2024-08-06', 'gpt-4o-2024-08-06'],
    ['gpt-4o_2024-08-06', 'gpt-4o-2024-08-06'],
    ['gpt-4o@2024-05-13', 'gpt-4o-2024-05-13'],
    ['GPT-4.1-Mini', 'gpt-4.1-mini-2025-04-14'],
    ['gpt-35-turbo', 'gpt-35-turbo-0125'],
    ['gpt-3.5-turbo', 'gpt-35-turbo-0125'],
    ['gpt-3.5-turbo-0301', 'gpt-35-turbo-0301'],
    ['gpt-3.5-turbo-16k', 'gpt-35-turbo-16k-0613'],
    ['gpt-3.5-turbo-instruct', 'gpt-35-turbo-instruct-0914'],
    ['gpt-4', 'gpt-4-turbo-2024-04-09'],
    ['gpt-4-turbo', 'gpt-4-turbo-2024-04-09'],
    ['gpt-4-0125-preview', 'gpt-4-0125-Preview'],
    ['gpt-5.2-chat-latest', 'gpt-5.2-chat-2026-02-10'],
    ['gpt-5-mini-2025-08-07', 'gpt-5-mini-2025-08-07'],
    ['text-embedding-3-large', 'text-embedding-3-large-1'],
    ['whisper-1', 'whisper-001'],
  ])('by %s', (name, id) => {
    expect(idOf(name)).toBe(id)
  })

  it.each(['', 'gpt', 'gpt-4o-1999-01-01', 'gpt-7', '__proto__', 'constructor'])('but not by %j', (name) => {
    expect(findModel(name)).toBeUndefined()
  })
})

describe('an answer names its model', () => {
  it.each([
    ['gpt-4.1-mini', 'gpt-4.1-mini-2025-04-14'],
    ['gpt-5.2', 'gpt-5.2-2025-12-11'],
    ['gpt-5.2-chat', 'gpt-5.2-chat-latest'],
    ['gpt-35-turbo-0301', 'gpt-35-turbo'],
    ['gpt-35-turbo-16k', 'gpt-35-turbo-16k'],
    ['text-embedding-3-large', 'text-embedding-3-large'],
    ['text-embedding-ada-002', 'text-embedding-ada-002'],
  ])('%s as %s', (name, served) => {
    expect(findModel(name)?.servedName).toBe(served)
  })
})

describe('requests that come with a thousand tokens a minute', () => {
  it.each([
    ['gpt-35-turbo', 6],
    ['gpt-4o', 6],
    ['text-embedding-3-small', 6],
    ['gpt-4o-mini', 10],
    ['gpt-5', 10],
    ['gpt-5.1-codex-max', 10],
    ['gpt-5-nano', 1],
    ['gpt-4.1-mini', 1],
    ['gpt-6-sol', 1],
    ['o1', 1 / 6],
    ['o3-mini', 1 / 10],
  ])('%s has %d', (name, ratio) => {
    expect(findModel(name)?.requestsPerThousandTokens).toBe(ratio)
  })
})

describe('what a model refuses', () => {
  it('is sampling and max_tokens for a reasoning model', () => {
    for (const name of ['o1', 'o3-mini', 'gpt-5', 'gpt-5.1', 'gpt-6-luna'])
      expect(findModel(name)).toMatchObject({
        isReasoning: true,
        refuses: expect.arrayContaining(['max_tokens', 'temperature', 'top_p', 'logit_bias']) as string[],
      })
  })

  it('is nothing for a model that only talks', () => {
    for (const name of ['gpt-35-turbo', 'gpt-4o', 'gpt-4.1', 'gpt-5-chat'])
      expect(findModel(name)).toMatchObject({ isReasoning: false, refuses: [] })
  })

  it('is the temperature for gpt-5.2-chat, which is no reasoning model all the same', () => {
    expect(findModel('gpt-5.2-chat')?.refuses).toContain('temperature')
    expect(findModel('gpt-5.2-chat')?.isReasoning).toBe(false)
  })
})

describe('the catalogue', () => {
  it('has every id once', () => {
    const ids = allModels().map(modelId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('finds every model by its id, and every name', () => {
    for (const model of allModels()) expect(findModel(modelId(model))).toBe(model)
    for (const name of modelNames()) expect(findModel(name)?.name).toBe(name)
  })

  it('lists the versions of a name from the oldest on', () => {
    for (const name of modelNames()) {
      const dates = allModels().flatMap((model) => (model.name === name ? [model.createdAtSeconds] : []))
      expect(dates).toEqual(dates.toSorted((a, b) => a - b))
      expect(findModel(name)?.createdAtSeconds).toBe(dates.at(-1))
    }
  })

  it('keeps prompts and completions within the window', () => {
    for (const model of allModels()) {
      expect(model.maxInputTokens).toBeLessThanOrEqual(model.contextWindowTokens)
      expect(model.maxOutputTokens).toBeLessThanOrEqual(model.contextWindowTokens)
      expect(model.kinds.length).toBeGreaterThan(0)
    }
  })

  it('says how long vectors are for embedding models, and for them alone', () => {
    for (const model of allModels()) expect(model.dimensions !== undefined).toBe(model.kinds.includes('embedding'))
    expect(findModel('text-embedding-3-large')?.dimensions).toEqual({ size: 3072, isAdjustable: true })
    expect(findModel('text-embedding-ada-002')?.dimensions).toEqual({ size: 1536, isAdjustable: false })
  })

  it('dates a version at its midnight, as the service does', () => {
    expect(findModel('gpt-4o-2024-08-06')?.createdAtSeconds).toBe(1_722_902_400)
  })

  it('counts gpt-5 and later prompts in the way of gpt-5, others in the way of gpt-4', () => {
    expect(findModel('gpt-35-turbo-0301')?.promptFormat).toBe('gpt-35-0301')
    expect(findModel('gpt-35-turbo')?.promptFormat).toBe('gpt-4')
    expect(findModel('gpt-4.1')?.promptFormat).toBe('gpt-4')
    expect(findModel('gpt-5.2-chat')?.promptFormat).toBe('gpt-5')
    expect(findModel('gpt-6.1-sol')?.promptFormat).toBe('gpt-5')
  })

  const beforeGpt35 = /^(?:text|code)-(?!embedding)|^(?:davinci|babbage)-002$/
  it('gives gpt-3.5, gpt-4 and embeddings the older encoding', () => {
    const older = allModels().filter(({ name, encoding }) => encoding === 'cl100k_base' && !beforeGpt35.test(name))
    expect(new Set(older.map((model) => model.name))).toEqual(
      new Set([
        'gpt-35-turbo',
        'gpt-35-turbo-16k',
        'gpt-35-turbo-instruct',
        'gpt-4',
        'gpt-4-32k',
        'text-embedding-ada-002',
        'text-embedding-3-small',
        'text-embedding-3-large',
      ]),
    )
  })
})

describe('a deployment that nobody configured runs', () => {
  it.each([
    ['gpt-4o', 'gpt-4o-2024-11-20'],
    ['my-gpt-4o-mini-prod', 'gpt-4o-mini-2024-07-18'],
    ['prod-gpt-35-turbo-16k', 'gpt-35-turbo-16k-0613'],
    ['team_gpt-3.5-turbo_eu', 'gpt-35-turbo-0125'],
    ['eu.gpt-4.1.prod', 'gpt-4.1-2025-04-14'],
    ['prod-gpt-4o-2024-05-13-b', 'gpt-4o-2024-05-13'],
    ['gpt-5.2_2025-12-11', 'gpt-5.2-2025-12-11'],
    ['Search-Text-Embedding-3-Small', 'text-embedding-3-small-1'],
    ['whisper-eu', 'whisper-001'],
  ])('%s: the model that its name holds', (name, id) => {
    expect(resolved(name)).toBe(id)
  })

  it.each(['deployment1', 'gpt-4.7', 'gpt-4of', 'mygpt-4o', 'chat', '', '-', 'o12', `${'x-'.repeat(5000)}gpt-4o`])(
    'no known model where its name holds none: %s',
    (name) => {
      expect(resolveModel(name)).toBeUndefined()
    },
  )
})
