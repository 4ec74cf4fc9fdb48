import { unsupportedValue } from '../../errors.ts'
import { speechInputTooLong } from '../../errors/audio.ts'
import type { SoundPiece, Sound } from '../../generators/sound/format.ts'
import { countTokens } from '../../models/tokenizer.ts'
import type { Generated, Operation } from '../../operation.ts'
import { wholeMs } from '../../timing/schedule.ts'
import type { Frame, Model, Usage } from '../../types.ts'
import { parseSpeech, paysByTokens, type SpeechBody, speechFields } from './speech-body.ts'
import { speechSeconds } from '../../answers/speech-length.ts'
import { hertzOf, soundFormats, soundTokensPerSecond } from '../../answers/speech-sounds.ts'

type Answer = Generated & { readonly sound: Sound }

/** A tone that lasts as long as the text takes to say, as high as its voice; sent as it is made. */
export const audioSpeech: Operation<SpeechBody, Answer> = {
  scope: 'deployment',
  name: 'Audio_Speech',
  accepts: { json: speechFields },
  label: 'audioSpeech',
  method: 'POST',
  path: '/audio/speech',
  modelKind: 'speech',
  defaultModel: 'gpt-4o-mini-tts',
  latency: 'speech',
  content: 'json',
  parse: parseSpeech,

  // Speech is limited by requests alone.
  measure: ({ input, instructions }, model) => ({
    promptTokens: paysByTokens(model)
      ? countTokens(input, model.encoding) + countTokens(instructions, model.encoding)
      : 0,
    promptCharacters: input.length,
    maxTokens: 0,
    choices: 1,
    countsTokens: false,
  }),

  check: ({ isEvents }, { promptTokens }, model) => {
    if (isEvents && !paysByTokens(model)) throw unsupportedValue('stream_format', 'sse', 'audio')
    if (promptTokens > model.contextWindowTokens) throw speechInputTooLong(model.contextWindowTokens, promptTokens)
  },

  backEndOf: (_, model) => (paysByTokens(model) ? 'model' : 'speech'),
  isStream: () => true,

  generate: ({ body, cost, deployment }) => {
    const { makes } = soundFormats[body.format]
    const sound = makes(speechSeconds(body.input, body.speed), hertzOf(body.voice))
    const completionTokens = paysByTokens(deployment.model) ? Math.ceil(sound.seconds * soundTokensPerSecond) : 0
    return { usage: { promptTokens: cost.promptTokens, completionTokens }, units: sound.seconds, sound }
  },

  paced: ({ body, timing, deployment: { model } }, { sound, units, usage }, latency) => {
    const timed = { sound, lastMs: wholeMs(latency, units, timing) }
    return body.isEvents
      ? { contentType: 'text/event-stream; charset=utf-8', frames: eventFrames(timed, usage) }
      : { contentType: soundFormats[body.format].contentType, frames: soundFrames(timed), headers: billed(body, model) }
  },
}

/** Of the models that are paid by characters (recorded April 2024 and July 2025). */
function billed({ input }: SpeechBody, model: Model): Readonly<Record<string, string>> {
  if (paysByTokens(model)) return {}
  const unit = model.name.endsWith('-hd') ? 'HDTextToSpeech' : 'TextToSpeech'
  return { 'csp-billing-usage': `CognitiveServices.OpenAI.${unit}=${Array.from(input).length}` }
}

type Timed = { readonly sound: Sound; readonly lastMs: number }

/** Each second of the sound takes as long as any other. */
const atMs = ({ sound, lastMs }: Timed, { endSeconds }: SoundPiece) => (lastMs * endSeconds) / sound.seconds

function* soundFrames(timed: Timed): Generator<Frame> {
  for (const piece of timed.sound.pieces) yield { atMs: atMs(timed, piece), data: piece.bytes }
}

function* eventFrames(timed: Timed, { promptTokens, completionTokens }: Usage): Generator<Frame> {
  for (const piece of timed.sound.pieces) {
    const audio = Buffer.from(piece.bytes).toString('base64')
    yield { atMs: atMs(timed, piece), data: `data: {"type":"speech.audio.delta","audio":"${audio}"}\n\n` }
  }
  const usage =
    `{"input_tokens":${promptTokens},"output_tokens":${completionTokens},` +
    `"total_tokens":${promptTokens + completionTokens}}`
  yield { atMs: timed.lastMs, data: `data: {"type":"speech.audio.done","usage":${usage}}\n\n` }
}
