/** What a test expects of the requests that were made, as `POST /++/requests/expect` takes it. */
import { checked } from '../base/checked.ts'
import * as z from 'zod'
import { step } from '../base/slices.ts'
import { parseDuration } from './duration.ts'
import { flag, group, text, whole } from './forms.ts'
import { ConfigError, mismatch, type Problem, shown, unknownName } from './problem.ts'
import { parseAhead } from './parse-ahead.ts'
import { readable } from './rule-kinds.ts'
import { unknownPhase } from './rule-names.ts'
import { conditions, type When } from './rules.ts'
import { valueAt } from './tree.ts'

/** What has been is not drawn or counted again, and nobody knows any more how full a deployment was. */
const When = conditions.omit({ call: true, chance: true, utilization: true })

const Count = group({ min: whole(0).optional(), max: whole(0).optional() })

const Expectation = group({
  when: When.optional(),
  status: z
    .union([whole(100, 599), z.array(whole(100, 599)).min(1)], { error: 'a status, or a list of such' })
    .optional(),
  rule: text("a rule's name or id").optional(),
  count: z
    .union([whole(0), Count], { error: 'a whole number, or { min, max }' })
    .refine((count) => typeof count === 'number' || (count.min ?? 0) <= (count.max ?? Infinity), {
      error: 'min up to max',
    })
    .optional(),
})

const withinForm = 'a duration with its unit, up to 60s'
const maxWithinMs = 60_000
const withinMs = (value: string | number): number | undefined => {
  const ms = parseDuration(String(value))?.mean
  return ms !== undefined && ms <= maxWithinMs ? ms : undefined
}

const listForm = 'a list of 1 to 1000 expectations'
const Expected = group({
  expectations: z.array(Expectation, { error: listForm }).min(1, { error: listForm }).max(1_000, { error: listForm }),
  inOrder: flag().optional(),
  within: readable(withinForm, withinMs).optional(),
})

export type Expectation = {
  readonly when: When
  readonly statuses: readonly number[] | undefined
  readonly rule: string | undefined
  readonly min: number
  readonly max: number
}

export type Expected = {
  readonly expectations: readonly Expectation[]
  readonly inOrder: boolean
  /** How long to wait for what is not there yet. */
  readonly withinMs: number
}

/** Throws a `ConfigError` that tells every problem. `phases` are those that there may have been. */
export function readExpected(given: unknown, phases: readonly string[]): Expected {
  parseAhead(Expected, given)
  const { data, error } = step(() => checked(Expected, given))
  const problems = [
    ...(error?.issues ?? []).flatMap((issue) => problemsOf(issue, given)),
    ...unknownPhases(valueAt(given, ['expectations']), phases),
  ]
  if (error || problems.length > 0) throw new ConfigError(problems)
  return {
    expectations: data.expectations.map(({ when = {}, status, rule, count = { min: 1 } }) => ({
      when,
      statuses: status === undefined ? undefined : [status].flat(),
      rule,
      ...(typeof count === 'number' ? { min: count, max: count } : { min: count.min ?? 0, max: count.max ?? Infinity }),
    })),
    inOrder: data.inOrder ?? false,
    withinMs: withinMs(data.within ?? '0s') ?? 0,
  }
}

/** A phase that never is would be met by nothing: what must not have been seen in it would always hold. */
const unknownPhases = (list: unknown, phases: readonly string[]): readonly Problem[] =>
  (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((each, at) =>
    [valueAt(each, ['when', 'phase'])]
      .flat()
      .filter((name): name is string => typeof name === 'string' && !phases.includes(name))
      .map((name) => problemAt(['expectations', String(at), 'when', 'phase'], unknownPhase(name, phases))),
  )

function problemsOf(issue: z.core.$ZodIssue, given: unknown): readonly Problem[] {
  const path = issue.path.map(String)
  if (issue.code !== 'unrecognized_keys') return [problemAt(path, mismatch(shown(valueAt(given, path)), issue.message))]
  return issue.keys.map((key) => problemAt([...path, key], `is not known here; ${unknownName(key, namesAt(path))}`))
}

const problemAt = (path: readonly string[], message: string): Problem => ({ path, setting: path.join('.'), message })

function namesAt([list, , name, ...rest]: readonly string[]): readonly string[] {
  if (list === undefined) return Object.keys(Expected.shape)
  if (name === 'when') return Object.keys(When.shape)
  return name === 'count' && rest.length === 0 ? Object.keys(Count.shape) : Object.keys(Expectation.shape)
}
