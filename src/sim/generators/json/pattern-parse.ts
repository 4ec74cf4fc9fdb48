/** Regular expressions (ECMA-262, with the flag `u`) as a tree. Classes of Unicode are known roughly. */
import { table } from '../../base/object.ts'

/** Code points, first and last. */
export type Ranges = readonly (readonly [number, number])[]

export type Node =
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number }
  | { readonly kind: 'group'; readonly part: Node; readonly index: number }
  | { readonly kind: 'back'; readonly index: number }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'border'; readonly isWanted: boolean }
  | { readonly kind: 'look'; readonly part: Node; readonly isAhead: boolean; readonly isWanted: boolean }

export type ParsedPattern = {
  readonly node: Node
  /** A text drawn from the tree may still not fit. */
  readonly mustCheck: boolean
  /** Nodes and ranges. */
  readonly size: number
}

/** `undefined` for what is no expression, or too large a one. */
export function parsePattern(pattern: string): ParsedPattern | undefined {
  if (pattern.length > longest) return undefined
  try {
    // What the language refuses is refused here, too. It is compiled, but never run.
    new RegExp(pattern, 'u')
  } catch {
    return undefined
  }
  const reader: Reader = { text: Array.from(pattern), at: 0, groups: 0, depth: 0, size: 0, mustCheck: false }
  const node = readChoice(reader)
  // An anchor within can make a text impossible; those at the ends cannot.
  const inner = pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/gs, '-').slice(1, -1)
  const { depth, size } = reader
  return depth > deepest ? undefined : { node, size, mustCheck: reader.mustCheck || /[$^]/.test(inner) }
}

const longest = 10_000
const deepest = 200

type Reader = {
  readonly text: readonly string[]
  at: number
  groups: number
  depth: number
  size: number
  mustCheck: boolean
}

function readChoice(reader: Reader): Node {
  const branches = [readSequence(reader)]
  while (reader.text[reader.at] === '|') {
    reader.at++
    branches.push(readSequence(reader))
  }
  return branches.length === 1 ? (branches[0] as Node) : { kind: 'choice', parts: branches }
}

function readSequence(reader: Reader): Node {
  const parts: Node[] = []
  for (let next = reader.text[reader.at]; next !== undefined && next !== '|' && next !== ')';) {
    parts.push(readRepeat(reader, readAtom(reader)))
    next = reader.text[reader.at]
  }
  return parts.length === 1 ? (parts[0] as Node) : { kind: 'sequence', parts }
}

function readRepeat(reader: Reader, part: Node): Node {
  const [min, max] = readBounds(reader)
  if (min === undefined || max === undefined) return part
  if (reader.text[reader.at] === '?') reader.at++
  return { kind: 'repeat', part, min, max }
}

function readBounds(reader: Reader): readonly [number?, number?] {
  const known = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] } as const
  const next = reader.text[reader.at]
  if (next === '*' || next === '+' || next === '?') {
    reader.at++
    return known[next]
  }
  if (next !== '{') return []
  const end = reader.text.indexOf('}', reader.at)
  const [min = '0', max] = reader.text
    .slice(reader.at + 1, end)
    .join('')
    .split(',')
  reader.at = end + 1
  return [Number(min), max === undefined ? Number(min) : max === '' ? Infinity : Number(max)]
}

function readAtom(reader: Reader): Node {
  const next = reader.text[reader.at++] as string
  reader.size++
  if (next === '(') return readGroup(reader)
  if (next === '[') return readSet(reader)
  if (next === '\\') return readEscape(reader)
  if (next === '.') return { kind: 'set', ranges: complement(lineEnds) }
  if (next === '^') return { kind: 'start' }
  if (next === '$') return { kind: 'end' }
  return single(next.codePointAt(0) as number)
}

function readGroup(reader: Reader): Node {
  reader.depth++
  if (reader.depth > deepest) {
    reader.at = reader.text.length
    return { kind: 'sequence', parts: [] }
  }
  const ahead = reader.text.slice(reader.at, reader.at + 64).join('')
  const opening = /^\?(?:[:=!]|<[=!]|<[^>]*>|[ims-]*:)/.exec(ahead)?.[0] ?? ''
  reader.at += Array.from(opening).length
  const isCounted = opening === '' || /^\?<[^=!]/.test(opening)
  const index = isCounted ? ++reader.groups : 0
  const part = readChoice(reader)
  reader.at++
  reader.depth--
  if (isCounted) return { kind: 'group', part, index }
  if (!/[=!]$/.test(opening)) return part
  reader.mustCheck = true
  return { kind: 'look', part, isAhead: !opening.includes('<'), isWanted: opening.endsWith('=') }
}

