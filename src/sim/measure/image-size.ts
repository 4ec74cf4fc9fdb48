/** The width and height of a picture, from its header alone. */

export type ImageSize = { readonly width: number; readonly height: number }

/** Pixels of a picture in a base64 `data:` URL; `undefined` for another URL, or where they cannot be told. */
export function dataUrlSize(url: string): ImageSize | undefined {
  if (!url.startsWith('data:')) return undefined
  const comma = url.lastIndexOf(',', longestHead)
  if (comma < 0 || !url.slice(0, comma).endsWith(';base64')) return undefined
  return sizeOf((offset, length) => bytesAt(url, comma + 1, offset, length))
}

/** The same of a file. */
export function fileImageSize(file: Buffer): ImageSize | undefined {
  return sizeOf((offset, length) => file.subarray(offset, offset + length))
}

/** Whether the base64 from `start` on begins as a PNG, GIF, JPEG or WebP does. */
export function isPicture(url: string, start: number): boolean {
  const head = bytesAt(url, start, 0, 12)
  const magic = head.toString('latin1', 0, 4)
  if (magic === '\x89PNG' || magic === 'GIF8') return true
  if (magic === 'RIFF') return head.toString('latin1', 8, 12) === 'WEBP'
  return head.length > 2 && head.readUIntBE(0, 3) === 0xffd8ff
}

/** A media type with its parameters is shorter. */
const longestHead = 200

/** At most `length` bytes of a file from `offset` on; fewer where it ends before. */
type Read = (offset: number, length: number) => Buffer

/** Decodes only the characters that hold the bytes asked for: a header is far shorter than its picture. */
function bytesAt(url: string, start: number, offset: number, length: number): Buffer {
  const skipped = offset % 3
  const from = start + ((offset - skipped) / 3) * 4
  const groups = Math.ceil((length + skipped) / 3)
  return Buffer.from(url.slice(from, from + groups * 4), 'base64').subarray(skipped, skipped + length)
}

function sizeOf(read: Read): ImageSize | undefined {
  const size = headerSize(read)
  return size && size.width > 0 && size.height > 0 ? size : undefined
}

function headerSize(read: Read): ImageSize | undefined {
  const head = read(0, 30)
  if (head.length < 10) return undefined
  const magic = head.toString('latin1', 0, 4)
  if (magic === '\x89PNG') return head.length < 24 ? undefined : sized(head.readUInt32BE(16), head.readUInt32BE(20))
  if (magic === 'GIF8') return sized(head.readUInt16LE(6), head.readUInt16LE(8))
  if (magic === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP') return webpSize(head)
  return head.readUInt16BE(0) === 0xffd8 ? jpegSize(read) : undefined
}

/** By its first chunk: simple, lossless or extended (RFC 9649, sections 2.5 to 2.7). */
function webpSize(head: Buffer): ImageSize | undefined {
  if (head.length < 30) return undefined
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return sized(head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff)
    case 'VP8L': {
      const bits = head.readUInt32LE(21)
      return sized((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
    }
    case 'VP8X':
      return sized(head.readUIntLE(24, 3) + 1, head.readUIntLE(27, 3) + 1)
    default:
      return undefined
  }
}

/** Camera data and colour profiles stand before the frame that tells the size, each in segments of up to 64 KB. */
const maxSegments = 500

function jpegSize(read: Read): ImageSize | undefined {
  let at = 2
  for (let segment = 0; segment < maxSegments; segment++) {
    const head = read(at, 9)
    if (head.length < 9 || head[0] !== 0xff) return undefined
    const marker = head[1] as number
    // Any number of these may stand before a marker.
    if (marker === 0xff) {
      at++
      continue
    }
    if (isFrame(marker)) return sized(head.readUInt16BE(7), head.readUInt16BE(5))
    at += 2 + head.readUInt16BE(2)
  }
  return undefined
}

/** A start of frame, of whatever coding; the three left out are tables. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

const sized = (width: number, height: number): ImageSize => ({ width, height })
