/** Pictures as PNG (W3C, Portable Network Graphics, third edition), one byte a pixel with a palette. */
import { Memo } from '../../base/memo.ts'
import { crc32, deflateSync } from 'node:zlib'
import { levelsAlong, type Picture } from './picture.ts'

/** Of a transparent picture half of the levels, those beyond the middle, are not to be seen. */
export function toPng(shown: Picture, isTransparent: boolean): Buffer {
  return Buffer.concat([
    signature,
    header(shown),
    chunk('PLTE', shown.palette),
    ...(isTransparent ? [transparency] : []),
    patternOf(shown),
    end,
  ])
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

function header({ width, height }: Picture): Buffer {
  const content = Buffer.alloc(13)
  content.writeUInt32BE(width, 0)
  content.writeUInt32BE(height, 4)
  content[8] = bitsPerPixel
  content[9] = isIndexed
  return chunk('IHDR', content)
}
const bitsPerPixel = 8
const isIndexed = 3

function chunk(name: string, content: Uint8Array): Buffer {
  const whole = Buffer.alloc(content.length + 12)
  whole.writeUInt32BE(content.length, 0)
  whole.write(name, 4, 'latin1')
  whole.set(content, 8)
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), content.length + 8)
  return whole
}

const transparency = chunk(
  'tRNS',
  Uint8Array.from({ length: 256 }, (_, level) => Math.min(255, Math.max(0, 8 * (144 - level)))),
)
const end = chunk('IEND', new Uint8Array(0))

/** Patterns that are kept, compressed to some kilobytes each. */
const maxPatterns = 64
const compressed = new Memo<string, Buffer>(maxPatterns)

function patternOf(shown: Picture): Buffer {
  const key = `${shown.pattern} ${shown.width}x${shown.height}`
  return compressed.of(key, () => chunk('IDAT', deflateSync(filteredRows(shown))))
}

/** Each pixel as the difference to the one on its left, so that all rows are alike but for their first pixel. */
function filteredRows(shown: Picture): Buffer {
  const { row, column } = levelsAlong(shown)
  const first = Buffer.alloc(row.length + 1)
  first[0] = subFilter
  for (let x = 1; x < row.length; x++) first[x + 1] = (row[x] ?? 0) - (row[x - 1] ?? 0)
  const rows = Buffer.alloc(first.length * column.length, first)
  for (let y = 0; y < column.length; y++) rows[y * first.length + 1] = (row[0] ?? 0) + (column[y] ?? 0)
  return rows
}
const subFilter = 1
