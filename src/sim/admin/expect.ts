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
import { json } from './answers.ts'
import { invalidConfigurationBody } from './config.ts'
import { fieldsOfBody } from './bodies.ts'

type World = {
  readonly journal: Journal
  readonly bodies: Bodies
  readonly clock: Clock
  readonly region: () => string
  /** The names of all phases of its timelines. */
  readonly phases: readonly string[]
}

/** A request that was made, as conditions ask of it. `isHeard`: what it said was kept. */
type Made = { readonly kept: Kept; readonly asked: Asked; readonly isHeard: boolean }

type Ready = Expectation & {
  readonly conditions: readonly ((made: Made) => string | undefined)[]
  /** Of those, the ones that can be judged of a request of which nobody kept what it said. */
  readonly ofJournal: readonly ((made: Made) => string | undefined)[]
}

/** At most so many near misses are told of each expectation. */
const maxNearest = 3

export async function answerExpect(given: unknown, world: World): Promise<SimResponse> {
  let expected: Expected
  try {
    expected = readExpected(given, world.phases)
  } catch (error) {
    if (error instanceof ConfigError) return json(400, invalidConfigurationBody(error, 'Nothing was judged'))
    throw error
  }
  const ready = expected.expectations.map(readyOf)
  const first = verdictOf(ready, expected, world)
  if (first.met || expected.withinMs === 0) return told(first)
  return told(await becomesMet(() => verdictOf(ready, expected, world), expected.withinMs, world))
}

const told = (verdict: Verdict) => json(verdict.met ? 200 : 417, verdict)

/** Judges anew at each request that ends, until it is met or the time is up. */
function becomesMet(judge: () => Verdict, withinMs: number, { journal, clock }: World): Promise<Verdict> {
  return new Promise((resolve) => {
    const done = (verdict: Verdict) => {
      stop()
      timer.cancel()
      resolve(verdict)
    }
    const timer = clock.timer(() => done(judge()))
    timer.set(clock.now() + withinMs)
    const stop = journal.follow({}, () => {
      const verdict = judge()
      if (verdict.met) done(verdict)
    })
  })
}

const keys = new Map(operations.map(({ name, path }) => [name, keyOfPath(path)]))

function madeOf(kept: Kept, { bodies, region }: World): Made {
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
function readyOf(expectation: Expectation): Ready {
  const { when, statuses, rule } = expectation
  const failing = ({ name, holds }: NamedCondition) => {
    return ({ asked }: Made) => (holds(asked) ? undefined : `when.${name}`)
  }
  const { all } = conditionsOf(when, new Searches())
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

const fits = (ready: Ready, made: Made) => isJudged(ready, made) && holdsAll(ready.conditions, made)

/** Nobody can tell, as what it said was not kept. */
const mayFit = (ready: Ready, made: Made) => !isJudged(ready, made) && holdsAll(ready.ofJournal, made)

type Verdict = { readonly met: boolean; readonly [key: string]: unknown }

function verdictOf(ready: readonly Ready[], { inOrder }: Expected, world: World): Verdict {
  const made = world.journal
    .kept({})
    .map((kept) => madeOf(kept, world))
    .reverse()
  const seen = ready.map((each) => made.filter((request) => fits(each, request)))
  const unheard = ready.map((each) => made.filter((request) => mayFit(each, request)).length)
  const order = inOrder ? orderOf(ready, made) : undefined
  const isMet = (at: number) => {
    const { min = 0, max = Infinity } = ready[at] ?? {}
    const count = seen[at]?.length ?? 0
    const most = count + (unheard[at] ?? 0)
    return count >= min && (inOrder ? most === count : most <= max)
  }
  const isEachMet = ready.every((_, at) => isMet(at))
  const met = isEachMet && (order?.isMet ?? true)
  const expectations = ready.map((each, at) => {
    const requests = seen[at] ?? []
    return {
      met: isMet(at),
      expected: { min: each.min, ...(each.max !== Infinity && { max: each.max }) },
      seen: requests.length,
      ...(!isMet(at) && unheard[at] && { unheard: unheard[at] }),
      requests: requests.map(({ kept }) => kept.requestId),
      ...(!isMet(at) && requests.length < each.min && { nearest: nearestOf(each, made, requests) }),
    }
  })
  if (met) return { met, requests: made.length, expectations }
  return { met, error: errorOf(expectations, order, made), requests: made.length, expectations }
}

/** Those that come nearest, with what of the expectation does not hold for them. */
function nearestOf({ conditions }: Ready, made: readonly Made[], seen: readonly Made[]) {
  return made
    .filter((request) => !seen.includes(request))
    .map((request) => ({
      request,
      failed: conditions.map((failedBy) => failedBy(request)).filter((name) => name !== undefined),
    }))
    .sort((a, b) => a.failed.length - b.failed.length)
    .slice(0, maxNearest)
    .map(({ request: { kept, asked }, failed }) => {
      const { id, operation, deployment, status, rule } = toEntry(kept)
      return { id, operation, deployment, status, rule, differs: failed, found: foundOf(asked, failed) }
    })
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

type Order = {
  readonly isMet: boolean
  /** The first request that is out of order. */ readonly breaks: Made | undefined
}

/**
 * Whether the requests that fit any expectation are, in the order of their coming, first those of the first one, then
 * those of the second, and so on, of each as many as expected.
 */
function orderOf(ready: readonly Ready[], made: readonly Made[]): Order {
  const relevant = made.filter((request) => ready.some((each) => fits(each, request)))
  // For each expectation that may have been reached: of how many of its requests that may have been.
  let reached = closed(ready, [new Map([[0, new Set([0])]])])
  for (const request of relevant) {
    const next = new Map<number, Set<number>>()
    for (const [at, counts] of reached) {
      const each = ready[at]
      if (!each || !fits(each, request)) continue
      for (const count of counts) if (count < each.max) addTo(next, at, Math.min(count + 1, enough(each)))
    }
    reached = closed(ready, [next])
    if (reached.size === 0) return { isMet: false, breaks: request }
  }
  return { isMet: reached.has(ready.length), breaks: undefined }
}

/** Where any number more is the same. */
const enough = ({ min, max }: Ready) => (max === Infinity ? min : max)

/** Those that can be gone on to, as enough has come for the ones before. */
function closed(ready: readonly Ready[], [start = new Map()]: readonly Map<number, Set<number>>[]) {
  const all = new Map<number, Set<number>>()
  for (const [at, counts] of start) for (const count of counts) addTo(all, at, count)
  for (const [at, each] of ready.entries()) {
    const isEnough = [...(all.get(at) ?? [])].some((count) => count >= each.min)
    if (isEnough) addTo(all, at + 1, 0)
  }
  return all
}

function addTo(all: Map<number, Set<number>>, at: number, count: number): void {
  const known = all.get(at)
  if (known) known.add(count)
  else all.set(at, new Set([count]))
}

type Shown = {
  readonly met: boolean
  readonly expected: { readonly min: number; readonly max?: number }
  readonly seen: number
  readonly unheard?: number
}

/** One text that a failing test can show. */
function errorOf(expectations: readonly Shown[], order: Order | undefined, made: readonly Made[]) {
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
  return { code: 'ExpectationNotMet', message: `${lines.join('; ')} (of ${made.length} requests)` }
}
