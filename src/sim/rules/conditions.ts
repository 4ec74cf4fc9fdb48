/** From a rule's `when` to the questions that are asked of a request, the cheap ones first. */
import { isObject } from '../base/object.ts'
import { type Range, readRange } from '../config/rule-forms.ts'
import type { When } from '../config/rules.ts'
import type { Asked } from './asked.ts'
import { TextSearch } from './texts.ts'

export type Condition = (asked: Asked) => boolean

/** What the rules of one set share: each kind of text is looked through once for all of them. */
export class Searches {
  readonly prompt = new TextSearch()
  readonly system = new TextSearch()
  readonly conversation = new TextSearch()
  readonly #headers = new Map<string, TextSearch>()

  header(name: string): TextSearch {
    const known = this.#headers.get(name) ?? new TextSearch()
    this.#headers.set(name, known)
    return known
  }
}

export type Conditions = {
  readonly all: readonly Condition[]
  /** The word of the prompt without which they do not hold, by its number: it is asked first. */
  readonly word: number | undefined
}

export function conditionsOf(when: When, searches: Searches): Conditions {
  const conditions: Condition[] = []
  let word: number | undefined
  const { operation, deployment, model, region, stream, toolResult, turn, body } = when
  const among = (names: string | readonly string[] | undefined, nameOf: (asked: Asked) => string | undefined) => {
    if (names === undefined) return
    const wanted = new Set(typeof names === 'string' ? [names] : names)
    conditions.push((asked) => wanted.has(nameOf(asked) ?? ''))
  }
  among(operation, (asked) => asked.operation)
  among(deployment, ({ call }) => call.deployment?.name)
  among(model, ({ call }) => call.deployment?.model.name)
  among(region, ({ call }) => call.resource.config.azure.region)
  if (stream !== undefined) conditions.push((asked) => asked.stream === stream)
  for (const [name, wanted] of Object.entries(when.headers ?? {})) {
    const lower = name.toLowerCase()
    const finds = searches.header(lower).add(wanted)
    conditions.push(({ call }) => {
      const value = call.wire.headers.get(lower)
      return value !== null && finds.in(value)
    })
  }
  if (turn !== undefined) {
    const range = readRange(turn)
    conditions.push((asked) => isWithin(asked.turn, range))
  }
  if (toolResult !== undefined) conditions.push((asked) => asked.toolResult === toolResult)
  if (body) conditions.push((asked) => isPart(body, asked.json))
  for (const kind of ['prompt', 'system', 'conversation'] as const) {
    const wanted = when[kind]
    if (wanted === undefined) continue
    const finds = searches[kind].add(wanted)
    if (kind === 'prompt') word = finds.word
    conditions.push((asked) => finds.in(asked[kind]))
  }
  return { all: conditions, word }
}

export const isWithin = (value: number, range: Range | undefined): boolean =>
  range !== undefined && value >= range.from && value <= range.to

/** Whether all that `part` says stands in `whole`, too; of a list each member, in any place. */
function isPart(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part))
    return Array.isArray(whole) && part.every((wanted) => whole.some((found) => isPart(wanted, found)))
  if (!isObject(part)) return part === whole
  return isObject(whole) && Object.keys(part).every((key) => Object.hasOwn(whole, key) && isPart(part[key], whole[key]))
}
