/**
 * MPEG-2 Layer III (ISO/IEC 13818-3) at 160 kbit/s, which is what the service's speech comes in. Of each frame's
 * spectrum one line is not zero.
 */
import { BitWriter } from '../bits.ts'
import { framedSound, lineSigns, oncePer, type SoundFormat } from './format.ts'

export const mp3: SoundFormat = (seconds, hertz) =>
  framedSound(seconds, cycleOf(Math.max(0, Math.round(hertz / hertzPerLine - 0.5))))

const samplesPerFrame = 576
const bytesPerFrame = 480
/** A multiple of four, after which a tone is where it was; 0.96 seconds. */
const framesPerCycle = 40
/** 576 lines up to half of the samples in a second. */
const hertzPerLine = 12_000 / samplesPerFrame

const cycleOf = oncePer((line) => ({
  cycle: Buffer.concat(lineSigns(line, framesPerCycle).map((sign) => frame(line, sign))),
  framesPerCycle,
  samplesPerFrame,
}))

function frame(line: number, sign: 1 | -1): Buffer {
  const bits = new BitWriter(bytesPerFrame)
  // Synchronisation, MPEG-2, Layer III, no checksum; 160 kbit/s; 24 kHz; no padding; mono; an original.
  bits.write(0x7ff, 11)
  bits.write(0b10_01_1, 5)
  bits.write(0b1110_01_00, 8)
  bits.write(0b11_00_0_1_00, 8)
  // Side information: nothing of the frame lies in the one before.
  const pairs = Math.floor(line / 2) + 1
  bits.write(0, 9)
  bits.write(pairs - 1 + pairBits(line), 12)
  bits.write(pairs, 9)
  bits.write(globalGain, 8)
  // No scale factors, no short blocks; the table of all three regions; regions of one and two bands.
  bits.write(0, 10)
  for (let region = 0; region < 3; region++) bits.write(spectrumTable, 5)
  bits.write(0, 9)
  for (let pair = 1; pair < pairs; pair++) bits.write(0b1, 1)
  // In table 1 the pair of one and zero is 01, that of zero and one 001, each with its sign behind.
  bits.write(1, line % 2 === 0 ? 2 : 3)
  bits.write(sign < 0 ? 1 : 0, 1)
  return Buffer.concat([bits.whole()], bytesPerFrame)
}

const pairBits = (line: number) => (line % 2 === 0 ? 3 : 4)
const spectrumTable = 1
/** Four steps are a factor of two; measured to be as loud as the other formats. */
const globalGain = 197
