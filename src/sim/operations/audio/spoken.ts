/** What is said in a recording, made up: how much of it there is follows from how long the recording is. */
import { loremText } from '../../generators/text/lorem.ts'
import type { Random } from '../../random.ts'
import { toHundredths } from './audio-file.ts'
import type { TimedText } from './subtitles.ts'

/** English is spoken at about 150 words a minute. */
export const spokenTokensPerSecond = 3.2
const minSegmentSeconds = 2
const maxSegmentSeconds = 7

/** From the recording's beginning to its end, without a gap. */
export function spokenSegments(seconds: number, random: Random): readonly TimedText[] {
  const segments: TimedText[] = []
  let startSeconds = 0
  while (startSeconds < seconds) {
    const drawn = minSegmentSeconds + random.fraction() * (maxSegmentSeconds - minSegmentSeconds)
    const left = seconds - startSeconds - drawn
    // What would be left over is spoken with the rest.
    const endSeconds = left < minSegmentSeconds ? seconds : toHundredths(startSeconds + drawn)
    const tokens = Math.max(1, Math.round((endSeconds - startSeconds) * spokenTokensPerSecond))
    segments.push({ startSeconds, endSeconds, text: loremText(tokens, random) })
    startSeconds = endSeconds
  }
  return segments
}

export type Word = { readonly word: string; readonly start: number; readonly end: number }

/** Each word with its time: the longer it is, the longer it takes. Marks between words are no part of them. */
export function spokenWords(segments: readonly TimedText[]): readonly Word[] {
  return segments.flatMap(({ startSeconds, endSeconds, text }) => {
    const perCharacter = (endSeconds - startSeconds) / text.length
    const time = (at: number) => toHundredths(startSeconds + at * perCharacter)
    return Array.from(text.matchAll(/[^\s.,]+/g), ({ index, 0: word }) => ({
      word,
      start: time(index),
      end: time(index + word.length),
    }))
  })
}
