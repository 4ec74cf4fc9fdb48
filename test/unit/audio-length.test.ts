import { describe, expect, it } from 'vitest'
import { audioSeconds } from '../../src/sim/measure/audio-length.ts'
import { mp3 } from '../../src/sim/generators/sound/mp3.ts'
import { flac } from '../../src/sim/generators/sound/flac.ts'
import { opus } from '../../src/sim/generators/sound/opus.ts'
import { chunk, wav } from '../support/sound.ts'

const secondsOf = (file: Buffer) => audioSeconds({ head: file, fileBytes: file.length })

describe('the length of a recording', () => {
  it.each([0.05, 1, 12.5])('is what the header of a WAV file says: %d s', (seconds) => {
    expect(secondsOf(wav(seconds))).toBe(seconds)
    expect(secondsOf(wav(seconds, { samplesPerSecond: 8000 }))).toBe(seconds)
  })

  it('is found behind other chunks, of odd length too', () => {
    expect(secondsOf(wav(2, { extraChunks: [chunk('LIST', Buffer.alloc(7)), chunk('fact', Buffer.alloc(4))] }))).toBe(2)
  })

  it('is that of the sound which is there, where the header was written before its length was known', () => {
    const streamed = wav(3)
    streamed.writeUInt32LE(0xffff_ffff, streamed.indexOf('data') + 4)
    expect(secondsOf(streamed)).toBe(3)
  })

  it('is estimated at 16 kB a second for other files', () => {
    expect(secondsOf(Buffer.alloc(48_000))).toBe(3)
    expect(secondsOf(Buffer.alloc(1))).toBe(0.1)
  })

  it.each([
    ['says a byte a second', (file: Buffer) => file.writeUInt32LE(1, 28)],
    ['says no bytes a second', (file: Buffer) => file.writeUInt32LE(0, 28)],
    ['is no WAVE', (file: Buffer) => file.write('AVI ', 8)],
    ['has no data', (file: Buffer) => file.write('junk', file.indexOf('data'))],
    ['has a chunk beyond the end', (file: Buffer) => file.writeUInt32LE(0xffff_ffff, 16)],
  ])('is estimated likewise where a header %s', (_, spoil) => {
    const file = wav(1)
    spoil(file)
    expect(secondsOf(file)).toBe(file.length / 16_000)
  })
})

/** A film's header behind all else, as some write it. */
function mp4(seconds: number): Buffer {
  const box = Buffer.alloc(108)
  box.writeUInt32BE(108, 0)
  box.write('mvhd', 4, 'latin1')
  box.writeUInt32BE(1_000, 20)
  box.writeUInt32BE(seconds * 1_000, 24)
  return Buffer.concat([Buffer.from('\0\0\0\x10ftypM4A \0\0\0\0', 'latin1'), Buffer.alloc(seconds * 4_000), box])
}

/** Frames of changing rates, of which the first says how many there are. */
function variableMp3(frames: number): Buffer {
  const file = Buffer.alloc(frames * 300)
  file.writeUInt32BE(0xfffb_9044, 0)
  file.write('Xing', 36, 'latin1')
  file.writeUInt32BE(1, 40)
  file.writeUInt32BE(frames, 44)
  return file
}

/** Its first and its last page, and something in between. */
function vorbis(seconds: number): Buffer {
  const first = Buffer.alloc(58)
  first.write('OggS', 'latin1')
  first[26] = 1
  first.write('\x01vorbis', 28, 'latin1')
  first.writeUInt32LE(44_100, 40)
  const last = Buffer.alloc(58)
  last.write('OggS', 'latin1')
  last.writeBigInt64LE(BigInt(seconds * 44_100), 6)
  return Buffer.concat([first, Buffer.alloc(seconds * 8_000), last])
}

const whole = ({ pieces }: { pieces: Iterable<{ bytes: Uint8Array }> }) =>
  Buffer.concat([...pieces].map(({ bytes }) => bytes))
const tagged = (sound: Buffer) =>
  Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x02\x01', 'latin1'), Buffer.alloc(257), sound])

const files: readonly (readonly [string, Buffer, number])[] = [
  ['an MP3', whole(mp3(12, 200)), 12],
  ['an MP3 behind a tag', tagged(whole(mp3(12, 200))), 12],
  ['an MP3 of changing rates', variableMp3(1_000), (1_000 * 1_152) / 44_100],
  ['a FLAC', whole(flac(12.288, 200)), 12.288],
  ['an Opus', whole(opus(12, 200)), 12],
  ['a Vorbis', vorbis(20), 20],
  ['an MP4', mp4(30), 30],
]

describe('the length of another recording', () => {
  it.each(files)('is told by the header of %s', (_, file, seconds) => {
    expect(secondsOf(file)).toBeCloseTo(seconds, 2)
  })

  it.each(files)('is estimated or told, and never breaks, wherever %s ends too soon', (_, file) => {
    for (let length = 0; length < Math.min(400, file.length); length++) {
      const seconds = secondsOf(file.subarray(0, length))
      expect(seconds).toBeGreaterThanOrEqual(0)
      expect(seconds).toBeLessThanOrEqual(1)
    }
  })

  it('is not believed where the file is far too short for it', () => {
    const file = mp4(30)
    file.writeUInt32BE(4_000_000_000, file.indexOf('mvhd') + 20)
    expect(secondsOf(file)).toBe(file.length / 16_000)
  })
})
