/** `/++/rules`: the rules of a resource, read and changed while it runs. */
import { sizeOf } from '../base/size-of.ts'
import { mapInSteps, step } from '../base/slices.ts'
import { type Apply, applyChange, runTimeSource, settingsOf } from '../config/change.ts'
import type { Problem } from '../config/problem.ts'
import { type KnownRule, type Rule, withIds } from '../config/rules.ts'
import { isTree, mergeTrees, put, type Tree } from '../config/tree.ts'
import { gatewayError, resourceNotFound } from '../errors.ts'
import { parseTarget } from '../http/target.ts'
import type { SimRequest, SimResponse } from '../types.ts'
import { json } from './answers.ts'

export type RulesControl = {
  /** Those in force. */
  readonly rules: () => readonly Rule[]
  /** Looks at the files of rules, as a request does. */
  readonly look: () => void
  /** Those of files, which only their files change. */
  readonly ofFiles: () => readonly KnownRule[]
  /** What is wrong with files by now, whose former rules hold. */
  readonly fileProblems: () => readonly Problem[]
  readonly appliedTimes: (rule: KnownRule) => number
  /** A name for a rule that has none. */
  readonly newId: () => string
  readonly errors: () => unknown
  readonly patch: (part: unknown, basedOn: string | undefined, apply: Apply) => Promise<void>
  /** Of what is in force. */
  readonly version: () => string
}

export type RulesRequest = {
  readonly method: string
  /** What follows `/++/rules/`. */
  readonly id: string | undefined
  readonly request: SimRequest
  readonly basedOn: string | undefined
  /** Throws where it is no JSON. */
  readonly body: () => Promise<unknown>
  /** Does long work in slices. */
  readonly sliced: <T>(work: () => T) => T | Promise<T>
}

export async function answerRules(asked: RulesRequest, control: RulesControl): Promise<SimResponse> {
  const { method, id, request, body } = asked
  control.look()
  const file = id === undefined ? undefined : control.ofFiles().find((rule) => rule.id === id)?.from
  if (file !== undefined && method !== 'GET')
    throw gatewayError(409, 'RuleOfFile', `The rule ${JSON.stringify(id)} is in the file ${file}: change it there.`)
  const target = id === undefined ? 'all' : 'one'
  switch (`${method} ${target}`) {
    case 'GET all':
      return toldAll(asked, control)
    case 'GET one':
      return told(control, 200, one(control, id))
    case 'POST all':
      return add(asked, control, await body(), parseTarget(request.url).query.get('at') === 'start')
    case 'PUT all': {
      const given = await body()
      const list = isTree(given) ? given.rules : given
      if (!Array.isArray(list))
        throw gatewayError(400, 'InvalidRules', 'The body is no list of rules, nor { "rules": [ … ] }.')
      const rules = (list as readonly unknown[]).map((rule) => named(rule, control))
      await change(asked, control, () => ({ rules }))
      return toldAll(asked, control)
    }
    case 'PUT one':
    case 'PATCH one': {
      const given = await body()
      await change(asked, control, (rules) => {
        const at = placeOf(rules, id)
        const next = { ...readable(given), id }
        const changed = method === 'PUT' ? next : mergeTrees(rules[at] as Tree, next)
        return { rules: inBounds(rules.with(at, changed)), about: at }
      })
      return told(control, 200, one(control, id))
    }
    case 'DELETE all':
      await change(asked, control, () => ({ rules: undefined }))
      return toldAll(asked, control)
    case 'DELETE one':
      await change(asked, control, (rules) => ({ rules: rules.toSpliced(placeOf(rules, id), 1) }))
      return told(control, 200, { deleted: id })
    default:
      throw resourceNotFound()
  }
}

