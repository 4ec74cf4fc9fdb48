/** The likelihoods of a long text are written some at a time: to write them with the rest would take long. */
import { step } from '../../base/slices.ts'
import { isObject } from '../../base/object.ts'

type Entry = readonly [key: string, value: unknown]
type List = readonly unknown[]
type How = { readonly gap: string; readonly write: (some: List) => string }

/** A shorter list is written with the rest. */
const longList = 256
const atOnce = 64

/** The fields of a response, with empty lists in place of long ones of likelihoods; and those. */
export function withoutLists(entries: readonly Entry[]): {
  readonly entries: readonly Entry[]
  readonly lists: readonly List[]
} {
  const lists: List[] = []
  const emptied = entries.map((entry): Entry => {
    const [key, output] = entry
    return key === 'output' && Array.isArray(output)
      ? [key, output.map((item: unknown) => withoutLong(item, lists))]
      : entry
  })
  return lists.length > 0 ? { entries: emptied, lists } : { entries, lists }
}

function withoutLong(item: unknown, lists: List[]): unknown {
  if (!isObject(item) || !Array.isArray(item['content'])) return item
  const content = item['content'] as readonly unknown[]
  const told = content.map((part) => {
    const list = isObject(part) ? part['logprobs'] : undefined
    if (!isObject(part) || !Array.isArray(list) || list.length < longList) return part
    lists.push(list)
    return { ...part, logprobs: [] }
  })
  return told.every((part, at) => part === content[at]) ? item : { ...item, content: told }
}

/** Puts the lists where empty ones were written: within a text, a quote has a backslash before it. */
export function withLists(json: string, lists: readonly List[], { gap, write }: How): string {
  if (lists.length === 0) return json
  const empty = `"logprobs":${gap}[]`
  const parts: string[] = []
  let from = 0
  for (const list of lists) {
    const at = json.indexOf(empty, from) + empty.length - 1
    const groups = Array.from({ length: Math.ceil(list.length / atOnce) }, (_, index) =>
      list.slice(index * atOnce, (index + 1) * atOnce),
    )
    const inner = groups.map((some) => step(() => write(some).slice(1, -1).trimEnd()))
    parts.push(json.slice(from, at), inner.join(','), gap && `\n${' '.repeat(indent)}`)
    from = at
  }
  return step(() => [...parts, json.slice(from)].join(''))
}

/** Of a part of the content of an item, where a response is indented. */
const indent = 10

/** As it stands there. */
export const indentedList = (some: List): string =>
  JSON.stringify(some, undefined, 2).replaceAll('\n', `\n${' '.repeat(indent)}`)
