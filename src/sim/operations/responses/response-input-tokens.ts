import type { Generated, Operation } from '../../operation.ts'
import { readPdfsIn } from '../../measure/pdf.ts'
import { measure, type ResponsesBody } from './ask.ts'
import { prettyJson } from './envelope.ts'
import { responsesFamily } from './family.ts'
import { responsesRoutes } from './routes.ts'
import { noUsage } from '../../base/no-usage.ts'

type Answer = Generated & { readonly inputTokens: number }

/** How many tokens a request would have before it is answered. It uses none itself. */
export const responseInputTokens: Operation<ResponsesBody, Answer> = {
  ...responsesFamily,
  scope: 'deployment',
  name: 'Responses_CountInputTokens',
  path: '/responses/input_tokens',
  routes: responsesRoutes('/input_tokens'),
  readAhead: readPdfsIn,
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
