/** How many tokens pictures are, those that go in and those that come out, for models that are paid by them. */
import type { Size } from '../generators/picture/picture.ts'
import { countTokens } from '../models/tokenizer.ts'
import type { Cost, Model } from '../types.ts'
import type { ImageBody } from '../operations/images/body.ts'
import { cells } from './image-tokens.ts'

/**
 * Tokens of one picture: one for each square of so many pixels, and one for the end of each row of them. That gives
 * the published figures of gpt-image-1 for its three sizes; that later models count alike is a guess.
 */
export function outputImageTokens({ width, height }: Size, quality: ImageBody['quality']): number {
  const pixels = squarePixels[quality]
  const rows = cells(height, pixels)
  return cells(width, pixels) * rows + rows
}

const squarePixels = { standard: 16, hd: 16, low: 64, medium: 32, high: 16 } as const

/** Each picture that is sent before the last is this many more (the upstream API's guide to pictures). */
export const partialImageTokens = 100

/** A picture that goes in: squares of 512 pixels after its shorter side became 512 (remembered; so are the figures). */
export function inputImageTokens({ width, height }: Size, fidelity: ImageBody['fidelity']): number {
  const scale = 512 / Math.min(width, height)
  const tiles = cells(width * scale, 512) * cells(height * scale, 512)
  return 65 + 129 * tiles + (fidelity === 'high' ? (width === height ? 4_160 : 6_240) : 0)
}

/** Pictures are limited by requests alone. */
export const imageCost = ({ prompt, count }: ImageBody, { encoding }: Model): Cost => ({
  promptTokens: countTokens(prompt, encoding),
  promptCharacters: prompt.length,
  maxTokens: 0,
  choices: count,
  countsTokens: false,
})

export type ImageUsage = { readonly textTokens: number; readonly imageTokens: number; readonly outputTokens: number }

/** The details of what came out are a guess: answers of the first models, as far as they are known, have none. */
export function imageUsage({ textTokens, imageTokens, outputTokens }: ImageUsage, { name }: Model): string {
  const input = textTokens + imageTokens
  const isFirst = name === 'gpt-image-1' || name === 'gpt-image-1-mini'
  const details = isFirst ? '' : `"output_tokens_details":{"image_tokens":${outputTokens},"text_tokens":0},`
  return (
    `{"input_tokens":${input},"input_tokens_details":{"image_tokens":${imageTokens},"text_tokens":${textTokens}},` +
    `"output_tokens":${outputTokens},${details}"total_tokens":${input + outputTokens}}`
  )
}
