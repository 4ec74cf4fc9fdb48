/** The settings of a Realtime session, and how clients change them. */
import { isObject, type JsonObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'

export type Format = 'pcm' | 'pcmu' | 'pcma'

export type RealtimeSettings = {
  /** A transcription session. */
  isWriting: boolean
  model: string
  instructions: string
  modalities: readonly string[]
  voice: unknown
  speed: number
  inputFormat: Format
  outputFormat: Format
  noiseReduction: unknown
  transcription: JsonObject | null
  turnDetection: JsonObject | null
  tools: readonly JsonObject[]
  toolChoice: unknown
  maxTokens: number | 'inf'
  temperature: number
  truncation: unknown
  include: unknown
  tracing: unknown
  prompt: unknown
  /** Only for reasoning models. */
  reasoning: unknown
}

export const usualSettings = (model: string, isWriting: boolean): RealtimeSettings => ({
  isWriting,
  model,
  instructions:
    'You are a helpful, witty and friendly assistant. Talk quickly, and answer in the language of the user.',
  modalities: ['audio'],
  voice: 'alloy',
  speed: 1,
  inputFormat: 'pcm',
  outputFormat: 'pcm',
  noiseReduction: null,
  transcription: null,
  turnDetection: usualDetection('server_vad'),
  tools: [],
  toolChoice: 'auto',
  maxTokens: 'inf',
  temperature: 0.8,
  truncation: 'auto',
  include: null,
  tracing: null,
  prompt: null,
  reasoning: undefined,
})

const answers = { create_response: true, interrupt_response: true }

/** As recorded in July 2026, except `semantic_vad`. */
const usualDetection = (type: unknown): JsonObject =>
  type === 'semantic_vad'
    ? { type, eagerness: 'auto', ...answers }
    : {
        type: 'server_vad',
        threshold: 0.5,
        prefix_padding_ms: 300,
        silence_duration_ms: 200,
        idle_timeout_ms: null,
        ...answers,
      }

const shortNames: Readonly<Record<string, Format>> = { pcm16: 'pcm', g711_ulaw: 'pcmu', g711_alaw: 'pcma' }
const shortOf: Readonly<Record<Format, string>> = { pcm: 'pcm16', pcmu: 'g711_ulaw', pcma: 'g711_alaw' }

export const shortFormatName = (format: Format): string => shortOf[format]
/** The format in a session object. */
export const fullFormat = (format: Format): JsonObject =>
  format === 'pcm' ? { type: 'audio/pcm', rate: 24_000 } : { type: `audio/${format}` }

export function soundFormatOf(given: unknown): Format | undefined {
  if (isObject(given)) return textOf(given['type']).replace('audio/', '') as Format
  return typeof given === 'string' ? shortNames[given] : undefined
}

const member = (object: JsonObject, name: string): JsonObject => (isObject(object[name]) ? object[name] : {})

/** From today's form of a session. Only given fields change; they were checked before. */
export function changeSettings(s: RealtimeSettings, given: JsonObject): void {
  const audio = member(given, 'audio')
  const output = member(audio, 'output')
  s.isWriting = given['type'] === 'transcription'
  hear(s, {
    ...member(audio, 'input'),
    ...('include' in given && { include: given['include'] }),
  })
  say(s, {
    ...given,
    voice: output['voice'],
    speed: output['speed'],
    format: output['format'],
    modalities: given['output_modalities'],
    max_tokens: given['max_output_tokens'],
  })
}

/** From the previews' form. */
export function changePreviewSettings(s: RealtimeSettings, given: JsonObject): void {
  hear(s, {
    ...('include' in given && { include: given['include'] }),
    ...('turn_detection' in given && { turn_detection: given['turn_detection'] }),
    ...('input_audio_transcription' in given && { transcription: given['input_audio_transcription'] }),
    ...('input_audio_noise_reduction' in given && { noise_reduction: given['input_audio_noise_reduction'] }),
    format: given['input_audio_format'],
  })
  say(s, {
    ...given,
    format: given['output_audio_format'],
    max_tokens: given['max_response_output_tokens'],
    ...(Array.isArray(given['tools']) && {
      tools: given['tools'].map((tool: JsonObject) => ({ type: 'function', ...tool })),
    }),
  })
}

function hear(s: RealtimeSettings, given: JsonObject): void {
  s.inputFormat = soundFormatOf(given['format']) ?? s.inputFormat
  const detection = given['turn_detection']
  if (detection === null) s.turnDetection = null
  else if (isObject(detection)) s.turnDetection = { ...detectionBefore(s, detection), ...withoutNulls(detection) }
  const transcription = given['transcription']
  if (transcription === null) s.transcription = null
  else if (isObject(transcription))
    s.transcription = { language: null, model: 'whisper-1', prompt: null, ...s.transcription, ...transcription }
  if (given['noise_reduction'] !== undefined) s.noiseReduction = given['noise_reduction']
  if (given['include'] !== undefined) s.include = given['include']
}

/** Fields that were set before for the same type stay. */
function detectionBefore({ turnDetection }: RealtimeSettings, { type }: JsonObject): JsonObject {
  const kind = type ?? turnDetection?.['type'] ?? 'server_vad'
  return turnDetection?.['type'] === kind ? turnDetection : usualDetection(kind)
}

const withoutNulls = (given: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))

function say(s: RealtimeSettings, given: JsonObject): void {
  const { instructions, voice, speed, modalities, max_tokens: max, temperature } = given
  if (typeof instructions === 'string') s.instructions = instructions
  if (voice !== undefined && voice !== null) s.voice = voice
  if (typeof speed === 'number') s.speed = speed
  s.outputFormat = soundFormatOf(given['format']) ?? s.outputFormat
  if (Array.isArray(modalities)) s.modalities = modalities.includes('audio') ? ['audio'] : ['text']
  if (Array.isArray(given['tools'])) s.tools = given['tools'].filter(isObject)
  if (given['tool_choice'] !== undefined && given['tool_choice'] !== null) s.toolChoice = given['tool_choice']
  if (max === 'inf' || typeof max === 'number') s.maxTokens = max
  if (typeof temperature === 'number') s.temperature = temperature
  for (const name of ['truncation', 'tracing', 'prompt', 'reasoning'] as const)
    if (given[name] !== undefined) s[name] = given[name]
}
