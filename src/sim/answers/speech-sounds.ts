/** The sound of what is said: a tone, in the format asked for, as high as its voice. */
import type { SoundFormat } from '../generators/sound/format.ts'
import { aac } from '../generators/sound/aac.ts'
import { flac } from '../generators/sound/flac.ts'
import { mp3 } from '../generators/sound/mp3.ts'
import { opus } from '../generators/sound/opus.ts'
import { pcm, wav } from '../generators/sound/pcm.ts'

export type SoundName = 'mp3' | 'opus' | 'aac' | 'flac' | 'wav' | 'pcm'

export const soundFormats: Readonly<Record<SoundName, { contentType: string; makes: SoundFormat }>> = {
  mp3: { contentType: 'audio/mpeg', makes: mp3 },
  opus: { contentType: 'audio/opus', makes: opus },
  aac: { contentType: 'audio/aac', makes: aac },
  flac: { contentType: 'audio/flac', makes: flac },
  wav: { contentType: 'audio/wav', makes: wav },
  pcm: { contentType: 'audio/pcm', makes: pcm },
}

/** Of sound that a model makes (remembered from the upstream API's description). */
export const soundTokensPerSecond = 20

/** Voices differ in how high they are, from that of a man to that of a child. */
const voiceHertz = {
  onyx: 105,
  ash: 120,
  echo: 130,
  cedar: 140,
  verse: 150,
  fable: 165,
  ballad: 175,
  alloy: 190,
  sage: 200,
  marin: 210,
  coral: 220,
  nova: 230,
  shimmer: 245,
} as const
export type Voice = keyof typeof voiceHertz

export const hertzOf = (voice: Voice): number => voiceHertz[voice]

/** A voice that is not known, as one of the client's own, sounds like the first of all. */
export const voiceOf = (name: unknown): Voice =>
  typeof name === 'string' && Object.hasOwn(voiceHertz, name) ? (name as Voice) : 'alloy'
