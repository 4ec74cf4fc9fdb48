/** Looks into pictures with a decoder that is not ours. */
import { PNG } from 'pngjs'

export type Decoded = {
  readonly width: number
  readonly height: number
  readonly colours: number
  readonly clear: number
}

/** `colours`: how many different ones there are; `clear`: the share of pixels that are not to be seen at all. */
export function decodePng(bytes: Uint8Array): Decoded {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes))
  const colours = new Set<number>()
  let clear = 0
  for (let at = 0; at < data.length; at += 4) {
    colours.add(data.readUInt32BE(at))
    if (data[at + 3] === 0) clear++
  }
  return { width, height, colours: colours.size, clear: clear / (width * height) }
}

/** A picture of one colour. */
export function png(width: number, height: number): Buffer {
  const made = new PNG({ width, height })
  made.data.fill(0x7f)
  return PNG.sync.write(made)
}

/** The size that the frame of a JPEG file tells, if its segments lead to one and it ends as it should. */
export function jpegSize(bytes: Buffer): { width: number; height: number } {
  if (bytes.readUInt16BE(0) !== 0xffd8 || bytes.readUInt16BE(bytes.length - 2) !== 0xffd9) throw new Error('no JPEG')
  let at = 2
  while (bytes[at] === 0xff && bytes[at + 1] !== 0xc0) at += 2 + bytes.readUInt16BE(at + 2)
  if (bytes.readUInt16BE(at) !== 0xffc0) throw new Error(`no segment at ${at}`)
  return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
}
