/** Sound within messages, looked at as far as to know that it is sound. */
import { invalidValue } from '../errors.ts'
import { isSound } from '../measure/sound-headers.ts'

/** Throws where `data` is no sound of that format. Remembered from the upstream API. */
export function refuseSound(data: string, format: string, param: string): void {
  const head = Buffer.from(data.slice(0, headCharacters), 'base64')
  const isWav = head.toString('latin1', 0, 4) === 'RIFF'
  if (isSound(head) && isWav === (format === 'wav')) return
  throw invalidValue(param, `The data provided for 'input_audio' is not of valid ${format} format.`)
}

/** Decodes to 48 KB; what some files begin with, as silence and pictures of covers, is longer than their headers. */
const headCharacters = 65_536
