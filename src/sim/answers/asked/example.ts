/** From an example of JSON to a schema of its like: its shape and the types of its values, or those that it names. */
import { isObject } from '../../base/object.ts'

export const isSchemaLike = (value: Readonly<Record<string, unknown>>): boolean =>
  (isObject(value['properties']) && (value['type'] === undefined || value['type'] === 'object')) ||
  (typeof value['$schema'] === 'string' && value['type'] !== undefined) ||
  (typeof value['$ref'] === 'string' && isObject(value['$defs']))

const maxDepth = 8

export function exampleSchema(value: unknown, depth = 0): object {
  if (depth > maxDepth) return { type: 'string' }
  if (Array.isArray(value)) {
    const [first = 'string'] = value as readonly unknown[]
    return { type: 'array', items: exampleSchema(first, depth + 1), minItems: 1, maxItems: 3 }
  }
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, inner]) => [key, exampleSchema(inner, depth + 1)] as const)
    return { type: 'object', properties: Object.fromEntries(entries), required: entries.map(([key]) => key) }
  }
  if (typeof value === 'number') {
    if (!Number.isInteger(value))
      return { type: 'number', minimum: 0, maximum: value <= 1 ? 1 : 10 ** Math.ceil(Math.log10(value)) }
    return { type: 'integer', minimum: 0, maximum: Math.max(10, Math.abs(value)) }
  }
  if (typeof value === 'boolean') return { type: 'boolean' }
  return typeof value === 'string' ? wordsSchema(value) : { type: 'string' }
}

/** What words say a value is: `an integer between 1 and 5`, `true or false`, `"low" | "high"`, `string[]`. */
export function wordsSchema(words: string): object {
  const text = words.replace(/^[<({\s]+|[>)}\s]+$/g, '').slice(0, 400)
  const list =
    /^(?:array|list) of (.*)$/i.exec(text)?.[1] ??
    /^(.*)\[\]$/.exec(text)?.[1] ??
    /^(?:Array|List|list)[<[](.*?)[>\]]?$/.exec(text)?.[1]
  if (list !== undefined) return { type: 'array', items: wordsSchema(list.replace(/s$/, '')), minItems: 1, maxItems: 3 }
  if (/^(?:an? )?(?:array|list)\b/i.test(text))
    return { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3 }
  if (/\btrue\b.{1,4}\bfalse\b|^(?:an? )?bool(?:ean)?\b|^true$|^false$/i.test(text)) return { type: 'boolean' }
  const choices = /\b(?:select|choose|chosen|pick(?:ed)?) from:? ([^)]{1,300})/i.exec(text)?.[1]
  const among = choices?.split(/\s*(?:,|\||\bor\b)\s*/).map((choice) => choice.replace(/^["'`\s]+|["'`\s.]+$/g, ''))
  if (among && among.length <= 20 && among.every((choice) => /^[\w .-]{1,60}$/.test(choice))) return { enum: among }
  const options = text.split(/\s*\|\s*/).map((option) => option.replace(/^["'`]|["'`]$/g, ''))
  if (options.length > 1 && options.length <= 20 && options.every((option) => /^[\w -]{1,40}$/.test(option))) {
    const values = options.filter((option) => !/^(?:null|None|undefined)$/.test(option))
    if (values.every((value) => /^(?:string|number|int|integer|bool|boolean|float|str)$/.test(value)))
      return wordsSchema(values[0] ?? 'string')
    return { enum: values }
  }
  const range = rangeIn(text)
  if (/\b(?:int|integer|whole number|count)\b/i.test(text))
    return { type: 'integer', ...(range ?? { minimum: 0, maximum: 100 }) }
  if (/^(?:an? )?(?:number|float|decimal|double)\b|\bnumber (?:between|from)/i.test(text))
    return { type: 'number', ...(range ?? { minimum: 0, maximum: 100 }) }
  if (range && /^\W*\d|score|rating|rate|scale/i.test(text)) return { type: 'integer', ...range }
  return { type: 'string' }
}

/** The bounds that words give: `between 1 and 5`, `1-5`, `0 or 1`. */
export function rangeIn(text: string): { readonly minimum: number; readonly maximum: number } | undefined {
  const found =
    /\b(?:between|from)\s+(\d{1,4})\s+(?:and|to|through)\s+(\d{1,4})\b/i.exec(text) ??
    /\b(\d{1,4})\s*(?:-|–|to|\.\.)\s*(\d{1,4})\b/.exec(text) ??
    /\b(\d)\s+or\s+(\d)\b/.exec(text)
  if (!found) return undefined
  const [low, high] = [Number(found[1]), Number(found[2])]
  return low < high ? { minimum: low, maximum: high } : undefined
}
