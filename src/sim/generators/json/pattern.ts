/**
 * Texts that fit a regular expression, and whether a text does. No expression of a client is ever run: one that
 * backtracks without end would stop the whole process. Here a match takes steps, and steps are counted.
 */
import type { Random } from '../../random.ts'
import { type Node, type ParsedPattern, parsePattern, type Ranges } from './pattern-parse.ts'
import type { Source } from './value.ts'
import { isSpent, type Work } from './work.ts'

/** Characters, both included. */
export type Lengths = { readonly min: number; readonly max: number }

/** `undefined` where no text was found. */
export function drawPattern(pattern: string, { min, max }: Lengths, source: Source): string | undefined {
  const { random, work } = source
  const parsed = parsedOf(pattern, work)
  if (!parsed) return undefined
  let extra = 6
  for (let attempt = 0; attempt < attempts && !isSpent(work); attempt++) {
    let text = drawNode(parsed.node, { random, extra, charactersLeft: longest, groups: [], work })
    if (text.length > max) extra >>= 1
    if (text.length < min) {
      extra = Math.min(longest, extra * 2)
      // What is not tied to the end may go on after it.
      if (attempt % 2 === 1) while (text.length < min && work.steps-- > 0) text += letter(random)
    }
    if (text.length < min || text.length > max) continue
    if (!parsed.mustCheck && attempt === 0) return text
    if (isMatch(parsed.node, text, work)) return text
  }
  return undefined
}

/** An expression that cannot be read, or takes too many steps, fits everything. */
export function fitsPattern(pattern: string, text: string, work: Work): boolean {
  if (work.steps <= 0) return true
  const parsed = parsedOf(pattern, work)
  return parsed === undefined || isMatch(parsed.node, text, work)
}

function parsedOf(pattern: string, work: Work): ParsedPattern | undefined {
  const { patterns } = work
  work.steps -= 2
  if (!patterns.has(pattern)) {
    const parsed = parsePattern(pattern)
    work.steps -= 2 * pattern.length + 2 * (parsed?.size ?? 0)
    patterns.set(pattern, parsed)
  }
  return patterns.get(pattern)
}

const attempts = 60
const longest = 10_000
/** Of one match. */
const maxSteps = 100_000

type Draw = {
  readonly random: Random
  readonly extra: number
  charactersLeft: number
  readonly groups: string[]
  readonly work: Work
}

function drawNode(node: Node, draw: Draw): string {
  if ((draw.work.steps -= 2) <= 0) return ''
  switch (node.kind) {
    case 'set':
      draw.charactersLeft--
      return drawCharacter(node.ranges, draw.random)
    case 'sequence': {
      let text = ''
      for (const part of node.parts) text += drawNode(part, draw)
      return text
    }
    case 'choice':
      return drawNode(node.parts[draw.random.below(node.parts.length)] as Node, draw)
    case 'repeat': {
      const times = node.min + draw.random.below(Math.min(node.max - node.min, draw.extra) + 1)
      let text = ''
      for (let time = 0; time < times && draw.charactersLeft-- > 0; time++) text += drawNode(node.part, draw)
      return text
    }
    case 'group':
      return (draw.groups[node.index] = drawNode(node.part, draw))
    case 'back':
      return draw.groups[node.index] ?? ''
    case 'start':
    case 'end':
    case 'border':
    case 'look':
      return ''
  }
}

/** Letters and digits where the set has any, else what can be printed, else what there is. */
function drawCharacter(ranges: Ranges, random: Random): string {
  let nice = known.get(ranges)
  if (!nice) known.set(ranges, (nice = niceOf(ranges)))
  const { shared, starts, count } = nice
  if (count === 0) return ''
  const at = random.below(count)
  const index = lastAtMost(starts, at)
  return String.fromCodePoint((shared[index]?.[0] ?? 0) + at - (starts[index] ?? 0))
}

/** Of a set: what is drawn from, and how many come before each of its ranges. */
type Nice = { readonly shared: Ranges; readonly starts: readonly number[]; readonly count: number }
const known = new WeakMap<Ranges, Nice>()

function niceOf(ranges: Ranges): Nice {
  for (const nice of niceRanges) {
    const shared = intersection(ranges, nice)
    const starts: number[] = []
    let count = 0
    for (const [first, last] of shared) {
      starts.push(count)
      count += last - first + 1
    }
    if (count > 0) return { shared, starts, count }
  }
  return { shared: [], starts: [], count: 0 }
}

