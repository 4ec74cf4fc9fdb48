/** Which service answers a chat completion: that depends on what is in it, and on the age of its model. */
import type { BackEndName } from '../../base/back-ends.ts'
import type { Model } from '../../types.ts'
import type { ChatBody } from './body.ts'

export function chatBackEnd(body: ChatBody | undefined, { name }: Model): BackEndName {
  if (body?.data_sources) return 'ownData'
  if (body && hasPictures(body)) return 'pictures'
  if (isRetired(name)) return 'retiredChat'
  return /^(?:gpt-4o|o1|o3-mini)/.test(name) ? 'chatBefore2025' : 'chat'
}

const hasPictures = ({ messages }: ChatBody): boolean => messages.some(({ content }) => holdsPicture(content))

const holdsPicture = (content: ChatBody['messages'][number]['content']): boolean =>
  typeof content === 'object' && content !== null && content.some(({ type }) => type === 'image_url')

const isRetired = (name: string): boolean => /^gpt-(?:35|4(?:-|$))/.test(name)
