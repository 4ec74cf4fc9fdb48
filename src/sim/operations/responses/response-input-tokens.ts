import * as z from 'zod'
import { isObject } from '../../base/object.ts'
import { unknownResponsesParameter } from '../../errors/responses.ts'
import { later, parseBody } from '../../http/validate.ts'
import type { Generated, Operation } from '../../operation.ts'
import { readPdfsIn } from '../../measure/pdf.ts'
import { measure, readBody, type ResponsesBody } from './ask.ts'
import { request } from './body.ts'
import { prettyJson } from './envelope.ts'
import { responsesFamily } from './family.ts'
import { responsesRoutes } from './routes.ts'
import { optional } from '../parts/body-fields.ts'
import { noUsage } from '../../base/no-usage.ts'

type Answer = Generated & { readonly inputTokens: number }

/** Only this endpoint has `personality`, a preset for the model's style. As far as is known it costs no tokens. */
const style = later(() => z.strictObject({ personality: optional(z.string().max(64)) }))
const countable = later(() => request().extend(style().shape))

/** Counts the input tokens of a request. Counting itself uses none. */
export const responseInputTokens: Operation<ResponsesBody, Answer> = {
  ...responsesFamily,
  scope: 'deployment',
  name: 'Responses_CountInputTokens',
  path: '/responses/input_tokens',
  routes: responsesRoutes('/input_tokens'),
  readAhead: readPdfsIn,
  accepts: { json: countable },
  parse(input, _model, origin) {
    if (!isObject(input) || input['personality'] === undefined) return readBody(input, origin)
    const { personality, ...rest } = input
    parseBody(style(), { personality }, unknownResponsesParameter)
    return readBody(rest, origin)
  },
  measure: (body) => ({
    promptTokens: 0,
    promptCharacters: body.promptCharacters,
    maxTokens: undefined,
    choices: 1,
    countsTokens: false,
  }),
  isSliced: true,
  generate: ({ body, deployment }) => ({
    inputTokens: measure(body, deployment.model).promptTokens,
    usage: noUsage,
    units: 0,
  }),
  whole: (_call, { inputTokens }) => ({
    contentType: 'application/json',
    data: prettyJson({ object: 'response.input_tokens', input_tokens: inputTokens }),
  }),
}
