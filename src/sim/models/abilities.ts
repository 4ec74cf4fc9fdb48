/** What a model can do beyond its kinds, where requests are refused for it. */
import type { Model } from '../types.ts'
import { isNamed } from './by-name.ts'

/** Texts alone are taken by the oldest models, and by some of the reasoning ones (Microsoft's model pages, 2026). */
export const seesImages = ({ servedName }: Model): boolean =>
  !blind.test(servedName) && (!textPartners.test(servedName) || seeingPartners.test(servedName))
/** Other makers' models that take texts alone, as their pages say (2024 to 2026). */
const textPartners =
  /^(?:deepseek|mai-ds|mai-thinking|phi-|grok-(?:3|code|4-?20|4\.3|4$)|(?:meta-)?llama|mistral|ministral|codestral|cohere-command|ai21|jais|tsuzumi|qwen|kimi-k2-thinking|fw-)/i
const seeingPartners = /vision|multimodal|llama-4|mistral-(?:small|medium)-|mistral-large-3|fw-(?:kimi-k2\.|qwen3\.)/i
const blind =
  /^(?:gpt-35|gpt-4-(?!turbo-2024|vision)|gpt-4-32k|o1-mini|o1-preview|o3-mini|gpt-oss|gpt-audio|gpt-4o(?:-mini)?-audio)/

/** Hears and speaks; such a model refuses what has neither sound in nor out. */
export const hasSound = isNamed(/^gpt-audio|audio-preview/)

/** Hears what it is sent, beside those that have to (Foundry's page on Phi-4-multimodal). */
export const takesSound = (model: Model): boolean => hasSound(model) || model.name === 'Phi-4-multimodal-instruct'

/** Says what it thought, as DeepSeek-R1 and others of other makers do (Foundry's pages on them, 2025). */
export const tellsThoughts = ({ name, isReasoning }: Model): boolean =>
  isReasoning && !/^(?:gpt-|o\d|codex|computer)/.test(name)

/** Whether there are thoughts to hand out under seal; of models whose thinking is not known it is taken to be so. */
export const thinksInSecret = ({ name, isReasoning }: Model): boolean => isReasoning || !/^gpt-(?:35|4)/.test(name)

/** Works with what is on a screen, by the tool that has its name. */
export const usesComputers = ({ name }: Model): boolean => name === 'computer-use-preview'

/** Takes a prediction of its answer (Microsoft's page on predicted outputs). */
export const takesPredictions = ({ name }: Model): boolean => /^gpt-(?:4o|4\.1)/.test(name) && !/audio/.test(name)

/**
 * How long its answers are can be asked for from gpt-5 on, but not of the models behind ChatGPT (users, 2025), nor of the
 * first codex models (a user's measure, January 2026, and the settings of the client that is made for them).
 */
export const verbositiesOf = ({ name, promptFormat, isReasoning }: Model): readonly string[] =>
  (promptFormat === 'gpt-5' && isReasoning && !/^gpt-5(?:\.1)?-codex/.test(name)) || name === 'model-router'
    ? ['low', 'medium', 'high']
    : ['medium']

/** Tools are called beside thinking in the Responses API alone, from gpt-5.6 on (Microsoft's model pages, 2026). */
export const callsOnlyWithoutThought = isNamed(/^gpt-(?:5\.[6-9]|[6-9])/)

/** Chat completions of these call no tools where an effort is asked for (quoted by users of gpt-5.4, 2026). */
export const callsOnlyWithoutEffort = isNamed(/^gpt-5\.[45](?:-mini|-nano)?$/)

/** These keep their temperature even where they do not think (quoted by a user of gpt-5.6-luna, September 2026). */
export const keepsTemperature = ({ name }: Model): boolean => callsOnlyWithoutThought({ name })

/**
 * Reads files in chat completions. That gpt-5 models do not is quoted by users (2025-2026); that the ones before do is
 * the upstream API's.
 */
export const readsFiles = (model: Model): boolean =>
  seesImages(model) && /^(?:gpt-4o|gpt-4\.[15]|o\d)/.test(model.name) && !/audio|realtime/.test(model.name)

/** Told to be served by one of several replicas, and its chunks to be harmless in no words (recorded September 2026). */
export const isRouted = isNamed(/^gpt-(?:5\.[4-9]|[6-9])/)

/** Tells what of a prompt it wrote to its cache, and takes options of it (recorded September 2026). */
export const tellsCacheWrites = ({ name }: Model): boolean => callsOnlyWithoutThought({ name })

/** Priority processing is offered for the newer models; flex for one (Microsoft's pages on both, 2026). */
export function tiersOf({ name }: Model): readonly string[] {
  if (name === 'gpt-5.6-sol') return ['auto', 'default', 'flex', 'priority']
  return /^gpt-(?:4\.1$|5\.[1-9]|[6-9])/.test(name) ? ['auto', 'default', 'priority'] : ['auto', 'default']
}

/** Of these a prompt of more than 128,000 tokens is not served by priority (Microsoft's page on it, 2026). */
export const takesLongPriority = ({ name }: Model): boolean => !/^gpt-(?:4\.1|5\.4|5\.6-(?:terra|sol))$/.test(name)

/** Models of 2023 and early 2024, which old services still answer for. */
export const isRetired = isNamed(/^gpt-(?:35|4(?:-|$))/)
