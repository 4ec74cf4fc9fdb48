import * as z from 'zod'
import { embedEach, type Vectors } from '../../generators/vectors.ts'
import { integer, parseBody } from '../../http/validate.ts'
import { countTokens } from '../../models/tokenizer.ts'
import type { Generated, Operation } from '../../operation.ts'
import { embeddingAnswer } from '../parts/embedding-list.ts'
import { embeddingParameters, modelInput } from '../parts/extra-parameters.ts'
import { imageTokens } from '../../measure/image-tokens.ts'
import { refuseDimensions, vectorLength } from '../parts/vector-length.ts'

type Answer = Generated & { readonly vectors: Vectors }

/** Pictures, each with a text where it has one, as vectors. */
export const imageEmbeddings: Operation<Body, Answer> = {
  scope: 'deployment',
  name: 'ImageEmbeddings_Create',
  accepts: { json: () => Body },
  label: 'imageEmbeddings',
  method: 'POST',
  path: '/images/embeddings',
  routes: [{ surface: 'inference', template: '/models/images/embeddings' }],
  modelKind: 'embedding',
  defaultModel: 'embed-v-4-0',
  latency: 'embeddings',
  content: 'json',

  parse: (json, _, origin) => parseBody(Body, modelInput(json, embeddingParameters, origin)),

  measure: ({ input }, model) => ({
    promptTokens: input.reduce(
      (sum, { image, text }) =>
        sum + imageTokens({ url: image, detail: 'low' }, model) + countTokens(text ?? '', model.encoding),
      0,
    ),
    promptCharacters: input.reduce((sum, { text }) => sum + (text?.length ?? 0), 0),
    maxTokens: 0,
    choices: 1,
    countsTokens: true,
  }),

  check: ({ dimensions }, _, model) => refuseDimensions(dimensions, model),

  generate: ({ body, cost, deployment }) => ({
    usage: { promptTokens: cost.promptTokens, completionTokens: 0 },
    units: 1,
    // The same picture with the same text is the same vector.
    vectors: embedEach(
      body.input.map(({ image, text }) => `${image}\n${text ?? ''}`),
      vectorLength(body.dimensions, deployment),
    ),
  }),

  whole: ({ body, deployment, cost }, { vectors }) =>
    embeddingAnswer(
      { vectors, model: deployment.model.servedName, promptTokens: cost.promptTokens },
      body.encoding_format,
    ),
}

/** As many as texts may be. */
const maxInputs = 2048

const Body = z.strictObject({
  model: z.unknown().optional(),
  input: z
    .array(
      z.object({
        image: z.string().regex(/^data:image\/[\w.+-]+;base64,/, { error: 'not a data URL of a picture' }),
        text: z.string().optional(),
      }),
    )
    .min(1)
    .max(maxInputs),
  dimensions: integer(1).optional(),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  input_type: z.enum(['text', 'query', 'document']).optional(),
})
type Body = z.output<typeof Body>
