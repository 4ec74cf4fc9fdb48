/** The rules of a resource through its changes: what was counted outlives a change of anything else. */
import type { RulesControl } from '../admin/rules.ts'
import type { Config } from '../config/config.ts'
import type { Rule } from '../config/rules.ts'
import type { SharedCounts } from '../limits/shared-counts.ts'
import type { Resource } from '../operation.ts'
import { chatCompletions } from '../operations/chat/chat-completions.ts'
import { hexText, type Random } from '../random.ts'
import { localCounts, sharedCounts } from '../rules/counts.ts'
import { errorTable } from '../rules/errors.ts'
import { countKey, createRuleSet, type RuleSet } from '../rules/rule-set.ts'

export type OpenRules = {
  /** Undefined where there is no rule. */
  readonly of: (config: Config) => RuleSet | undefined
  readonly control: (live: Pick<RulesControl, 'patch' | 'version'>, resource: () => Resource) => RulesControl
}

type Counted = { readonly shared: SharedCounts | undefined; readonly resource: string }

/** Where instances share their limits, they share the counts of their rules, too. */
export function openRules(random: Random, { shared, resource: name }: Counted): OpenRules {
  const counts = shared ? sharedCounts(shared, name) : localCounts()
  let drawn: number | undefined
  let known: { readonly text: string; readonly set: RuleSet | undefined } | undefined
  return {
    of({ rules, seed: given }) {
      // Drawn where it is needed, so that without rules nothing else is drawn otherwise.
      const seed = rules.length === 0 ? 0 : (given ?? (drawn ??= random.uint32()))
      const text = JSON.stringify([seed, rules as readonly Rule[]])
      if (known?.text !== text) known = { text, set: createRuleSet(rules, { counts, seed }) }
      return known.set
    },
    control: ({ patch, version }, resource) => ({
      patch,
      version,
      rules: () => resource().config.rules,
      appliedTimes: (rule) => counts.appliedTimes(countKey(rule)),
      newId: () => `rule-${hexText(random, 8)}`,
      errors: () => errorTable(exampleOf(resource()), resource().config),
    }),
  }
}

/** A call as most are. */
const exampleOf = ({ findDeployment }: Resource) => ({
  match: { operation: chatCompletions },
  deployment: findDeployment('gpt-4o', 'gpt-4o'),
  apiVersion: '2024-10-21',
  cost: { promptTokens: 0, promptCharacters: 0, maxTokens: undefined, choices: 1, countsTokens: true },
})
