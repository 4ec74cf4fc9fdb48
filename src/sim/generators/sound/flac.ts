/** FLAC (RFC 9639): all frames are alike but for their number and its checks. */
import { BitWriter } from '../bits.ts'
import { crc16, crc8 } from '../picture/crc.ts'
import { loudness, oncePer, type SoundPiece, samplesPerSecond, type SoundFormat } from './format.ts'

export const flac: SoundFormat = (seconds, hertz) => {
  const frames = Math.max(1, Math.ceil((seconds * samplesPerSecond) / samplesPerFrame))
  const body = bodyOf(Math.round((hertz * samplesPerFrame) / samplesPerSecond))
  return { pieces: pieces(frames, body), seconds: secondsOf(frames) }
}

const samplesPerFrame = 4096
/** About a second. */
const framesPerPiece = 6
const secondsOf = (frames: number) => (frames * samplesPerFrame) / samplesPerSecond

function* pieces(frames: number, body: Buffer): Generator<SoundPiece> {
  for (let first = 0; first < frames; first += framesPerPiece) {
    const end = Math.min(frames, first + framesPerPiece)
    const parts = Array.from({ length: end - first }, (_, index) => frame(first + index, body))
    yield { bytes: Buffer.concat(first === 0 ? [streamHead(frames), ...parts] : parts), endSeconds: secondsOf(end) }
  }
}

function streamHead(frames: number): Buffer {
  const info = new BitWriter(34)
  info.write(samplesPerFrame, 16)
  info.write(samplesPerFrame, 16)
  // The sizes of frames are not told.
  info.write(0, 24)
  info.write(0, 24)
  info.write(samplesPerSecond, 20)
  info.write(0, 3)
  info.write(bitsPerSample - 1, 5)
  const samples = frames * samplesPerFrame
  info.write(Math.floor(samples / 2 ** 24), 12)
  info.write(samples % 2 ** 24, 24)
  // A digest of zeros is one that is not told.
  for (let at = 0; at < 16; at++) info.write(0, 8)
  return Buffer.concat([Buffer.from('fLaC\x80\0\0\x22', 'latin1'), info.whole()])
}
const bitsPerSample = 16

function frame(number: number, body: Buffer): Buffer {
  // Frames of one size: 4,096 samples, at 24 kHz, mono, of 16 bits. The number is written as UTF-8 writes characters.
  const head = Buffer.concat([Buffer.from([0xff, 0xf8, 0xc7, 0x08]), Buffer.from(String.fromCodePoint(number))])
  const checked = Buffer.concat([head, Buffer.of(crc8(head)), body])
  const check = crc16(checked)
  return Buffer.concat([checked, Buffer.of(check >>> 8, check & 0xff)])
}

/** What is between head and check of a frame in which a tone has so many periods. */
const bodyOf = oncePer((periods) => {
  const samples = Array.from({ length: samplesPerFrame }, (_, at) =>
    Math.round(32_767 * loudness * Math.sin((2 * Math.PI * periods * at) / samplesPerFrame)),
  )
  const [first = 0, second = 0] = samples
  const bits = new BitWriter(samplesPerFrame * 4)
  // Each sample lies nearly on the line through the two before it.
  bits.write(0b0_001010_0, 8)
  bits.write(first & 0xffff, bitsPerSample)
  bits.write(second & 0xffff, bitsPerSample)
  bits.write(0, 6)
  bits.write(riceBits, 4)
  for (let at = 2; at < samples.length; at++) {
    const rest = (samples[at] ?? 0) - 2 * (samples[at - 1] ?? 0) + (samples[at - 2] ?? 0)
    const folded = rest < 0 ? -2 * rest - 1 : 2 * rest
    for (let zeros = folded >> riceBits; zeros > 0; zeros--) bits.write(0, 1)
    bits.write((1 << riceBits) | (folded & ((1 << riceBits) - 1)), riceBits + 1)
  }
  return bits.whole()
})

/** What is left of a sample takes about so many bits. */
const riceBits = 4
