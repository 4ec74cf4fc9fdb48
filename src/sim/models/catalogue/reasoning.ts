/**
 * Models that think before they answer, oldest first: the last row of a name is what the name alone means.
 *
 * Windows, outputs and versions are from Microsoft's model pages (autumn 2026), requests per thousand tokens from its
 * quota page (May 2026). What is only sensible is marked as a guess.
 */
import { type ModelRow, samplingParameters } from './row.ts'

const chat = ['chat', 'responses'] as const
/** The codex and pro models, and computer use, are not offered in chat completions. */
const responses = ['responses'] as const

/** These call one tool at a time (Microsoft's page on reasoning models), and the newest take no stop (users, 2025). */
const refusedByO = [...samplingParameters, 'parallel_tool_calls']
const refusesStop = { refuses: [...refusedByO, 'stop'] } as const
/** The first ones knew neither tools nor formats. */
const first = {
  refuses: [...refusedByO, 'tools', 'tool_choice', 'functions', 'function_call', 'response_format'],
} as const

const oSeries = {
  kinds: chat,
  isReasoning: true,
  refuses: refusedByO,
  promptFormat: 'o-series',
  windowTokens: 200_000,
  outputTokens: 100_000,
  requestsPerThousandTokens: 1,
} as const

const gpt5 = {
  kinds: chat,
  isReasoning: true,
  refuses: [...samplingParameters, 'stop'],
  promptFormat: 'gpt-5',
  windowTokens: 400_000,
  inputTokens: 272_000,
  outputTokens: 128_000,
  requestsPerThousandTokens: 10,
} as const

/** Gpt-5.4 and later: a window of a million, and the ratio of 1. */
const wide = { ...gpt5, windowTokens: 1_050_000, inputTokens: 922_000, requestsPerThousandTokens: 1 } as const

export const reasoningRows: readonly ModelRow[] = [
  {
    ...oSeries,
    ...first,
    name: 'o1-preview',
    version: '2024-09-12',
    kinds: ['chat'],
    windowTokens: 128_000,
    outputTokens: 32_768,
    requestsPerThousandTokens: 1 / 6,
  },
  {
    ...oSeries,
    ...first,
    name: 'o1-mini',
    version: '2024-09-12',
    kinds: ['chat'],
    windowTokens: 128_000,
    outputTokens: 65_536,
    requestsPerThousandTokens: 1 / 10,
  },
  { ...oSeries, name: 'o1', version: '2024-12-17', requestsPerThousandTokens: 1 / 6 },
  { ...oSeries, name: 'o3-mini', version: '2025-01-31', requestsPerThousandTokens: 1 / 10 },
  { ...oSeries, ...refusesStop, name: 'o3', version: '2025-04-16' },
  { ...oSeries, ...refusesStop, name: 'o4-mini', version: '2025-04-16' },
  { ...oSeries, name: 'codex-mini', version: '2025-05-16', kinds: responses }, // the ratio is a guess
  { ...oSeries, name: 'o3-pro', version: '2025-06-10', kinds: responses, requestsPerThousandTokens: 1 / 10 },
  {
    ...oSeries,
    name: 'computer-use-preview',
    version: '2025-03-11',
    kinds: responses,
    isReasoning: false,
    refuses: [],
    windowTokens: 8_192,
    outputTokens: 1_024,
    requestsPerThousandTokens: 10,
  },

  { ...gpt5, name: 'gpt-5', version: '2025-08-07' },
  { ...gpt5, name: 'gpt-5-mini', version: '2025-08-07', requestsPerThousandTokens: 1 },
  { ...gpt5, name: 'gpt-5-nano', version: '2025-08-07', requestsPerThousandTokens: 1 },
  // The ratio of the codex models but gpt-5.1-codex-max, and of the pro ones, is that of their family: a guess.
  { ...gpt5, name: 'gpt-5-codex', version: '2025-09-15', kinds: responses },
  { ...gpt5, name: 'gpt-5-pro', version: '2025-10-06', kinds: responses },
  { ...gpt5, name: 'gpt-5.1', version: '2025-11-13' },
  { ...gpt5, name: 'gpt-5.1-codex', version: '2025-11-13', kinds: responses },
  { ...gpt5, name: 'gpt-5.1-codex-mini', version: '2025-11-13', kinds: responses },
  { ...gpt5, name: 'gpt-5.1-codex-max', version: '2025-12-04', kinds: responses },
  { ...gpt5, name: 'gpt-5.2', version: '2025-12-11' },
  { ...gpt5, name: 'gpt-5.2-codex', version: '2026-01-14', kinds: responses },
  { ...gpt5, name: 'gpt-5.3-codex', version: '2026-02-24', kinds: responses },

  { ...wide, name: 'gpt-5.4', version: '2026-03-05' },
  { ...wide, name: 'gpt-5.4-pro', version: '2026-03-05', kinds: responses },
  { ...gpt5, name: 'gpt-5.4-mini', version: '2026-03-17', requestsPerThousandTokens: 1 },
  { ...gpt5, name: 'gpt-5.4-nano', version: '2026-03-17', requestsPerThousandTokens: 1 },
  { ...wide, name: 'gpt-5.5', version: '2026-04-24' },
  { ...wide, name: 'gpt-5.6-sol', version: '2026-07-09' },
  { ...wide, name: 'gpt-5.6-terra', version: '2026-07-09' },
  { ...wide, name: 'gpt-5.6-luna', version: '2026-07-09' },
  { ...wide, name: 'gpt-6-astra', version: '2026-09-03' },
  { ...wide, name: 'gpt-6-luna', version: '2026-09-22' },
  { ...wide, name: 'gpt-6-sol', version: '2026-09-22' },
  { ...wide, name: 'gpt-6.1-sol', version: '2026-09-29' },
]
