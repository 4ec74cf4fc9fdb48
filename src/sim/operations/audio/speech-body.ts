/** What a request for speech may say. */
import * as z from 'zod'
import { unknownParameterNamed } from '../../errors.ts'
import { parseBody } from '../../http/validate.ts'
import type { Model } from '../../types.ts'
import { optional } from '../parts/body-fields.ts'
import type { SoundName, Voice } from '../../answers/speech-sounds.ts'

const voices = [
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'fable',
  'nova',
  'onyx',
  'sage',
  'shimmer',
  'verse',
  'marin',
  'cedar',
] as const

/** The older models have no others (the upstream API's guide to speech). */
const olderVoices = ['alloy', 'ash', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage', 'shimmer'] as const

export type SpeechBody = {
  readonly input: string
  /** Empty where there are none. */
  readonly instructions: string
  readonly voice: Voice
  readonly format: SoundName
  readonly speed: number
  /** The sound comes within server-sent events. */
  readonly isEvents: boolean
}

/** Models that are paid by tokens tell them; the others are paid by characters, and know no events. */
export const paysByTokens = ({ name }: Model) => !/^tts(-|$)/.test(name)

export function parseSpeech(input: unknown, model: Model): SpeechBody {
  const body = parseBody(paysByTokens(model) ? Fields : OlderFields, input, unknownParameterNamed)
  return {
    input: body.input,
    instructions: body.instructions ?? '',
    voice: body.voice,
    format: body.response_format ?? 'mp3',
    speed: body.speed ?? 1,
    isEvents: body.stream_format === 'sse',
  }
}

const maxCharacters = 4_096

const shape = {
  input: z.string().min(1).max(maxCharacters),
  model: z.unknown().optional(),
  instructions: optional(z.string().max(maxCharacters)),
  response_format: optional(z.enum(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'])),
  speed: optional(z.number().min(0.25).max(4)),
  stream_format: optional(z.enum(['sse', 'audio'])),
}
const Fields = z.strictObject({ ...shape, voice: z.enum(voices) })
export const speechFields = () => Fields
const OlderFields = z.strictObject({ ...shape, voice: z.enum(olderVoices) })
