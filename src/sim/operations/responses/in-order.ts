/** An object's members in an order that is told. */
import { isObject, type JsonObject } from '../../base/object.ts'

/** Those that are named come first, in the names' order. */
export function inOrder(value: unknown, names: readonly string[]): JsonObject {
  if (!isObject(value)) return {}
  const told: Record<string, unknown> = {}
  for (const name of names) if (name in value) told[name] = value[name]
  return { ...told, ...value }
}
