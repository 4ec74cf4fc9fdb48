import { describe, expect, it } from 'vitest'
import { seesImages } from '../../src/sim/models/abilities.ts'
import { allModels, findModel, listedModel, modelId, modelNames } from '../../src/sim/models/catalogue.ts'
import { resolveModel } from '../../src/sim/models/resolve.ts'
import type { Model } from '../../src/sim/types.ts'

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
    ['text-embedding-3-large', 'text-embedding-3-large'],
    ['text-embedding-3-large-1', 'text-embedding-3-large'],
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
    for (const model of allModels()) expect(listedModel(modelId(model))).toBe(model)
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

  const beforeGpt35 = /^(?:text|code)-(?!embedding)|^(?:davinci|babbage)-002$|^(?:ada|babbage|curie|davinci)$/
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

/** Microsoft's pages: models sold by Azure, from partners, their schedule of retirements and what is retired (2024 to 2026). */
const listed = `o1-preview o1-mini o1 o1-pro o3 o3-mini o3-pro o3-deep-research o4-mini codex-mini computer-use-preview
  gpt-35-turbo gpt-35-turbo-16k gpt-35-turbo-instruct gpt-4 gpt-4-32k gpt-4-vision-preview gpt-4o gpt-4o-mini gpt-4.5-preview
  gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-5 gpt-5-mini gpt-5-nano gpt-5-chat gpt-5-codex gpt-5-pro gpt-5.1 gpt-5.1-chat
  gpt-5.1-codex gpt-5.1-codex-max gpt-5.1-codex-mini gpt-5.2 gpt-5.2-chat gpt-5.2-codex gpt-5.3-chat gpt-5.3-codex gpt-5.4
  gpt-5.4-mini gpt-5.4-nano gpt-5.4-pro gpt-5.5 gpt-chat-latest gpt-audio gpt-audio-1.5 gpt-audio-mini gpt-4o-audio-preview
  gpt-4o-mini-audio-preview gpt-4o-realtime-preview gpt-4o-mini-realtime-preview gpt-realtime gpt-realtime-mini
  gpt-realtime-1.5 gpt-realtime-2 gpt-realtime-2.1 gpt-realtime-2.1-mini gpt-4o-transcribe gpt-4o-mini-transcribe
  gpt-4o-transcribe-diarize gpt-4o-mini-tts whisper tts tts-hd dall-e-2 dall-e-3 gpt-image-1 gpt-image-1-mini gpt-image-1.5
  gpt-image-2 sora sora-2 text-embedding-3-large text-embedding-3-small text-embedding-ada-002 babbage-002 davinci-002 ada
  babbage curie davinci text-ada-001 text-babbage-001 text-curie-001 text-davinci-002 text-davinci-003 code-cushman-001
  code-davinci-002 text-similarity-ada-001 text-search-davinci-query-001 code-search-babbage-text-001 gpt-oss-120b
  model-router FLUX-1.1-pro FLUX.1-Kontext-pro FLUX.2-flex FLUX.2-pro Cohere-rerank-v4.0-fast Cohere-rerank-v4.0-pro
  Cohere-rerank-v3.5 Cohere-parse-v5 cohere-command-a Cohere-command-a-plus-05-2026 embed-v-4-0 Cohere-embed-v3-english
  DeepSeek-R1 DeepSeek-R1-0528 DeepSeek-V3 DeepSeek-V3-0324 DeepSeek-V3.1 DeepSeek-V3.2 DeepSeek-V3.2-Speciale
  DeepSeek-V4-Flash DeepSeek-V4-Flash-0731 DeepSeek-V4-Pro Llama-3.3-70B-Instruct Llama-4-Maverick-17B-128E-Instruct-FP8
  Llama-4-Scout-17B-16E-Instruct Llama-3.2-90B-Vision-Instruct Meta-Llama-3.1-405B-Instruct Meta-Llama-3.1-8B Llama-2-70b-chat
  MAI-DS-R1 MAI-Thinking-1 MAI-Image-2 MAI-Image-2e MAI-Image-2.5-Flash MAI-Image-2.6 Mistral-Large-3 mistral-medium-2505
  mistral-medium-3-5 mistral-small-2503 mistral-ocr-4-0 mistral-document-ai-2512 Mistral-large-2411 Codestral-2501 Ministral-3B
  mistralai-Mixtral-8x7B-Instruct-v01 Kimi-K2-Thinking Kimi-K2.5 Kimi-K2.6 Kimi-K2.7-Code grok-3 grok-3-mini grok-4 grok-4.3
  grok-4.6 grok-4.7 grok-4-20-reasoning grok-4.1-fast-reasoning grok-4-1-fast-non-reasoning grok-4-fast-reasoning
  grok-code-fast-1 claude-haiku-4-5 claude-mythos-preview claude-opus-4-1 claude-opus-4-7 claude-opus-4-8 claude-sonnet-4-6
  FW-GLM-5.1 FW-Kimi-K2.5 FW-Qwen3.5-397B-A17B FW-MiniMax-M2.5 Phi-4 Phi-4-mini-instruct Phi-4-mini-reasoning
  Phi-4-multimodal-instruct Phi-4-reasoning Phi-3.5-MoE-instruct TimeGEN-1 tsuzumi-7b Stable-Image-Ultra jais-30b-chat`

