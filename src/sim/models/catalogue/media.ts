/**
 * Embedding, audio, image, video and realtime models, oldest first: the last row of a name is what the name alone
 * means. Versions and sizes are from Microsoft's model pages (autumn 2026).
 *
 * Limits that the service states in characters or in bytes stand here as that many tokens, which they never exceed.
 * Where a model is limited by requests alone its ratio has no effect.
 */
import type { ModelRow } from './row.ts'

const embedding = {
  kinds: ['embedding'],
  encoding: 'cl100k_base',
  windowTokens: 8_192,
  outputTokens: 0,
  requestsPerThousandTokens: 6,
} as const

const ada = {
  ...embedding,
  name: 'text-embedding-ada-002',
  dimensions: { size: 1_536, isAdjustable: false },
  servedName: 'text-embedding-ada-002',
} as const

const transcribe = {
  kinds: ['transcription'],
  windowTokens: 16_000,
  outputTokens: 2_000,
  requestsPerThousandTokens: 6,
} as const

const speech = { kinds: ['speech'], windowTokens: 4_096, outputTokens: 0, requestsPerThousandTokens: 6 } as const
const miniTts = { ...speech, name: 'gpt-4o-mini-tts', windowTokens: 2_000 } as const
const image = { kinds: ['image'], windowTokens: 32_000, outputTokens: 0, requestsPerThousandTokens: 6 } as const
const video = { kinds: ['video'], windowTokens: 32_000, outputTokens: 0, requestsPerThousandTokens: 6 } as const

/** 200 requests go with 100,000 tokens on the quota page. */
const realtime = {
  kinds: ['realtime'],
  windowTokens: 32_000,
  outputTokens: 4_096,
  requestsPerThousandTokens: 2,
} as const

export const mediaRows: readonly ModelRow[] = [
  { ...ada, version: '1', created: '2022-12-15' },
  { ...ada, version: '2', created: '2023-04-03' },
  {
    ...embedding,
    name: 'text-embedding-3-small',
    version: '1',
    dimensions: { size: 1_536, isAdjustable: true },
    servedName: 'text-embedding-3-small',
    created: '2024-01-25',
  },
  {
    ...embedding,
    name: 'text-embedding-3-large',
    version: '1',
    dimensions: { size: 3_072, isAdjustable: true },
    servedName: 'text-embedding-3-large',
    created: '2024-01-25',
  },

  {
    ...transcribe,
    name: 'whisper',
    version: '001',
    kinds: ['transcription', 'translation'],
    servedName: 'whisper',
    created: '2023-09-15',
  },
  { ...transcribe, name: 'gpt-4o-transcribe', version: '2025-03-20' },
  { ...transcribe, name: 'gpt-4o-mini-transcribe', version: '2025-03-20' },
  { ...transcribe, name: 'gpt-4o-mini-transcribe', version: '2025-12-15' },
  { ...transcribe, name: 'gpt-4o-transcribe-diarize', version: '2025-10-15' },

  { ...speech, name: 'tts', version: '001', servedName: 'tts', created: '2023-11-06' },
  { ...speech, name: 'tts-hd', version: '001', servedName: 'tts-hd', created: '2023-11-06' },
  { ...miniTts, version: '2025-03-20' },
  { ...miniTts, version: '2025-12-15' },

  { ...image, name: 'dall-e-3', version: '3.0', windowTokens: 4_000, servedName: 'dall-e-3', created: '2023-11-06' },
  { ...image, name: 'gpt-image-1', version: '2025-04-15' },
  { ...image, name: 'gpt-image-1-mini', version: '2025-10-06' },
  { ...image, name: 'gpt-image-1.5', version: '2025-12-16' },
  { ...image, name: 'gpt-image-2', version: '2026-04-21' },
  // The versions of these two and their dates are guesses.
  { ...image, name: 'gpt-image-2.5-flare', version: '1', servedName: 'gpt-image-2.5-flare', created: '2026-09-01' },
  {
    ...image,
    name: 'gpt-image-2.5-sunburst',
    version: '1',
    servedName: 'gpt-image-2.5-sunburst',
    created: '2026-09-01',
  },

  { ...video, name: 'sora', version: '2025-05-02' },
  { ...video, name: 'sora-2', version: '2025-10-06' },
  { ...video, name: 'sora-2', version: '2025-12-08' },

  { ...realtime, name: 'gpt-realtime', version: '2025-08-28' },
  { ...realtime, name: 'gpt-realtime-1.5', version: '2026-02-23' },
  { ...realtime, name: 'gpt-realtime-2', version: '2026-05-06' },
  { ...realtime, name: 'gpt-realtime-2.1', version: '2026-07-07' },
  { ...realtime, name: 'gpt-realtime-2.1-mini', version: '2026-07-07' },
]
