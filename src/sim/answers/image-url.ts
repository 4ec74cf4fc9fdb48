/** Whether an address that a prompt gives for a picture leads to one, as far as can be seen without fetching it. */
import { gatewayError, invalidRequest } from '../errors.ts'
import { isPicture } from '../measure/image-size.ts'

/** Throws what the service answers where it does not. The first text is Azure's, quoted by users; the others are upstream's. */
export function refuseImageUrl(url: string): void {
  const [, scheme = ''] = /^([a-z][a-z\d+.-]*):/i.exec(url.slice(0, 32)) ?? []
  if (/^https?$/i.test(scheme)) {
    if (url.length > longestAddress || !URL.canParse(url)) throw invalidImageUrl()
    return
  }
  if (!/^data$/i.test(scheme)) throw invalidImageUrl()
  const comma = url.indexOf(',')
  const [type = '', ...rest] = comma < 0 || comma > longestHead ? [] : url.slice(scheme.length + 1, comma).split(';')
  if (rest.at(-1)?.trim() !== 'base64' || !/^[A-Za-z\d+/=_\s-]+$/.test(url.slice(comma + 1, comma + 1 + looked)))
    throw invalidImageUrl()
  if (!/^image\//i.test(type)) throw wrongImage('Invalid MIME type. Only image types are supported.')
  if (!isPicture(url, comma + 1)) throw wrongImage(unsupported)
}

/** A media type with its parameters is shorter; an address of a picture, signed or not, is too. */
const longestHead = 200
const longestAddress = 16_384
/** Characters that are looked at: the first bytes of a picture say what it is. */
const looked = 256

const unsupported =
  "You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp']."

const invalidImageUrl = () =>
  gatewayError(
    400,
    'BadRequest',
    'Invalid image URL. The URL must be a valid HTTP or HTTPS URL, or a data URL with base64 encoding.',
    { param: null, type: null },
  )

const wrongImage = (message: string) => invalidRequest(message, null, 'invalid_image_format')