describe("the lists of Microsoft's pages", () => {
  it.each(listed.split(/\s+/))('have %s, which is known', (name) => {
    const model = findModel(name)
    expect(model?.name.toLowerCase() === name.toLowerCase() || model?.servedName === name).toBe(true)
  })

  it.each([
    ['DeepSeek-R1', true],
    ['MAI-DS-R1', true],
    ['Phi-4-reasoning', true],
    ['grok-3-mini', true],
    ['DeepSeek-V3-0324', false],
    ['grok-4-fast-non-reasoning', false],
  ])('say whether %s thinks: %s', (name, thinks) => {
    expect(findModel(name)?.isReasoning).toBe(thinks)
  })

  it('say what sees', () => {
    const sees = (name: string) => seesImages(findModel(name) as Model)
    for (const name of [
      'gpt-4-vision-preview',
      'Llama-3.2-11B-Vision-Instruct',
      'Phi-4-multimodal-instruct',
      'Kimi-K2.6',
      'gpt-4.1',
      'mistral-medium-2505',
      'Mistral-Large-3',
      'Llama-4-Scout-17B-16E-Instruct',
    ])
      expect(sees(name), name).toBe(true)
    for (const name of [
      'gpt-4-0125-preview',
      'DeepSeek-R1',
      'Phi-4',
      'Llama-3.3-70B-Instruct',
      'grok-3',
      'Codestral-2501',
      'Kimi-K2-Thinking',
    ])
      expect(sees(name), name).toBe(false)
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
    ['Search-Text-Embedding-3-Small', 'text-embedding-3-small'],
    ['whisper-eu', 'whisper-001'],
    ['eu-gpt-4o-audio-preview', 'gpt-4o-audio-preview-2024-12-17'],
    ['gpt-4o-realtime-preview-2', 'gpt-4o-realtime-preview-2025-06-03'],
    ['my-deepseek-r1', 'DeepSeek-R1'],
    ['o1-pro-eu', 'o1-pro-2025-03-19'],
    ['o3-deep-research-team', 'o3-deep-research-2025-06-26'],
    ['gpt-4-vision-preview', 'gpt-4-vision-preview'],
    ['team-text-embedding-ada-002', 'text-embedding-ada-002-2'],
  ])('%s: the model that its name holds', (name, id) => {
    expect(resolved(name)).toBe(id)
  })

  it.each([
    'deployment1',
    'gpt-4.7',
    'gpt-4of',
    'mygpt-4o',
    'chat',
    '',
    '-',
    'o12',
    `${'x-'.repeat(5000)}gpt-4o`,
    'ada',
    'our-davinci',
    'o1pro',
    'gpt-4omni',
    'deepseek-r12',
    'grok-3minis',
  ])('no known model where its name holds none: %s', (name) => {
    expect(resolveModel(name)).toBeUndefined()
  })
})
