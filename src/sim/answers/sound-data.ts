/** Sound within messages, looked at as far as to know that it is sound. */
import { isObject } from '../base/object.ts'
import { invalidValue, missingParameter } from '../errors.ts'
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

/** A part of a message of Responses, which has its sound as messages of chat do. */
export function refuseSoundPart({ input_audio: audio }: Readonly<Record<string, unknown>>, param: string): void {
  if (!isObject(audio)) throw missingParameter(`${param}.input_audio`)
  const { data, format } = audio
  if (typeof data !== 'string') throw missingParameter(`${param}.input_audio.data`)
  if (format === undefined || format === null) throw missingParameter(`${param}.input_audio.format`)
  if (format !== 'wav' && format !== 'mp3') {
    const shown = typeof format === 'string' ? format : JSON.stringify(format)
    const message = `Invalid value: '${shown}'. Supported values are: 'wav' and 'mp3'.`
    throw invalidValue(`${param}.input_audio.format`, message)
  }
  refuseSound(data, format, `${param}.input_audio`)
}
