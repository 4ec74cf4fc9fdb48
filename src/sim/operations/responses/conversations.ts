/** Creates, changes, lists and deletes conversations (recorded November 2025 to April 2026; a resource's are documented). */
import * as z from 'zod'
import { invalidBody, resourceNotFound } from '../../errors.ts'
import { parseJsonObject } from '../../http/body.ts'
import { later, parseBody } from '../../http/validate.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { optional, refuseManyPairs, refuseMetadata } from '../parts/body-fields.ts'
import { pageOf } from '../parts/page.ts'
import { conversationIdMaker, threadOf, withId } from './ids.ts'
import { conversationPlan, itemsOf, itemsSent, listPlan, toldConversation } from './conversation-told.ts'
import { conversationShelf, conversationsOf, type KeptConversation, namedConversation } from './conversation-store.ts'
import { doorOf, isOfProject } from './doors.ts'
import { conversationsRoutes } from './routes.ts'

const metadata = () => optional(z.record(z.string(), z.string().max(512)))
const creating = later(() => z.strictObject({ metadata: metadata(), items: itemsSent() }))
const changing = later(() => z.strictObject({ metadata: metadata() }))

const shared = { scope: 'resource', backEnd: 'keptResponses', keeps: [conversationShelf] } as const

export const conversationCreate: ResourceOperation = {
  ...shared,
  name: 'Conversations_Create',
  accepts: { json: creating },
  method: 'POST',
  path: '/conversations',
  routes: conversationsRoutes(),
  answer: (call) => {
    refuseManyPairs(bodyOf(call))
    const asked = parseBody(creating(), bodyOf(call))
    refuseMetadata(asked.metadata)
    const id = conversationIdMaker(call.resource.random)('conv')
    const newId = conversationIdMaker(call.resource.random, threadOf(id))
    const made: KeptConversation = {
      id,
      createdAtSeconds: Math.floor(call.receivedAtMs / 1000),
      metadata: asked.metadata ?? {},
      items: itemsOf(call, asked.items).map((item) => withId(item, newId)),
    }
    conversationsOf(call.resource).put(made)
    return conversationPlan(call, made)
  },
}

/** Only projects have it. */
export const conversationList: ResourceOperation = {
  ...shared,
  name: 'Conversations_List',
  lists: [conversationShelf],
  method: 'GET',
  path: '/conversations',
  routes: conversationsRoutes(),
  answer: (call) => {
    const door = doorOf(call)
    if (!isOfProject(door)) throw resourceNotFound()
    const all = conversationsOf(call.resource)
      .all()
      .toSorted((a, b) => a.createdAtSeconds - b.createdAtSeconds)
    return listPlan(call, pageOf(all, call.wire.target.query, bounds), (one) => toldConversation(door, one))
  },
}

/** After one that does not exist any more the list is empty (recorded November 2025). */
const bounds = { usual: 20, max: 100, isEmptyAfterUnknown: true } as const

export const conversationGet: ResourceOperation = {
  ...shared,
  name: 'Conversations_Get',
  method: 'GET',
  path: '/conversations/{conversation}',
  routes: conversationsRoutes('/{conversation}'),
  answer: (call) => conversationPlan(call, namedConversation(call)),
}

export const conversationUpdate: ResourceOperation = {
  ...shared,
  name: 'Conversations_Update',
  accepts: { json: changing },
  method: 'POST',
  path: '/conversations/{conversation}',
  routes: conversationsRoutes('/{conversation}'),
  answer: (call) => {
    const conversation = namedConversation(call)
    const asked = parseBody(changing(), bodyOf(call))
    refuseMetadata(asked.metadata)
    const changed = { ...conversation, metadata: asked.metadata ?? {} }
    conversationsOf(call.resource).put(changed)
    return conversationPlan(call, changed)
  },
}

export const conversationDelete: ResourceOperation = {
  ...shared,
  name: 'Conversations_Delete',
  method: 'DELETE',
  path: '/conversations/{conversation}',
  routes: conversationsRoutes('/{conversation}'),
  answer: (call) => {
    const { id } = namedConversation(call)
    conversationsOf(call.resource).delete(id)
    return conversationPlan(call, { object: 'conversation.deleted', deleted: true, id })
  },
}

/** A conversation can be created without a body. */
function bodyOf({ wire }: AnyCall): object {
  if (wire.bytes.length === 0) return {}
  const json = parseJsonObject(wire.bytes)
  if (!json) throw invalidBody()
  return json
}
