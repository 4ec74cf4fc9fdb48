/**
 * What one unit of provisioned throughput (PTU) does, by model: input tokens per minute, how many of them an output token
 * counts for, and how many units there must be. From Microsoft's pages on provisioned throughput (May and September 2026);
 * regional steps from what the management plane lists (April 2026). Without a word of it, global steps are 15 and 5.
 */
import type { Model, Provisioning } from '../types.ts'
import { canonicalName } from './catalogue.ts'

const listed: Readonly<
  Record<string, Partial<Provisioning> & Pick<Provisioning, 'inputTokensPerMinute' | 'outputRatio'>>
> = {
  'gpt-6-sol': { inputTokensPerMinute: 3_000, outputRatio: 5, cachedRatio: 0.1 },
  'gpt-6-astra': { inputTokensPerMinute: 600, outputRatio: 5, cachedRatio: 0.1 },
  'gpt-5.6-luna': { inputTokensPerMinute: 30_000, outputRatio: 6 },
  'gpt-5.6-terra': { inputTokensPerMinute: 3_000, outputRatio: 6 },
  'gpt-5.6-sol': { inputTokensPerMinute: 1_200, outputRatio: 6 },
  'gpt-5.5': { inputTokensPerMinute: 1_200, outputRatio: 6 },
  'gpt-5.4': { inputTokensPerMinute: 2_400, outputRatio: 6, maxPromptTokens: 128_000 },
  'gpt-5.4-mini': { inputTokensPerMinute: 7_900, outputRatio: 6 },
  'gpt-5.3-codex': { inputTokensPerMinute: 3_400, outputRatio: 8, regional: { min: 50, step: 50 } },
  'gpt-5.2': { inputTokensPerMinute: 3_400, outputRatio: 8, regional: { min: 50, step: 50 } },
  'gpt-5.2-codex': { inputTokensPerMinute: 3_400, outputRatio: 8, regional: { min: 50, step: 50 } },
  'gpt-5.1': { inputTokensPerMinute: 4_750, outputRatio: 8, regional: { min: 50, step: 50 } },
  'gpt-5.1-codex': { inputTokensPerMinute: 4_750, outputRatio: 8, regional: { min: 50, step: 50 } },
  'gpt-5': { inputTokensPerMinute: 4_750, outputRatio: 8, regional: { min: 50, step: 50 } },
  'gpt-5-mini': { inputTokensPerMinute: 23_750, outputRatio: 8, regional: { min: 25, step: 25 } },
  'gpt-4.1': { inputTokensPerMinute: 3_000, outputRatio: 4, regional: { min: 25, step: 25 }, maxPromptTokens: 128_000 },
  'gpt-4.1-mini': {
    inputTokensPerMinute: 14_900,
    outputRatio: 4,
    regional: { min: 25, step: 25 },
    maxPromptTokens: 128_000,
  },
  'gpt-4.1-nano': {
    inputTokensPerMinute: 59_400,
    outputRatio: 4,
    regional: { min: 25, step: 25 },
    maxPromptTokens: 128_000,
  },
  o3: { inputTokensPerMinute: 3_000, outputRatio: 4, regional: { min: 50, step: 50 } },
  'o4-mini': { inputTokensPerMinute: 5_400, outputRatio: 4, regional: { min: 25, step: 25 } },
  'o3-mini': { inputTokensPerMinute: 2_500, outputRatio: 4, regional: { min: 25, step: 25 } },
  o1: { inputTokensPerMinute: 230, outputRatio: 4, regional: { min: 25, step: 50 } },
  'gpt-4o': { inputTokensPerMinute: 2_500, outputRatio: 4, regional: { min: 50, step: 50 } },
  'gpt-4o-mini': { inputTokensPerMinute: 37_000, outputRatio: 4, regional: { min: 25, step: 25 } },
  'Llama-3.3-70B-Instruct': { inputTokensPerMinute: 8_450, outputRatio: 4, global: { min: 100, step: 100 } },
  'DeepSeek-R1': { inputTokensPerMinute: 4_000, outputRatio: 4, global: { min: 100, step: 100 } },
  'DeepSeek-V3': { inputTokensPerMinute: 4_000, outputRatio: 4, global: { min: 100, step: 100 } },
  ...ofFireworks({
    'FW-GPT-OSS-120B': [80, 40, 13_500],
    'FW-Kimi-K2-Instruct-0905': [500, 275, 1_250],
    'FW-Kimi-K2-Thinking': [500, 275, 700],
    'FW-Kimi-K2.5': [800, 400, 530],
    'FW-DeepSeek-V3.1': [800, 400, 1_050],
    'FW-DeepSeek-V3.2': [1_200, 600, 1_500],
    'FW-Qwen3-14B': [80, 40, 4_800],
    'FW-MiniMax-M2.5': [400, 200, 3_000],
    'FW-GLM-5': [700, 350, 3_500],
    'FW-GLM-4.7': [800, 400, 3_000],
  }),
}

/** Global alone, from Foundry's page on them (2026). What an output token counts for it does not say: as for most, a guess. */
function ofFireworks(rows: Readonly<Record<string, readonly [min: number, step: number, tokens: number]>>) {
  return Object.fromEntries(
    Object.entries(rows).map(([name, [min, step, inputTokensPerMinute]]) => [
      name,
      { inputTokensPerMinute, outputRatio: 4, global: { min, step }, isGlobalOnly: true },
    ]),
  )
}

const byName = new Map(Object.entries(listed).map(([name, row]) => [canonicalName(name), row]))

/** Undefined of a model that cannot be provisioned. */
export function provisioningOf({ name }: Model): Provisioning | undefined {
  const row = byName.get(canonicalName(name))
  return (
    row && { cachedRatio: 0, global: { min: 15, step: 5 }, regional: undefined, maxPromptTokens: undefined, ...row }
  )
}
