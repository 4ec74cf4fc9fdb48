/**
 * Pictures as baseline JPEG (ITU-T T.81): each block of 8 by 8 pixels is of one colour, which takes no transform and
 * some bits a block.
 */
import { BitWriter } from '../bits.ts'
import { levelsAlong, type Picture } from './picture.ts'

/** `quality` from 0 to 100: the lower it is, the coarser are the colours and the shorter the file. */
export function toJpeg(shown: Picture, quality: number): Buffer {
  const step = stepOf(quality)
  return Buffer.concat([
    start,
    segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')),
    segment(0xdb, Buffer.alloc(65, step).fill(0, 0, 1)),
    frame(shown),
    averageTable,
    detailTable,
    scan,
    blocks(shown, step),
    end,
  ])
}

const start = Buffer.from([0xff, 0xd8])
const end = Buffer.from([0xff, 0xd9])
const blockPixels = 8

/** The step of the average in the standard's example table, scaled as the Independent JPEG Group's library does. */
function stepOf(quality: number): number {
  const percent = quality < 50 ? 5000 / Math.max(1, quality) : 200 - 2 * quality
  return Math.min(255, Math.max(1, Math.round((16 * percent) / 100)))
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}

/** Eight bits a sample; luminance and two colour differences, none of them at a lower resolution. */
function frame({ width, height }: Picture): Buffer {
  const content = Buffer.from([8, 0, 0, 0, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0])
  content.writeUInt16BE(height, 1)
  content.writeUInt16BE(width, 3)
  return segment(0xc0, content)
}

/** The twelve lengths that a block's average can have, each told by four bits that say the length. */
const averageTable = segment(0xc4, Buffer.from([0x00, 0, 0, 0, 12, ...Array<number>(12).fill(0), ...Array(12).keys()]))
/** What follows the average is always nothing, told by one bit. */
const detailTable = segment(0xc4, Buffer.from([0x10, 1, ...Array<number>(15).fill(0), 0]))
const scan = segment(0xda, Buffer.from([3, 1, 0, 2, 0, 3, 0, 0, 63, 0]))

function blocks(shown: Picture, step: number): Buffer {
  const { row, column } = levelsAlong(shown)
  const averages = averagesOf(shown.palette, step)
  const across = Math.ceil(shown.width / blockPixels)
  const down = Math.ceil(shown.height / blockPixels)
  const bits = new BitWriter(across * down * 3 * maxBytesPerPart)
  const before = [0, 0, 0]
  for (let y = 0; y < down; y++) {
    const level = column[Math.min(shown.height - 1, y * blockPixels + blockPixels / 2)] ?? 0
    for (let x = 0; x < across; x++) {
      const at = (((row[Math.min(shown.width - 1, x * blockPixels + blockPixels / 2)] ?? 0) + level) & 0xff) * 3
      for (let part = 0; part < 3; part++) {
        const average = averages[at + part] ?? 0
        const difference = average - (before[part] ?? 0)
        before[part] = average
        const length = 32 - Math.clz32(Math.abs(difference))
        bits.write(length, 4)
        // A negative one is told by the complement of its amount.
        bits.write(difference < 0 ? difference + (1 << length) - 1 : difference, length)
        bits.write(0, 1)
      }
    }
  }
  return stuffed(bits.whole(1))
}

/** Four bits, up to eleven, and one more. */
const maxBytesPerPart = 2

/** Luminance and colour differences of each level (JFIF 1.02), as eight times what they are, in steps. */
function averagesOf(palette: Uint8Array, step: number): Int16Array {
  const averages = new Int16Array(palette.length)
  const quantised = (value: number) => Math.round((value * blockPixels) / step)
  for (let at = 0; at < palette.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = palette.subarray(at, at + 3)
    averages[at] = quantised(0.299 * red + 0.587 * green + 0.114 * blue - 128)
    averages[at + 1] = quantised(-0.168736 * red - 0.331264 * green + 0.5 * blue)
    averages[at + 2] = quantised(0.5 * red - 0.418688 * green - 0.081312 * blue)
  }
  return averages
}

/** A byte of ones alone would begin a marker but for a zero behind it. */
function stuffed(bytes: Buffer): Buffer {
  const result = Buffer.alloc(bytes.length * 2)
  let length = 0
  for (const byte of bytes) {
    result[length++] = byte
    if (byte === 0xff) result[length++] = 0
  }
  return result.subarray(0, length)
}
