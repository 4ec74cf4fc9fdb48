/** A film of the right length in which nothing is to be seen: the boxes of an MP4 file that tell how long it is and how large. */

const box = (type: string, ...parts: readonly Uint8Array[]): Buffer => {
  const inner = Buffer.concat(parts)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + inner.length, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, inner])
}

export function emptyFilm(seconds: number): Buffer {
  const brands = Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1')
  const header = Buffer.alloc(100)
  // In thousandths; then the usual rate and volume, an identity matrix, and the number of the next track.
  header.writeUInt32BE(1_000, 12)
  header.writeUInt32BE(seconds * 1_000, 16)
  header.writeUInt32BE(0x00010000, 20)
  header.writeUInt16BE(0x0100, 24)
  for (const [at, value] of [
    [36, 0x00010000],
    [52, 0x00010000],
    [68, 0x40000000],
    [96, 1],
  ] as const)
    header.writeUInt32BE(value, at)
  return Buffer.concat([box('ftyp', brands), box('moov', box('mvhd', header)), box('mdat')])
}
