/** What a model hears that is paid by tokens: its text token by token, and perhaps who says it. */
import { tokenTexts } from '../../models/tokenizer.ts'
import type { Generated } from '../../operation.ts'
import type { Random } from '../../random.ts'
import type { Model } from '../../types.ts'
import type { TimedText } from './subtitles.ts'

export type SpokenSegment = TimedText & {
  readonly tokens: readonly string[]
  /** Where the model tells who speaks. */
  readonly speaker: string | undefined
}

export type Transcript = Generated & {
  readonly seconds: number
  readonly said: readonly SpokenSegment[]
  /** Of the prompt; the rest of the input is sound. */
  readonly textTokens: number
  /** From which it is drawn how likely each token was. */
  readonly seed: number
}

/** No more than the model can put out. `speakers` are the names of those whose turn it may be. */
export function saidOf(
  segments: readonly TimedText[],
  { encoding, maxOutputTokens }: Model,
  speakers: Speakers,
): readonly SpokenSegment[] {
  const said: SpokenSegment[] = []
  let left = maxOutputTokens
  for (const segment of segments) {
    const all = tokenTexts(said.length === 0 ? segment.text : ` ${segment.text}`, encoding)
    const tokens = all.slice(0, left)
    left -= tokens.length
    if (tokens.length === 0) break
    const text = tokens.length === all.length ? segment.text : tokens.join('').trimStart()
    said.push({ ...segment, text, tokens, speaker: speakers() })
  }
  return said
}

/** Whose turn it is next. */
export type Speakers = () => string | undefined

export const nobody: Speakers = () => undefined

/** Two who talk to each other, of whom each now and then goes on; `A`, `B` where fewer are known by name. */
export function inTurns(known: readonly string[], random: Random): Speakers {
  const names = known.length > 1 ? known : [...known, ...['A', 'B'].slice(known.length)]
  let at = -1
  return () => {
    if (at < 0 || random.below(3) > 0) at = (at + 1) % names.length
    return names[at]
  }
}

export const transcriptText = ({ said }: Transcript): string => said.map(({ tokens }) => tokens.join('')).join('')
