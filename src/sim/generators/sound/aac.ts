/** AAC-LC (ISO/IEC 14496-3) in ADTS frames. Of each frame's spectrum one line is not zero. */
import { BitWriter } from '../bits.ts'
import { framedSound, lineSigns, oncePer, type SoundFormat } from './format.ts'

export const aac: SoundFormat = (seconds, hertz) =>
  framedSound(seconds, cycleOf(Math.min(maxLine, Math.max(0, Math.round(hertz / hertzPerLine - 0.5)))))

const samplesPerFrame = 1024
/** A multiple of four, after which a tone is where it was; 1.024 seconds. */
const framesPerCycle = 24
const hertzPerLine = 12_000 / samplesPerFrame
/** The first bands, up to this line, are of four lines each at 24 kHz. */
const linesPerBand = 4
const maxLine = 43

const cycleOf = oncePer((line) => ({
  cycle: Buffer.concat(lineSigns(line, framesPerCycle).map((sign) => frame(line, sign))),
  framesPerCycle,
  samplesPerFrame,
}))

function frame(line: number, sign: 1 | -1): Buffer {
  const body = block(line, sign)
  const bits = new BitWriter(headBytes)
  // Synchronisation, MPEG-4, no checksum; AAC-LC; 24 kHz; mono; length; a buffer of any size; one block.
  bits.write(0xfff1, 16)
  bits.write(0b01, 2)
  bits.write(6, 4)
  bits.write(0b0_001_0000, 8)
  bits.write(headBytes + body.length, 13)
  bits.write(0x7ff, 11)
  bits.write(0, 2)
  return Buffer.concat([bits.whole(), body])
}
const headBytes = 7

function block(line: number, sign: 1 | -1): Buffer {
  const bits = new BitWriter(maxBlockBytes)
  const bands = Math.floor(line / linesPerBand) + 1
  // A single channel: its gain, one long window, so many bands, no prediction.
  bits.write(0, 7)
  bits.write(globalGain, 8)
  bits.write(0, 4)
  bits.write(bands, 6)
  bits.write(0, 1)
  // All bands in the first codebook, each with the gain of the one before; no pulses, no noise shaping, no gain control.
  bits.write(1, 4)
  bits.write(bands, 5)
  for (let band = 0; band < bands; band++) bits.write(0, 1)
  bits.write(0, 3)
  for (let band = 1; band < bands; band++) bits.write(0, 1)
  bits.write((sign < 0 ? negative : positive)[line % linesPerBand] ?? 0, 5)
  // Filling, as an encoder adds it that keeps its rate; then the end.
  bits.write(fillElement, 3)
  bits.write(15, 4)
  bits.write(maxFill - 14, 8)
  for (let at = 0; at < maxFill; at++) bits.write(0, 8)
  bits.write(endElement, 3)
  return bits.whole()
}

const fillElement = 6
const endElement = 7
/** The most that one element can say. */
const maxFill = 269
const maxBlockBytes = maxFill + 32

/** Codebook 1: four lines of which one is 1, and of which one is -1, by which of them it is. */
const positive = [0x10, 0x13, 0x16, 0x14]
const negative = [0x11, 0x17, 0x15, 0x12]
/** Four steps are a factor of two; measured to be as loud as the other formats. */
const globalGain = 187
