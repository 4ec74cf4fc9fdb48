/** The conversations that a resource keeps. */
import { type KeptShelf, keptShelf } from '../../base/kept-shelf.ts'
import { conversationNotFound } from '../../errors/conversations.ts'
import type { AnyCall, Resource } from '../../operation.ts'
import { doorOf } from './doors.ts'
import type { KeptItem } from './items.ts'
import { sizeOf } from '../../base/size-of.ts'

export type KeptConversation = {
  readonly id: string
  readonly createdAtSeconds: number
  readonly metadata: Readonly<Record<string, string>>
  readonly items: readonly KeptItem[]
}

/** For `resource.shelf`. Conversations consist of responses and share their bounds. */
export const conversationShelf = keptShelf<KeptConversation>({
  kind: 'conversations',
  ids: /conv_[0-9a-f]{18}[0-9A-Za-z]{32}\b/g,
  bytesOf: (conversation) => 200 + sizeOf(conversation),
  bounds: ({ responses: { maxResponses, maxBytes, lifetimeMs } }) => ({
    maxEntries: maxResponses,
    maxBytes,
    lifetimeMs,
  }),
  // Keeps what either side has added since, and leaves out what either has removed.
  merge: (mine, theirs, since) => {
    const before = new Set(since.value?.items.map(({ id }) => id))
    const [myIds, theirIds] = [mine, theirs].map(({ items }) => new Set(items.map(({ id }) => id)))
    return {
      ...mine,
      items: [
        ...theirs.items.filter(({ id }) => myIds?.has(id) || !before.has(id)),
        ...mine.items.filter(({ id }) => !theirIds?.has(id) && !before.has(id)),
      ],
    }
  },
})

export const conversationsOf = ({ shelf }: Pick<Resource, 'shelf'>): KeptShelf<KeptConversation> =>
  shelf(conversationShelf)

/** The conversation that the path names. Throws 404. */
export function namedConversation(call: AnyCall): KeptConversation {
  const id = call.match.params['conversation'] ?? ''
  const conversation = conversationsOf(call.resource).get(id)
  if (conversation === undefined) throw conversationNotFound(id, doorOf(call))
  return conversation
}

/** Adds items to a conversation, if it still exists. */
export function continueConversation(resource: Resource, id: string, items: readonly KeptItem[]): void {
  const conversations = conversationsOf(resource)
  const conversation = conversations.get(id)
  if (conversation) conversations.put({ ...conversation, items: [...conversation.items, ...items] })
}
