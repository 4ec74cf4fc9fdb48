/** The rules of a resource, ready to be asked: the first that fits a request is applied, and no other. */
import { sayers, toolCallers } from '../config/operation-names.ts'
import { type Calls, readCalls, readChance } from '../config/rule-forms.ts'
import { type KnownRule, type Rule, withIds } from '../config/rules.ts'
import type { AnyCall } from '../operation.ts'
import { hashText32, mix32, seededRandom } from '../random.ts'
import { inSlicesOf, mapInSteps, step, through } from '../base/slices.ts'
import { slicesOf } from '../http/call-slices.ts'
import { Asked, factsOf, type Moment } from './asked.ts'
import { type Condition, conditionsOf, isWithin, Searches } from './conditions.ts'
import type { RuleCounts } from './counts.ts'

export type RuleSet = {
  /** The rule that fits a call; a promise where its requests are counted elsewhere. */
  readonly find: (call: AnyCall, moment: Moment) => KnownRule | undefined | Promise<KnownRule | undefined>
}

type Options = {
  readonly counts: RuleCounts
  /** Draws whether a chance comes true. */
  readonly seed: number
}

type Ready = {
  readonly rule: KnownRule
  readonly key: string
  /** From which its chance is drawn. */
  readonly lot: number
  readonly word: number | undefined
  readonly conditions: readonly Condition[]
  readonly calls: Calls | undefined
  readonly chance: number | undefined
  readonly isCounting: boolean
}

/** A rule that has changed is another one, and counts anew; whether it is switched off is no change. */
export const countKey = ({ enabled: _, ...rule }: KnownRule): string => `${rule.id} ${hashText32(JSON.stringify(rule))}`

/** Rules by what they are counted by, and what their chance is drawn from. */
export type Keyed = { readonly rule: KnownRule; readonly key: string; readonly lot: number }

export function keyed(given: readonly Rule[]): readonly Keyed[] {
  const before = known.get(given)
  if (before) return before
  const rules = step(() => withIds(given))
  const drawnFrom = lots(rules)
  const made = mapInSteps(rules, (rule, at) => ({ rule, key: countKey(rule), lot: drawnFrom[at] ?? 0 }))
  known.set(given, made)
  return made
}

const known = new WeakMap<readonly Rule[], readonly Keyed[]>()

/**
 * What a rule's chance is drawn from: what it says, and not its id, which may be drawn itself, so that a run can be
 * repeated. Of several that say the same each has a lot of its own.
 */
function lots(rules: readonly KnownRule[]): readonly number[] {
  const texts = mapInSteps(rules, ({ id: _, enabled: __, ...said }) => hashText32(JSON.stringify(said)))
  return step(() => {
    const seen = new Map<number, number>()
    return texts.map((lot) => {
      const before = seen.get(lot) ?? 0
      seen.set(lot, before + 1)
      return mix32(lot + before)
    })
  })
}

type Made = { readonly searches: Searches; readonly rules: readonly Ready[] }

/** Those that are switched on, made ready once; in slices where its work is done so. */
export function ready(known: readonly Keyed[]): Made {
  const before = made.get(known)
  if (before) return before
  const now = through(() => readyInSteps(known))
  made.set(known, now)
  return now
}

const made = new WeakMap<readonly Keyed[], Made>()

function* readyInSteps(known: readonly Keyed[]): Generator<undefined, Made> {
  const searches = new Searches()
  const rules: Ready[] = []
  for (const [at, { rule, key, lot }] of known.entries()) {
    if (at % rulesAStep === rulesAStep - 1) yield
    if (rule.enabled === false) continue
    const { call, chance } = rule.when ?? {}
    const answers = answering(rule)
    const { all, word } = conditionsOf(rule.when ?? {}, searches)
    rules.push({
      rule,
      key,
      lot,
      word,
      conditions: [...(answers ? [answers] : []), ...all.map(({ holds }) => holds)],
      calls: call === undefined ? undefined : readCalls(call),
      chance: chance === undefined ? undefined : readChance(chance),
      isCounting: call !== undefined || chance !== undefined,
    })
  }
  return { searches, rules }
}

const rulesAStep = 64

/** Undefined where there is no rule, so that nobody need ask. */
export function createRuleSet(known: readonly Keyed[], options: Options): RuleSet | undefined {
  if (known.length === 0) return undefined
  const { counts, seed } = options
  counts.keepOnly(new Set(known.map(({ key }) => key)))
  const { searches, rules } = ready(known)
  if (rules.length === 0) return undefined

  const holds = ({ lot, calls, chance }: Ready, number: number): boolean => {
    if (calls && !('every' in calls ? number % calls.every === 0 : isWithin(number, calls))) return false
    return chance === undefined || drawn(seed, lot, number) < chance
  }
  const first = (candidates: readonly Ready[], numbers: readonly number[]): KnownRule | undefined => {
    const found = candidates.find((ready, at) => holds(ready, numbers[at] ?? 0))
    if (found) counts.applied(found.key)
    return found?.rule
  }
  const lookedAhead = (call: AnyCall, asked: Asked) => {
    const slices = slicesOf(call)
    return slices.timed(() => inSlicesOf(slices, () => searches.lookAhead(asked)))
  }
  const findFor = (asked: Asked, isSpilled = false): KnownRule | undefined | Promise<KnownRule | undefined> => {
    const candidates: Ready[] = []
    let isFound = false
    // What counts its requests counts those, too, that an earlier rule takes.
    const { words } = searches.prompt
    let isLooked = false
    for (const ready of rules) {
      if (isSpilled && ready.rule.when?.deployment === undefined) continue
      if (ready.word !== undefined) {
        if (!isLooked) words.look(asked.prompt)
        isLooked = true
        if (!words.has(ready.word)) continue
      }
      if ((isFound && !ready.isCounting) || !ready.conditions.every((condition) => condition(asked))) continue
      candidates.push(ready)
      isFound ||= !ready.isCounting
    }
    const numbers = candidates.map(({ key, isCounting }) => (isCounting ? counts.next(key) : 0))
    if (numbers.every((number) => typeof number === 'number')) return first(candidates, numbers)
    return Promise.all(numbers.map((number) => Promise.resolve(number))).then((known) => first(candidates, known))
  }
  return {
    find(call, moment) {
      const asked = new Asked(factsOf(call, moment))
      const ahead = searches.isDear(asked) ? lookedAhead(call, asked) : undefined
      const { isSpilled } = moment
      return ahead instanceof Promise ? ahead.then(() => findFor(asked, isSpilled)) : findFor(asked, isSpilled)
    },
  }
}

/** What says something fits no operation that says nothing. */
function answering({ then }: Rule): Condition | undefined {
  if (then.toolCalls || then.refusal !== undefined) return ({ facts }) => toolCallers.includes(facts.operation)
  const says = then.text !== undefined || then.json !== undefined || then.tokens !== undefined
  return says ? ({ facts }) => sayers.includes(facts.operation) : undefined
}

/** The same for the same seed, rule and number, whatever else is drawn. */
const drawn = (seed: number, lot: number, number: number): number =>
  seededRandom(mix32(seed ^ lot) + 4_294_967_296 * number).fraction()
