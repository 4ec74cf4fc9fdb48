/** How many tokens a sound within a message is: ten a second (remembered from the upstream API's description). */
import { leastBytesPerSecond, usualBytesPerSecond } from './audio-length.ts'

/** `data` is base64. Its length is told by the header of a WAV file, of other files by their size at 128 kbit/s. */
export function audioTokens(data: string): number {
  const fileBytes = Buffer.byteLength(data, 'base64')
  const header = Buffer.from(data.slice(0, headerCharacters), 'base64')
  return Math.ceil(tokensPerSecond * (wavSeconds(header, fileBytes) ?? fileBytes / usualBytesPerSecond))
}

const tokensPerSecond = 10
/** `RIFF`, a `fmt ` chunk and the head of the sound are 44 bytes; clients that write other chunks put them last. */
const headerBytes = 44
const headerCharacters = 60

function wavSeconds(header: Buffer, fileBytes: number): number | undefined {
  if (header.length < headerBytes || header.toString('latin1', 8, 16) !== 'WAVEfmt ') return undefined
  const bytesPerSecond = header.readUInt32LE(28)
  return bytesPerSecond < leastBytesPerSecond ? undefined : (fileBytes - headerBytes) / bytesPerSecond
}
