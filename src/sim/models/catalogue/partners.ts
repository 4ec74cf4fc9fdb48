/**
 * Other makers' models that a Foundry resource serves beside Azure OpenAI's: a few that are well known.
 *
 * Names, versions and windows are from Foundry's catalogue and its page of models sold by Azure and by partners (2025
 * and 2026), for Claude from Anthropic's overview of its models. What is not stated there is marked as a guess.
 *
 * Their tokenizers are their own, and not all of them are published. Here all are counted with the nearest that Azure
 * OpenAI has, o200k_base, and with the overheads of its chat format: near enough for limits and load, not exact.
 */
import type { ModelRow } from './row.ts'

/** One request for a thousand tokens: 250 requests and 250,000 tokens a minute are the usual quota of a partner's model. */
const partner = { kinds: ['chat'], requestsPerThousandTokens: 1 } as const
const llama = { ...partner, windowTokens: 128_000, outputTokens: 8_192 } as const
const mistral = { ...partner, windowTokens: 128_000, outputTokens: 4_096 } as const
const deepSeek = { ...partner, windowTokens: 128_000, outputTokens: 8_192 } as const
const phi = { ...partner, windowTokens: 16_384, outputTokens: 16_384 } as const
const cohereEmbed = {
  kinds: ['embedding'],
  windowTokens: 512,
  outputTokens: 0,
  requestsPerThousandTokens: 6, // as Azure OpenAI's, a guess
  dimensions: { size: 1_024, isAdjustable: false },
  version: '1',
} as const

/** They have an API of their own, and are not reached by chat completions. */
const claude = {
  kinds: ['messages'],
  windowTokens: 200_000,
  outputTokens: 64_000,
  requestsPerThousandTokens: 1,
} as const

const newClaude = { ...claude, windowTokens: 1_000_000, outputTokens: 128_000 } as const

const row = (given: Omit<ModelRow, 'servedName'>): ModelRow => ({ ...given, servedName: given.name })

export const partnerRows: readonly ModelRow[] = [
  row({ ...llama, name: 'Llama-3.3-70B-Instruct', version: '9', created: '2024-12-06' }),
  row({
    ...llama,
    name: 'Llama-4-Maverick-17B-128E-Instruct-FP8',
    version: '1',
    windowTokens: 1_000_000,
    created: '2025-04-05',
  }),
  row({ ...mistral, name: 'Mistral-Large-2411', version: '2', created: '2024-11-18' }),
  row({ ...mistral, name: 'mistral-medium-2505', version: '1', created: '2025-05-07' }),
  row({ ...mistral, name: 'mistral-small-2503', version: '1', created: '2025-03-17' }),
  row({ ...mistral, name: 'Codestral-2501', version: '2', windowTokens: 262_144, created: '2025-01-13' }),
  row({ ...deepSeek, name: 'DeepSeek-V3-0324', version: '1', created: '2025-03-24' }),
  row({ ...deepSeek, name: 'DeepSeek-V3.1', version: '1', created: '2025-08-21' }),
  row({
    ...deepSeek,
    isReasoning: true,
    refuses: [],
    name: 'DeepSeek-R1-0528',
    version: '1',
    outputTokens: 32_768,
    created: '2025-05-28',
  }),
  row({ ...phi, name: 'Phi-4', version: '7', created: '2024-12-12' }),
  row({
    ...phi,
    name: 'Phi-4-mini-instruct',
    version: '1',
    windowTokens: 131_072,
    outputTokens: 4_096,
    created: '2025-02-26',
  }),
  row({
    ...partner,
    name: 'cohere-command-a',
    version: '1',
    windowTokens: 131_072,
    outputTokens: 8_182,
    created: '2025-03-13',
  }),
  row({ ...cohereEmbed, name: 'Cohere-embed-v3-english', created: '2023-11-02' }),
  row({ ...cohereEmbed, name: 'Cohere-embed-v3-multilingual', created: '2023-11-02' }),
  row({
    ...cohereEmbed,
    name: 'embed-v-4-0',
    windowTokens: 131_072,
    dimensions: { size: 1_536, isAdjustable: true },
    created: '2025-04-15',
  }),
  row({
    ...partner,
    name: 'grok-3',
    version: '1',
    windowTokens: 131_072,
    outputTokens: 131_072,
    created: '2025-05-19',
  }),
  row({ ...partner, name: 'grok-4', version: '1', windowTokens: 262_144, outputTokens: 8_192, created: '2025-07-09' }),

  // A version that is a day is part of the name that Anthropic's own API answers with.
  { ...claude, name: 'claude-opus-4-1', version: '20250805', outputTokens: 32_000, created: '2025-08-05' },
  { ...claude, name: 'claude-sonnet-4-5', version: '20250929', created: '2025-09-29' },
  { ...claude, name: 'claude-haiku-4-5', version: '20251001', created: '2025-10-01' },
  { ...claude, name: 'claude-opus-4-5', version: '20251101', created: '2025-11-01' },
  row({ ...newClaude, name: 'claude-opus-4-6', version: '1', created: '2026-02-05' }),
  row({ ...newClaude, name: 'claude-sonnet-4-6', version: '1', outputTokens: 64_000, created: '2026-02-17' }),
  row({ ...newClaude, name: 'claude-opus-4-7', version: '1', created: '2026-04-06' }),
  row({ ...newClaude, name: 'claude-mythos-preview', version: '1', created: '2026-04-07' }),
  row({ ...newClaude, name: 'claude-opus-4-8', version: '1', created: '2026-05-28' }), // the day is a guess
  row({ ...newClaude, name: 'claude-sonnet-5', version: '2', created: '2026-06-30' }),
  row({ ...newClaude, name: 'claude-opus-5', version: '2', created: '2026-07-24' }),
  // The days of these two are guesses.
  row({ ...newClaude, name: 'claude-opus-5-5', version: '2', created: '2026-09-15' }),
  row({ ...newClaude, name: 'claude-sonnet-5-5', version: '2', created: '2026-09-28' }),
  row({ ...newClaude, name: 'claude-haiku-5-5', version: '2', created: '2026-10-15' }), // its sizes are guesses, too
]
