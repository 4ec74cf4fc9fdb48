import { describe, expect, it } from 'vitest'
import { findModel } from '../../src/sim/models/catalogue.ts'
import { dataUrlSize } from '../../src/sim/measure/image-size.ts'
import { imageTokens } from '../../src/sim/measure/image-tokens.ts'
import type { Model } from '../../src/sim/types.ts'

const urlOf = (bytes: Buffer, type = 'image/png') => `data:${type};base64,${bytes.toString('base64')}`

function png(width: number, height: number): Buffer {
  const head = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR........\x08\x02\0\0\0', 'latin1')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return Buffer.concat([head, Buffer.alloc(100)])
}

function gif(width: number, height: number): Buffer {
  const head = Buffer.from('GIF89a....', 'latin1')
  head.writeUInt16LE(width, 6)
  head.writeUInt16LE(height, 8)
  return head
}

/** With as many bytes of camera data before the frame as `cameraBytes` says. */
function jpeg(width: number, height: number, { cameraBytes = 100, frame = 0xc0 } = {}): Buffer {
  const segment = (marker: number, content: Buffer) => {
    const head = Buffer.from([0xff, marker, 0, 0])
    head.writeUInt16BE(content.length + 2, 2)
    return Buffer.concat([head, content])
  }
  const size = Buffer.from([8, 0, 0, 0, 0, 3])
  size.writeUInt16BE(height, 1)
  size.writeUInt16BE(width, 3)
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    // Camera data that looks like a frame of its own.
    segment(0xe1, Buffer.alloc(cameraBytes, 0xc0)),
    segment(0xc4, Buffer.alloc(20)),
    Buffer.from([0xff, 0xff]),
    segment(frame, size),
  ])
}

function webp(kind: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Buffer {
  const file = Buffer.alloc(40)
  file.write(`RIFF....WEBP${kind}`, 'latin1')
  if (kind === 'VP8 ') {
    file.writeUInt16LE(width, 26)
    file.writeUInt16LE(height, 28)
  } else if (kind === 'VP8L') {
    file.writeUInt8(0x2f, 20)
    file.writeUInt32LE((width - 1) | ((height - 1) << 14), 21)
  } else {
    file.writeUIntLE(width - 1, 24, 3)
    file.writeUIntLE(height - 1, 27, 3)
  }
  return file
}

describe('the size of a picture', () => {
  it.each([
    ['PNG', png(640, 480)],
    ['GIF', gif(640, 480)],
    ['JPEG', jpeg(640, 480)],
    ['JPEG of a progressive kind', jpeg(640, 480, { frame: 0xc2 })],
    ['JPEG behind much camera data', jpeg(640, 480, { cameraBytes: 60_001 })],
    ['WebP', webp('VP8 ', 640, 480)],
    ['lossless WebP', webp('VP8L', 640, 480)],
    ['extended WebP', webp('VP8X', 640, 480)],
  ])('is read from the header of a %s', (_, bytes) => {
    expect(dataUrlSize(urlOf(bytes))).toEqual({ width: 640, height: 480 })
    expect(dataUrlSize(urlOf(bytes, 'image/x;name=a'))).toEqual({ width: 640, height: 480 })
  })

  it.each([
    ['a link', 'https://example.com/a.png'],
    ['text', 'data:text/plain,hello'],
    ['nothing', 'data:image/png;base64,'],
    ['no comma', 'data:image/png;base64'],
    ['another file', urlOf(Buffer.from('%PDF-1.7 and so on and on and on'))],
    ['a PNG cut short', urlOf(png(640, 480).subarray(0, 20))],
    ['a JPEG cut short', urlOf(jpeg(640, 480).subarray(0, 110))],
    ['a WebP cut short', urlOf(webp('VP8 ', 640, 480).subarray(0, 20))],
    ['a picture without width', urlOf(png(0, 480))],
    ['a JPEG whose segments go nowhere', urlOf(Buffer.from([0xff, 0xd8, ...Array<number>(4_000).fill(0xff)]))],
  ])('is not known of %s', (_, url) => {
    expect(dataUrlSize(url)).toBeUndefined()
  })
})

describe('the tokens of a picture', () => {
  const tokens = (name: string, width: number, height: number, detail?: string) =>
    imageTokens({ url: urlOf(png(width, height)), detail }, findModel(name) as Model)

  it('are 425 for 640 x 480 on gpt-4o, as recorded', () => {
    expect(tokens('gpt-4o', 640, 480)).toBe(425)
  })

  it.each([
    ['gpt-4o', 85, 170],
    ['gpt-4.1', 85, 170],
    ['gpt-4o-mini', 2_833, 5_667],
    ['o1', 75, 150],
    ['o3', 75, 150],
    ['gpt-5', 70, 140],
    ['gpt-5-chat', 70, 140],
    ['gpt-5.1', 70, 140],
  ])('are counted in tiles of 512 on %s: %d, and %d for each', (name, base, tile) => {
    expect(tokens(name, 4_000, 4_000, 'low')).toBe(base)
    expect(tokens(name, 1, 1)).toBe(base + tile)
    expect(tokens(name, 512, 512, 'high')).toBe(base + tile)
    // To 768 x 768.
    expect(tokens(name, 1_024, 1_024)).toBe(base + 4 * tile)
    // To 1024 x 2048, then to 768 x 1536.
    expect(tokens(name, 2_048, 4_096)).toBe(base + 6 * tile)
    expect(tokens(name, 20_000, 10)).toBe(base + 4 * tile)
  })

  it.each([
    ['gpt-4.1-mini', 1.62],
    ['gpt-5-mini', 1.62],
    ['gpt-5.4-mini', 1.62],
    ['gpt-4.1-nano', 2.46],
    ['gpt-5-nano', 2.46],
    ['gpt-5.4-nano', 2.46],
    ['o4-mini', 1.72],
    ['gpt-5.2', 1],
    ['gpt-6-sol', 1],
  ])('are counted in squares of 32 on %s: times %d', (name, multiplier) => {
    expect(tokens(name, 1_024, 1_024)).toBe(Math.ceil(1_024 * multiplier))
    expect(tokens(name, 33, 32)).toBe(Math.ceil(2 * multiplier))
    // Shrunk to 1056 x 1408: the published example.
    expect(tokens(name, 1_800, 2_400)).toBe(Math.ceil(1_452 * multiplier))
    expect(tokens(name, 1_000_000, 1)).toBe(Math.ceil(1_536 * multiplier))
    expect(tokens(name, 1_024, 1_024, 'low')).toBe(Math.ceil(256 * multiplier))
  })

  it('may be more on gpt-5.4 and later, where that is asked for', () => {
    expect(tokens('gpt-5.4', 1_600, 1_600)).toBe(1_521)
    expect(tokens('gpt-5.4', 1_600, 1_600, 'high')).toBe(2_500)
    expect(tokens('gpt-5.4', 3_200, 3_200, 'high')).toBe(2_500)
    expect(tokens('gpt-5.4', 3_200, 3_200, 'original')).toBe(10_000)
    expect(tokens('gpt-5.2', 3_200, 3_200, 'original')).toBe(1_521)
  })

  it('are those of 1024 x 1024, or of the size that is given, where none is known', () => {
    const of = (url: string, unseen?: { width: number; height: number }) =>
      imageTokens({ url, unseen }, findModel('gpt-4o') as Model)
    expect(of('https://example.com/a.png')).toBe(85 + 4 * 170)
    expect(of('https://example.com/a.png', { width: 640, height: 480 })).toBe(425)
    expect(of(urlOf(png(640, 480)), { width: 1, height: 1 })).toBe(425)
  })
})
