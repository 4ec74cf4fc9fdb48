/** Rules from files, which are looked at again while the simulator runs: what is wrong is told, and that file's former rules stay. */
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Log } from '../base/log.ts'
import { reasonOf } from '../base/reason.ts'
import type { Clock } from '../clock.ts'
import { ConfigError, type Problem, shown } from '../config/problem.ts'
import { problemsOfRules } from '../config/rule-list.ts'
import { checkRuleNames, type RuleNames } from '../config/rule-names.ts'
import { type KnownRule, readRules, type Rule } from '../config/rules.ts'
import { isTree } from '../config/tree.ts'
import { parseSettingsYaml } from '../config/yaml.ts'
import { findFiles } from '../storage/find-files.ts'

type Parts = {
  readonly patterns: readonly string[]
  readonly names: RuleNames
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

/** One file: what it says, or what it said when it was last right. */
type File = {
  readonly rules: readonly KnownRule[]
  /** What is wrong with it by now. */
  readonly problems: readonly Problem[]
}

/** Files are looked at once in this time, when a request comes. */
const lookMs = 100

export class RuleFiles {
  readonly #parts: Parts
  #files: ReadonlyMap<string, File>
  #rules: readonly KnownRule[]
  #stamp: string
  #lookedAtMs: number

  /** Throws a `ConfigError` with every problem of every file. */
  constructor(parts: Parts) {
    this.#parts = parts
    this.#stamp = stampOf(parts.patterns)
    this.#lookedAtMs = parts.clock.now()
    this.#files = readAll(parts, new Map())
    if (this.problems.length > 0) throw new ConfigError(this.problems)
    this.#rules = rulesIn(this.#files)
  }

  get rules(): readonly KnownRule[] {
    return this.#rules
  }

  /** Of files that were changed for the worse: what they said before holds. */
  get problems(): readonly Problem[] {
    return [...this.#files.values()].flatMap(({ problems }) => problems)
  }

  /** Looks at the files, if it is time: whether there are other rules than when it was last asked. */
  hasMoved(): boolean {
    const { patterns, clock, log } = this.#parts
    const nowMs = clock.now()
    if (nowMs < this.#lookedAtMs + lookMs) return false
    this.#lookedAtMs = nowMs
    const stamp = stampOf(patterns)
    if (stamp === this.#stamp) return false
    this.#stamp = stamp
    this.#files = readAll(this.#parts, this.#files)
    for (const [file, { problems }] of this.#files)
      if (problems.length > 0)
        log.error(`The rules from ${path.basename(file)} stay as they were: ${new ConfigError(problems).message}`)
    const rules = rulesIn(this.#files)
    if (JSON.stringify(rules) === JSON.stringify(this.#rules)) return false
    this.#rules = rules
    log.info(`Rules were read again from ${patterns.join(', ')}: ${this.#rules.length} of them.`)
    return true
  }
}

const rulesIn = (files: ReadonlyMap<string, File>) => [...files.values()].flatMap(({ rules }) => rules)

/** Differs wherever a file came, went or was written. */
const stampOf = (patterns: readonly string[]): string =>
  patterns
    .flatMap(findFiles)
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false })
      return `${file} ${found?.mtimeMs ?? 'none'} ${found?.size ?? 0}`
    })
    .join('\n')

/** Each file is judged by itself: one that is wrong holds back no other. */
function readAll({ patterns, names }: Parts, former: ReadonlyMap<string, File>): ReadonlyMap<string, File> {
  const seen = new Map<string, string>()
  const files = new Map<string, File>()
  for (const file of new Set(patterns.flatMap(findFiles))) {
    const problems: Problem[] = []
    const read = readFile(file, names, problems)
    for (const { id, from = '' } of read) {
      const other = seen.get(id)
      if (other !== undefined)
        problems.push(problemAt(from, `has the id ${shown(id)}, as a rule of ${other} has it: allowed: one each`))
    }
    const isRight = problems.length === 0
    const rules = isRight ? read : (former.get(file)?.rules ?? []).filter(({ id }) => !seen.has(id))
    for (const { id, from = '' } of rules) seen.set(id, from)
    files.set(file, { rules, problems })
  }
  return files
}

const problemAt = (setting: string, message: string): Problem => ({ path: ['rulesFrom'], setting, message })

function readFile(file: string, names: RuleNames, problems: Problem[]): readonly KnownRule[] {
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
  checkRuleNames({ rules: given }, names, (place, message) =>
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