/** The place of the last number that is no greater than `value`, of numbers in order; -1 where all are. */
function lastAtMost(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

const alphanumeric: Ranges = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x61, 0x7a],
]
const niceRanges: readonly Ranges[] = [alphanumeric, [[0x20, 0x7e]], [[0, 0xd7ff]], [[0xe000, 0x10ffff]]]

function intersection(one: Ranges, other: Ranges): Ranges {
  const shared: [number, number][] = []
  for (const [first, last] of one)
    for (const [from, to] of other)
      if (Math.max(first, from) <= Math.min(last, to)) shared.push([Math.max(first, from), Math.min(last, to)])
  return shared
}

const letter = (random: Random) => String.fromCharCode(0x61 + random.below(26))

function isMatch(node: Node, text: string, work: Work): boolean {
  const own = { steps: Math.min(maxSteps, work.steps) }
  const atFirst = own.steps
  own.steps -= text.length / 2
  const isFound = isFoundIn(node, text, own)
  work.steps -= atFirst - own.steps
  return isFound
}

/** Steps of one match that are left. */
type Budget = { steps: number }

function isFoundIn(node: Node, text: string, budget: Budget): boolean {
  const characters = Array.from(text, (character) => character.codePointAt(0) as number)
  for (let start = 0; start <= characters.length; start++)
    if (endsOf(node, start, characters, budget).length > 0 || budget.steps <= 0) return true
  return false
}

/** Every place where a match that begins at `start` can end: sets of places, so that nothing is tried twice. */
function endsOf(node: Node, start: number, text: readonly number[], budget: Budget): readonly number[] {
  if (budget.steps-- <= 0) return []
  switch (node.kind) {
    case 'set':
      return start < text.length && isIn(text[start] as number, node.ranges) ? [start + 1] : []
    case 'sequence':
      return inSequence(node.parts, start, text, budget)
    case 'choice':
      return unique(node.parts.flatMap((part) => endsOf(part, start, text, budget)))
    case 'repeat':
      return repeated(node, start, text, budget)
    case 'group':
      return endsOf(node.part, start, text, budget)
    case 'back':
      // What the group held is not known here: anything may follow.
      budget.steps -= text.length - start
      return Array.from({ length: text.length - start + 1 }, (_, length) => start + length)
    case 'start':
      return start === 0 ? [start] : []
    case 'end':
      return start === text.length ? [start] : []
    case 'border':
      return (isWord(text[start - 1]) !== isWord(text[start])) === node.isWanted ? [start] : []
    case 'look': {
      const isThere = node.isAhead
        ? endsOf(node.part, start, text, budget).length > 0
        : Array.from({ length: start + 1 }, (_, from) => from).some((from) =>
            endsOf(node.part, from, text, budget).includes(start),
          )
      return isThere === node.isWanted ? [start] : []
    }
  }
}

function inSequence(parts: readonly Node[], start: number, text: readonly number[], budget: Budget) {
  let places: readonly number[] = [start]
  for (const part of parts) {
    places = fromAll(part, places, text, budget)
    if (places.length === 0) break
  }
  return places
}

function repeated(
  { part, min, max }: Node & { kind: 'repeat' },
  start: number,
  text: readonly number[],
  budget: Budget,
): readonly number[] {
  let places: readonly number[] = [start]
  const ends = new Set(min === 0 ? places : [])
  // More rounds than there are characters change nothing any more.
  const rounds = Math.min(max, Math.min(min, text.length + 1) + text.length + 1)
  for (let round = 1; round <= rounds && places.length > 0; round++) {
    places = fromAll(part, places, text, budget)
    const before = ends.size
    if (round >= Math.min(min, rounds)) for (const place of places) ends.add(place)
    if (round > min && ends.size === before) break
  }
  return [...ends]
}

const fromAll = (part: Node, places: readonly number[], text: readonly number[], budget: Budget) =>
  places.length === 1
    ? endsOf(part, places[0] as number, text, budget)
    : unique(places.flatMap((place) => endsOf(part, place, text, budget)))

const unique = (places: readonly number[]) => (places.length < 2 ? places : [...new Set(places)])

/** The ranges are in order. */
function isIn(character: number, ranges: Ranges): boolean {
  if (ranges.length <= 8) return ranges.some(([first, last]) => character >= first && character <= last)
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const [first, last] = ranges[middle] as readonly [number, number]
    if (character < first) high = middle
    else if (character > last) low = middle + 1
    else return true
  }
  return false
}

const isWord = (character: number | undefined) =>
  character !== undefined && (isIn(character, alphanumeric) || character === 0x5f)
