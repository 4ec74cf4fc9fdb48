/** What a request for a transcription may say, which is not the same for all models. */
import * as z from 'zod'
import { unsupportedParameter } from '../../errors.ts'
import {
  formatNotCompatible,
  granularitiesNeedVerbose,
  invalidLanguage,
  logprobsNeedJson,
  speakersDoNotFit,
} from '../../errors/audio.ts'
import { parseBody } from '../../http/validate.ts'
import type { Model } from '../../types.ts'
import { audioShape, checkAudioFile } from './audio-file.ts'
import { formFields } from '../parts/form-fields.ts'
import { whisperFormats } from './whisper-answer.ts'

export type TranscriptionBody = z.output<typeof Body> & {
  /** The name of the language in English, in lower case. */
  readonly languageName: string
}

export const isWhisper = ({ name }: Model) => name.startsWith('whisper')
export const tellsSpeakers = ({ name }: Model) => name.endsWith('-diarize')

export function parseTranscription(form: unknown, model: Model): TranscriptionBody {
  const body = parseBody(Body, formFields(form, fieldKinds))
  checkAudioFile(body.file)
  refuseFormat(body.response_format, model)
  if (isWhisper(model)) refuse(body, ['include', ...onlyWithSpeakers])
  else refuse(body, tellsSpeakers(model) ? ['prompt', 'include', 'timestamp_granularities'] : onlyWithSpeakers)
  if (body.include && body.response_format !== 'json') throw logprobsNeedJson()
  if (body.timestamp_granularities && body.response_format !== 'verbose_json') throw granularitiesNeedVerbose()
  const { known_speaker_names: names = [], known_speaker_references: references = [] } = body
  if (names.length !== references.length) throw speakersDoNotFit()
  const languageName = body.language === undefined ? 'english' : nameOf(body.language)
  // Whisper leaves the wish for a stream aside (the SDK's description).
  return { ...body, stream: body.stream && !isWhisper(model), languageName }
}

const fieldKinds = {
  numbers: ['temperature'],
  flags: ['stream'],
  lists: ['timestamp_granularities', 'include', 'known_speaker_names', 'known_speaker_references'],
}

const maxSpeakers = 4

export const transcriptionForm = () => Body.extend({ file: z.file() })

const Body = z.object({
  ...audioShape,
  response_format: z.enum([...whisperFormats, 'diarized_json']).default('json'),
  language: z.string().optional(),
  stream: z.boolean().default(false),
  timestamp_granularities: z.array(z.enum(['word', 'segment'])).optional(),
  include: z.array(z.enum(['logprobs'])).optional(),
  // `auto`, or the JSON of an object; nothing of it changes what is heard here.
  chunking_strategy: z.string().optional(),
  known_speaker_names: z.array(z.string().min(1)).max(maxSpeakers).optional(),
  known_speaker_references: z.array(z.string().startsWith('data:')).max(maxSpeakers).optional(),
})

type Field = keyof z.output<typeof Body>
const onlyWithSpeakers: readonly Field[] = ['known_speaker_names', 'known_speaker_references']

function refuse(body: z.output<typeof Body>, names: readonly Field[]): void {
  for (const name of names) if (body[name] !== undefined) throw unsupportedParameter(name)
}

function refuseFormat(format: z.output<typeof Body>['response_format'], model: Model): void {
  const known = isWhisper(model)
    ? whisperFormats
    : tellsSpeakers(model)
      ? (['json', 'text', 'diarized_json'] as const)
      : (['json', 'text'] as const)
  if (!known.some((one) => one === format)) throw formatNotCompatible(format, model.name, known)
}

/** Made when it is first asked: it takes more than 10 ms, which a cold start need not wait for. */
let languages: Intl.DisplayNames | undefined

/** Of an ISO 639-1 code, or one of three letters. */
function nameOf(code: string): string {
  languages ??= new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })
  const name = /^[a-z]{2,3}$/i.test(code) ? languages.of(code) : undefined
  if (name === undefined) throw invalidLanguage(code)
  return name.toLowerCase()
}
