/** Reads the sounds' files as their standards describe them, with nothing of what wrote them. */
import { describe, expect, it } from 'vitest'
import type { Sound } from '../../src/sim/generators/sound/format.ts'
import { aac } from '../../src/sim/generators/sound/aac.ts'
import { flac } from '../../src/sim/generators/sound/flac.ts'
import { mp3 } from '../../src/sim/generators/sound/mp3.ts'
import { opus } from '../../src/sim/generators/sound/opus.ts'

const fileOf = ({ pieces }: Sound) => Buffer.concat([...pieces].map(({ bytes }) => bytes))

/** Bit by bit, as a remainder of polynomials. */
function remainder(bytes: Uint8Array, bits: number, polynomial: number): number {
  let value = 0n
  const top = 1n << BigInt(bits - 1)
  const mask = (1n << BigInt(bits)) - 1n
  for (const byte of bytes) {
    value ^= BigInt(byte) << BigInt(bits - 8)
    for (let bit = 0; bit < 8; bit++) value = (value & top ? (value << 1n) ^ BigInt(polynomial) : value << 1n) & mask
  }
  return Number(value)
}

class BitReader {
  at: number
  readonly #bytes: Buffer

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.at = at * 8
  }

  read(bits: number): number {
    let value = 0
    for (let bit = 0; bit < bits; bit++, this.at++)
      value = value * 2 + (((this.#bytes[this.at >> 3] ?? 0) >> (7 - (this.at & 7))) & 1)
    return value
  }

  signed(bits: number): number {
    const value = this.read(bits)
    return value >= 2 ** (bits - 1) ? value - 2 ** bits : value
  }

  zeros(): number {
    let count = 0
    while (this.read(1) === 0) count++
    return count
  }
}

/** Samples of the frame that begins there, and where the next one begins. */
function flacFrame(file: Buffer, start: number): { number: number; samples: number[]; end: number } {
  expect(file.readUInt32BE(start)).toBe(0xfff8_c708)
  const first = file[start + 4] ?? 0
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : 3
  const number = file.toString('utf8', start + 4, start + 4 + length).codePointAt(0) ?? -1
  const head = start + 4 + length
  expect(file[head]).toBe(remainder(file.subarray(start, head), 8, 0x07))
  const bits = new BitReader(file, head + 1)
  expect(bits.read(8)).toBe(0b0_001010_0)
  const samples = [bits.signed(16), bits.signed(16)]
  expect(bits.read(6)).toBe(0)
  const rice = bits.read(4)
  while (samples.length < 4096) {
    const folded = bits.zeros() * 2 ** rice + bits.read(rice)
    const rest = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2
    samples.push(rest + 2 * (samples.at(-1) ?? 0) - (samples.at(-2) ?? 0))
  }
  const body = Math.ceil(bits.at / 8)
  expect(file.readUInt16BE(body)).toBe(remainder(file.subarray(start, body), 16, 0x8005))
  return { number, samples, end: body + 2 }
}

describe('a FLAC file', () => {
  it('decodes to a tone of the asked height, without a break between its frames', () => {
    const file = fileOf(flac(1, 200))
    expect(file.toString('latin1', 0, 4)).toBe('fLaC')
    const samples: number[] = []
    for (let at = 42, frame = 0; at < file.length; frame++) {
      const { number, samples: some, end } = flacFrame(file, at)
      expect(number).toBe(frame)
      samples.push(...some)
      at = end
    }
    expect(samples.length).toBe(6 * 4096)
    expect(file.readUInt32BE(22)).toBe(samples.length)
    expect(Math.max(...samples)).toBe(3277)
    const steps = samples.slice(1).map((sample, index) => Math.abs(sample - (samples[index] ?? 0)))
    // A tone of 200 Hz at this loudness moves by no more than this from a sample to the next.
    expect(Math.max(...steps)).toBeLessThan(3277 * ((2 * Math.PI * 205) / 24_000) + 1)
    const rises = samples.filter((sample, index) => index > 0 && sample >= 0 && (samples[index - 1] ?? 0) < 0).length
    expect(rises / (samples.length / 24_000)).toBeCloseTo(199, -1)
  })

  it('numbers its frames beyond what one and two bytes tell', () => {
    const file = fileOf(flac(2_100 * (4_096 / 24_000), 200))
    const { end, samples } = flacFrame(file, 42)
    const bodyBytes = end - 42 - 6 - 2
    const start = (frame: number) =>
      42 + frame * (bodyBytes + 8) + Math.max(0, frame - 128) + Math.max(0, frame - 2_048)
    for (const frame of [127, 128, 2_047, 2_048, 2_099]) {
      const read = flacFrame(file, start(frame))
      expect(read.number).toBe(frame)
      expect(read.samples).toEqual(samples)
    }
    expect(flacFrame(file, start(2_099)).end).toBe(file.length)
  })
})

describe('an Ogg file', () => {
  it('is pages in order, each with its check, the last of which ends the sound', () => {
    const file = fileOf(opus(2.5, 200))
    const pages: { flags: number; samples: number; number: number; body: Buffer }[] = []
    for (let at = 0; at < file.length;) {
      expect(file.toString('latin1', at, at + 4)).toBe('OggS')
      const segments = file.readUInt8(at + 26)
      const lengths = file.subarray(at + 27, at + 27 + segments)
      const start = at + 27 + segments
      const end = start + lengths.reduce((sum, length) => sum + length, 0)
      const page = Buffer.from(file.subarray(at, end))
      const check = page.readUInt32LE(22)
      page.writeUInt32LE(0, 22)
      expect(check).toBe(remainder(page, 32, 0x04c1_1db7))
      const samples = Number(page.readBigInt64LE(6))
      pages.push({ flags: page[5] ?? 0, samples, number: page.readUInt32LE(18), body: file.subarray(start, end) })
      at = end
    }
    expect(pages.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4])
    expect(pages.map(({ flags }) => flags)).toEqual([2, 0, 0, 0, 4])
    const [head, tags] = pages.map(({ body }) => body.toString('latin1', 0, 8))
    expect([head, tags]).toEqual(['OpusHead', 'OpusTags'])
    expect((pages.at(-1)?.samples ?? 0) - (pages[0]?.body.readUInt16LE(10) ?? 0)).toBe(2.5 * 48_000)
  })
})

describe('an MP3 file', () => {
  it('is whole frames of 480 bytes, none of them silent', () => {
    const file = fileOf(mp3(3, 200))
    expect(file.length % 480).toBe(0)
    for (let at = 0; at < file.length; at += 480) {
      expect(file.readUInt32BE(at)).toBe(0xfff3_e4c4)
      const side = new BitReader(file, at + 4)
      expect(side.read(9)).toBe(0)
      expect(side.read(12)).toBeGreaterThan(0)
      // Pairs of lines, of which the last holds the tone: 200 Hz is line 9 of those 20.8 Hz apart.
      expect(side.read(9)).toBe(5)
    }
  })
})

describe('an AAC file', () => {
  it('is frames that lead from one to the next up to the end', () => {
    const file = fileOf(aac(3, 200))
    let frames = 0
    for (let at = 0; at < file.length; frames++) {
      const head = new BitReader(file, at)
      expect(head.read(16)).toBe(0xfff1)
      // AAC-LC, 24 kHz, mono.
      expect([head.read(2), head.read(4), head.read(1), head.read(3)]).toEqual([1, 6, 0, 1])
      head.read(4)
      at += head.read(13)
    }
    expect(frames).toBe(Math.ceil((3 * 24_000) / 1_024))
  })
})
