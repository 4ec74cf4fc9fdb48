/** Parts of a ZIP, unfolded by another thread, and no further than there is room for. */
import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'

const inflate = promisify(inflateRaw)

type Entry = { readonly name: string; readonly method: number; readonly start: number; readonly end: number }

const [directoryEnd, directoryEntry] = [0x06054b50, 0x02014b50]
const [endBytes, entryBytes, headerBytes] = [22, 46, 30]
const maxCommentBytes = 65_535
const [stored, deflated] = [0, 8]

/** By their names. Throws for what is no ZIP, and for parts that are longer together than `maxBytes`. */
export async function unzipped(
  bytes: Uint8Array,
  isWanted: (name: string) => boolean,
  maxBytes: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts = new Map<string, Uint8Array>()
  let room = maxBytes
  for (const { name, method, start, end } of entriesOf(zip)) {
    if (!isWanted(name) || parts.has(name)) continue
    if (room <= 0) throw new RangeError('The parts of the ZIP are too long.')
    const part = zip.subarray(start, end)
    if (method !== stored && method !== deflated) throw new TypeError('The parts of the ZIP are packed in another way.')
    const whole = method === stored ? part : await inflate(part, { maxOutputLength: room })
    room -= whole.length
    parts.set(name, whole)
  }
  return parts
}

/** As its directory has them, which stands at its end. */
function* entriesOf(zip: Buffer): Generator<Entry> {
  const first = Math.max(0, zip.length - endBytes - maxCommentBytes)
  let end = zip.length - endBytes
  while (end >= first && zip.readUInt32LE(end) !== directoryEnd) end--
  if (end < first) throw new TypeError('This is no ZIP.')
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0 && zip.readUInt32LE(at) === directoryEntry; left--) {
    const nameEnd = at + entryBytes + zip.readUInt16LE(at + 28)
    const header = zip.readUInt32LE(at + 42)
    const start = header + headerBytes + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28)
    const name = zip.toString('utf8', at + entryBytes, nameEnd)
    yield { name, method: zip.readUInt16LE(at + 10), start, end: start + zip.readUInt32LE(at + 20) }
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
}
