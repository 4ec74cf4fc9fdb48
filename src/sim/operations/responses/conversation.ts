/** What a request continues: stored responses, items that it names, and reasoning and summaries that it carries. */
import { step, through } from '../../base/slices.ts'
import { invalidType, missingParameter } from '../../errors.ts'
import { isObject } from '../../base/object.ts'
import { conversationNotFound } from '../../errors/conversations.ts'
import {
  encryptedContentNotVerified,
  itemNotFound,
  previousAndConversation,
  previousResponseNotFound,
} from '../../errors/responses.ts'
import { found } from '../../http/validate.ts'
import type { Resource } from '../../operation.ts'
import type { ChatMessage } from '../../measure/prompt-tokens.ts'
import type { ResponsesRequest } from './body.ts'
import { conversationsOf, type KeptConversation } from './conversation-store.ts'
import type { Door } from './doors.ts'
import { type Carried, decrypted, tokensByLength } from './encrypted.ts'
import { refuseId, threadOf } from './ids.ts'
import { type Item, type Known, readInput } from './items.ts'
import { refuseItems, toMessages } from './messages.ts'
import { refuseUnpaired } from './pairs.ts'
import { turnOf } from './record.ts'
import { storedResponses, type StoredResponses } from './store.ts'

export type Conversation = {
  /** What the request adds. */
  readonly own: readonly Item[]
  readonly before: readonly Item[]
  /** The whole conversation as the model reads it. */
  readonly messages: readonly ChatMessage[]
  /** Reasoning of the current turn; the model does not read older reasoning. */
  readonly thoughtTokens: number
  /** The conversation that the request names. */
  readonly conversationId: string | undefined
  /** The digits that the ids of its thread share, if it continues one. */
  readonly thread: string | undefined
}

export function readConversation(request: ResponsesRequest, resource: Resource, door: Door = 'resource'): Conversation {
  const { apiKey, responses } = resource.config
  const stored = resource.shelf(storedResponses)
  const isChecked = responses.checkItems === 'on'
  const read = (content: string) => decrypted(content, apiKey)
  const conversation = conversationOf(request, resource, door)
  const before = conversation?.items ?? step(() => beforeOf(request, stored))
  const own = readInput(request.input, knownOf(request, stored, isChecked ? read : undefined))
  if (own.length === 0 && before.length === 0) throw missingParameter('input')
  through(() => refuseItems(before, own))
  if (isChecked) through(() => refuseUnpaired(before, own, stored))
  const all = [...before, ...own]
  const tokensOf = ({ encrypted_content: content, id = '' }: Item) =>
    typeof content === 'string'
      ? (read(content)?.tokens ?? tokensByLength(content))
      : (stored.responseOf(id)?.thoughtTokens ?? 0)
  return {
    own,
    before,
    messages: through(() => toMessages(request.instructions, all, tokensOf)),
    thoughtTokens: step(() => openThoughts(all).reduce((sum, thought) => sum + tokensOf(thought), 0)),
    conversationId: conversation?.id,
    thread: threadOf(conversation?.id ?? request.previous_response_id ?? '') ?? threadIn(own, read),
  }
}

function conversationOf(
  { conversation: asked, previous_response_id: previousId }: ResponsesRequest,
  resource: Resource,
  door: Door,
): KeptConversation | undefined {
  if (asked === undefined || asked === null) return undefined
  if (previousId) throw previousAndConversation()
  const id = isObject(asked) ? asked['id'] : asked
  if (typeof id !== 'string') throw invalidType('conversation', 'one of a string or object', found(id))
  const conversation = conversationsOf(resource).get(id)
  if (!conversation) throw conversationNotFound(id, door)
  return conversation
}

function beforeOf({ previous_response_id: id }: ResponsesRequest, stored: StoredResponses): readonly Item[] {
  if (!id) return []
  refuseId(id, 'resp', 'previous_response_id')
  const previous = stored.get(id)
  if (!previous) throw previousResponseNotFound(id)
  return stored.conversation(previous)
}

/** Without `read` nothing is checked. */
function knownOf(
  { store }: ResponsesRequest,
  stored: StoredResponses,
  read: ((content: string) => Carried | undefined) | undefined,
): Known {
  const notFound = (id: string) => itemNotFound(id, store !== false)
  return {
    named: (id) => {
      const record = stored.responseOf(id)
      const item = record && turnOf(record).find((one) => one.id === id)
      if (item === undefined) throw notFound(id)
      return item
    },
    thought: (id) => {
      if (read && !stored.responseOf(id)) throw notFound(id)
    },
    encrypted: (content) => {
      if (read && !read(content)) throw encryptedContentNotVerified(content)
    },
  }
}

/** Reasoning since the last message that was not the model's: calls and their outputs belong to one turn. */
function openThoughts(items: readonly Item[]): readonly Item[] {
  const start = items.findLastIndex(({ type, role }) => type === 'message' && role !== 'assistant')
  return items.slice(start + 1).filter(({ type }) => type === 'reasoning')
}

/** Reasoning and summaries that a client sends back keep their thread, stored or not (recorded June 2026). */
function threadIn(own: readonly Item[], read: (content: string) => Carried | undefined): string | undefined {
  const item = own.find(({ type }) => type === 'reasoning' || type === 'compaction')
  if (!item) return undefined
  const { id = '', encrypted_content: content } = item
  return threadOf(id) ?? (typeof content === 'string' ? read(content)?.thread : undefined)
}
