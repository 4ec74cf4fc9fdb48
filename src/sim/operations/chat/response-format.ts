/** What `response_format` may ask for. */
import { ApiError, invalidRequest, invalidType, missingParameter } from '../../errors.ts'
import { found } from '../../http/validate.ts'
import { isObject } from '../../base/object.ts'
import type { Model } from '../../types.ts'
import { hasPictures } from './back-end.ts'
import type { ChatBody } from './body.ts'
import { formatOf, type JsonFormat, namedSchema, refuseSchema } from '../../answers/json-format.ts'

/** `undefined` for text. */
export const chatJsonFormat = (format: unknown): JsonFormat | undefined =>
  formatOf(format, param, ({ json_schema: wanted }) => {
    const path = `${param}.json_schema`
    if (wanted === undefined || wanted === null) throw missingParameter(path)
    if (!isObject(wanted)) throw invalidType(path, 'an object', found(wanted))
    return namedSchema(wanted, path)
  })

export function refuseResponseFormat(body: ChatBody, model: Model): void {
  if (typeof body.response_format === 'string' && hasPictures(body)) throw unreadableBody()
  const format = chatJsonFormat(body.response_format)
  if (format?.type === 'json_object' && !body.messages.some(namesJson)) {
    const message =
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
    throw invalidRequest(message, 'messages', null)
  }
  if (format) refuseSchema(format, model, param)
}

const param = 'response_format'

/** What pictures pass on their way to the model does not say more (recorded January 2025). */
const unreadableBody = () =>
  new ApiError({
    status: 400,
    origin: 'model',
    layout: 'modelCompact',
    message: '400: There was an error parsing the body',
    type: 'server_error',
    code: null,
  })

function namesJson({ content }: ChatBody['messages'][number]): boolean {
  if (typeof content === 'string') return /json/i.test(content)
  return content?.some(({ text }) => typeof text === 'string' && /json/i.test(text)) ?? false
}
