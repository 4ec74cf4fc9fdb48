/** What a line of a batch's input file asks for, and what is wrong with one. */
import { parseJsonObject } from '../../http/body.ts'
import { isObject } from '../../base/object.ts'
import type { Line } from '../../kept/lines.ts'

export type Task = {
  readonly customId: string
  readonly url: string
  readonly model: string
  readonly body: Readonly<Record<string, unknown>>
}

/** As a batch's `errors` tell it; `code` is one of those that the service documents. */
export type LineError = {
  readonly code: string
  readonly message: string
  readonly param: string | null
  readonly line: number | null
}

export function readTask({ number, bytes }: Line): Task | LineError {
  const json = parseJsonObject(bytes)
  if (json === undefined)
    return {
      code: 'invalid_json_line',
      message: 'This line is not parseable as valid JSON.',
      param: null,
      line: number,
    }
  const { custom_id: customId, method, url, body } = json
  if (typeof customId !== 'string' || customId === '') return invalid('custom_id', 'a string', number)
  if (method !== 'POST') return invalid('method', "'POST'", number)
  if (typeof url !== 'string' || url === '') return invalid('url', 'a string', number)
  if (!isObject(body)) return invalid('body', 'an object', number)
  const { model } = body
  if (typeof model !== 'string' || model === '') return invalid('body.model', 'the name of a deployment', number)
  return { customId, url, model, body }
}

const invalid = (param: string, expected: string, line: number): LineError => ({
  code: 'invalid_request',
  message: `Invalid value for '${param}': expected ${expected}.`,
  param,
  line,
})

export const isLineError = (read: Task | LineError): read is LineError => 'code' in read

/** The service takes endpoints with and without the version before them. */
export const endpointOf = (url: string) => url.replace(/^(?:\/openai)?(?:\/v1)?(?=\/)/, '')
