/** Names of members with their types in words, for an answer that has to be JSON. */
import { rangeIn, wordsSchema } from './example.ts'
import type { FoundForm } from './found.ts'

const maxKeys = 50

export function keysForm(text: string): FoundForm[] {
  const listed = keysOf(
    text,
    /^[ \t]*(?:[-*•]|\d{1,2}[.)])?[ \t]*["'`*]{0,3}([A-Za-z_]\w{0,60})["'`*]{0,3}[ \t]*(?:\(([^)\n]{1,80})\)[ \t]*)?(?::[ \t]*([^\n]{1,300})|(?<=\)[ \t]*)(?:[–—-][^\n]{0,300})?)$/gm,
  )
  if (listed && asks.test(text)) return [listed]
  const start = text.search(/\b(?:keys?|fields?|properties|members)\b/i)
  if (start < 0) return []
  const near = text.slice(start, start + 1_000)
  const inline = keysOf(near, quotedKeys) ?? keysOf(near, bareKeys)
  return inline ? [{ ...inline, at: inline.at + start }] : []
}

const quotedKeys =
  /["'`]([A-Za-z_]\w{0,60})["'`]\s*(?:\(([^)\n]{1,80})\)|(?::|is|,? which is|=)?\s*((?:an? )?(?:string|number|integer|int|float|bool\w*|true or false|array[^,;.]*|list[^,;.]*)[^,;.\n"'`]{0,40})?)/g
/** Without quotes a name is one only where a type follows it. */
const bareKeys =
  /\b([A-Za-z_]\w{0,60})\s*(?:\(([^)\n]{1,80})\)|(?::|=|,? which is)\s*((?:an? )?(?:string|text|number|integer|int|float|bool\w*|true or false|array|list)\b[^,;.\n"'`]{0,60}))/g

const asks = /\b(?:json|keys?|fields?|properties|members|object)\b/i

function keysOf(text: string, pattern: RegExp): FoundForm | undefined {
  const properties: Record<string, object> = {}
  let at = -1
  for (const { 1: name = '', 2: kind, 3: words, index } of text.matchAll(pattern)) {
    if (notKeys.test(name) || Object.keys(properties).length >= maxKeys) continue
    at = index
    properties[name] = wordsSchema(kind === undefined ? (words ?? 'string') : told(kind, words))
  }
  if (at < 0) return undefined
  return { at, form: { kind: 'json', schema: { type: 'object', properties, required: Object.keys(properties) } } }
}

/** The bounds of a number may stand in the words behind its type. */
const told = (kind: string, words = '') =>
  /\b(?:int|integer|number|float)\b/i.test(kind) && !rangeIn(kind) ? `${kind}, ${words}` : kind

/** How lines of prose begin that name no member. */
const notKeys =
  /^(?:Question|Query|Context|Input|Output|Example|Note|User|Assistant|System|Response|Answer|Text|Task|Instructions?|Rules?|Format|Data|https?)$/
