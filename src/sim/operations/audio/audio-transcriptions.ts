import { audioTooLong, chunkingNeeded } from '../../errors/audio.ts'
import { countTokens } from '../../models/tokenizer.ts'
import type { Generated, Operation } from '../../operation.ts'
import { audioCost, megabytes, recordedSeconds } from './audio-file.ts'
import { soundTokens } from '../../measure/audio-length.ts'
import { spokenSegments } from './spoken.ts'
import type { TimedText } from './subtitles.ts'
import { inTurns, nobody, saidOf, type Transcript } from './transcript.ts'
import { pacedTranscript, wholeTranscript } from './transcript-answer.ts'
import {
  isWhisper,
  parseTranscription,
  tellsSpeakers,
  type TranscriptionBody,
  transcriptionForm,
} from './transcription-body.ts'
import { whisperAnswer } from './whisper-answer.ts'
import { noUsage } from '../../base/no-usage.ts'

/** Speech becomes text; how much of it follows from how long the recording is. */
export const audioTranscriptions: Operation<TranscriptionBody, Answer> = {
  scope: 'deployment',
  name: 'Audio_Transcriptions',
  accepts: { form: transcriptionForm },
  label: 'audioTranscription',
  method: 'POST',
  path: '/audio/transcriptions',
  modelKind: 'transcription',
  defaultModel: 'whisper',
  latency: 'transcriptions',
  content: 'multipart',
  parse: parseTranscription,
  measure: () => audioCost,

  withoutEffect: ['chunking_strategy', 'known_speaker_references'],
  backEndOf: (_, model) => (isWhisper(model) ? 'whisper' : 'model'),
  isStream: ({ stream }) => stream,

  generate: ({ body, random, wire, deployment: { model } }) => {
    const seconds = recordedSeconds(wire, isWhisper(model))
    const units = megabytes(body.file)
    const segments = spokenSegments(seconds, random)
    if (isWhisper(model)) return { kind: 'whisper', usage: noUsage, units, segments, seconds }
    if (seconds > maxSeconds) throw audioTooLong(seconds, maxSeconds)
    const isDialogue = tellsSpeakers(model)
    if (isDialogue && seconds > maxUncutSeconds && body.chunking_strategy === undefined) throw chunkingNeeded()
    const said = saidOf(segments, model, isDialogue ? inTurns(body.known_speaker_names ?? [], random) : nobody)
    const textTokens = countTokens(body.prompt ?? '', model.encoding)
    const completionTokens = said.reduce((sum, { tokens }) => sum + tokens.length, 0)
    const usage = { promptTokens: soundTokens(seconds) + textTokens, completionTokens }
    return { kind: 'tokens', usage, units, seconds, said, textTokens, seed: random.uint32() }
  },

  whole: (call, answer) => {
    if (answer.kind === 'tokens') return wholeTranscript(call, answer)
    const { body, random } = call
    const { segments, seconds } = answer
    const { temperature, languageName: language, timestamp_granularities: granularities = ['segment'] } = body
    const withSegments = granularities.includes('segment')
    const withWords = granularities.includes('word')
    const heard = { segments, seconds, task: 'transcribe', language, temperature, withSegments, withWords } as const
    // Whisper was asked for no format that is not its own.
    const format = body.response_format === 'diarized_json' ? 'json' : body.response_format
    return whisperAnswer(heard, format, random)
  },

  paced: (call, answer, latency) => {
    // Whisper was not asked for a stream: see `transcription-body.ts`.
    if (answer.kind !== 'tokens') throw new TypeError('Whisper makes no stream')
    return pacedTranscript(call, answer, latency)
  },
}

type WhisperAnswer = Generated & {
  readonly kind: 'whisper'
  readonly segments: readonly TimedText[]
  readonly seconds: number
}
type Answer = WhisperAnswer | (Transcript & { readonly kind: 'tokens' })

/** The longest that the models paid by tokens take (the upstream API's refusal of more). */
const maxSeconds = 1_500
/** From there on a dialogue has to be cut into pieces, in a way that the request chooses (the SDK's description). */
const maxUncutSeconds = 30
