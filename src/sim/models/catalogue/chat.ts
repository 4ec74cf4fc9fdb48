/**
 * Chat models that do not reason, oldest first: the last row of a name is what the name alone means.
 *
 * Windows, outputs and versions are from Microsoft's model pages (autumn 2026), requests per thousand tokens from its
 * quota page (May 2026). What is only sensible is marked as a guess.
 */
import type { ModelRow } from './row.ts'

const chat = ['chat', 'responses'] as const

/** Answers of these name the model without its version (recorded 2023 and 2024). */
const gpt35 = {
  kinds: ['chat'],
  encoding: 'cl100k_base',
  windowTokens: 16_385,
  outputTokens: 4_096,
  requestsPerThousandTokens: 6,
  servedName: 'gpt-35-turbo',
} as const

const gpt4 = { kinds: ['chat'], encoding: 'cl100k_base', requestsPerThousandTokens: 6 } as const
const gpt4Turbo = { ...gpt4, name: 'gpt-4', windowTokens: 128_000, outputTokens: 4_096 } as const
const gpt4o = { name: 'gpt-4o', kinds: chat, windowTokens: 128_000, requestsPerThousandTokens: 6 } as const

const gpt41 = {
  kinds: chat,
  version: '2025-04-14',
  windowTokens: 1_047_576,
  outputTokens: 32_768,
  requestsPerThousandTokens: 1,
} as const

/**
 * The models behind ChatGPT. They think at most in passing (a recorded gpt-5.2-chat answer has no reasoning tokens),
 * so they are not counted as reasoning models; which parameters they refuse stands in each row. The ratio is that of
 * their family, a guess.
 */
export const chatGpt = {
  kinds: chat,
  promptFormat: 'gpt-5',
  windowTokens: 128_000,
  inputTokens: 111_616,
  outputTokens: 16_384,
  requestsPerThousandTokens: 10,
} as const

/** Quoted by users for `temperature` on gpt-5.2-chat, a guess for the rest and for its neighbours. */
export const refusesSampling = {
  refuses: ['max_tokens', 'temperature', 'top_p', 'presence_penalty', 'frequency_penalty', 'logprobs', 'top_logprobs'],
} as const

const chatLatest = {
  ...chatGpt,
  ...refusesSampling,
  name: 'gpt-chat-latest',
  windowTokens: 400_000,
  inputTokens: 272_000,
  outputTokens: 128_000,
  servedName: 'gpt-chat-latest',
  requestsPerThousandTokens: 1, // as the other models of 2026, a guess
} as const

const gptOss = {
  kinds: chat,
  version: '1',
  windowTokens: 131_072,
  outputTokens: 131_072,
  created: '2025-08-05',
  requestsPerThousandTokens: 1, // a guess
} as const

/** Its window varies with the model that it chooses. Answers name that one; which it is here is a guess. */
const router = {
  name: 'model-router',
  kinds: chat,
  promptFormat: 'gpt-5',
  windowTokens: 200_000,
  outputTokens: 32_768,
  requestsPerThousandTokens: 1,
} as const

const gptAudio = { kinds: ['chat'], windowTokens: 32_000, outputTokens: 4_096, requestsPerThousandTokens: 6 } as const

