/** Chat completions that are kept: to list, read, change and delete. Shapes as the upstream API's reference has them. */
import * as z from 'zod'
import { isObject } from '../../base/object.ts'
import { invalidBody } from '../../errors.ts'
import { chatNotFound } from '../../errors/stored.ts'
import { parseJsonObject } from '../../http/body.ts'
import { later, parseBody } from '../../http/validate.ts'
import type { AnyCall, ResourceOperation, Route } from '../../operation.ts'
import { refuseMetadata } from '../parts/body-fields.ts'
import { listOf, pageOf } from '../parts/page.ts'
import { jsonPlan } from '../parts/whole-plan.ts'
import { type StoredChat, storedChats } from './keep.ts'

const since = { version: '2024-10-01-preview' }
/** On v1, and dated, where clients look for them below a deployment, too. */
const routes = (path: '' | `/${string}` = ''): readonly Route[] => [
  { surface: 'v1', template: `/openai/v1/chat/completions${path}` },
  { surface: 'dated', since, template: `/openai/chat/completions${path}` },
  { surface: 'dated', since, template: `/openai/deployments/{deployment}/chat/completions${path}` },
]
const shared = { scope: 'resource', backEnd: 'keptResponses', keeps: [storedChats] } as const
const chatsOf = ({ resource }: AnyCall) => resource.shelf(storedChats)
const told = ({ told, metadata }: StoredChat) => {
  const { choices, response_format, ...rest } = told
  return { ...rest, metadata, choices, response_format }
}

export const storedChatList: ResourceOperation = {
  ...shared,
  name: 'StoredChatCompletions_List',
  lists: [storedChats],
  method: 'GET',
  path: '/chat/completions',
  routes: routes(),
  answer: (call) => {
    const { query } = call.wire.target
    const model = query.get('model')
    const wanted = metadataIn(query)
    const asked = chatsOf(call)
      .all()
      .filter((chat) => model === null || model === chat.model || model === chat.deployment)
      .filter(({ metadata }) => wanted.every(([key, value]) => metadata[key] === value))
    return jsonPlan(listOf(pageOf(asked, query, bounds), told))
  },
}

const bounds = { usual: 20, max: 100, usualOrder: 'asc' } as const

/** As `metadata[key]=value`, which is how the SDKs write it. */
const metadataIn = (query: URLSearchParams): readonly (readonly [string, string])[] =>
  [...query].flatMap(([name, value]) => {
    const key = /^metadata\[(.+)\]$/.exec(name)?.[1]
    return key === undefined ? [] : [[key, value] as const]
  })

export const storedChatGet: ResourceOperation = {
  ...shared,
  name: 'StoredChatCompletions_Get',
  method: 'GET',
  path: '/chat/completions/{completion}',
  routes: routes('/{completion}'),
  answer: (call) => jsonPlan(told(named(call))),
}

const changing = later(() => z.strictObject({ metadata: z.record(z.string(), z.string().max(512)).nullable() }))

export const storedChatUpdate: ResourceOperation = {
  ...shared,
  name: 'StoredChatCompletions_Update',
  accepts: { json: changing },
  method: 'POST',
  path: '/chat/completions/{completion}',
  routes: routes('/{completion}'),
  answer: (call) => {
    const chat = named(call)
    const json = parseJsonObject(call.wire.bytes)
    if (!json) throw invalidBody()
    const { metadata } = parseBody(changing(), json)
    refuseMetadata(metadata)
    const changed = { ...chat, metadata: metadata ?? {} }
    chatsOf(call).put(changed)
    return jsonPlan(told(changed))
  },
}

export const storedChatDelete: ResourceOperation = {
  ...shared,
  name: 'StoredChatCompletions_Delete',
  method: 'DELETE',
  path: '/chat/completions/{completion}',
  routes: routes('/{completion}'),
  answer: (call) => {
    const { id } = named(call)
    chatsOf(call).delete(id)
    return jsonPlan({ object: 'chat.completion.deleted', id, deleted: true })
  },
}

export const storedChatMessages: ResourceOperation = {
  ...shared,
  name: 'StoredChatCompletions_ListMessages',
  method: 'GET',
  path: '/chat/completions/{completion}/messages',
  routes: routes('/{completion}/messages'),
  answer: (call) => {
    const { id, messages } = named(call)
    const all = messages.map((message, index) => ({ id: `${id}-${index}`, message }))
    return jsonPlan(listOf(pageOf(all, call.wire.target.query, bounds), toldMessage))
  },
}

type KeptMessage = { readonly id: string; readonly message: StoredChat['messages'][number] }

/** Parts of texts and pictures stand apart from a text. */
const toldMessage = ({ id, message: { content, role, name, ...rest } }: KeptMessage) => ({
  id,
  role,
  content: typeof content === 'string' ? content : null,
  name: name ?? null,
  content_parts: Array.isArray(content) ? content.filter(isObject) : null,
  ...rest,
})

function named(call: AnyCall): StoredChat {
  const id = call.match.params['completion'] ?? ''
  const chat = chatsOf(call).get(id)
  if (!chat) throw chatNotFound(id)
  return chat
}
