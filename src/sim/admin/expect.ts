/** `POST /++/requests/expect`: whether the requests that were made are those that a test expects, or what came nearest. */
import type { Clock } from '../clock.ts'
import { type Expectation, type Expected, readExpected } from '../config/expectations.ts'
import { keyOfPath } from '../base/operation-key.ts'
import { type Kept, toEntry } from '../metrics/journal-entry.ts'
import type { Bodies } from '../metrics/bodies.ts'
import type { Journal } from '../metrics/journal.ts'
import { operations } from '../operations/index.ts'
import { Asked } from '../rules/asked.ts'
import { conditionsOf, type NamedCondition, Searches } from '../rules/conditions.ts'
import type { SimResponse } from '../types.ts'
import { ConfigError } from '../config/problem.ts'
import { mapInSteps, oneStep, step } from '../base/slices.ts'
import { json, type Sliced } from './answers.ts'
import { ExpectedOrder } from './expected-order.ts'
import { invalidConfigurationBody } from './config.ts'
import { fieldsOfBody } from './bodies.ts'

type World = {
  readonly journal: Journal
  readonly bodies: Bodies
  readonly clock: Clock
  readonly region: () => string
  /** The names of all phases of its timelines. */
  readonly phases: readonly string[]
  readonly sliced: Sliced
}

type Judged = Omit<World, 'sliced' | 'clock' | 'phases'> & { readonly searches: Searches }

/** A request that was made, as conditions ask of it. `isHeard`: what it said was kept. */
type Made = { readonly kept: Kept; readonly asked: Asked; readonly isHeard: boolean }

type Ready = Expectation & {
  readonly conditions: readonly ((made: Made) => string | undefined)[]
  /** Of those, the ones that can be judged of a request of which nobody kept what it said. */
  readonly ofJournal: readonly ((made: Made) => string | undefined)[]
}

/** At most so many near misses are told of each expectation. */
const maxNearest = 3

export async function answerExpect(given: unknown, { sliced, ...world }: World): Promise<SimResponse> {
  let expected: Expected
  try {
    expected = await sliced(() => readExpected(given, world.phases))
  } catch (error) {
    if (error instanceof ConfigError) return json(400, invalidConfigurationBody(error, 'Nothing was judged'))
    throw error
  }
  const searches = new Searches()
  const ready = await sliced(() => mapInSteps(expected.expectations, (each) => readyOf(each, searches)))
  const judge = () => sliced(() => verdictOf(ready, expected, { ...world, searches }))
  const first = await judge()
  const verdict = first.met || expected.withinMs === 0 ? first : await becomesMet(judge, expected.withinMs, world)
  return sliced(() => step(() => json(verdict.met ? 200 : 417, verdict)))
}

/** Judges anew when requests have ended, until it is met or the time is up. */
async function becomesMet(
  judge: () => Verdict | Promise<Verdict>,
  withinMs: number,
  { journal, clock }: Pick<World, 'journal' | 'clock'>,
): Promise<Verdict> {
  const state: { isOver: boolean; isNew: boolean; wake?: () => void } = { isOver: false, isNew: false }
  const timer = clock.timer(() => {
    state.isOver = true
    state.wake?.()
  })
  timer.set(clock.now() + withinMs)
  const stop = journal.follow({}, () => {
    state.isNew = true
    state.wake?.()
  })
  try {
    for (;;) {
      if (!state.isNew && !state.isOver) await new Promise<void>((resolve) => (state.wake = resolve))
      const isLast = state.isOver
      state.isNew = false
      const verdict = await judge()
      if (verdict.met || isLast) return verdict
    }
  } finally {
    stop()
    timer.cancel()
  }
}

const keys = new Map(operations.map(({ name, path }) => [name, keyOfPath(path)]))

