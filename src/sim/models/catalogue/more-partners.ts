/**
 * Other makers' models that Foundry's pages list, live and retired, beside those of `partners.ts`: names, versions and
 * windows as there (2024 to 2026). Where a page states no output, what its maker's own API allows is taken: a guess.
 */
import type { Row } from './row.ts'

type Listed = readonly [name: string, version: string, window: number, output: number, created: string, thinks?: true]

const listed: readonly Listed[] = [
  ['DeepSeek-V3', '1', 128_000, 8_192, '2024-12-26'],
  ['DeepSeek-V3.2', '1', 128_000, 8_192, '2025-12-01'],
  ['DeepSeek-V3.2-Speciale', '1', 128_000, 32_768, '2025-12-01', true],
  ['DeepSeek-R1', '1', 128_000, 32_768, '2025-01-20', true],
  ['MAI-DS-R1', '1', 128_000, 32_768, '2025-04-17', true],
  ['grok-3-mini', '1', 131_072, 131_072, '2025-05-19', true],
  ['grok-4-fast-reasoning', '1', 2_000_000, 30_000, '2025-09-19', true],
  ['grok-4-fast-non-reasoning', '1', 2_000_000, 30_000, '2025-09-19'],
  ['grok-4-1-fast-reasoning', '1', 2_000_000, 30_000, '2025-11-19', true],
  ['grok-4-1-fast-non-reasoning', '1', 2_000_000, 30_000, '2025-11-19'],
  ['grok-code-fast-1', '1', 256_000, 10_000, '2025-08-28', true],
  ['Phi-4-reasoning', '1', 32_768, 16_384, '2025-04-30', true],
  ['Phi-4-mini-reasoning', '1', 128_000, 16_384, '2025-04-30', true],
  ['Phi-4-multimodal-instruct', '1', 131_072, 4_096, '2025-02-26'],
  ['Phi-3.5-mini-instruct', '6', 131_072, 4_096, '2024-08-20'],
  ['Phi-3.5-MoE-instruct', '5', 131_072, 4_096, '2024-08-20'],
  ['Phi-3.5-vision-instruct', '2', 131_072, 4_096, '2024-08-20'],
  ['Phi-3-mini-4k-instruct', '15', 4_096, 4_096, '2024-04-23'],
  ['Phi-3-mini-128k-instruct', '13', 131_072, 4_096, '2024-04-23'],
  ['Phi-3-small-8k-instruct', '6', 8_192, 4_096, '2024-05-21'],
  ['Phi-3-small-128k-instruct', '5', 131_072, 4_096, '2024-05-21'],
  ['Phi-3-medium-4k-instruct', '6', 4_096, 4_096, '2024-05-21'],
  ['Phi-3-medium-128k-instruct', '7', 131_072, 4_096, '2024-05-21'],
  ['Meta-Llama-3-8B-Instruct', '9', 8_192, 8_192, '2024-04-18'],
  ['Meta-Llama-3-70B-Instruct', '9', 8_192, 8_192, '2024-04-18'],
  ['Meta-Llama-3.1-8B-Instruct', '5', 131_072, 8_192, '2024-07-23'],
  ['Meta-Llama-3.1-70B-Instruct', '4', 131_072, 8_192, '2024-07-23'],
  ['Meta-Llama-3.1-405B-Instruct', '1', 131_072, 8_192, '2024-07-23'],
  ['Llama-3.2-11B-Vision-Instruct', '2', 128_000, 8_192, '2024-09-25'],
  ['Llama-3.2-90B-Vision-Instruct', '3', 128_000, 8_192, '2024-09-25'],
  ['Llama-4-Scout-17B-16E-Instruct', '2', 10_000_000, 8_192, '2025-04-05'],
  ['Mistral-large', '1', 32_768, 4_096, '2024-02-26'],
  ['Mistral-large-2407', '1', 131_072, 4_096, '2024-07-24'],
  ['Mistral-Large-3', '1', 262_144, 8_192, '2025-12-02'],
  ['Mistral-small', '1', 32_768, 4_096, '2024-05-21'],
  ['Mistral-Nemo', '1', 131_072, 4_096, '2024-07-18'],
  ['Ministral-3B', '1', 131_072, 4_096, '2024-10-16'],
  ['Cohere-command-r', '4', 131_072, 4_096, '2024-04-04'],
  ['Cohere-command-r-plus', '4', 131_072, 4_096, '2024-04-04'],
  ['Cohere-command-r-08-2024', '1', 131_072, 4_096, '2024-08-30'],
  ['Cohere-command-r-plus-08-2024', '1', 131_072, 4_096, '2024-08-30'],
  ['AI21-Jamba-1.5-Mini', '1', 262_144, 4_096, '2024-08-22'],
  ['AI21-Jamba-1.5-Large', '1', 262_144, 4_096, '2024-08-22'],
  ['jais-30b-chat', '3', 8_192, 4_096, '2024-03-01'],
  ['Kimi-K2-Thinking', '1', 262_144, 262_144, '2025-11-06', true],
  ['Kimi-K2.5', '1', 262_144, 262_144, '2026-01-27', true],
  ['qwen3-32b', '1', 131_072, 32_768, '2025-04-28', true],
]

/** Those that think take what others take, and tell their thoughts. */
export const morePartnerRows: readonly Row[] = listed.map(
  ([name, version, windowTokens, outputTokens, created, isReasoning = false]) => ({
    kinds: ['chat'],
    name,
    version,
    servedName: name,
    windowTokens,
    outputTokens,
    created,
    isReasoning,
    refuses: [],
    requestsPerThousandTokens: 1,
  }),
)
