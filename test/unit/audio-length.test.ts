import { describe, expect, it } from 'vitest'
import { audioSeconds } from '../../src/sim/operations/parts/audio-length.ts'
import { chunk, wav } from '../support/sound.ts'

const secondsOf = (file: Buffer) => {
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
  return audioSeconds(Buffer.concat([Buffer.from(head), file, Buffer.from('\r\n--b--\r\n')]), file.length)
}

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
