/** Which service answers a chat completion: that depends on what is in it, and on the age of its model. */
import type { BackEndName } from '../../base/back-ends.ts'
import { isRetired } from '../../models/abilities.ts'
import { isNamed } from '../../models/by-name.ts'
import type { Model } from '../../types.ts'
import type { ChatBody } from './body.ts'

export function chatBackEnd(body: ChatBody | undefined, model: Model): BackEndName {
  if (body?.data_sources) return 'ownData'
  if (body && hasPictures(body)) return 'pictures'
  if (isRetired(model)) return model.name.startsWith('gpt-35') ? 'oldestChat' : 'retiredChat'
  return isBefore2025(model) ? 'chatBefore2025' : 'chat'
}

const isBefore2025 = isNamed(/^(?:gpt-4o|o1|o3-mini)/)

export function hasPictures({ messages }: ChatBody): boolean {
  for (const { content } of messages) if (typeof content !== 'string' && holdsPicture(content)) return true
  return false
}

const holdsPicture = (content: ChatBody['messages'][number]['content']): boolean =>
  typeof content === 'object' && content !== null && content.some(({ type }) => type === 'image_url')
