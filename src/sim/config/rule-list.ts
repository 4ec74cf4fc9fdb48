/** A list of rules by itself, as a file of rules has it. */
import { dump } from 'js-yaml'
import { mismatch, shown } from './problem.ts'
import { checkOperations, knownOperations } from './rule-operations.ts'
import { readRules } from './rules.ts'
import { valueAt } from './tree.ts'

/** What is wrong with it, a line each. */
export function ruleListProblems(rules: readonly unknown[]): readonly string[] {
  const problems = (readRules(rules).error?.issues ?? []).map(({ path, message }) => {
    const at = path.map(String)
    return `rules.${at.join('.')}: ${mismatch(shown(valueAt(rules, at)), message)}`
  })
  checkOperations({ rules }, knownOperations({}, []), (path, message) => problems.push(`${path.join('.')}: ${message}`))
  return problems
}

export const rulesYaml = (rules: readonly unknown[]): string => dump(rules, { lineWidth: 120, noRefs: true })
