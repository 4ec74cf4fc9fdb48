/** Types of TypeScript that an answer has to have, as TypeChat and others write them: the one that is named, else the last. */
import type { Block } from './blocks.ts'
import { exampleSchema } from './example.ts'
import type { FoundForm } from './found.ts'

const maxDepth = 6
const declared = /\b(?:interface\s+(\w{1,60})(?:\s+extends\s+[\w, ]{1,100})?|type\s+(\w{1,60})\s*=)\s*$/
const asks =
  /\b(?:json|answer|respond|reply|return|output)\b[^.]{0,200}\b(?:TypeScript|types?|interfaces?)\b|\b(?:TypeScript|types?|interfaces?)\b[^.]{0,200}\bjson\b/i

export function interfacesForm(blocks: readonly Block[], text: string): FoundForm[] {
  const types = new Map<string, Block>()
  for (const block of blocks) {
    const [, named, aliased] = declared.exec(text.slice(Math.max(0, block.at - 200), block.at)) ?? []
    const name = named ?? aliased
    if (name !== undefined) types.set(name, block)
  }
  const first = [...types.values()][0]
  if (!first || !asks.test(text.slice(Math.max(0, first.at - 600), first.at))) return []
  const wanted = /\bof type ["'`]?(\w{1,60})/i.exec(text)?.[1] ?? ''
  const root = types.get(wanted) ?? [...types.values()].at(-1) ?? first
  return [{ at: root.at, form: { kind: 'json', schema: exampleSchema(resolved(root.value, types)) } }]
}

/** The members with what their types are, in place of the names of those. */
function resolved(value: unknown, types: ReadonlyMap<string, Block>, depth = 0): unknown {
  if (depth > maxDepth) return 'string'
  if (Array.isArray(value)) return value.map((one) => resolved(one, types, depth + 1))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(one, types, depth + 1)]))
  if (typeof value !== 'string') return value
  const element = /^(\w{1,60})\[\]$|^Array<(\w{1,60})>$/.exec(value)
  const of = types.get(element?.[1] ?? element?.[2] ?? value)?.value
  if (!of) return value
  const inner = resolved(of, types, depth + 1)
  return element ? [inner] : inner
}
