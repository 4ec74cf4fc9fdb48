/** Where the service's tools run what they run, and whether they have done so since somebody last asked. */
import { isObject } from '../../base/object.ts'
import { containers, copyFile, makeContainer } from '../../kept/containers.ts'
import type { Resource } from '../../operation.ts'
import type { Item } from './items.ts'

/** The one that is named, or a new one with the files that may be used there. */
export function containerOf(container: unknown, resource: Resource): string {
  if (typeof container === 'string') {
    const known = resource.shelf(containers).get(container)
    if (known) known.lastActiveAtMs = resource.clock.now()
    resource.shelf(containers).changed(container)
    return container
  }
  const given = isObject(container) ? container : {}
  const memory = given['memory_limit']
  const made = makeContainer(resource, {
    ...(typeof memory === 'string' && { memoryLimit: memory }),
    networkPolicy: given['network_policy'],
  })
  const { file_ids: files } = given
  for (const id of Array.isArray(files) ? files.slice(0, maxFiles) : [])
    if (typeof id === 'string') copyFile(resource, made, id)
  return made.id
}

const maxFiles = 50

/** Whoever asked is told what came of it, not asked to do it again. */
export const isDoneInTurn = (items: readonly Item[], type: string): boolean =>
  items.slice(items.findLastIndex(({ role }) => role === 'user') + 1).some((item) => item.type === type)
