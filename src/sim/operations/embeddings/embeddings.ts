import * as z from 'zod'
import { isObject } from '../../base/object.ts'
import { textOf } from '../../base/text-of.ts'
import { invalidRequest, promptTooLong, requestTokensExceeded } from '../../errors.ts'
import { embedEach, type Vectors } from '../../generators/vectors.ts'
import { integer, parseBody } from '../../http/validate.ts'
import type { Generated, Operation } from '../../operation.ts'
import type { Surface } from '../../types.ts'
import { type Input, readInputs } from './input.ts'
import { embeddingAnswer } from '../parts/embedding-list.ts'
import { embeddingParameters, modelInput } from '../parts/extra-parameters.ts'
import { refuseDimensions, vectorLength } from '../parts/vector-length.ts'

type Body = {
  readonly inputs: readonly Input[]
  readonly encodingFormat: 'float' | 'base64'
  readonly dimensions: number | undefined
}
type Answer = Generated & { readonly vectors: Vectors }

export const embeddings: Operation<Body, Answer> = {
  scope: 'deployment',
  name: 'Embeddings_Create',
  accepts: { json: () => described() },
  label: 'embeddings',
  method: 'POST',
  path: '/embeddings',
  routes: [
    { surface: 'dated', template: '/openai/deployments/{deployment}/embeddings' },
    { surface: 'v1', template: '/openai/v1/embeddings' },
    { surface: 'inference', template: '/models/embeddings' },
  ],
  modelKind: 'embedding',
  defaultModel: 'text-embedding-3-small',
  latency: 'embeddings',
  backEnd: 'embeddings',
  content: 'json',

  parse: (json, model, origin) => {
    const schema = schemas[origin.surface] ?? Fields
    refuseFormat(json)
    const { input, encoding_format, dimensions } = parseBody(schema, modelInput(json, embeddingParameters, origin))
    return { inputs: readInputs(input, model.encoding), encodingFormat: encoding_format, dimensions }
  },

  measure: ({ inputs }) => ({
    promptTokens: sum(inputs, ({ tokens }) => tokens),
    promptCharacters: sum(inputs, ({ content, tokens }) =>
      typeof content === 'string' ? content.length : tokens * charactersPerToken,
    ),
    maxTokens: 0,
    choices: 1,
    countsTokens: true,
  }),

  check: ({ inputs, dimensions }, { promptTokens }, model) => {
    const { contextWindowTokens } = model
    for (const { tokens } of inputs)
      if (tokens > contextWindowTokens) throw promptTooLong(contextWindowTokens, tokens, 0)
    if (promptTokens > maxRequestTokens) throw requestTokensExceeded(maxRequestTokens, promptTokens)
    refuseDimensions(dimensions, model)
  },

  generate: ({ body, cost, deployment }) => {
    const length = vectorLength(body.dimensions, deployment)
    return {
      usage: { promptTokens: cost.promptTokens, completionTokens: 0 },
      units: 1,
      vectors: embedEach(
        body.inputs.map(({ content }) => content),
        length,
      ),
    }
  },

  whole: ({ body, deployment, cost }, { vectors }) =>
    embeddingAnswer(
      { vectors, model: deployment.model.servedName, promptTokens: cost.promptTokens },
      body.encodingFormat,
    ),
}

/** Quota page, May 2026. */
const maxRequestTokens = 300_000
/** What token ids stand for is not looked up: English has about four characters a token. */
const charactersPerToken = 4

/** `model` is for the router where it is for anyone: the classic surface takes whatever it says. */
const Fields = z.strictObject({
  input: z.unknown().optional(),
  model: z.unknown().optional(),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  dimensions: integer(1).optional(),
  user: z.string().optional(),
})

/** What the input is for changes no vector of ours. */
const InferenceFields = Fields.extend({ input_type: z.enum(['text', 'query', 'document']).optional() })

/** Described as open (2024-10-21), with an `input_type` of any words, which clients of dated versions send. */
const DatedFields = Fields.extend({ input_type: z.string().nullish() }).loose()

const schemas: Partial<Record<Surface, z.ZodType<z.output<typeof Fields>>>> = {
  inference: InferenceFields,
  dated: DatedFields,
}

/** As the description says it: texts or tokens, and what `input` may be is checked one by one. */
const described = () =>
  Fields.extend({
    input: z.union([z.string(), z.array(z.string()), z.array(integer(0)), z.array(z.array(integer(0)))]),
  })

/** In its own words (recorded July 2024 and January 2025 of texts; that it says the same of other values is a guess). */
function refuseFormat(json: unknown): void {
  const format = isObject(json) ? json.encoding_format : undefined
  if (['string', 'number', 'boolean'].includes(typeof format) && format !== 'float' && format !== 'base64')
    throw invalidRequest(
      `Invalid value for 'encoding_format' = ${textOf(format)}. Supported values: ['float', 'base64'].`,
      null,
      null,
    )
}

const sum = (inputs: readonly Input[], of: (input: Input) => number) =>
  inputs.reduce((total, input) => total + of(input), 0)
