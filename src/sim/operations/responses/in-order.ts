/** An object's members in an order that is told. */
import { isObject } from '../../base/object.ts'

type Fields = Readonly<Record<string, unknown>>

/** Those that are named come first, in the names' order. */
export function inOrder(value: unknown, names: readonly string[]): Fields {
  if (!isObject(value)) return {}
  const told: Record<string, unknown> = {}
  for (const name of names) if (name in value) told[name] = value[name]
  return { ...told, ...value }
}
