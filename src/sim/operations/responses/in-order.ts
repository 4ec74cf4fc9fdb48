/** Sorts the members of an object. */
import { isObject, type JsonObject } from '../../base/object.ts'

/** The named members come first, in the order of `names`. */
export function inOrder(value: unknown, names: readonly string[]): JsonObject {
  if (!isObject(value)) return {}
  const told: Record<string, unknown> = {}
  for (const name of names) if (name in value) told[name] = value[name]
  return { ...told, ...value }
}
