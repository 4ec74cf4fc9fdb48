/** How long a recording plays, as far as that can be told without decoding it. */

/**
 * Seconds, from the header of a WAV file; of other files from their size, at 128 kbit/s, which is usual for MP3.
 * `form` is the multipart body that the file came in: a `File` would give its bytes only later.
 */
export const audioSeconds = (form: Uint8Array, fileBytes: number): number =>
  wavSeconds(Buffer.from(form.buffer, form.byteOffset, form.byteLength), fileBytes) ??
  Math.max(leastSeconds, fileBytes / usualBytesPerSecond)

/** Below this the service refuses a recording; of an estimate alone that cannot be said. */
export const leastSeconds = 0.1
/** 128 kbit/s. */
export const usualBytesPerSecond = 16_000
/** What no sound file goes below; a header that says so would make an hour of a kilobyte. */
export const leastBytesPerSecond = 1_000
/** Chunks before the sound itself are few; more are not looked at. */
const mostChunks = 64

/** The file begins where its part of the form does, behind an empty line. */
const partWithWav = Buffer.from('\r\n\r\nRIFF', 'latin1')

function wavSeconds(form: Buffer, fileBytes: number): number | undefined {
  const before = form.indexOf(partWithWav)
  if (before < 0) return undefined
  const start = before + 4
  const file = form.subarray(start, start + fileBytes)
  if (file.toString('latin1', 8, 12) !== 'WAVE') return undefined
  let bytesPerSecond: number | undefined
  let at = 12
  for (let chunk = 0; chunk < mostChunks && at + 8 <= file.length; chunk++) {
    const name = file.toString('latin1', at, at + 4)
    const length = file.readUInt32LE(at + 4)
    const content = at + 8
    if (name === 'fmt ' && content + 12 <= file.length) bytesPerSecond = file.readUInt32LE(content + 8)
    // A length that was not known when the header was written reaches past the end.
    if (name === 'data') return seconds(Math.min(length, file.length - content), bytesPerSecond)
    // Chunks begin at even places.
    at = content + length + (length % 2)
  }
  return undefined
}

const seconds = (soundBytes: number, bytesPerSecond: number | undefined) =>
  bytesPerSecond !== undefined && bytesPerSecond >= leastBytesPerSecond ? soundBytes / bytesPerSecond : undefined
