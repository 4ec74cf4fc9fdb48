/** Sound of Realtime sessions: 16-bit samples at 24 kHz, or G.711 at 8 kHz. */
import { Memo } from '../../base/memo.ts'
import { pcm } from '../../generators/sound/pcm.ts'
import { hertzOf, type Voice } from '../../answers/speech-sounds.ts'
import { noSoundHeard, tooMuchSound } from './refusals.ts'
import type { Format } from './settings.ts'

export const hertzIn = (format: Format): number => (format === 'pcm' ? 24_000 : 8_000)
const bytesPerSample = (format: Format): number => (format === 'pcm' ? 2 : 1)

/** Milliseconds of speech for each word. */
export const wordMs = 400

export const soundMsOf = (bytes: number, format: Format): number =>
  (Math.floor(bytes / bytesPerSample(format)) * 1000) / hertzIn(format)

/** 15 MiB. */
const maxBytes = 15_728_640

/** The bytes of valid base64 with whole samples. Throws an `ApiError` for anything else. */
export function soundIn(base64: string, format: Format): Buffer {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > maxBytes) throw tooMuchSound()
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  // `Buffer` skips invalid characters.
  const isWhole = bytes.length === Math.floor(((base64.length - padding) * 3) / 4)
  if (!isWhole || bytes.length % bytesPerSample(format) !== 0) throw noSoundHeard()
  return bytes
}

/** The sound as 16-bit samples. */
export function levelsOf(bytes: Buffer, format: Format): Int16Array {
  if (format === 'pcm') {
    const { buffer, byteOffset, length } = byteOffsetIsEven(bytes) ? bytes : Buffer.from(new Uint8Array(bytes))
    return new Int16Array(buffer, byteOffset, length >> 1)
  }
  const table = format === 'pcmu' ? muTable : aTable
  return Int16Array.from(bytes, (byte) => table[byte] ?? 0)
}

const byteOffsetIsEven = ({ byteOffset }: Buffer) => byteOffset % 2 === 0

/** As in ITU-T G.711. */
const muTable = Int16Array.from({ length: 256 }, (_, byte) => fromMu(byte))
const aTable = Int16Array.from({ length: 256 }, (_, byte) => fromA(byte))

function fromMu(byte: number): number {
  const code = ~byte & 0xff
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
  return code & 0x80 ? -magnitude : magnitude
}

function fromA(byte: number): number {
  const code = byte ^ 0x55
  const exponent = (code >> 4) & 7
  const base = ((code & 0x0f) << 4) + 8
  const magnitude = exponent === 0 ? base : (base + 0x100) << (exponent - 1)
  return code & 0x80 ? magnitude : -magnitude
}

function toMu(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(32_635, Math.abs(sample)) + 0x84
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 7)
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff
}

function toA(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0
  const magnitude = Math.min(32_767, Math.abs(sample))
  const exponent = magnitude < 256 ? 0 : 31 - Math.clz32(magnitude) - 7
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 0x0f
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}

const seconds = new Map<string, Buffer>()

/** A second of a voice, made once: a whole number of its periods fits in. */
function secondOf(voice: Voice, format: Format): Buffer {
  const key = `${voice} ${format}`
  const known = seconds.get(key)
  if (known) return known
  const tone = Buffer.concat([...pcm(1, hertzOf(voice)).pieces].map(({ bytes }) => bytes))
  const encode = format === 'pcmu' ? toMu : toA
  const made =
    format === 'pcm' ? tone : Buffer.from(Array.from({ length: 8_000 }, (_, at) => encode(tone.readInt16LE(6 * at))))
  seconds.set(key, made)
  return made
}

/** Pieces that begin and end at the same place of a second are the same. */
const pieces = new Memo<string, string>(1_000)

/** What is said between two moments, in base64. */
export function spoken(voice: Voice, format: Format, fromMs: number, toMs: number): string {
  const key = `${voice} ${format} ${fromMs % 1000} ${toMs - fromMs}`
  const known = pieces.get(key)
  if (known !== undefined) return known
  const made = pieceOf(voice, format, fromMs, toMs)
  pieces.set(key, made)
  return made
}

function pieceOf(voice: Voice, format: Format, fromMs: number, toMs: number): string {
  const second = secondOf(voice, format)
  const bytesPerMs = second.length / 1000
  const parts: Buffer[] = []
  for (let at = fromMs; at < toMs;) {
    const end = Math.min(toMs, (Math.floor(at / 1000) + 1) * 1000)
    const start = (at % 1000) * bytesPerMs
    parts.push(second.subarray(start, start + (end - at) * bytesPerMs))
    at = end
  }
  return Buffer.concat(parts).toString('base64')
}
