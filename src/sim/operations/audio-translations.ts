import { z } from 'zod'
import { audioTooShort, invalidAudioFormat } from '../errors/audio.ts'
import { contentTooLarge } from '../errors.ts'
import { loremText } from '../generators/lorem.ts'
import { parseBody } from '../http/validate.ts'
import type { Random } from '../random.ts'
import type { Generated, Operation } from '../operation.ts'
import { audioSeconds, leastSeconds } from './parts/audio-length.ts'
import { joined, type Segment, toSrt, toVtt } from './parts/subtitles.ts'

type Answer = Generated & { readonly segments: readonly Segment[]; readonly seconds: number }

/** Speech in any language becomes English text; how much of it follows from how long the recording is. */
export const audioTranslations: Operation<Body, Answer> = {
  scope: 'deployment',
  name: 'Audio_Translations',
  label: 'audioTranslation',
  method: 'POST',
  path: '/audio/translations',
  modelKind: 'translation',
  defaultModel: 'whisper',
  latency: 'translations',
  content: 'multipart',

  parse: (form) => {
    const body = parseBody(Body, form instanceof FormData ? fieldsOf(form) : form)
    if (body.file.size > mostFileBytes) throw contentTooLarge(mostFileBytes, body.file.size)
    if (!isSupported(body.file.name)) throw invalidAudioFormat(formats)
    if (body.file.size === 0) throw audioTooShort()
    return body
  },

  // Audio is limited by requests alone.
  measure: () => ({ promptTokens: 0, promptCharacters: 0, maxTokens: 0, choices: 1, countsTokens: false }),

  generate: ({ body, random, wire }) => {
    const seconds = toHundredths(audioSeconds(wire.bytes, body.file.size))
    if (seconds < leastSeconds) throw audioTooShort()
    return {
      usage: { promptTokens: 0, completionTokens: 0 },
      units: body.file.size / bytesPerMegabyte,
      segments: speech(seconds, random),
      seconds,
    }
  },

  whole: ({ body, random }, answer) => {
    switch (body.response_format) {
      case 'json':
        return { contentType: 'application/json', data: JSON.stringify({ text: joined(answer.segments) }) }
      case 'verbose_json':
        return { contentType: 'application/json', data: JSON.stringify(verbose(answer, body.temperature, random)) }
      case 'text':
        return { contentType: plainText, data: `${joined(answer.segments)}\n` }
      case 'srt':
        return { contentType: plainText, data: toSrt(answer.segments) }
      case 'vtt':
        return { contentType: plainText, data: toVtt(answer.segments) }
    }
  },
}

const plainText = 'text/plain; charset=utf-8'
/** 25 MB, as documented. */
const mostFileBytes = 26_214_400
/** A latency per megabyte means 1,048,576 bytes, as in the Python simulator. */
const bytesPerMegabyte = 1024 * 1024
/** As documented, by the file's name; `oga` is the upstream API's addition. */
const formats = ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm']

const Body = z.object({
  file: z.instanceof(File),
  prompt: z.string().optional(),
  response_format: z.enum(['json', 'text', 'srt', 'verbose_json', 'vtt']).default('json'),
  temperature: z.number().min(0).max(1).default(0),
})
type Body = z.output<typeof Body>

/** What a form says as text, as JSON would: the number stays text where it is none, for the schema to refuse. */
function fieldsOf(form: FormData): Record<string, unknown> {
  const field = (name: string) => form.get(name) ?? undefined
  const temperature = field('temperature')
  const isNumber = typeof temperature === 'string' && temperature.trim() !== '' && !Number.isNaN(Number(temperature))
  return {
    file: field('file'),
    prompt: field('prompt'),
    response_format: field('response_format'),
    temperature: isNumber ? Number(temperature) : temperature,
  }
}

const isSupported = (fileName: string) => formats.includes(fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase())

/** English is spoken at about 150 words a minute. */
const tokensPerSecond = 3.2
const leastSegmentSeconds = 2
const mostSegmentSeconds = 7

function speech(seconds: number, random: Random): readonly Segment[] {
  const segments: Segment[] = []
  let startSeconds = 0
  while (startSeconds < seconds) {
    const drawn = leastSegmentSeconds + random.fraction() * (mostSegmentSeconds - leastSegmentSeconds)
    const left = seconds - startSeconds - drawn
    // What would be left over is spoken with the rest.
    const endSeconds = left < leastSegmentSeconds ? seconds : toHundredths(startSeconds + drawn)
    const tokens = Math.max(1, Math.round((endSeconds - startSeconds) * tokensPerSecond))
    segments.push({ startSeconds, endSeconds, text: loremText(tokens, random) })
    startSeconds = endSeconds
  }
  return segments
}

function verbose({ segments, seconds }: Answer, temperature: number, random: Random) {
  return {
    task: 'translate',
    language: 'english',
    duration: seconds,
    text: joined(segments),
    segments: segments.map(({ startSeconds, endSeconds, text }, id) => ({
      id,
      seek: Math.floor(startSeconds / windowSeconds) * windowSeconds * framesPerSecond,
      start: startSeconds,
      end: endSeconds,
      text: ` ${text}`,
      tokens: whisperTokens(startSeconds, endSeconds, random),
      temperature,
      avg_logprob: -0.2 - random.fraction() * 0.2,
      compression_ratio: 1.1 + random.fraction() * 0.4,
      no_speech_prob: random.fraction() * 0.05,
    })),
  }
}

/** Whisper hears windows of 30 seconds, a hundred frames a second (`openai/whisper`, audio.py). */
const windowSeconds = 30
const framesPerSecond = 100

/** Ids as whisper's are: a time, text, a time; times count 0.02 seconds from 50364 on, within their window. */
function whisperTokens(startSeconds: number, endSeconds: number, random: Random): readonly number[] {
  const offset = Math.floor(startSeconds / windowSeconds) * windowSeconds
  const time = (seconds: number) => 50_364 + Math.min(1500, Math.round((seconds - offset) * 50))
  const count = Math.max(1, Math.round((endSeconds - startSeconds) * tokensPerSecond))
  const text = Array.from({ length: count }, () => 256 + random.below(50_000))
  return [time(startSeconds), ...text, time(endSeconds)]
}

const toHundredths = (seconds: number) => Math.round(seconds * 100) / 100
