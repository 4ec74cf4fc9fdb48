/** The two forms of sessions and events: today's, and the previews'. */
import { withoutPath, withoutSignIn } from '../../answers/mcp/told.ts'
import { isObject, type JsonObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { fullFormat, type RealtimeSettings, shortFormatName } from './settings.ts'

const previewNames: Readonly<Record<string, string>> = {
  'response.output_text.delta': 'response.text.delta',
  'response.output_text.done': 'response.text.done',
  'response.output_audio.delta': 'response.audio.delta',
  'response.output_audio.done': 'response.audio.done',
  'response.output_audio_transcript.delta': 'response.audio_transcript.delta',
  'response.output_audio_transcript.done': 'response.audio_transcript.done',
  'conversation.item.added': 'conversation.item.created',
}

/** The event in the previews' form; `undefined` if they have none. */
export function previewEvent(event: JsonObject): JsonObject | undefined {
  const { type } = event
  if (type === 'conversation.item.done') return undefined
  const told: Record<string, unknown> = { ...event, type: previewNames[textOf(type)] ?? type }
  delete told['obfuscation']
  if (isObject(event['item'])) told['item'] = previewItem(event['item'])
  if (isObject(event['response'])) told['response'] = previewResponse(event['response'])
  return told
}

function previewItem({ id, content, ...rest }: JsonObject): JsonObject {
  const parts = Array.isArray(content)
    ? content.map((part: unknown) => {
        if (!isObject(part)) return part
        const { type } = part
        return { ...part, type: type === 'output_text' ? 'text' : type === 'output_audio' ? 'audio' : type }
      })
    : undefined
  return { id, object: 'realtime.item', ...rest, ...(parts && { content: parts }) }
}

function previewResponse({
  output_modalities: modalities,
  audio,
  usage,
  metadata,
  output,
  ...rest
}: JsonObject): JsonObject {
  const { format, voice } = isObject(audio) && isObject(audio['output']) ? audio['output'] : {}
  const isSpoken = Array.isArray(modalities) && modalities.includes('audio')
  return {
    ...rest,
    output: (Array.isArray(output) ? output : []).map((item: unknown) => (isObject(item) ? previewItem(item) : item)),
    modalities: isSpoken ? ['audio', 'text'] : ['text'],
    voice,
    output_audio_format: shortFormatName(textOf(isObject(format) ? format['type'] : '').replace('audio/', '') as 'pcm'),
    usage: isObject(usage) ? previewUsage(usage) : usage,
    metadata,
  }
}

/** Without images, and without the details of cached tokens. */
function previewUsage({ input_token_details: input, ...rest }: JsonObject): JsonObject {
  const details = isObject(input) ? input : {}
  const { text_tokens, audio_tokens, cached_tokens } = details
  return { ...rest, input_token_details: { cached_tokens, text_tokens, audio_tokens } }
}

export type SessionIdentity = { readonly id: string; readonly expiresAt: number; readonly settings: RealtimeSettings }

const heard = (s: RealtimeSettings): JsonObject => ({
  format: fullFormat(s.inputFormat),
  transcription: s.transcription,
  noise_reduction: s.noiseReduction,
  turn_detection: s.turnDetection,
})

/** As Responses tells it: no more of a server than its host. */
const toolTold = (tool: JsonObject): JsonObject => (tool['type'] === 'mcp' ? withoutPath(withoutSignIn(tool)) : tool)

export function toldSession({ id, expiresAt, settings: s }: SessionIdentity): JsonObject {
  if (s.isWriting)
    return {
      type: 'transcription',
      object: 'realtime.transcription_session',
      id,
      expires_at: expiresAt,
      audio: { input: heard(s) },
      include: s.include,
    }
  return {
    type: 'realtime',
    object: 'realtime.session',
    id,
    model: s.model,
    output_modalities: s.modalities,
    instructions: s.instructions,
    tools: s.tools.map(toolTold),
    tool_choice: s.toolChoice,
    max_output_tokens: s.maxTokens,
    tracing: s.tracing,
    truncation: s.truncation,
    prompt: s.prompt,
    ...(s.reasoning !== undefined && { reasoning: s.reasoning }),
    expires_at: expiresAt,
    audio: {
      input: heard(s),
      output: { format: fullFormat(s.outputFormat), voice: s.voice, speed: s.speed },
    },
    include: s.include,
  }
}

const shortlyHeard = (s: RealtimeSettings): JsonObject => ({
  turn_detection: previewDetection(s.turnDetection),
  input_audio_format: shortFormatName(s.inputFormat),
  input_audio_transcription: s.transcription,
})

/** Without `idle_timeout_ms`. */
function previewDetection(detection: JsonObject | null): JsonObject | null {
  if (detection === null) return null
  const { idle_timeout_ms: _, ...rest } = detection
  return rest
}

export const toldPreviewSession = ({ id, expiresAt, settings: s }: SessionIdentity): JsonObject =>
  s.isWriting
    ? {
        id,
        object: 'realtime.transcription_session',
        expires_at: expiresAt,
        input_audio_noise_reduction: s.noiseReduction,
        ...shortlyHeard(s),
        include: s.include,
      }
    : {
        id,
        object: 'realtime.session',
        model: s.model,
        expires_at: expiresAt,
        modalities: s.modalities.includes('audio') ? ['audio', 'text'] : ['text'],
        instructions: s.instructions,
        voice: s.voice,
        ...shortlyHeard(s),
        output_audio_format: shortFormatName(s.outputFormat),
        tool_choice: s.toolChoice,
        temperature: s.temperature,
        max_response_output_tokens: s.maxTokens,
        tools: s.tools,
      }
