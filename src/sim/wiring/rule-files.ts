/** Rules from files, which are looked at again while the simulator runs: what is wrong is told, and the former rules stay. */
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Log } from '../base/log.ts'
import { reasonOf } from '../base/reason.ts'
import type { Clock } from '../clock.ts'
import { ConfigError, type Problem, shown } from '../config/problem.ts'
import { problemsOfRules } from '../config/rule-list.ts'
import { checkOperations } from '../config/rule-operations.ts'
import { type KnownRule, readRules, type Rule } from '../config/rules.ts'
import { isTree } from '../config/tree.ts'
import { parseSettingsYaml } from '../config/yaml.ts'
import { findFiles } from '../storage/find-files.ts'

type Parts = {
  readonly patterns: readonly string[]
  readonly operations: readonly string[] | undefined
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

/** Files are looked at once in this time, when a request comes. */
const lookMs = 100

export class RuleFiles {
  readonly #parts: Parts
  #rules: readonly KnownRule[]
  #stamp: string
  #lookedAtMs: number

  /** Throws a `ConfigError` with every problem of every file. */
  constructor(parts: Parts) {
    this.#parts = parts
    this.#stamp = stampOf(parts.patterns)
    this.#lookedAtMs = parts.clock.now()
    this.#rules = readAll(parts)
  }

  get rules(): readonly KnownRule[] {
    return this.#rules
  }

  /** A request came: whether there are other rules than when it was last asked. */
  hasMoved(): boolean {
    const { patterns, clock, log } = this.#parts
    const nowMs = clock.now()
    if (nowMs < this.#lookedAtMs + lookMs) return false
    this.#lookedAtMs = nowMs
    const stamp = stampOf(patterns)
    if (stamp === this.#stamp) return false
    this.#stamp = stamp
    try {
      this.#rules = readAll(this.#parts)
      log.info(`Rules were read again from ${patterns.join(', ')}: ${this.#rules.length} of them.`)
      return true
    } catch (error) {
      log.error(`The rules from ${patterns.join(', ')} stay as they were: ${reasonOf(error)}`)
      return false
    }
  }
}

/** Differs wherever a file came, went or was written. */
const stampOf = (patterns: readonly string[]): string =>
  patterns
    .flatMap(findFiles)
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false })
      return `${file} ${found?.mtimeMs ?? 'none'} ${found?.size ?? 0}`
    })
    .join('\n')

function readAll({ patterns, operations }: Parts): readonly KnownRule[] {
  const problems: Problem[] = []
  const rules = [...new Set(patterns.flatMap(findFiles))].flatMap((file) => readFile(file, operations, problems))
  const seen = new Map<string, string>()
  for (const { id, from = '' } of rules) {
    const other = seen.get(id)
    if (other !== undefined)
      problems.push(problemAt(from, `has the id ${shown(id)}, as a rule of ${other} has it: allowed: one each`))
    seen.set(id, from)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return rules
}

const problemAt = (setting: string, message: string): Problem => ({ path: ['rulesFrom'], setting, message })

function readFile(file: string, operations: Parts['operations'], problems: Problem[]): readonly KnownRule[] {
  const from = path.basename(file)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    problems.push(problemAt('rulesFrom', `${shown(file)} cannot be read: ${reasonOf(error)}`))
    return []
  }
  const parsed = parseSettingsYaml(from, text)
  if ('problem' in parsed) {
    problems.push(parsed.problem)
    return []
  }
  const { input } = parsed.source
  const given: unknown = isTree(input) ? input.rules : (input ?? [])
  const { data, error } = readRules(given)
  for (const { path: place, message } of problemsOfRules(given, error))
    problems.push(problemAt([from, ...place].join('.'), message))
  checkOperations({ rules: given }, operations, (place, message) =>
    problems.push(problemAt([from, ...place.slice(1)].join('.'), message)),
  )
  return (data ?? []).map((rule: Rule, at) => ({ ...rule, id: rule.id ?? idOf(from, at), from }))
}

/** By its place in its file. */
const idOf = (file: string, at: number) =>
  `${file
    .replace(/\.ya?ml$/i, '')
    .replaceAll(/[^\w.-]/g, '-')
    .slice(0, 50)}-${at + 1}`
