/** From a rule's `when` to the questions that are asked of a request, the cheap ones first. */
import { canonicalName, findModel } from '../models/catalogue.ts'
import { isObject } from '../base/object.ts'
import { isBeyond, type Range, readRange, readUtilization } from '../config/rule-forms.ts'
import { step, through } from '../base/slices.ts'
import type { When } from '../config/rules.ts'
import type { Asked } from './asked.ts'
import { TextSearch } from '../base/text-search.ts'
import { longJsonInSteps } from '../http/long-json.ts'

export type Condition = (asked: Asked) => boolean

/** One of them with the name that it has in a rule. */
export type NamedCondition = { readonly name: string; readonly holds: Condition }

const kinds = ['prompt', 'system', 'conversation'] as const

/** What the rules of one set share: each kind of text is looked through once for all of them. */
export class Searches {
  readonly prompt = new TextSearch()
  readonly system = new TextSearch()
  readonly conversation = new TextSearch()
  readonly #headers = new Map<string, TextSearch>()
  /** The parts of bodies that are asked for. */
  readonly #parts: unknown[] = []
  #readsBodies = false
  #readsTexts = false

  /** Whether to look for what they ask may take longer than one stretch of work does. */
  isDear(asked: Asked): boolean {
    return (
      this.#isReading(asked) ||
      this.#hasParts(asked) ||
      kinds.some((kind) => this.#isDear(kind, asked)) ||
      this.#dearHeaders(asked).length > 0
    )
  }

  /** In slices where its work is done so: what is found is known when conditions are asked. */
  lookAhead(asked: Asked): void {
    if (step(() => this.#isReading(asked))) {
      const json = through(() => longJsonInSteps(asked.facts.bytes))
      if (isObject(json)) asked.json = json
    }
    if (this.#hasParts(asked))
      for (const part of this.#parts)
        asked.parts.set(
          part,
          through(() => isPart(part, asked.json)),
        )
    for (const kind of kinds) if (step(() => this.#isDear(kind, asked))) through(() => this[kind].ahead(asked[kind]))
    for (const { search, value } of step(() => this.#dearHeaders(asked))) through(() => search.ahead(value))
  }

  /** They ask for a part of a body. */
  addPart(part: unknown): void {
    this.#parts.push(part)
    this.#readsBodies = true
  }

  /** They ask for the last result of a tool, which stands in the body. */
  addBodies(): void {
    this.#readsBodies = true
  }

  addTexts(): void {
    this.#readsTexts = true
  }

  #isReading(asked: Asked): boolean {
    return (this.#readsBodies || (this.#readsTexts && !asked.isChat)) && asked.isLong
  }

  #hasParts({ facts }: Asked): boolean {
    return this.#parts.length > 0 && facts.bytes.length > shortBytes
  }

  #dearHeaders(asked: Asked): readonly { readonly search: TextSearch; readonly value: string }[] {
    if (this.#headers.size === 0) return []
    return [...this.#headers].flatMap(([name, search]) => {
      const value = asked.facts.headers.get(name)
      return value !== null && search.isDear(value.length) ? [{ search, value }] : []
    })
  }

  /** What need not be looked at is not put together. */
  #isDear(kind: (typeof kinds)[number], asked: Asked): boolean {
    return this[kind].mayBeDear(asked.facts.bytes.length) && this[kind].isDear(asked[kind].length)
  }

  header(name: string): TextSearch {
    const known = this.#headers.get(name) ?? new TextSearch()
    this.#headers.set(name, known)
    return known
  }
}

export type CompiledConditions = {
  readonly all: readonly NamedCondition[]
  /** The word of the prompt without which they do not hold, by its number: it is asked first. */
  readonly word: number | undefined
}

/** `East US 2` and `eastus2` are one region. */
const regionCode = (name: string): string => name.toLowerCase().replaceAll(' ', '')

/** As the catalogue spells it: a model is one in any case, here as where deployments name it. */
function modelName(given: string): readonly string[] {
  const found = findModel(given)
  return found && canonicalName(found.name) === canonicalName(given) ? [found.name] : []
}

export function conditionsOf(when: When, searches: Searches): CompiledConditions {
  const conditions: NamedCondition[] = []
  const add = (name: string, holds: Condition) => conditions.push({ name, holds })
  let word: number | undefined
  const { stream, toolResult, turn, body, phase, utilization } = when
  for (const name of ['operation', 'deployment', 'model'] as const) {
    const wanted = when[name]
    if (wanted === undefined) continue
    const names = new Set([wanted].flat().flatMap((each) => (name === 'model' ? [each, ...modelName(each)] : [each])))
    add(name, ({ facts }) => names.has(facts[name] ?? ''))
  }
  if (when.region !== undefined) {
    const regions = new Set([when.region].flat().map(regionCode))
    add('region', ({ facts }) => regions.has(regionCode(facts.region)))
  }
  if (phase !== undefined) {
    const wanted = [phase].flat()
    add('phase', ({ facts }) => facts.phases.some((name) => wanted.includes(name)))
  }
  if (stream !== undefined) add('stream', (asked) => asked.stream === stream)
  for (const [name, wanted] of Object.entries(when.headers ?? {})) {
    const lower = name.toLowerCase()
    const finds = searches.header(lower).add(wanted)
    add(`headers.${lower}`, ({ facts }) => {
      const value = facts.headers.get(lower)
      return value !== null && finds.in(value)
    })
  }
  if (turn !== undefined) {
    searches.addTexts()
    const range = readRange(turn)
    add('turn', (asked) => isWithin(asked.turn, range))
  }
  if (toolResult !== undefined) {
    searches.addBodies()
    add('toolResult', (asked) => asked.toolResult === toolResult)
  }
  if (body) {
    searches.addPart(body)
    add('body', (asked) => asked.parts.get(body) ?? through(() => isPart(body, asked.json)))
  }
  for (const kind of kinds) {
    const wanted = when[kind]
    if (wanted === undefined) continue
    searches.addTexts()
    const finds = searches[kind].add(wanted)
    if (kind === 'prompt') word = finds.word
    add(kind, (asked) => finds.in(asked[kind]))
  }
  const bound = utilization === undefined ? undefined : readUtilization(utilization)
  if (bound) add('utilization', ({ facts }) => isBeyond(facts.utilization(), bound))
  return { all: conditions, word }
}

export const isWithin = (value: number, range: Range | undefined): boolean =>
  range !== undefined && value >= range.from && value <= range.to

/** Whether all that `part` says stands in `whole`, too; of a list each member, in any place. */
function* isPart(part: unknown, whole: unknown): Generator<undefined, boolean> {
  if (Array.isArray(part)) return Array.isArray(whole) && (yield* areMembers(part, whole))
  if (!isObject(part)) return part === whole
  if (!isObject(whole)) return false
  for (const key of Object.keys(part))
    if (!Object.hasOwn(whole, key) || !(yield* isPart(part[key], whole[key]))) return false
  return true
}

function* areMembers(wanted: readonly unknown[], all: readonly unknown[]): Generator<undefined, boolean> {
  const known = new Set(all)
  for (const member of wanted) {
    if (typeof member !== 'object' || member === null) {
      if (!known.has(member)) return false
      continue
    }
    let isFound = false
    for (const [at, found] of all.entries()) {
      if (at % membersAStep === membersAStep - 1) yield
      isFound = yield* isPart(member, found)
      if (isFound) break
    }
    if (!isFound) return false
  }
  return true
}

const membersAStep = 128

/** In a shorter body a part is looked for in one go. */
const shortBytes = 2_048
