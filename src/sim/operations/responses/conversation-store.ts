/** The conversations that a resource keeps. */
import { BoundedStore } from '../../base/bounded-store.ts'
import { conversationNotFound } from '../../errors/conversations.ts'
import type { AnyCall, LiveResource, Resource } from '../../operation.ts'
import { doorOf } from './doors.ts'
import type { KeptItem } from './items.ts'
import { sizeOf } from '../../base/size-of.ts'

export type KeptConversation = {
  readonly id: string
  readonly createdAtSeconds: number
  readonly metadata: Readonly<Record<string, string>>
  readonly items: readonly KeptItem[]
}

export type StoredConversations = {
  /** A new one, or another state of one that is there, which is the newest then. */
  readonly put: (conversation: KeptConversation) => void
  readonly get: (id: string) => KeptConversation | undefined
  readonly delete: (id: string) => void
  /** Oldest first. */
  readonly all: () => readonly KeptConversation[]
}

/** For `resource.shelf`. Within the bounds of the responses, which they are made of. */
function storedConversations({ clock, config }: LiveResource): StoredConversations {
  const store = new BoundedStore<KeptConversation>(clock, () => {
    const { maxResponses, maxBytes, lifetimeMs } = config().responses
    return { maxEntries: maxResponses, maxBytes, lifetimeMs }
  })
  return {
    put: (conversation) => store.put(conversation.id, conversation, 200 + sizeOf(conversation)),
    get: (id) => store.get(id),
    delete: (id) => void store.delete(id),
    all: () => store.entries().map(([, conversation]) => conversation),
  }
}

export const conversationsOf = ({ shelf }: Pick<Resource, 'shelf'>): StoredConversations => shelf(storedConversations)

/** The conversation that the path names. Throws 404. */
export function namedConversation(call: AnyCall): KeptConversation {
  const id = call.match.params['conversation'] ?? ''
  const conversation = conversationsOf(call.resource).get(id)
  if (conversation === undefined) throw conversationNotFound(id, doorOf(call))
  return conversation
}

/** What was said last joins it, where it is there still. */
export function continueConversation(resource: Resource, id: string, items: readonly KeptItem[]): void {
  const conversations = conversationsOf(resource)
  const conversation = conversations.get(id)
  if (conversation) conversations.put({ ...conversation, items: [...conversation.items, ...items] })
}
