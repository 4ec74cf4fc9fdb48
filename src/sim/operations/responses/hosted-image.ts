import { toJpeg } from '../../generators/picture/jpeg.ts'
import { loremText } from '../../generators/text/lorem.ts'
import { type Picture, picture, type Size, unfinished } from '../../generators/picture/picture.ts'
import { toPng } from '../../generators/picture/png.ts'
import { outputImageTokens } from '../../measure/image-cost.ts'
import type { HostedCall, ToolUse } from './hosted-item.ts'
import { added, done, type OutputItem, type EventPiece } from './output-item.ts'

/** A picture. It is kept as a seed and drawn each time that it is sent (recorded November and December 2025). */
export function imageGeneration({ tool, question, newId, random }: ToolUse): HostedCall {
  const id = newId('ig')
  const size = sizeOf(tool['size'])
  const asked = tool['quality']
  const quality = asked === 'low' || asked === 'medium' || asked === 'high' ? asked : 'medium'
  const isTransparent = tool['background'] === 'transparent'
  const format = tool['output_format'] === 'jpeg' ? 'jpeg' : 'png'
  const background = isTransparent ? 'transparent' : 'opaque'
  const sizeText = `${size.width}x${size.height}`
  const whole = picture(random.uint32(), size)
  const revised = `${question.slice(0, 400)} ${loremText(16, random)}`.trim()
  const encode = (image: Picture) =>
    (format === 'png' ? toPng(image, isTransparent) : toJpeg(image, 90)).toString('base64')
  const json = () => ({
    id,
    type: 'image_generation_call',
    status: 'completed',
    action: 'generate',
    background,
    output_format: format,
    quality,
    result: encode(whole),
    revised_prompt: revised,
    size: sizeText,
  })
  // One was recorded although, by its answer, the request asked for none.
  const partial = typeof tool['partial_images'] === 'number' ? Math.min(3, Math.max(0, tool['partial_images'])) : 1
  /** It is a guess that a picture takes as long as its tokens. They are billed separately from the text's. */
  const waitTokens = outputImageTokens(size, quality)
  const item: OutputItem = {
    id,
    json,
    *events(place) {
      const at = `,"output_index":${place.index},"item_id":"${id}"`
      const event = (step: string, tokens = 0, rest = ''): EventPiece => ({
        tokens,
        type: `response.image_generation_call.${step}`,
        rest: at + rest,
      })
      yield added({ id, type: 'image_generation_call', status: 'in_progress' }, place)
      yield event('in_progress')
      yield event('generating')
      const share = Math.floor(waitTokens / (partial + 1))
      for (let index = 0; index < partial; index++) {
        const image = encode(unfinished(whole, (index + 1) / (partial + 1)))
        const shown = { size: sizeText, quality, background, output_format: format }
        const rest = `,"partial_image_index":${index},"partial_image_b64":"${image}",${JSON.stringify(shown).slice(1, -1)}`
        yield event('partial_image', share, rest)
      }
      yield done(json(), place, waitTokens - share * partial)
    },
  }
  return { item, writtenTokens: 0, waitTokens }
}

const usual: Size = { width: 1024, height: 1024 }
const maxPixels = 3840

function sizeOf(asked: unknown): Size {
  const [, width, height] = (typeof asked === 'string' && /^(\d{2,4})x(\d{2,4})$/.exec(asked)) || []
  const size = { width: Number(width), height: Number(height) }
  return size.width > 0 && size.height > 0 && size.width <= maxPixels && size.height <= maxPixels ? size : usual
}
