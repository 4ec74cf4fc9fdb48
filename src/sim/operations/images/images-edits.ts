import { lookAhead } from '../../answers/content-filter.ts'
import { operationNotSupported } from '../../errors.ts'
import { invalidImageFile, maskDoesNotFit } from '../../errors/image.ts'
import type { Size } from '../../generators/picture/picture.ts'
import type { Operation } from '../../operation.ts'
import { hash32, hashText32 } from '../../random.ts'
import { formFields } from '../parts/form-fields.ts'
import { formFiles } from '../../base/form.ts'
import { type ImageAnswer, imageAnswer, streamedImages, wholeImages } from './answer.ts'
import { type ImageBody, isGptImage, parseEdit, editForm } from './body.ts'
import { imageCost, inputImageTokens } from '../../measure/image-cost.ts'
import { fileImageSize } from '../../measure/image-size.ts'

const label = 'imageEdit'

/** Pictures from a prompt and others: the same ones give the same. */
export const imagesEdits: Operation<ImageBody, ImageAnswer> = {
  scope: 'deployment',
  name: 'ImageEdits_Create',
  accepts: { form: editForm },
  label,
  method: 'POST',
  path: '/images/edits',
  routes: [
    { surface: 'dated', template: '/openai/deployments/{deployment}/images/edits' },
    { surface: 'v1', template: '/openai/v1/images/edits' },
    // The SDK for Node puts a deployment into the path only where it knows it without reading the form.
    { surface: 'dated', template: '/openai/images/edits' },
  ],
  modelKind: 'image',
  defaultModel: 'gpt-image-1',
  latency: 'images',
  content: 'multipart',

  parse: (form, model) => {
    if (!isGptImage(model)) throw operationNotSupported(label, model.name)
    return parseEdit(formFields(form, fieldKinds), model)
  },
  measure: imageCost,
  lookAhead: ({ prompt }, { contentFilter }) => {
    lookAhead(contentFilter, () => [prompt])
  },
  isStream: ({ stream }) => stream,

  generate: (call, { contentFilter }) => {
    const files = formFiles(call.wire.bytes, call.wire.contentType, 'image')
    const sizes = files.map((file, index) => sizeOf(file) ?? refuse(index + 1))
    const [mask] = formFiles(call.wire.bytes, call.wire.contentType, 'mask')
    if (mask && !isMask(mask, sizes[0])) throw maskDoesNotFit()
    const imageTokens = sizes.reduce((sum, size) => sum + inputImageTokens(size, call.body.fidelity), 0)
    const heads = files.map((file) => file.subarray(0, hashedBytes))
    const seed = hash32(Buffer.concat(heads), hashText32(call.body.prompt))
    return imageAnswer(call, contentFilter, { seed, imageTokens })
  },

  whole: wholeImages,
  paced: streamedImages('image_edit'),
}

const fieldKinds = {
  numbers: ['n', 'output_compression', 'partial_images'],
  flags: ['stream'],
  lists: ['image'],
}

/** Of each picture; what comes after is no likelier to be different. */
const hashedBytes = 4_096

/** PNG and JPEG, as the service takes them. */
const sizeOf = (file: Buffer): Size | undefined => (isPng(file) || isJpeg(file) ? fileImageSize(file) : undefined)
const isPng = (file: Buffer) => file.toString('latin1', 0, 4) === '\x89PNG'
const isJpeg = (file: Buffer) => file[0] === 0xff && file[1] === 0xd8

function isMask(mask: Buffer, image: Size | undefined): boolean {
  const size = isPng(mask) ? fileImageSize(mask) : undefined
  return size !== undefined && size.width === image?.width && size.height === image.height
}

function refuse(place: number): never {
  throw invalidImageFile(place)
}
