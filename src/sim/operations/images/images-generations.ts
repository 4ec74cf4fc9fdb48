import { lookAhead } from '../../answers/content-filter.ts'
import type { Operation } from '../../operation.ts'
import { hashText32 } from '../../random.ts'
import { type ImageAnswer, imageAnswer, streamedImages, wholeImages } from './answer.ts'
import { type ImageBody, isGptImage, parseGeneration, generationFields } from './body.ts'
import { imageCost } from '../../measure/image-cost.ts'

/** Pictures from a prompt: the same prompt gives the same ones. */
export const imagesGenerations: Operation<ImageBody, ImageAnswer> = {
  scope: 'deployment',
  name: 'ImageGenerations_Create',
  accepts: { json: generationFields },
  label: 'imageGenerations',
  method: 'POST',
  path: '/images/generations',
  modelKind: 'image',
  defaultModel: 'gpt-image-1',
  latency: 'images',
  content: 'json',
  parse: parseGeneration,
  measure: imageCost,
  lookAhead: ({ prompt }, { contentFilter }) => {
    lookAhead(contentFilter, () => [prompt])
  },
  backEndOf: (_, model) => (isGptImage(model) ? 'model' : 'dalle'),
  isStream: ({ stream }) => stream,
  generate: (call, { contentFilter }) =>
    imageAnswer(call, contentFilter, { seed: hashText32(call.body.prompt), imageTokens: 0 }),
  whole: wholeImages,
  paced: streamedImages('image_generation'),
}
