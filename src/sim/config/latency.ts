/** How long answers take: the settings for all deployments, and those of one. */
import * as z from 'zod'
import { profileNames } from '../types.ts'
import { spreadForm } from './duration.ts'
import { choice, group } from './forms.ts'
import { isPercentiles } from './percentiles.ts'
import { reading, spread, toSpread } from './schema-kinds.ts'
import { isTree } from './tree.ts'

const isProfile = (value: unknown): boolean => (profileNames as readonly unknown[]).includes(value)

/** `each` stands for one duration per request (per megabyte of audio that goes in, per second of speech made). */
const DeploymentLatency = group({
  timeToFirstToken: spread().optional().meta({
    python: 'openai_deployments.*.latency.time_to_first_token',
    description: 'From a request to the first token. Default: the same as interToken.',
  }),
  interToken: spread().optional().meta({
    python: 'openai_deployments.*.latency',
    description: 'From one token to the next.',
  }),
  each: spread()
    .optional()
    .meta({ description: 'Per request, per MB of audio that goes in, or per second of speech.' }),
  profile: choice(profileNames)
    .optional()
    .meta({ description: 'Measured times by model, in place of both; see docs/latency.md.' }),
})

const isSpread = (value: object) => 'meanMs' in value || 'stdDevMs' in value || isPercentiles(value)

export const deploymentLatency = () =>
  z.preprocess((value, context) => {
    if (isProfile(value)) return { profile: value }
    if (isTree(value) && !isSpread(value)) return value
    const each = isTree(value) && isPercentiles(value) ? value : reading(spreadForm, toSpread)(value, context)
    return each === z.NEVER ? z.NEVER : { each }
  }, DeploymentLatency)

const tokenLatency = (mean: string, what: string, old: { readonly env: string; readonly python: string }) =>
  group({
    timeToFirstToken: spread()
      .optional()
      .meta({
        python: `${old.python}.time_to_first_token`,
        description: `From a request to the first token of ${what}. Default: the same as interToken.`,
      }),
    interToken: spread().meta({ ...old, description: `From one token of ${what} to the next.`, default: mean }),
  }).meta({ description: `How long ${what} takes.` })

const factorForm = 'a number from 0 to 1000'

const Latencies = group({
  profile: choice(['none', ...profileNames]).meta({
    env: 'SIMULATOR_LATENCY_PROFILE',
    description:
      'A table of how long models take, for chat, responses and completions; see docs/latency.md. `latency: measured-2026` is ' +
      'the same. Latencies that are set as well hold in its place.',
    default: 'none',
  }),
  factor: z.number({ error: factorForm }).min(0, { error: factorForm }).max(1000, { error: factorForm }).meta({
    description: 'Multiplies all latencies.',
    default: 1,
  }),
  chatCompletions: tokenLatency('19ms ± 6ms', 'a chat completion', {
    env: 'LATENCY_OPENAI_CHAT_COMPLETIONS',
    python: 'latency.open_ai_chat_completions',
  }),
  completions: tokenLatency('15ms ± 2ms', 'a completion', {
    env: 'LATENCY_OPENAI_COMPLETIONS',
    python: 'latency.open_ai_completions',
  }),
  embeddings: spread().meta({
    env: 'LATENCY_OPENAI_EMBEDDINGS',
    python: 'latency.open_ai_embeddings',
    description: 'Per embeddings request.',
    default: '100ms ± 30ms',
  }),
  translations: spread().meta({
    env: 'LATENCY_OPENAI_TRANSLATIONS',
    python: 'latency.open_ai_translations',
    description: 'Per MB of audio to translate.',
    default: '15s ± 500ms',
  }),
  transcriptions: spread().meta({
    env: 'LATENCY_OPENAI_TRANSCRIPTIONS',
    python: 'latency.open_ai_transcriptions',
    description: 'Per MB of audio to transcribe.',
    default: '15s ± 500ms',
  }),
  speech: spread().meta({
    env: 'LATENCY_OPENAI_SPEECH',
    python: 'latency.open_ai_speech',
    description: 'Per second of speech, which is sent as it is made.',
    default: '100ms ± 20ms',
  }),
  images: spread().meta({
    env: 'LATENCY_OPENAI_IMAGES',
    python: 'latency.open_ai_images',
    description: 'Per image request.',
    default: '20s ± 4s',
  }),
})

/** The name of a profile stands for all of it. */
export const latencySetting = () =>
  z
    .preprocess((value) => (typeof value === 'string' ? { profile: value } : value), Latencies)
    .meta({ description: 'How long answers take, where a deployment has no latency of its own.' })
