/** Containers in which tools run, and what they have done in the current turn. */
import { isObject } from '../../base/object.ts'
import { containers, copyFile, makeContainer } from '../../kept/containers.ts'
import type { Resource } from '../../operation.ts'
import type { Item } from './items.ts'

/** The named container, or a new one with its files. */
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

/** The items since the user's last message. */
export const itemsOfTurn = (items: readonly Item[]): readonly Item[] =>
  items.slice(items.findLastIndex(({ role }) => role === 'user') + 1)

/** A tool is used once in a turn; after that the model answers in text. */
export const isDoneInTurn = (items: readonly Item[], type: string): boolean =>
  itemsOfTurn(items).some((item) => item.type === type)