function madeOf(kept: Kept, { bodies, region }: Pick<World, 'bodies' | 'region'>): Made {
  const { requestId, operation = '', deployment, model, stream, phase } = kept
  const asked = bodies.of(requestId)?.asked
  const { body, contentType = '', headers = [] } = asked ?? {}
  const bytes = body?.bytes ?? new Uint8Array()
  return {
    kept,
    isHeard: asked !== undefined,
    asked: new Asked({
      operation: keys.get(operation) ?? operation,
      deployment,
      model: model?.name,
      region: region(),
      isStream: asked ? undefined : stream,
      bytes,
      body: fieldsOfBody(bytes, contentType),
      headers: { get: (name) => headers.find(([known]) => known === name)?.[1] ?? null },
      phases: phase?.split(', ') ?? [],
      utilization: () => 0,
    }),
  }
}

/** Each condition says its name where it does not hold. */
function readyOf(expectation: Expectation, searches: Searches): Ready {
  const { when, statuses, rule } = expectation
  const failing = ({ name, holds }: NamedCondition) => {
    return ({ asked }: Made) => (holds(asked) ? undefined : `when.${name}`)
  }
  const { all } = conditionsOf(when, searches)
  const others = [
    ...(statuses ? [({ kept }: Made) => (statuses.includes(kept.status) ? undefined : 'status')] : []),
    ...(rule === undefined ? [] : [({ kept }: Made) => (kept.rule === rule ? undefined : 'rule')]),
  ]
  return {
    ...expectation,
    conditions: [...all.map(failing), ...others],
    ofJournal: [...all.filter(({ name }) => !isOfText(name)).map(failing), ...others],
  }
}

/** Whether it asks of what a request said. */
const isOfText = (name: string) => /^(?:turn|toolResult|body|prompt|system|conversation|headers\..*)$/.test(name)

const isJudged = (ready: Ready, made: Made) => made.isHeard || ready.conditions.length === ready.ofJournal.length

const holdsAll = (conditions: Ready['conditions'], made: Made) =>
  conditions.every((failed) => failed(made) === undefined)

/** Nobody can tell, as what it said was not kept. */
const mayFit = (ready: Ready, made: Made) => !isJudged(ready, made) && holdsAll(ready.ofJournal, made)

type Verdict = { readonly met: boolean; readonly [key: string]: unknown }

/** So many requests are looked at in one step, whose parts need not be gone through again. */
const requestsAStep = 8

function verdictOf(ready: readonly Ready[], expected: Expected, world: Judged): Verdict {
  const all = step(() => world.journal.kept({}).toReversed())
  const judging = step(() => new Judging(ready, expected))
  for (let start = 0; start < all.length; start += requestsAStep)
    step(() => {
      for (const kept of all.slice(start, start + requestsAStep)) {
        const made = step(() => madeOf(kept, world))
        if (step(() => world.searches.isDear(made.asked))) world.searches.lookAhead(made.asked)
        oneStep(() => {
          judging.add(made)
        })
      }
    })
  return step(() => judging.verdict(all.length))
}

/** What is known of an expectation so far. */
type Known = { seen: number; unheard: number; readonly requests: string[]; nearest: readonly Near[] }
type Near = { readonly failed: number; readonly told: Readonly<Record<string, unknown>> }

/** Goes through the requests once, in the order of their coming. */
class Judging {
  readonly #ready: readonly Ready[]
  readonly #known: readonly Known[]
  readonly #order: ExpectedOrder<Made> | undefined
  #requestsLeft = maxRequests

  constructor(ready: readonly Ready[], { inOrder }: Expected) {
    this.#ready = ready
    this.#known = ready.map(() => ({ seen: 0, unheard: 0, requests: [], nearest: [] }))
    this.#order = inOrder ? new ExpectedOrder(ready) : undefined
  }

