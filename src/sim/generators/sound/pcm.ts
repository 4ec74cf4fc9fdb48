/** Samples as they are, of 16 bits, the lower byte first; and the same as a WAV file. */
import { framedSound, loudness, oncePer, samplesPerSecond, type Sound, type SoundFormat } from './format.ts'

export const pcm: SoundFormat = (seconds, hertz) => framedSound(seconds, secondOf(Math.round(hertz)))

export const wav: SoundFormat = (seconds, hertz) => {
  const sound = pcm(seconds, hertz)
  return { ...sound, pieces: withHead(sound) }
}

/** A whole number of periods fits a second. */
const secondOf = oncePer((hertz) => ({
  cycle: toneBytes(samplesPerSecond, hertz),
  framesPerCycle: samplesPerSecond,
  samplesPerFrame: 1,
}))

const toneSample = (at: number, hertz: number): number =>
  Math.round(32_767 * loudness * Math.sin((2 * Math.PI * hertz * at) / samplesPerSecond))

function toneBytes(samples: number, hertz: number): Buffer {
  const bytes = Buffer.alloc(samples * bytesPerSample)
  for (let at = 0; at < samples; at++) bytes.writeInt16LE(toneSample(at, hertz), at * bytesPerSample)
  return bytes
}
const bytesPerSample = 2

function* withHead({ pieces, seconds }: Sound) {
  let head: Buffer | undefined = wavHead(Math.round(seconds * samplesPerSecond))
  for (const piece of pieces) {
    yield head ? { ...piece, bytes: Buffer.concat([head, piece.bytes]) } : piece
    head = undefined
  }
}

function wavHead(samples: number): Buffer {
  const soundBytes = samples * bytesPerSample
  const head = Buffer.from('RIFF....WAVEfmt ....................data....', 'latin1')
  head.writeUInt32LE(soundBytes + head.length - 8, 4)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(samplesPerSecond, 24)
  head.writeUInt32LE(samplesPerSecond * bytesPerSample, 28)
  head.writeUInt16LE(bytesPerSample, 32)
  head.writeUInt16LE(8 * bytesPerSample, 34)
  head.writeUInt32LE(soundBytes, 40)
  return head
}
