/** Sound files with valid headers and silence. */

/** 16-bit mono WAV of that many seconds. */
export function wav(seconds: number, { samplesPerSecond = 16_000, extraChunks = [] as Buffer[] } = {}): Buffer {
  const sound = Buffer.alloc(Math.round(seconds * samplesPerSecond) * 2)
  const format = Buffer.alloc(16)
  format.writeUInt16LE(1, 0)
  format.writeUInt16LE(1, 2)
  format.writeUInt32LE(samplesPerSecond, 4)
  format.writeUInt32LE(samplesPerSecond * 2, 8)
  format.writeUInt16LE(2, 12)
  format.writeUInt16LE(16, 14)
  const chunks = Buffer.concat([chunk('fmt ', format), ...extraChunks, chunk('data', sound)])
  const head = Buffer.from('RIFF\0\0\0\0WAVE', 'latin1')
  head.writeUInt32LE(chunks.length + 4, 4)
  return Buffer.concat([head, chunks])
}

export function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1')
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)])
}
