/** What a request for pictures may say, which is not the same for all models. */
import * as z from 'zod'
import { compressionNotSupported, invalidImageSize, noTransparentBackground, oneImageOnly } from '../../errors/image.ts'
import { invalidValue, unknownParameterNamed, unsupportedParameter } from '../../errors.ts'
import type { Size } from '../../generators/picture/picture.ts'
import { integer, later, parseBody } from '../../http/validate.ts'
import type { Model } from '../../types.ts'
import { optional } from '../parts/body-fields.ts'

export type ImageBody = {
  readonly prompt: string
  readonly count: number
  readonly size: Size
  readonly quality: 'standard' | 'hd' | 'low' | 'medium' | 'high'
  readonly isTransparent: boolean
  readonly format: 'png' | 'jpeg'
  /** From 0 to 100; less is a shorter file. */
  readonly compression: number
  readonly partialImages: number
  readonly stream: boolean
  readonly isUrl: boolean
  readonly style: 'vivid' | 'natural'
  /** Of edits: how closely the pictures that came in are kept to. */
  readonly fidelity: 'low' | 'high'
}

export const isGptImage = ({ name }: Model) => name.startsWith('gpt-image')
/** gpt-image-2 and later draw in any size, and none of it transparent (the SDK's description). */
const isFreeInSize = ({ name }: Model) => /^gpt-image-[2-9]/.test(name)

/** The body of a generation. */
export const parseGeneration = (input: unknown, model: Model): ImageBody =>
  isGptImage(model)
    ? fromGptImage(parseBody(gptImageFields(), input, unknownParameterNamed), model)
    : fromDalle(parseBody(dalleFields(), input, unknownParameterNamed))

/** The fields of an edit's form. */
export const parseEdit = (fields: unknown, model: Model): ImageBody => {
  const body = parseBody(editFields(), fields, unknownParameterNamed)
  if (body.input_fidelity != null && model.name === 'gpt-image-1-mini') throw unsupportedParameter('input_fidelity')
  return fromGptImage(body, model)
}

const maxGptImageCharacters = 32_000
const maxDalleCharacters = 4_000
const dalleSizes = ['1024x1024', '1792x1024', '1024x1792'] as const
const gptImageSizes = ['1024x1024', '1024x1536', '1536x1024', 'auto'] as const

/** As the service's page on its DALL-E 3 has it. */
const dalleFields = later(() =>
  z.strictObject({
    prompt: z.string().min(1).max(maxDalleCharacters),
    model: z.unknown().optional(),
    n: optional(integer(1)),
    size: optional(z.enum(dalleSizes)),
    quality: optional(z.enum(['standard', 'hd'])),
    style: optional(z.enum(['vivid', 'natural'])),
    response_format: optional(z.enum(['url', 'b64_json'])),
    user: optional(z.string()),
  }),
)

const gptImageShape = later(() => ({
  prompt: z.string().min(1).max(maxGptImageCharacters),
  model: z.unknown().optional(),
  n: optional(integer(1, 10)),
  size: optional(z.string()),
  quality: optional(z.enum(['low', 'medium', 'high', 'auto'])),
  background: optional(z.enum(['transparent', 'opaque', 'auto'])),
  // The service makes no WebP, unlike the upstream API.
  output_format: optional(z.enum(['png', 'jpeg'])),
  output_compression: optional(integer(0, 100)),
  partial_images: optional(integer(0, 3)),
  stream: optional(z.boolean()),
  user: optional(z.string()),
}))
const gptImageFields = later(() =>
  z.strictObject({ ...gptImageShape(), moderation: optional(z.enum(['low', 'auto'])) }),
)

const maxImages = 16
/** Of either kind of model. */
export const generationFields = () => z.union([dalleFields(), gptImageFields()])
export const editForm = () =>
  editFields().extend({ image: z.union([z.file(), z.array(z.file())]), mask: z.file().optional() })

const editFields = later(() =>
  z.strictObject({
    ...gptImageShape(),
    image: z.array(z.instanceof(File)).min(1).max(maxImages),
    mask: z.instanceof(File).optional(),
    input_fidelity: optional(z.enum(['low', 'high'])),
  }),
)

function fromDalle(body: z.output<ReturnType<typeof dalleFields>>): ImageBody {
  if ((body.n ?? 1) !== 1) throw oneImageOnly()
  return {
    ...usual,
    prompt: body.prompt,
    size: toSize(body.size ?? usualSize),
    quality: body.quality ?? 'standard',
    isUrl: body.response_format !== 'b64_json',
    style: body.style ?? 'vivid',
  }
}

type GptImageBody = z.output<ReturnType<typeof gptImageFields>> | z.output<ReturnType<typeof editFields>>

function fromGptImage(body: GptImageBody, model: Model): ImageBody {
  const isTransparent = body.background === 'transparent'
  const format = body.output_format ?? 'png'
  const compression = body.output_compression ?? 100
  if (isTransparent && isFreeInSize(model)) throw noTransparentBackground(model.name)
  if (isTransparent && format === 'jpeg') throw noTransparentBackground('the jpeg output format')
  if (compression < 100 && format === 'png') throw compressionNotSupported()
  return {
    ...usual,
    prompt: body.prompt,
    count: body.n ?? 1,
    size: sizeFor(body.size ?? 'auto', model),
    // The service's default is high (its reference page); what `auto` chooses is not told.
    quality: body.quality == null || body.quality === 'auto' ? 'high' : body.quality,
    isTransparent,
    format,
    compression,
    partialImages: body.partial_images ?? 0,
    stream: body.stream ?? false,
    fidelity: ('input_fidelity' in body && body.input_fidelity) || 'low',
  }
}

const usual = {
  count: 1,
  isTransparent: false,
  format: 'png',
  compression: 100,
  partialImages: 0,
  stream: false,
  isUrl: false,
  style: 'vivid',
  fidelity: 'low',
} as const

/** What `auto` chooses, and what is made where no size is asked for. */
const usualSize = '1024x1024'

function sizeFor(asked: string, model: Model): Size {
  if (asked === 'auto') return toSize(usualSize)
  if (!isFreeInSize(model)) {
    if ((gptImageSizes as readonly string[]).includes(asked)) return toSize(asked)
    const allowed = gptImageSizes.map((size) => `'${size}'`)
    const listed = `${allowed.slice(0, -1).join(', ')}, and ${allowed.at(-1) ?? ''}`
    throw invalidValue('size', `Invalid value: '${asked}'. Supported values are: ${listed}.`)
  }
  const size = /^\d{1,4}x\d{1,4}$/.test(asked) ? toSize(asked) : undefined
  if (size === undefined || !isDrawable(size)) throw invalidImageSize(asked)
  return size
}

/** The SDK's description of gpt-image-2: up to 3840 by 2160, in steps of 16, from 1:3 to 3:1. */
function isDrawable({ width, height }: Size): boolean {
  const longer = Math.max(width, height)
  const shorter = Math.min(width, height)
  if (shorter < 16 || longer > 3_840 || width * height > 3_840 * 2_160) return false
  return width % 16 === 0 && height % 16 === 0 && longer <= 3 * shorter
}

function toSize(text: string): Size {
  const [width = 0, height = 0] = text.split('x').map(Number)
  return { width, height }
}
