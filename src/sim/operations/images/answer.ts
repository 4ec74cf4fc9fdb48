/** What generations and edits answer with. */
import { step } from '../../base/slices.ts'
import { imageFiltered, imagePromptFiltered } from '../../errors/image.ts'
import { toJpeg } from '../../generators/picture/jpeg.ts'
import { loremText } from '../../generators/text/lorem.ts'
import { type Picture, picture, unfinished } from '../../generators/picture/picture.ts'
import { toPng } from '../../generators/picture/png.ts'
import { mix32 } from '../../random.ts'
import { wholeMs } from '../../timing/schedule.ts'
import type { ContentFilter } from '../../config/config.ts'
import type { Call, Generated, Paced } from '../../operation.ts'
import type { Frame, Latency } from '../../types.ts'
import { createdSeconds } from '../parts/model-fields.ts'
import { judgePicture, judgePrompt } from '../../answers/content-filter.ts'
import { filterResults, dallePromptKeys, fourKeys, imagePromptKeys } from '../../answers/filter-results.ts'
import { imageUrl } from './address.ts'
import { type ImageBody, isGptImage } from './body.ts'
import { imageUsage, outputImageTokens, partialImageTokens } from '../../measure/image-cost.ts'

/** A picture is told by its seed, and made when it is sent. */
export type ImageAnswer = Generated & {
  readonly seeds: readonly number[]
  readonly textTokens: number
  readonly imageTokens: number
  /** The content filter's verdict on prompt and picture, as JSON. */
  readonly promptFilter: string
  readonly imageFilter: string
}

export type ImageSource = {
  /** Stands for all that the pictures are made from. */
  readonly seed: number
  /** Of the pictures among that. */
  readonly imageTokens: number
}

/** Throws where the content filter blocks the prompt or what is drawn from it. */
export function imageAnswer(call: Call<ImageBody>, filter: ContentFilter, source: ImageSource): ImageAnswer {
  const { body, cost } = call
  const keys = isGptImage(call.deployment.model) ? imagePromptKeys : dallePromptKeys
  const verdict = judgePrompt(filter, () => [body.prompt], keys, imagePromptFiltered)
  const seen = judgePicture(filter, body.prompt, fourKeys)
  const imageFilter = filterResults(filter, fourKeys, seen, (category) => fourKeys.keys.includes(category))
  if (seen?.blocked) throw imageFiltered(JSON.parse(imageFilter), revised(call), createdSeconds(call))
  const { size, quality, count, stream, partialImages } = body
  const each = outputImageTokens(size, quality) + (stream ? partialImages * partialImageTokens : 0)
  return {
    usage: { promptTokens: cost.promptTokens + source.imageTokens, completionTokens: each * count },
    units: 1,
    seeds: Array.from({ length: count }, (_, index) => mix32(source.seed + index)),
    textTokens: cost.promptTokens,
    imageTokens: source.imageTokens,
    promptFilter: filterResults(filter, keys, verdict),
    imageFilter,
  }
}

export function wholeImages(call: Call<ImageBody>, answer: ImageAnswer) {
  const data = isGptImage(call.deployment.model) ? gptImages(call, answer) : dalleImages(call, answer)
  return { contentType: 'application/json', data }
}

/** Key order as in the service's documented example; that its filter's verdict comes with each picture is a guess. */
function gptImages(call: Call<ImageBody>, answer: ImageAnswer): string {
  const { body } = call
  const data = answer.seeds.map((seed) => {
    const image = step(() => encoded(body, picture(seed, body.size)))
    return `{"b64_json":"${image}","content_filter_results":${answer.imageFilter},"prompt_filter_results":${answer.promptFilter}}`
  })
  return (
    `{"created":${createdSeconds(call)},"background":"${backgroundOf(body)}","data":[${data.join(',')}],` +
    `"output_format":"${body.format}","quality":"${body.quality}","size":"${sizeText(body)}",` +
    `"usage":${imageUsage(imageUsageOf(answer), call.deployment.model)}}`
  )
}

/** Keys in the order of the alphabet (recorded March 2024 to April 2025); the address names the request. */
function dalleImages(call: Call<ImageBody>, { seeds, promptFilter, imageFilter }: ImageAnswer): string {
  const { body } = call
  const data = seeds.map((seed, index) => {
    const filtered = `"content_filter_results":${imageFilter},"prompt_filter_results":${promptFilter}`
    const prompt = `"revised_prompt":${JSON.stringify(revised(call))}`
    return body.isUrl
      ? `{${filtered},${prompt},"url":${JSON.stringify(imageUrl(call, { seed, size: body.size, id: call.requestId, index }))}}`
      : `{"b64_json":"${step(() => encoded(body, picture(seed, body.size)))}",${filtered},${prompt}}`
  })
  return `{"created":${createdSeconds(call)},"data":[${data.join(',')}]}`
}

/** The model draws from a prompt of its own, longer than the one that it is given. */
const revised = ({ body, random }: Call<ImageBody>): string =>
  `A ${body.style === 'vivid' ? 'vivid and dramatic' : 'natural and calm'} picture of the following: ` +
  `${body.prompt.trim()}. ${loremText(revisedTokens, random)}`
const revisedTokens = 24

/** First what is made of the pictures so far, at even times, then each picture. */
export function streamedImages(event: 'image_generation' | 'image_edit') {
  return (call: Call<ImageBody>, answer: ImageAnswer, latency: Latency): Paced => ({
    contentType: 'text/event-stream; charset=utf-8',
    frames: imageFrames(event, call, answer, wholeMs(latency, answer.units, call.timing)),
  })
}

function* imageFrames(event: string, call: Call<ImageBody>, answer: ImageAnswer, lastMs: number): Generator<Frame> {
  const { body, receivedAtMs, deployment } = call
  const steps = body.partialImages + 1
  const frame = (step: number, type: string, image: Picture, rest: string): Frame => {
    const atMs = (lastMs * step) / steps
    const head =
      `{"type":"${type}","b64_json":"${encoded(body, image)}","created_at":${Math.floor((receivedAtMs + atMs) / 1000)},` +
      `"size":"${sizeText(body)}","quality":"${body.quality}","background":"${backgroundOf(body)}",` +
      `"output_format":"${body.format}"`
    return { atMs, data: `event: ${type}\ndata: ${head},${rest}}\n\n` }
  }
  for (let step = 1; step < steps; step++)
    for (const seed of answer.seeds) {
      const image = unfinished(picture(seed, body.size), step / steps)
      yield frame(step, `${event}.partial_image`, image, `"partial_image_index":${step - 1}`)
    }
  const usage = imageUsage(imageUsageOf(answer), deployment.model)
  for (const seed of answer.seeds)
    yield frame(steps, `${event}.completed`, picture(seed, body.size), `"usage":${usage}`)
}

const imageUsageOf = ({ textTokens, imageTokens, usage }: ImageAnswer) => ({
  textTokens,
  imageTokens,
  outputTokens: usage.completionTokens,
})

const encoded = ({ format, compression, isTransparent }: ImageBody, image: Picture): string =>
  (format === 'png' ? toPng(image, isTransparent) : toJpeg(image, compression)).toString('base64')

const sizeText = ({ size: { width, height } }: ImageBody) => `${width}x${height}`
const backgroundOf = ({ isTransparent }: ImageBody) => (isTransparent ? 'transparent' : 'opaque')
