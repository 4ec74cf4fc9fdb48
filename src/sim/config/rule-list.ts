/** A list of rules by itself, as a file of rules has it. */
import { dump } from 'js-yaml'
import type * as z from 'zod'
import { mismatch, shown, unknownName } from './problem.ts'
import { checkRuleNames, namesForRules } from './rule-names.ts'
import { readRules } from './rules.ts'
import { namesAt } from './schema-parts.ts'
import { valueAt } from './tree.ts'

/** What is wrong with each rule of a list, by its place in it. */
export function problemsOfRules(rules: unknown, error: z.ZodError | undefined) {
  return (error?.issues ?? []).flatMap((issue) => {
    const at = issue.path.map(String)
    if (issue.code !== 'unrecognized_keys')
      return [{ path: at, message: mismatch(shown(valueAt(rules, at)), issue.message) }]
    const names = namesAt(['rules', ...at]) ?? []
    return issue.keys.map((key) => ({ path: [...at, key], message: `is not known here; ${unknownName(key, names)}` }))
  })
}

/** What is wrong with it, a line each. */
export function ruleListProblems(rules: readonly unknown[]): readonly string[] {
  const problems = problemsOfRules(rules, readRules(rules).error).map(
    ({ path, message }) => `rules.${path.join('.')}: ${message}`,
  )
  const names = { ...namesForRules({}, { extensionOperations: [] }), phases: undefined }
  checkRuleNames({ rules }, names, (path, message) => problems.push(`${path.join('.')}: ${message}`))
  return problems
}

export const rulesYaml = (rules: readonly unknown[]): string => dump(rules, { lineWidth: 120, noRefs: true })
