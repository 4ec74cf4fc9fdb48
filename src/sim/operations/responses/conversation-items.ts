/** Adds, lists, returns and deletes the items of a conversation. */
import * as z from 'zod'
import { invalidBody, missingParameter } from '../../errors.ts'
import { conversationItemNotFound } from '../../errors/conversations.ts'
import { parseJsonObject } from '../../http/body.ts'
import { later, parseBody } from '../../http/validate.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { pageOf } from '../parts/page.ts'
import { conversationShelf, conversationsOf, continueConversation, namedConversation } from './conversation-store.ts'
import { conversationPlan, itemPlan, itemsOf, itemsSent, listPlan, toldItem } from './conversation-told.ts'
import { doorOf } from './doors.ts'
import { conversationIdMaker, threadOf, withId } from './ids.ts'
import type { KeptItem } from './items.ts'
import { conversationsRoutes } from './routes.ts'

const adding = later(() => z.strictObject({ items: itemsSent() }))

const shared = { scope: 'resource', backEnd: 'keptResponses', keeps: [conversationShelf] } as const

export const conversationItemsCreate: ResourceOperation = {
  ...shared,
  name: 'ConversationItems_Create',
  accepts: { json: adding },
  method: 'POST',
  path: '/conversations/{conversation}/items',
  routes: conversationsRoutes('/{conversation}/items'),
  answer: (call) => {
    const { id } = namedConversation(call)
    const json = parseJsonObject(call.wire.bytes)
    if (!json) throw invalidBody()
    const { items } = parseBody(adding(), json)
    if (!items) throw missingParameter('items')
    const newId = conversationIdMaker(call.resource.random, threadOf(id))
    const made = itemsOf(call, items).map((item) => withId(item, newId))
    continueConversation(call.resource, id, made)
    return listPlan(call, { items: made, hasMore: false }, toldItem(doorOf(call)), true)
  },
}

export const conversationItemsList: ResourceOperation = {
  ...shared,
  name: 'ConversationItems_List',
  method: 'GET',
  path: '/conversations/{conversation}/items',
  routes: conversationsRoutes('/{conversation}/items'),
  answer: (call) => {
    const { query } = call.wire.target
    const type = query.get('item_type')
    const { items } = namedConversation(call)
    const asked = type === null ? items : items.filter((item) => item.type === type)
    return listPlan(call, pageOf(asked, query, { usual: 20, max: 100, takesBefore: true }), toldItem(doorOf(call)))
  },
}

export const conversationItemGet: ResourceOperation = {
  ...shared,
  name: 'ConversationItems_Get',
  method: 'GET',
  path: '/conversations/{conversation}/items/{item}',
  routes: conversationsRoutes('/{conversation}/items/{item}'),
  answer: (call) => itemPlan(call, namedItem(call)),
}

export const conversationItemDelete: ResourceOperation = {
  ...shared,
  name: 'ConversationItems_Delete',
  method: 'DELETE',
  path: '/conversations/{conversation}/items/{item}',
  routes: conversationsRoutes('/{conversation}/items/{item}'),
  answer: (call) => {
    const conversation = namedConversation(call)
    const gone = namedItem(call)
    const left = { ...conversation, items: conversation.items.filter((item) => item !== gone) }
    conversationsOf(call.resource).put(left)
    return conversationPlan(call, left)
  },
}

function namedItem(call: AnyCall): KeptItem {
  const id = call.match.params['item'] ?? ''
  const conversation = namedConversation(call)
  const item = conversation.items.find((one) => one.id === id)
  if (!item) throw conversationItemNotFound(id, conversation.id, doorOf(call))
  return item
}
