/** What messages may hold, by what a model can see and hear. Texts as users quote them (2024-2026). */
import { table } from '../../base/object.ts'
import { invalidRequest, invalidValue, missingParameter, unsupportedChoice, unsupportedValue } from '../../errors.ts'
import { hasSound, readsFiles, seesImages, takesSound } from '../../models/abilities.ts'
import { refuseImageUrl } from '../../answers/image-url.ts'
import { refuseSound } from '../../answers/sound-data.ts'
import type { Model } from '../../types.ts'
import type { ChatBody } from './body.ts'

/** Pictures and sound for models that take them; `system` for models that know it. */
export function refuseContents({ messages, modalities, audio, stream, n }: ChatBody, model: Model): void {
  const isSilent = !hasSound(model)
  let hears = false
  for (const [index, { role, content }] of messages.entries()) {
    if ((role === 'system' || role === 'developer') && /^o1-(?:mini|preview)$/.test(model.name))
      throw unsupportedChoice(`messages[${index}].role`, role)
    if (!content || typeof content === 'string') continue
    for (const [at, part] of content.entries()) {
      const { type } = part
      if (type !== 'audio' && part[type] === undefined)
        throw missingParameter(`messages[${index}].content[${at}].${type}`)
      if (type === 'input_audio') hears = true
      refusePlace(type, role, index)
      if (type === 'file' && !readsFiles(model)) {
        const message = "Invalid Value: 'file'. This model does not support file content types."
        throw invalidValue(`messages[${index}].content[${at}].type`, message)
      }
      if ((type === 'image_url' && !seesImages(model)) || (type === 'input_audio' && !takesSound(model))) {
        const message = `Invalid content type. ${type} is only supported by certain models.`
        throw invalidRequest(message, `messages.[${index}].content.[${at}].type`, null)
      }
      if (part.image_url) refuseImageUrl(part.image_url.url)
      if (part.input_audio)
        refuseSound(part.input_audio.data, part.input_audio.format, `messages[${index}].content[${at}].input_audio`)
    }
  }
  const speaks = modalities?.includes('audio') === true
  if (speaks && isSilent) throw unsupportedChoice('modalities', 'audio', ['text'])
  if (speaks && !audio) throw missingParameter('audio')
  if (speaks && stream === true && audio?.format !== 'pcm16') {
    const message = `Unsupported value: 'audio.format' does not support '${audio?.format}' when stream=true. Supported values are: 'pcm16'.`
    throw invalidRequest(message, 'audio.format', 'unsupported_value')
  }
  // One sound may have several megabytes. The words are a guess.
  if (speaks && (n ?? 1) > 1) throw unsupportedValue('n', n ?? 1, 1)
  if (isSilent || speaks || hears) return
  const message = 'This model requires that either input content or output modality contain audio.'
  throw invalidRequest(message, 'model', 'invalid_value')
}

/** Pictures, sound and files are a user's. */
function refusePlace(type: string, role: string, index: number): void {
  const what = usersParts[type]
  if (!what || role === 'user') return
  const [many, one] = what
  const message = `Invalid 'messages[${index}]'. ${many} are only allowed for messages with role 'user', but this message with role '${role}' contains ${one}.`
  throw invalidValue(`messages[${index}]`, message)
}

/** The words for pictures are quoted; those for the others are made alike. */
const usersParts: Readonly<Record<string, readonly [string, string]>> = table({
  image_url: ['Image URLs', 'an image URL'],
  input_audio: ['Audio inputs', 'an audio input'],
  file: ['Files', 'a file'],
})
