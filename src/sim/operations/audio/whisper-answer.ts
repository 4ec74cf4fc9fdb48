/** What Whisper answers with, in each of its formats. */
import type { Random } from '../../random.ts'
import { spokenTokensPerSecond, wordsOf } from './spoken.ts'
import { joined, type Segment, toSrt, toVtt } from './subtitles.ts'

export type Heard = {
  readonly segments: readonly Segment[]
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

export function whisperAnswer(heard: Heard, format: (typeof whisperFormats)[number], random: Random) {
  const { segments } = heard
  switch (format) {
    case 'json':
      return { contentType: 'application/json', data: JSON.stringify({ text: joined(segments) }) }
    case 'verbose_json':
      return { contentType: 'application/json', data: JSON.stringify(verbose(heard, random)) }
    case 'text':
      return plainAnswer(`${joined(segments)}\n`)
    case 'srt':
      return plainAnswer(toSrt(segments))
    case 'vtt':
      return plainAnswer(toVtt(segments))
  }
}

export const plainAnswer = (data: string) => ({ contentType: 'text/plain; charset=utf-8', data })

function verbose(heard: Heard, random: Random) {
  const { task, language, seconds, segments, temperature } = heard
  return {
    task,
    language,
    duration: seconds,
    text: joined(segments),
    ...(heard.withSegments && {
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
    }),
    ...(heard.withWords && { words: wordsOf(segments) }),
  }
}

/** Whisper hears windows of 30 seconds, a hundred frames a second (`openai/whisper`, audio.py). */
const windowSeconds = 30
const framesPerSecond = 100

/** Ids as whisper's are: a time, text, a time; times count 0.02 seconds from 50364 on, within their window. */
function whisperTokens(startSeconds: number, endSeconds: number, random: Random): readonly number[] {
  const offset = Math.floor(startSeconds / windowSeconds) * windowSeconds
  const time = (seconds: number) => 50_364 + Math.min(1500, Math.round((seconds - offset) * 50))
  const count = Math.max(1, Math.round((endSeconds - startSeconds) * spokenTokensPerSecond))
  const text = Array.from({ length: count }, () => 256 + random.below(50_000))
  return [time(startSeconds), ...text, time(endSeconds)]
}