function readSet(reader: Reader): Node {
  const isNegated = reader.text[reader.at] === '^'
  if (isNegated) reader.at++
  const ranges: (readonly [number, number])[] = []
  while (reader.at < reader.text.length && reader.text[reader.at] !== ']') {
    const first = readMember(reader)
    const isRange = reader.text[reader.at] === '-' && reader.text[reader.at + 1] !== ']'
    if (isRange && first.length === 1) {
      reader.at++
      const last = readMember(reader)
      ranges.push([first[0]?.[0] ?? 0, last[0]?.[1] ?? 0])
    } else ranges.push(...first)
  }
  reader.at++
  reader.size += ranges.length
  return { kind: 'set', ranges: isNegated ? complement(ranges) : inOrder(ranges) }
}

function readMember(reader: Reader): Ranges {
  const next = reader.text[reader.at++] as string
  const code = next.codePointAt(0) as number
  if (next !== '\\') return [[code, code]]
  if (reader.text[reader.at] === 'b') {
    reader.at++
    return [[8, 8]]
  }
  const escaped = readEscape(reader)
  return escaped.kind === 'set' ? escaped.ranges : []
}

function readEscape(reader: Reader): Node {
  const next = reader.text[reader.at++] ?? ''
  const taken = (form: RegExp) => {
    const [whole = '', value = ''] = form.exec(reader.text.slice(reader.at, reader.at + 40).join('')) ?? []
    reader.at += whole.length
    return value
  }
  const known = classes[next]
  if (known) return { kind: 'set', ranges: known }
  const inverse = classes[next.toLowerCase()]
  if (inverse) return { kind: 'set', ranges: complement(inverse) }
  switch (next) {
    case 'b':
    case 'B':
      reader.mustCheck = true
      return { kind: 'border', isWanted: next === 'b' }
    case 'p':
    case 'P': {
      const ranges = unicodeClass(taken(/^\{(?:[^}=]*=)?([^}]*)\}/))
      return { kind: 'set', ranges: next === 'p' ? ranges : complement(ranges) }
    }
    case 'x':
      return single(parseInt(taken(/^([0-9a-f]{2})/i), 16))
    case 'u':
      return single(parseInt(taken(/^\{?([0-9a-f]+)\}?/i), 16))
    case 'c':
      return single((taken(/^([a-z])/i).codePointAt(0) ?? 0) % 32)
    case 'k':
      taken(/^<([^>]*)>/)
      return { kind: 'back', index: reader.groups }
  }
  if (/[1-9]/.test(next)) return { kind: 'back', index: Number(next + taken(/^(\d*)/)) }
  return single(controls[next] ?? (next.codePointAt(0) as number))
}

const single = (code: number): Node => ({ kind: 'set', ranges: [[code, code]] })

const controls: Readonly<Record<string, number>> = table({ n: 10, r: 13, t: 9, v: 11, f: 12, 0: 0 })
const lineEnds: Ranges = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
]

const digits: Ranges = [[0x30, 0x39]]
const upper: Ranges = [[0x41, 0x5a]]
const lower: Ranges = [[0x61, 0x7a]]
const spaces: Ranges = [
  [9, 13],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
const punctuation: Ranges = [
  [0x21, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0x7e],
]
const classes: Readonly<Record<string, Ranges>> = table({
  d: digits,
  w: [...digits, ...upper, [0x5f, 0x5f], ...lower],
  s: spaces,
})

/** Beyond ASCII everything counts as a letter. */
function unicodeClass(name: string): Ranges {
  if (/^(?:Lu|Uppercase)/.test(name)) return upper
  if (/^(?:Ll|Lowercase)/.test(name)) return lower
  if (/^N/.test(name)) return digits
  if (/^[PS]/.test(name)) return punctuation
  if (/^(?:Z|White)/.test(name)) return [[0x20, 0x20]]
  return [...upper, ...lower, [0xc0, 0x10ffff]]
}

/** From the lowest on, without overlaps: a look-up halves its way through them. */
function inOrder(ranges: Ranges): Ranges {
  if (ranges.length < 2) return ranges
  const result: [number, number][] = []
  for (const [first, last] of [...ranges].sort(([one], [other]) => one - other)) {
    const before = result.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else result.push([first, last])
  }
  return result
}

function complement(ranges: Ranges): Ranges {
  const result: [number, number][] = []
  let from = 0
  for (const [first, last] of [...ranges].sort(([one], [other]) => one - other)) {
    if (first > from) result.push([from, first - 1])
    from = Math.max(from, last + 1)
  }
  if (from <= 0x10ffff) result.push([from, 0x10ffff])
  return result
}
