/** How the two generations of the API put things: GA, and the previews before it. */
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import type { Json } from '../../live/session.ts'

const previewNames: Readonly<Record<string, string>> = {
  'response.output_text.delta': 'response.text.delta',
  'response.output_text.done': 'response.text.done',
  'response.output_audio.delta': 'response.audio.delta',
  'response.output_audio.done': 'response.audio.done',
  'response.output_audio_transcript.delta': 'response.audio_transcript.delta',
  'response.output_audio_transcript.done': 'response.audio_transcript.done',
  'conversation.item.added': 'conversation.item.created',
}

/** The event as the previews have it; `undefined` where they have none. */
export function previewEvent(event: Json): Json | undefined {
  const { type } = event
  if (type === 'conversation.item.done') return undefined
  const told: Record<string, unknown> = { ...event, type: previewNames[textOf(type)] ?? type }
  if (isObject(event['item'])) told['item'] = previewItem(event['item'])
  const { response } = event
  if (isObject(response) && Array.isArray(response['output']))
    told['response'] = {
      ...response,
      output: response['output'].map((item: unknown) => (isObject(item) ? previewItem(item) : item)),
    }
  return told
}

function previewItem({ id, content, ...rest }: Json): Json {
  const parts = Array.isArray(content)
    ? content.map((part: unknown) => {
        if (!isObject(part)) return part
        const { type } = part
        return { ...part, type: type === 'output_text' ? 'text' : type === 'output_audio' ? 'audio' : type }
      })
    : undefined
  return { id, object: 'realtime.item', ...rest, ...(parts && { content: parts }) }
}

export type Settings = {
  model: string
  instructions: string
  modalities: readonly string[]
  voice: string
  inputFormat: string
  outputFormat: string
  transcription: unknown
  turnDetection: Json | null
  tools: readonly Json[]
  toolChoice: unknown
  maxTokens: number | 'inf'
  temperature: number
  more: Json
}

const rateOf = (format: string) => (format === 'audio/pcm' ? { type: format, rate: 24_000 } : { type: format })

export const toldSession = (id: string, expiresAt: number, s: Settings): Json => ({
  type: s.more['type'] ?? 'realtime',
  object: 'realtime.session',
  id,
  model: s.model,
  output_modalities: s.modalities,
  instructions: s.instructions,
  tools: s.tools,
  tool_choice: s.toolChoice,
  max_output_tokens: s.maxTokens,
  tracing: null,
  truncation: s.more['truncation'] ?? 'auto',
  prompt: null,
  expires_at: expiresAt,
  audio: {
    input: {
      format: rateOf(s.inputFormat),
      transcription: s.transcription ?? null,
      noise_reduction: null,
      turn_detection: s.turnDetection,
    },
    output: { format: rateOf(s.outputFormat), voice: s.voice, speed: 1 },
  },
  include: null,
})

const previewFormats: Readonly<Record<string, string>> = {
  'audio/pcm': 'pcm16',
  'audio/pcmu': 'g711_ulaw',
  'audio/pcma': 'g711_alaw',
}
const fullFormats = Object.fromEntries(Object.entries(previewFormats).map(([full, short]) => [short, full]))

export const toldPreviewSession = (id: string, expiresAt: number, s: Settings): Json => ({
  id,
  object: 'realtime.session',
  model: s.model,
  expires_at: expiresAt,
  modalities: s.modalities.includes('audio') ? ['audio', 'text'] : ['text'],
  instructions: s.instructions,
  voice: s.voice,
  turn_detection: s.turnDetection,
  input_audio_format: previewFormats[s.inputFormat],
  output_audio_format: previewFormats[s.outputFormat],
  input_audio_transcription: s.transcription ?? null,
  tool_choice: s.toolChoice,
  temperature: s.temperature,
  max_response_output_tokens: s.maxTokens,
  tools: s.tools,
})

/** Only what is given changes. */
export function changeSettings(s: Settings, given: Json, isPreview: boolean): void {
  const audio = isObject(given['audio']) ? given['audio'] : {}
  const input = isObject(audio['input']) ? audio['input'] : {}
  const output = isObject(audio['output']) ? audio['output'] : {}
  const formatOf = (value: unknown) => (isObject(value) ? value['type'] : fullFormats[textOf(value)])
  const text = (value: unknown, set: (text: string) => void) => {
    if (typeof value === 'string') set(value)
  }
  text(given['instructions'], (value) => (s.instructions = value))
  text(isPreview ? given['voice'] : output['voice'], (value) => (s.voice = value))
  text(formatOf(isPreview ? given['input_audio_format'] : input['format']), (value) => (s.inputFormat = value))
  text(formatOf(isPreview ? given['output_audio_format'] : output['format']), (value) => (s.outputFormat = value))
  const modalities = isPreview ? given['modalities'] : given['output_modalities']
  if (Array.isArray(modalities)) s.modalities = modalities.includes('audio') ? ['audio'] : ['text']
  const from = isPreview ? given : input
  const detection = from['turn_detection']
  if (detection === null) s.turnDetection = null
  else if (isObject(detection))
    s.turnDetection = { ...(detection['type'] === 'semantic_vad' ? semantic : serverVad), ...detection }
  const transcription = from[isPreview ? 'input_audio_transcription' : 'transcription']
  if (transcription !== undefined) s.transcription = transcription
  if (Array.isArray(given['tools'])) s.tools = given['tools'].filter(isObject)
  if (given['tool_choice'] !== undefined) s.toolChoice = given['tool_choice']
  const max = given[isPreview ? 'max_response_output_tokens' : 'max_output_tokens']
  if (max === 'inf' || typeof max === 'number') s.maxTokens = max
  if (typeof given['temperature'] === 'number') s.temperature = given['temperature']
  if (typeof given['type'] === 'string' && !isPreview) s.more = { ...s.more, type: given['type'] }
  if (given['truncation'] !== undefined) s.more = { ...s.more, truncation: given['truncation'] }
}

export const serverVad: Json = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 200,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
}
const semantic: Json = { type: 'semantic_vad', eagerness: 'auto', create_response: true, interrupt_response: true }
