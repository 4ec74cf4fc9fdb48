/** How long a recording plays, as far as that can be told without decoding it. */
import { headerSeconds, type SoundFile } from './sound-headers.ts'

/** Seconds, by the file's header; where that does not tell, by its size at 128 kbit/s, which is usual for MP3. */
export const audioSeconds = (file: SoundFile): number =>
  headerSeconds(file) ?? Math.max(minSeconds, file.fileBytes / usualBytesPerSecond)

/** Below this the service refuses a recording; of an estimate alone that cannot be said. */
export const minSeconds = 0.1
/** 128 kbit/s. */
const usualBytesPerSecond = 16_000

/** How many tokens a sound is: ten a second (remembered from the upstream API's description). */
export const soundTokens = (seconds: number): number => Math.ceil(tokensPerSecond * seconds - 1e-9)
const tokensPerSecond = 10

/** Of a sound within a message: `data` is base64. */
export function audioTokens(data: string): number {
  const fileBytes = Buffer.byteLength(data, 'base64')
  if (fileBytes === 0) return 0
  const head = Buffer.from(data.slice(0, headCharacters), 'base64')
  return Math.max(1, soundTokens(headerSeconds({ head, fileBytes }) ?? fileBytes / usualBytesPerSecond))
}

/** Decodes to 3 KB, in which most headers are. */
const headCharacters = 4_096
