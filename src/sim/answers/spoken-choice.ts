/** An answer that is spoken: its sound lasts as long as its text takes to say, and both count. */
import type { Sound } from '../generators/sound/format.ts'
import type { Random } from '../random.ts'
import type { Choice, Speech, AudioOptions } from './choice.ts'
import { completionText, type Wish } from './completion-text.ts'
import { speechSeconds } from './speech-length.ts'
import { hertzOf, soundFormats, soundTokensPerSecond } from './speech-sounds.ts'

/** About as many tokens of sound go with a token of text. */
const soundPerToken = 7

export function spokenChoice(spoken: AudioOptions, wish: Wish, random: Random): Choice {
  const { maxTokens = Infinity, roomTokens } = wish
  const tokenLimit = Math.min(maxTokens, roomTokens)
  const maxTextTokens = Math.max(1, Math.floor(tokenLimit / (1 + soundPerToken)))
  const limits = { maxTokens: wish.maxTokens === undefined ? undefined : maxTextTokens, roomTokens: maxTextTokens }
  const choice = completionText({ ...wish, ...limits }, random)
  const neededTokens = Math.ceil(speechSeconds(choice.text.text(), 1) * soundTokensPerSecond)
  const soundTokens = Math.min(neededTokens, Math.max(0, tokenLimit - choice.text.count))
  const speech = { ...spoken, soundTokens, seconds: soundTokens / soundTokensPerSecond }
  return { ...choice, finishReason: soundTokens < neededTokens ? 'length' : choice.finishReason, speech }
}

/** What is left of it where a part of its text alone is heard. */
export function cutSpeech(speech: Speech, share: number): Speech {
  const soundTokens = Math.floor(speech.soundTokens * share)
  return { ...speech, soundTokens, seconds: soundTokens / soundTokensPerSecond }
}

export const soundOf = ({ voice, format, seconds }: Speech): Sound =>
  soundFormats[format].makes(seconds, hertzOf(voice))
