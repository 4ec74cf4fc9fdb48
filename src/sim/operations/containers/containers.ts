/** Containers and their files (as in Azure's description of v1; ids and content recorded February 2026). */
import * as z from 'zod'
import { parseForm } from '../../base/form.ts'
import { contentTooLarge, missingParameter } from '../../errors.ts'
import { fileNotFound, notKept, notNow } from '../../errors/stored.ts'
import { integer, later } from '../../http/validate.ts'
import { attachment } from '../../kept/attachment.ts'
import {
  type Container,
  type ContainerFile,
  containers,
  copyFile,
  isRunning,
  makeContainer,
  putFile,
} from '../../kept/containers.ts'
import { storedFiles, toSeconds } from '../../kept/stored-files.ts'
import type { AnyCall, ResourceOperation } from '../../operation.ts'
import { anything, optional } from '../parts/body-fields.ts'
import { bodyOf } from '../parts/json-body.ts'
import { listOf, type PageBounds, pageOf } from '../parts/page.ts'
import { jsonPlan, keptPlan } from '../parts/whole-plan.ts'

const backEnd = 'vectorStores'
const shared = { scope: 'resource', backEnd: 'vectorStores', keeps: [containers, storedFiles] } as const

const bounds: PageBounds = { usual: 20, max: 100 }
const plan = (body: object) => jsonPlan(body, { backEnd })

const creating = later(() =>
  z.strictObject({
    name: z.string(),
    expires_after: optional(z.strictObject({ anchor: z.enum(['last_active_at']), minutes: integer(1, 20) })),
    file_ids: optional(z.array(z.string()).max(50)),
    memory_limit: optional(z.enum(['1g', '4g', '16g', '64g'])),
    network_policy: anything,
    skills: anything,
  }),
)

export const containerCreate: ResourceOperation = {
  ...shared,
  name: 'Containers_Create',
  accepts: { json: creating },
  method: 'POST',
  path: '/containers',
  answer: (call) => {
    const { resource } = call
    const given = bodyOf(creating(), call)
    const { name, expires_after: expires, file_ids: ids, memory_limit: memory } = given
    const made = makeContainer(resource, {
      name,
      ...(expires && { expiresAfterMinutes: expires.minutes }),
      ...(memory && { memoryLimit: memory }),
      networkPolicy: given.network_policy,
    })
    for (const id of ids ?? []) if (!copyFile(resource, made, id)) throw fileNotFound(id)
    return plan(told(call)(made))
  },
}

export const containerList: ResourceOperation = {
  ...shared,
  name: 'Containers_List',
  lists: [containers],
  method: 'GET',
  path: '/containers',
  answer: (call) => {
    const { query } = call.wire.target
    const name = query.get('name')
    const all = call.resource.shelf(containers).all()
    const wanted = name === null ? all : all.filter((container) => container.name === name)
    return plan(listOf(pageOf(wanted, query, bounds), told(call)))
  },
}

export const containerGet: ResourceOperation = {
  ...shared,
  name: 'Containers_Get',
  method: 'GET',
  path: '/containers/{container}',
  answer: (call) => plan(told(call)(named(call))),
}

export const containerDelete: ResourceOperation = {
  ...shared,
  name: 'Containers_Delete',
  method: 'DELETE',
  path: '/containers/{container}',
  answer: (call) => {
    const { id } = named(call)
    call.resource.shelf(containers).delete(id)
    return plan({ id, object: 'container.deleted', deleted: true })
  },
}

const copying = later(() => z.strictObject({ file_id: z.string() }))

export const containerFileCreate: ResourceOperation = {
  ...shared,
  name: 'ContainerFiles_Create',
  accepts: { json: copying, form: () => z.object({ file: z.file() }) },
  method: 'POST',
  path: '/containers/{container}/files',
  answer: async (call) => {
    const { resource, wire } = call
    const container = named(call)
    if (!isRunning(container, resource)) throw notNow('Container is expired.', backEnd)
    const form = wire.contentType.startsWith('multipart/') ? parseForm(wire.bytes, wire.contentType) : undefined
    if (!form) {
      const { file_id: id } = bodyOf(copying(), call)
      const copied = copyFile(resource, container, id)
      if (!copied) throw fileNotFound(id)
      return plan(toldFile(container)(copied))
    }
    const file = form.get('file')
    const id = form.get('file_id')
    if (typeof id === 'string') {
      const copied = copyFile(resource, container, id)
      if (!copied) throw fileNotFound(id)
      return plan(toldFile(container)(copied))
    }
    if (!(file instanceof File)) throw missingParameter('file')
    const { maxBytes } = resource.config.kept
    if (file.size > maxBytes) throw contentTooLarge(maxBytes, file.size)
    const bytes = new Uint8Array(await file.arrayBuffer())
    return plan(toldFile(container)(putFile(resource, container, { name: file.name, bytes, source: 'user' })))
  },
}

export const containerFileList: ResourceOperation = {
  ...shared,
  name: 'ContainerFiles_List',
  method: 'GET',
  path: '/containers/{container}/files',
  answer: (call) => {
    const container = named(call)
    return plan(listOf(pageOf([...container.files.values()], call.wire.target.query, bounds), toldFile(container)))
  },
}

export const containerFileGet: ResourceOperation = {
  ...shared,
  name: 'ContainerFiles_Get',
  method: 'GET',
  path: '/containers/{container}/files/{file}',
  answer: (call) => {
    const { container, file } = namedFile(call)
    return plan(toldFile(container)(file))
  },
}

export const containerFileDelete: ResourceOperation = {
  ...shared,
  name: 'ContainerFiles_Delete',
  method: 'DELETE',
  path: '/containers/{container}/files/{file}',
  answer: (call) => {
    const { container, file } = namedFile(call)
    container.files.delete(file.id)
    call.resource.shelf(containers).put(container)
    return plan({ id: file.id, object: 'container.file.deleted', deleted: true })
  },
}

export const containerFileContent: ResourceOperation = {
  ...shared,
  name: 'ContainerFiles_GetContent',
  method: 'GET',
  path: '/containers/{container}/files/{file}/content',
  answer: (call) => {
    const { file } = namedFile(call)
    const name = file.path.slice('/mnt/data/'.length)
    return keptPlan('', file.bytes, { headers: { 'content-disposition': attachment(name) }, backEnd })
  },
}

const told =
  ({ resource }: AnyCall) =>
  (container: Container): object => ({
    id: container.id,
    object: 'container',
    created_at: toSeconds(container.createdAtMs),
    status: isRunning(container, resource) ? 'running' : 'expired',
    expires_after: { anchor: 'last_active_at', minutes: container.expiresAfterMinutes },
    last_active_at: toSeconds(container.lastActiveAtMs),
    memory_limit: container.memoryLimit,
    name: container.name,
    ...(container.networkPolicy && { network_policy: container.networkPolicy }),
  })

const toldFile =
  ({ id: containerId }: Container) =>
  ({ id, path, bytes, createdAtMs, source }: ContainerFile): object => ({
    id,
    object: 'container.file',
    created_at: toSeconds(createdAtMs),
    bytes: bytes.length,
    container_id: containerId,
    path,
    source,
  })

function named({ match, resource }: AnyCall): Container {
  const id = match.params['container'] ?? ''
  const container = resource.shelf(containers).get(id)
  if (!container) throw notKept('container', id, backEnd)
  return container
}

function namedFile(call: AnyCall): { readonly container: Container; readonly file: ContainerFile } {
  const container = named(call)
  const id = call.match.params['file'] ?? ''
  const file = container.files.get(id)
  if (!file) throw notKept('file', id, backEnd)
  return { container, file }
}