async function add(asked: RulesRequest, control: RulesControl, given: unknown, isFirst: boolean): Promise<SimResponse> {
  const several = Array.isArray(given)
  const added = (several ? (given as readonly unknown[]) : [given]).map((rule) => named(rule, control))
  await change(asked, control, (rules) => ({
    rules: inBounds(isFirst ? [...added, ...rules] : [...rules, ...added]),
    ...(!several && { about: isFirst ? 0 : rules.length }),
  }))
  const ids = new Set(added.map((rule) => (isTree(rule) ? rule.id : undefined)))
  const all = control.rules()
  return asked.sliced(() => {
    const made = step(() => withIds(all).filter((rule) => ids.has(rule.id)))
    const list = mapInSteps(made, (rule) => shown(rule, control))
    return step(() => told(control, 201, several ? { rules: list } : list[0]))
  })
}

/** One by one they may come to be any number of bodies long. */
const maxRulesBytes = 33_554_432

function inBounds(rules: readonly unknown[]): readonly unknown[] {
  if (sizeOf(rules) <= maxRulesBytes) return rules
  throw gatewayError(400, 'TooManyRules', `All rules together may have ${maxRulesBytes} bytes. Delete some.`)
}

type Next = {
  /** Absent: those of the start. */
  readonly rules: readonly unknown[] | undefined
  /** The one that the request speaks of, so that a problem is told without the others. */
  readonly about?: number
}

function change(
  { basedOn }: RulesRequest,
  control: RulesControl,
  make: (rules: readonly unknown[]) => Next,
): Promise<void> {
  const apply: Apply = (sources, _part, models) => {
    const { rules, about } = step(() => {
      const given = settingsOf(sources).rules
      return make(withIds((Array.isArray(given) ? given : []) as readonly Rule[]))
    })
    const told = (problem: Problem): Problem => {
      const path =
        problem.path[0] === 'rules' && problem.path[1] === String(about) ? problem.path.slice(2) : problem.path
      return { ...problem, setting: path.join('.') }
    }
    return applyChange(sources, { input: { rules: rules ?? startRules(sources) }, problems: [], told }, models)
  }
  return control.patch({}, basedOn, apply)
}

/** Those that the simulator was started with. */
function startRules(sources: Parameters<Apply>[0]): readonly unknown[] {
  const { rules } = settingsOf(sources.filter(({ name }) => name !== runTimeSource))
  return Array.isArray(rules) ? rules : []
}

function placeOf(rules: readonly unknown[], id: string | undefined): number {
  const at = rules.findIndex((rule) => isTree(rule) && rule.id === id)
  if (at < 0) throw notFound(id)
  return at
}

/** All that there are. */
function toldAll({ sliced }: RulesRequest, control: RulesControl): SimResponse | Promise<SimResponse> {
  const all = allOf(control)
  return sliced(() => {
    const rules = mapInSteps(all, (rule) => shown(rule, control))
    const refused = control.fileProblems().map(({ setting, message }) => ({ path: setting, message }))
    return step(() => told(control, 200, { rules, ...(refused.length > 0 && { refused }) }))
  })
}

const allOf = (control: RulesControl): readonly KnownRule[] => [...withIds(control.rules()), ...control.ofFiles()]

const notFound = (id: string | undefined) =>
  gatewayError(404, 'RuleNotFound', `There is no rule ${JSON.stringify(id)}. GET /++/rules lists those that there are.`)

function one(control: RulesControl, id: string | undefined): unknown {
  const rule = allOf(control).find((each) => each.id === id)
  if (!rule) throw notFound(id)
  return shown(rule, control)
}

const shown = (rule: KnownRule, control: RulesControl) => ({ ...rule, applied: control.appliedTimes(rule) })

/** Without what only we tell of it. */
function readable(given: unknown): Tree {
  if (!isTree(given)) throw gatewayError(400, 'InvalidRule', 'The body is no rule: { "when": { … }, "then": { … } }.')
  const { applied: _, ...rule } = given
  return rule
}

function named(given: unknown, control: RulesControl): unknown {
  if (!isTree(given)) return given
  const rule: Record<string, unknown> = { ...readable(given) }
  if (rule.id === undefined) put(rule, 'id', control.newId())
  return rule
}

function told(control: RulesControl, status: number, value: unknown): SimResponse {
  const answer = json(status, value)
  return { ...answer, headers: { ...answer.headers, ETag: `"${control.version()}"` } }
}
