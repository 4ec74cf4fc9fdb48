/** Functions of ARM templates that need nothing but their arguments. */
import { isTree } from '../../sim/index.ts'

type Function = (...args: unknown[]) => unknown

export function memberOf(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) return value[Number(key)]
  if (!isTree(value) || typeof key !== 'string') return undefined
  const name = Object.keys(value).find((each) => each.toLowerCase() === key.toLowerCase())
  return name === undefined ? undefined : value[name]
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [])
const treeOf = (value: unknown) => (isTree(value) ? value : {})
const isEqual = (one: unknown, other: unknown) =>
  typeof one === 'string' && typeof other === 'string'
    ? one.toLowerCase() === other.toLowerCase()
    : JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
/** Of a text, or of a list. */
const partOf = (value: unknown, from: number, to?: number) =>
  typeof value === 'string' ? value.slice(from, to) : listOf(value).slice(from, to)
const sizeOf = (value: unknown): number =>
  typeof value === 'string' ? value.length : Array.isArray(value) ? value.length : Object.keys(treeOf(value)).length
const numbersIn = (args: readonly unknown[]) => args.flat().map(Number)
const cutBy = (separators: unknown) => (text: string) =>
  [separators].flat().reduce<string[]>((parts, each) => parts.flatMap((part) => part.split(textOf(each))), [text])

function contains(inside: unknown, wanted: unknown): boolean {
  if (typeof inside === 'string') return inside.includes(textOf(wanted))
  return Array.isArray(inside) ? inside.some((each) => isEqual(each, wanted)) : memberOf(inside, wanted) !== undefined
}

function objectOf(args: readonly unknown[]): unknown {
  const pairs = args.flatMap((key, at) => (at % 2 === 0 ? [[textOf(key), args[at + 1]] as const] : []))
  return Object.fromEntries(pairs)
}

const united = (args: readonly unknown[]): unknown =>
  args.every(Array.isArray) ? [...new Set(args.flat())] : Object.assign({}, ...args.filter(isTree))

function fromJson(text: unknown): unknown {
  try {
    return JSON.parse(textOf(text))
  } catch {
    return undefined
  }
}

/** By their names in small letters. */
export const templateFunctions: ReadonlyMap<string, Function> = new Map<string, Function>(
  Object.entries({
    add: (one, other) => Number(one) + Number(other),
    and: (...args) => args.every((each) => each === true),
    array: (one) => (Array.isArray(one) ? (one as unknown) : [one]),
    bool: (one) => one === true || /^true$/i.test(textOf(one)),
    coalesce: (...args) => args.find((each) => each !== null && each !== undefined),
    concat: (...args) => (Array.isArray(args[0]) ? args.flat() : args.map(textOf).join('')),
    contains,
    createarray: (...args) => args,
    createobject: (...args) => objectOf(args),
    div: (one, other) => Math.trunc(Number(one) / Number(other)),
    empty: (one) => one === null || one === undefined || (typeof one !== 'number' && sizeOf(one) === 0),
    endswith: (text, end) => textOf(text).toLowerCase().endsWith(textOf(end).toLowerCase()),
    equals: isEqual,
    false: () => false,
    first: (one) => partOf(one, 0, 1)[0],
    format: (form, ...args) => textOf(form).replaceAll(/\{(\d+)\}/g, (_, at: string) => textOf(args[Number(at)])),
    greater: (one, other) => Number(one) > Number(other),
    greaterorequals: (one, other) => Number(one) >= Number(other),
    guid: () => '00000000-0000-0000-0000-000000000000',
    if: (condition, then, otherwise) => (condition === true ? then : otherwise),
    int: Number,
    join: (list, separator) => listOf(list).map(textOf).join(textOf(separator)),
    json: fromJson,
    last: (one) => partOf(one, -1)[0],
    length: sizeOf,
    less: (one, other) => Number(one) < Number(other),
    lessorequals: (one, other) => Number(one) <= Number(other),
    max: (...args) => Math.max(...numbersIn(args)),
    min: (...args) => Math.min(...numbersIn(args)),
    mod: (one, other) => Number(one) % Number(other),
    mul: (one, other) => Number(one) * Number(other),
    not: (one) => one !== true,
    null: () => null,
    or: (...args) => args.includes(true),
    range: (from, count) =>
      Array.from({ length: Math.min(1_000, Math.max(0, Number(count) || 0)) }, (_, at) => Number(from) + at),
    replace: (text, old, fresh) => textOf(text).replaceAll(textOf(old), () => textOf(fresh)),
    resourceid: (...args) => args.map(textOf).join('/'),
    shallowmerge: (list) => united(listOf(list)),
    skip: (one, count) => partOf(one, Number(count)),
    split: (text, separators) => cutBy(separators)(textOf(text)),
    startswith: (text, start) => textOf(text).toLowerCase().startsWith(textOf(start).toLowerCase()),
    string: (one) => (isTree(one) || Array.isArray(one) ? JSON.stringify(one) : textOf(one)),
    sub: (one, other) => Number(one) - Number(other),
    substring: (text, from, count) =>
      textOf(text).slice(Number(from), count === undefined ? undefined : Number(from) + Number(count)),
    take: (one, count) => partOf(one, 0, Math.max(0, Number(count))),
    tolower: (text) => textOf(text).toLowerCase(),
    toupper: (text) => textOf(text).toUpperCase(),
    trim: (text) => textOf(text).trim(),
    true: () => true,
    tryget: (one, ...keys) => keys.reduce(memberOf, one),
    union: (...args) => united(args),
    uniquestring: () => 'unique',
  } satisfies Record<string, Function>),
)
