/** The recording that transcriptions and translations are asked of. */
import * as z from 'zod'
import { contentTooLarge } from '../../errors.ts'
import { audioTooShort, invalidAudioFormat, noSound } from '../../errors/audio.ts'
import type { Cost, Wire } from '../../types.ts'
import { audioSeconds, minSeconds } from '../../measure/audio-length.ts'
import { isSound } from '../../measure/sound-headers.ts'
import { formFiles } from '../../base/form.ts'

/** What both say of it. */
export const audioShape = {
  file: z.instanceof(File),
  prompt: z.string().optional(),
  temperature: z.number().min(0).max(1).default(0),
}

/** Throws for what can be refused by a file's name and length. */
export function checkAudioFile({ name, size }: File): void {
  if (size > maxFileBytes) throw contentTooLarge(maxFileBytes, size)
  if (!formats.includes(name.slice(name.lastIndexOf('.') + 1).toLowerCase())) throw invalidAudioFormat(formats)
  if (size === 0) throw audioTooShort()
}

/** 25 MB, as documented. */
const maxFileBytes = 26_214_400
/** As documented, by the file's name; `oga` is the upstream API's addition. */
const formats = ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm']

/** How long it plays, to hundredths. Throws where that is too short. */
export function recordedSeconds(wire: Wire, isWhisper = true): number {
  const [head = Buffer.alloc(0)] = formFiles(wire.bytes, wire.contentType, 'file')
  if (!isSound(head)) throw noSound(isWhisper)
  const seconds = toHundredths(audioSeconds({ head, fileBytes: head.length }))
  if (seconds < minSeconds) throw audioTooShort()
  return seconds
}

/** A latency per megabyte means 1,048,576 bytes, as in the Python simulator. */
export const megabytes = ({ size }: File) => size / (1024 * 1024)

/** Audio is limited by requests alone. */
export const audioCost: Cost = {
  promptTokens: 0,
  promptCharacters: 0,
  maxTokens: 0,
  choices: 1,
  countsTokens: false,
}

export const toHundredths = (seconds: number) => Math.round(seconds * 100) / 100
