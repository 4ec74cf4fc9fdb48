/**
 * The rest of Microsoft's lists of Azure OpenAI models, live and retired: previews, and those before gpt-35-turbo.
 *
 * Names, versions and windows are from its pages on models and on retirements (2023 to 2026). A requests ratio that is
 * not on the quota page is that of the model's family, a guess, and so are days that only say when a preview came.
 */
import { chatGpt, refusesSampling } from './chat.ts'
import type { ModelRow } from './row.ts'

const audio = { kinds: ['chat'], windowTokens: 128_000, outputTokens: 16_384, requestsPerThousandTokens: 6 } as const
const realtime = {
  kinds: ['realtime'],
  windowTokens: 128_000,
  outputTokens: 4_096,
  requestsPerThousandTokens: 2,
} as const
const base = {
  kinds: ['completion'],
  encoding: 'cl100k_base',
  version: '1',
  windowTokens: 16_384,
  outputTokens: 4_096,
  created: '2023-08-22',
  requestsPerThousandTokens: 6,
} as const
/** Their own tokenizers were older ones, here the oldest that there is stands for them. */
const first = { ...base, windowTokens: 2_049, outputTokens: 2_048, created: '2022-03-01' } as const
const firstVectors = {
  ...first,
  kinds: ['embedding'],
  windowTokens: 2_046,
  outputTokens: 0,
} as const

const named = <R extends { readonly name: string }>(row: R) => ({ ...row, servedName: row.name })

const firstTexts: readonly (readonly [string, number])[] = [
  ...['ada', 'babbage', 'curie', 'davinci'].map((name) => [name, 2_049] as const),
  ['text-davinci-002', 4_097],
  ['text-davinci-003', 4_097],
  ['text-curie-001', 2_049],
  ['text-babbage-001', 2_049],
  ['text-ada-001', 2_049],
  ['code-davinci-002', 8_001],
  ['code-cushman-001', 2_048],
]

const firstVectorNames: readonly (readonly [string, number])[] = [
  ...['similarity', 'search-{}-doc', 'search-{}-query'].flatMap((use) =>
    (
      [
        ['ada', 1_024],
        ['babbage', 2_048],
        ['curie', 4_096],
        ['davinci', 12_288],
      ] as const
    ).map(
      ([size, length]) =>
        [use === 'similarity' ? `text-similarity-${size}-001` : `text-${use.replace('{}', size)}-001`, length] as const,
    ),
  ),
  ['code-search-ada-code-001', 1_024],
  ['code-search-ada-text-001', 1_024],
  ['code-search-babbage-code-001', 2_048],
  ['code-search-babbage-text-001', 2_048],
]

export const olderRows: readonly ModelRow[] = [
  ...firstTexts.map(([name, windowTokens]) => named({ ...first, name, windowTokens })),
  ...firstVectorNames.map(([name, size]) =>
    named({ ...firstVectors, name, dimensions: { size, isAdjustable: false } }),
  ),
  named({ ...base, name: 'babbage-002' }),
  named({ ...base, name: 'davinci-002' }),
  { ...audio, name: 'gpt-4o-audio-preview', version: '2024-12-17' },
  { ...audio, name: 'gpt-4o-mini-audio-preview', version: '2024-12-17' },
  { ...realtime, name: 'gpt-4o-realtime-preview', version: '2024-10-01' },
  { ...realtime, name: 'gpt-4o-realtime-preview', version: '2024-12-17' },
  { ...realtime, name: 'gpt-4o-realtime-preview', version: '2025-06-03' },
  { ...realtime, name: 'gpt-4o-mini-realtime-preview', version: '2024-12-17' },
  { ...realtime, name: 'gpt-realtime-mini', version: '2025-10-06', windowTokens: 32_000 },
  { ...realtime, name: 'gpt-realtime-mini', version: '2025-12-15', windowTokens: 32_000 },
  named({ ...realtime, name: 'gpt-realtime-translate', version: '1', created: '2026-05-06' }),
  named({ ...realtime, name: 'gpt-realtime-whisper', version: '1', created: '2026-05-06' }),
  {
    kinds: ['image'],
    name: 'dall-e-2',
    version: '2.0',
    windowTokens: 1_000,
    outputTokens: 0,
    servedName: 'dall-e-2',
    created: '2023-06-15',
    requestsPerThousandTokens: 6,
  },
  {
    kinds: ['responses'],
    name: 'o1-pro',
    version: '2025-03-19',
    isReasoning: true,
    windowTokens: 200_000,
    outputTokens: 100_000,
    requestsPerThousandTokens: 1 / 10,
  },
  {
    kinds: ['responses'],
    name: 'o3-deep-research',
    version: '2025-06-26',
    isReasoning: true,
    windowTokens: 200_000,
    outputTokens: 100_000,
    requestsPerThousandTokens: 1,
  },
  { ...chatGpt, ...refusesSampling, name: 'gpt-5.3-chat', version: '2026-03-03', servedName: 'gpt-5.3-chat-latest' },
]
