/** Sound as Realtime has it: samples of 16 bits at 24 kHz, or the eight bits of G.711 at 8 kHz. */
import { pcm } from '../../generators/sound/pcm.ts'
import { hertzOf, type Voice } from '../../answers/speech-sounds.ts'

export type Format = 'pcm' | 'pcmu' | 'pcma'

export const hertzIn = (format: Format): number => (format === 'pcm' ? 24_000 : 8_000)

export function samplesOf(bytes: Buffer, format: Format): Float32Array {
  if (format !== 'pcm') return Float32Array.from(bytes, format === 'pcmu' ? fromMu : fromA)
  const samples = new Float32Array(bytes.length >> 1)
  for (let at = 0; at < samples.length; at++) samples[at] = bytes.readInt16LE(2 * at) / 32_768
  return samples
}

/** As ITU-T G.711 has them. */
function fromMu(byte: number): number {
  const code = ~byte & 0xff
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
  return (code & 0x80 ? -magnitude : magnitude) / 32_768
}

function fromA(byte: number): number {
  const code = byte ^ 0x55
  const exponent = (code >> 4) & 7
  const base = ((code & 0x0f) << 4) + 8
  const magnitude = exponent === 0 ? base : (base + 0x100) << (exponent - 1)
  return (code & 0x80 ? magnitude : -magnitude) / 32_768
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

/** What is said between two moments, in base64. */
export function spoken(voice: Voice, format: Format, fromMs: number, toMs: number): string {
  const second = secondOf(voice, format)
  const bytesPerMs = second.length / 1000
  const pieces: Buffer[] = []
  for (let at = fromMs; at < toMs;) {
    const end = Math.min(toMs, (Math.floor(at / 1000) + 1) * 1000)
    const start = (at % 1000) * bytesPerMs
    pieces.push(second.subarray(start, start + (end - at) * bytesPerMs))
    at = end
  }
  return Buffer.concat(pieces).toString('base64')
}