export const chatRows: readonly ModelRow[] = [
  {
    ...gpt35,
    name: 'gpt-35-turbo',
    version: '0301',
    kinds: ['chat', 'completion'], // the only chat model that also completes (recorded November 2023)
    promptFormat: 'gpt-35-0301',
    windowTokens: 4_096,
    created: '2023-03-01',
  },
  { ...gpt35, name: 'gpt-35-turbo', version: '0613', windowTokens: 4_096, created: '2023-06-13' },
  { ...gpt35, name: 'gpt-35-turbo', version: '1106', created: '2023-11-06' },
  { ...gpt35, name: 'gpt-35-turbo', version: '0125', created: '2024-01-25' },
  {
    ...gpt35,
    name: 'gpt-35-turbo-16k',
    version: '0613',
    windowTokens: 16_384,
    servedName: 'gpt-35-turbo-16k',
    created: '2023-06-13',
  },
  {
    ...gpt35,
    name: 'gpt-35-turbo-instruct',
    version: '0914',
    kinds: ['completion'],
    windowTokens: 4_097,
    // With the point since 2025 (recorded February 2025).
    servedName: 'gpt-3.5-turbo-instruct',
    created: '2023-09-14',
  },

  { ...gpt4, name: 'gpt-4', version: '0314', windowTokens: 8_192, outputTokens: 8_192, created: '2023-03-14' },
  { ...gpt4, name: 'gpt-4', version: '0613', windowTokens: 8_192, outputTokens: 8_192, created: '2023-06-13' },
  { ...gpt4, name: 'gpt-4-32k', version: '0314', windowTokens: 32_768, outputTokens: 32_768, created: '2023-03-14' },
  { ...gpt4, name: 'gpt-4-32k', version: '0613', windowTokens: 32_768, outputTokens: 32_768, created: '2023-06-13' },
  // It answered as gpt-4 (recorded March 2024).
  { ...gpt4Turbo, version: '1106-Preview', servedName: 'gpt-4', created: '2023-11-06' },
  { ...gpt4Turbo, version: 'vision-preview', created: '2023-11-06' },
  { ...gpt4Turbo, version: '0125-Preview', created: '2024-01-25' },
  { ...gpt4Turbo, version: 'turbo-2024-04-09', created: '2024-04-09' },

  { ...gpt4o, version: '2024-05-13', outputTokens: 4_096 },
  { ...gpt4o, version: '2024-08-06', outputTokens: 16_384 },
  { ...gpt4o, version: '2024-11-20', outputTokens: 16_384 },
  {
    ...gpt4o,
    name: 'gpt-4o-mini',
    version: '2024-07-18',
    outputTokens: 16_384,
    requestsPerThousandTokens: 10,
  },
  { ...gpt4o, name: 'gpt-4.5-preview', version: '2025-02-27', outputTokens: 16_384 }, // the ratio is a guess

  { ...gpt41, name: 'gpt-4.1' },
  { ...gpt41, name: 'gpt-4.1-mini' },
  { ...gpt41, name: 'gpt-4.1-nano' },

  // Users set the temperature of gpt-5-chat; its successors answer that only the default is supported.
  { ...chatGpt, name: 'gpt-5-chat', version: '2025-08-07', servedName: 'gpt-5-chat-latest' },
  { ...chatGpt, name: 'gpt-5-chat', version: '2025-10-03', servedName: 'gpt-5-chat-latest' },
  { ...chatGpt, ...refusesSampling, name: 'gpt-5.1-chat', version: '2025-11-13', servedName: 'gpt-5.1-chat-latest' },
  // Recorded April 2026: a gpt-5.2-chat deployment names its model so.
  { ...chatGpt, ...refusesSampling, name: 'gpt-5.2-chat', version: '2025-12-11', servedName: 'gpt-5.2-chat-latest' },
  { ...chatGpt, ...refusesSampling, name: 'gpt-5.2-chat', version: '2026-02-10', servedName: 'gpt-5.2-chat-latest' },
  { ...chatLatest, version: '2026-05-05' },
  { ...chatLatest, version: '2026-08-06' },

  { ...gptOss, name: 'gpt-oss-20b', servedName: 'gpt-oss-20b' },
  { ...gptOss, name: 'gpt-oss-120b', servedName: 'gpt-oss-120b' },
  { ...router, version: '2025-05-19', servedName: 'gpt-4.1-mini-2025-04-14' },
  { ...router, version: '2025-08-07', servedName: 'gpt-5-mini-2025-08-07' },
  { ...router, version: '2025-11-18', servedName: 'gpt-5-mini-2025-08-07' },
  { ...gptAudio, name: 'gpt-audio', version: '2025-08-28' },
  { ...gptAudio, name: 'gpt-audio-mini', version: '2025-10-06' },
  { ...gptAudio, name: 'gpt-audio-mini', version: '2025-12-15' },
  { ...gptAudio, name: 'gpt-audio-1.5', version: '2026-02-23' },
]