  add(made: Made): void {
    const fitting = new Set<number>()
    for (const [at, each] of this.#ready.entries()) {
      const known = this.#known[at] as Known
      const failed = each.conditions.map((failedBy) => failedBy(made)).filter((name) => name !== undefined)
      if (isJudged(each, made) && failed.length === 0) {
        fitting.add(at)
        known.seen++
        if (this.#requestsLeft-- > 0) known.requests.push(made.kept.requestId)
        continue
      }
      if (mayFit(each, made)) known.unheard++
      if (known.seen < each.min) known.nearest = withNear(known.nearest, made, failed)
    }
    this.#order?.add(made, fitting)
  }

  verdict(count: number): Verdict {
    const order = this.#order
    const isMet = ({ min, max }: Ready, { seen, unheard }: Known) =>
      seen >= min && (order ? unheard === 0 : seen + unheard <= max)
    const expectations = this.#ready.map((each, at) => {
      const known = this.#known[at] as Known
      const { seen, unheard, requests, nearest } = known
      const met = isMet(each, known)
      return {
        met,
        expected: { min: each.min, ...(each.max !== Infinity && { max: each.max }) },
        seen,
        ...(!met && unheard > 0 && { unheard }),
        requests,
        ...(!met && seen < each.min && { nearest: nearest.map(({ told }) => told) }),
      }
    })
    const met = expectations.every((each) => each.met) && (order?.isMet ?? true)
    if (met) return { met, requests: count, expectations }
    return { met, error: errorOf(expectations, order, count), requests: count, expectations }
  }
}

/** So many requests are told in all. */
const maxRequests = 20_000

/** Those that come nearest, with what of the expectation does not hold for them. */
function withNear(nearest: readonly Near[], { kept, asked }: Made, failed: readonly string[]): readonly Near[] {
  const at = nearest.findIndex((near) => near.failed > failed.length)
  if (at < 0 && nearest.length >= maxNearest) return nearest
  const { id, operation, deployment, status, rule } = toEntry(kept)
  const told = { id, operation, deployment, status, rule, differs: failed, found: foundOf(asked, failed) }
  return nearest.toSpliced(at < 0 ? nearest.length : at, 0, { failed: failed.length, told }).slice(0, maxNearest)
}

const longest = 200

/** What stands there in place of what was wanted, short. */
function foundOf(asked: Asked, failed: readonly string[]) {
  const valueOf = (name: string): unknown => {
    switch (name) {
      case 'prompt':
      case 'system':
      case 'conversation':
        return asked[name].slice(0, longest)
      case 'turn':
      case 'stream':
      case 'toolResult':
        return asked[name]
      case 'operation':
      case 'deployment':
      case 'model':
      case 'region':
        return asked.facts[name]
      case 'phase':
        return asked.facts.phases
      default:
        return undefined
    }
  }
  const values = failed
    .filter((name) => name.startsWith('when.'))
    .map((name) => [name, valueOf(name.slice('when.'.length)) ?? null] as const)
    .filter(([name]) => name !== 'when.body' && !name.startsWith('when.headers.'))
  return Object.fromEntries(values)
}

type Shown = {
  readonly met: boolean
  readonly expected: { readonly min: number; readonly max?: number }
  readonly seen: number
  readonly unheard?: number
}

/** One text that a failing test can show. */
function errorOf(expectations: readonly Shown[], order: ExpectedOrder<Made> | undefined, count: number) {
  const lines = expectations.flatMap(({ met, expected: { min, max }, seen, unheard }, at) => {
    const wanted = max === min ? `${min}` : max === undefined ? `${min} or more` : `${min} to ${max}`
    const more = unheard
      ? `, and ${unheard} of which it is not known, as journal.bodies is off or they are too old`
      : ''
    return met ? [] : [`expectation ${at + 1}: expected ${wanted}, seen ${seen}${more}`]
  })
  if (lines.length === 0 && order)
    lines.push(
      order.breaks
        ? `the order is another one from request ${order.breaks.kept.requestId} on`
        : 'the order ends before the last expectation',
    )
  return { code: 'ExpectationNotMet', message: `${lines.join('; ')} (of ${count} requests)` }
}
