/** What Whisper answers with, in each of its formats (recorded September 2023 to August 2025). */
import { laidOut, pretty } from '../../base/layout.ts'
import { float32, float64 } from '../../base/raw-json.ts'
import type { Random } from '../../random.ts'
import { spokenTokensPerSecond, type Word, spokenWords } from './spoken.ts'
import { joined, type TimedText, toSrt, toVtt } from './subtitles.ts'

export type HeardSound = {
  readonly segments: readonly TimedText[]
  /** How long the recording plays. */
  readonly seconds: number
  readonly task: 'transcribe' | 'translate'
  /** Its name in English, as `german`. */
  readonly language: string
  readonly temperature: number
  readonly withSegments: boolean
  readonly withWords: boolean
}

export const whisperFormats = ['json', 'text', 'srt', 'verbose_json', 'vtt'] as const

export function whisperAnswer(heard: HeardSound, format: (typeof whisperFormats)[number], random: Random) {
  const headers = { 'csp-billing-usage': `CognitiveServices.OpenAI.Whisper=${Math.ceil(heard.seconds)}` }
  return { ...formatted(heard, format, random), headers }
}

function formatted(heard: HeardSound, format: (typeof whisperFormats)[number], random: Random) {
  const { segments } = heard
  switch (format) {
    case 'json':
      return jsonAnswer({ text: joined(segments) })
    case 'verbose_json':
      return jsonAnswer(verbose(heard, random))
    case 'text':
      return plainAnswer(`${joined(segments)}\n`)
    case 'srt':
      return plainAnswer(`${toSrt(segments)}\n`)
    case 'vtt':
      return plainAnswer(toVtt(segments))
  }
}

const jsonAnswer = (value: object) => ({ contentType: 'application/json', data: laidOut(value, pretty) })
export const plainAnswer = (data: string) => ({ contentType: 'text/plain; charset=utf-8', data })

function verbose(heard: HeardSound, random: Random) {
  const { task, language, seconds, segments } = heard
  const words = heard.withWords ? segments.map((segment) => spokenWords([segment])) : undefined
  return {
    task,
    language,
    duration: float32(seconds),
    text: joined(segments),
    ...(heard.withSegments && { segments: told(heard, words, random) }),
    ...(words && {
      words: words.flat().map(({ word, start, end }) => ({ word, start: float32(start), end: float32(end) })),
    }),
  }
}

/** Those of one window have its likelihoods. Where words are timed, a segment lasts from its first to its last one. */
function told({ segments, temperature }: HeardSound, words: readonly (readonly Word[])[] | undefined, random: Random) {
  let window = windowAt(0, random)
  return segments.map(({ startSeconds, endSeconds, text }, id) => {
    if (endSeconds - window.startSeconds > windowSeconds) window = windowAt(startSeconds, random)
    return {
      id,
      seek: Math.round(window.startSeconds * framesPerSecond),
      start: float32(words?.[id]?.[0]?.start ?? startSeconds),
      end: float32(words?.[id]?.at(-1)?.end ?? endSeconds),
      text: ` ${text}`,
      tokens: whisperTokens(startSeconds - window.startSeconds, endSeconds - window.startSeconds, random),
      temperature: float64(temperature),
      ...window.likelihoods,
    }
  })
}

const windowAt = (startSeconds: number, random: Random) => ({
  startSeconds,
  likelihoods: {
    avg_logprob: float32(-0.2 - random.fraction() * 0.2),
    compression_ratio: float32(1.1 + random.fraction() * 0.4),
    no_speech_prob: float32(0.001 + random.fraction() * 0.05),
  },
})

/** Whisper hears windows of up to 30 seconds, a hundred frames a second; each begins where the one before was heard to its end. */
const windowSeconds = 30
const framesPerSecond = 100

/** Ids as whisper's are: a time, text, a time; times count 0.02 seconds from 50364 on, within their window. */
function whisperTokens(startSeconds: number, endSeconds: number, random: Random): readonly number[] {
  const time = (seconds: number) => 50_364 + Math.min(1500, Math.round(seconds * 50))
  const count = Math.max(1, Math.round((endSeconds - startSeconds) * spokenTokensPerSecond))
  const text = Array.from({ length: count }, () => 256 + random.below(50_000))
  return [time(startSeconds), ...text, time(endSeconds)]
}
