/** Which service answers a chat completion: that depends on what is in it, and on the age of its model. */
import type { BackEndName } from '../../base/back-ends.ts'
import { isRetired } from '../../models/abilities.ts'
import type { Model } from '../../types.ts'
import type { ChatBody } from './body.ts'

export function chatBackEnd(body: ChatBody | undefined, model: Model): BackEndName {
  if (body?.data_sources) return 'ownData'
  if (body && hasPictures(body)) return 'pictures'
  if (isRetired(model)) return model.name.startsWith('gpt-35') ? 'oldestChat' : 'retiredChat'
  return /^(?:gpt-4o|o1|o3-mini)/.test(model.name) ? 'chatBefore2025' : 'chat'
}

export const hasPictures = ({ messages }: ChatBody): boolean => messages.some(({ content }) => holdsPicture(content))

const holdsPicture = (content: ChatBody['messages'][number]['content']): boolean =>
  typeof content === 'object' && content !== null && content.some(({ type }) => type === 'image_url')
