/** What is wrong with pictures and with what asks for them. */
import { ApiError, invalidRequest } from '../errors.ts'

/** Text as the upstream API has it. */
export const oneImageOnly = () => invalidRequest('You must provide n=1 for this model.', 'n', 'invalid_value')

/** The rules are those of the SDK's description of `gpt-image-2`; the text is a guess. */
export const invalidImageSize = (size: string) =>
  invalidRequest(
    `Invalid size '${size}'. Width and height must both be divisible by 16, no edge longer than 3840 pixels, no more than 3840x2160 pixels in all, and the aspect ratio between 1:3 and 3:1.`,
    'size',
    'invalid_value',
  )

/** A model or a format that knows no transparency; the texts are guesses. */
export const noTransparentBackground = (what: string) =>
  invalidRequest(`Transparent background is not supported for ${what}.`, 'background', 'invalid_value')

/** Text as the upstream API has it. */
export const compressionNotSupported = () =>
  invalidRequest(
    'Compression less than 100 is not supported for PNG output format',
    'output_compression',
    'invalid_png_output_compression',
  )

/** A file that is no picture, by its place among the pictures, from 1 on. Text as the upstream API has it. */
export const invalidImageFile = (place: number) =>
  invalidRequest(
    `Invalid image file or mode for image ${place}, please check your image file.`,
    'image',
    'invalid_image_file',
  )

/** The rule is in the SDK's description; the text is a guess. */
export const maskDoesNotFit = () =>
  invalidRequest('Invalid mask image: it must be a PNG file of the same size as the image.', 'mask', 'invalid_mask')

/** A prompt that the content filter blocks, as the API of pictures says it (documented). */
export const imagePromptFiltered = (results: unknown) =>
  new ApiError({
    status: 400,
    origin: 'model',
    layout: 'picture',
    code: 'content_policy_violation',
    message:
      'Your request was rejected as a result of our safety system. Your prompt may contain text that is not allowed by our safety system.',
    param: 'prompt',
    inner: { inner_error: { code: 'ResponsibleAIPolicyViolation', content_filter_results: results } },
  })

/**
 * A picture that the content filter blocks once it is drawn: code, message and `created` as documented with DALL-E 3,
 * the rest as with a prompt.
 */
export const imageFiltered = (results: unknown, revisedPrompt: string, createdSeconds: number) =>
  new ApiError({
    status: 400,
    origin: 'model',
    layout: 'drawnPicture',
    code: 'contentFilter',
    message: 'Generated image was filtered as a result of our safety system.',
    inner: {
      created: createdSeconds,
      inner_error: {
        code: 'ResponsibleAIPolicyViolation',
        content_filter_results: results,
        revised_prompt: revisedPrompt,
      },
    },
  })
