/** The rules of a resource through its changes: what was counted outlives a change of anything else. */
import { mapInSteps, step } from '../base/slices.ts'
import type { RulesControl } from '../admin/rules.ts'
import type { Config } from '../config/config.ts'
import { type Rule, withIds } from '../config/rules.ts'
import type { SharedCounts } from '../limits/shared-counts.ts'
import type { Resource } from '../operation.ts'
import { chatCompletions } from '../operations/chat/chat-completions.ts'
import { hexText, type Random } from '../random.ts'
import { localCounts, sharedCounts } from '../rules/counts.ts'
import { errorTable } from '../rules/errors.ts'
import type { RuleFiles } from './rule-files.ts'
import { countKey, createRuleSet, type Keyed, keyed, ready, type RuleSet } from '../rules/rule-set.ts'

export type OpenRules = {
  /** Undefined where there is no rule. */
  readonly of: (config: Config) => RuleSet | undefined
  /** What is dear of it is found out beforehand, where work is done in slices. */
  readonly ahead: (config: Config) => void
  /** A request came: whether the files of rules have changed. */
  readonly hasMoved: () => boolean
  readonly control: (live: Pick<RulesControl, 'patch' | 'version' | 'look'>, resource: () => Resource) => RulesControl
}

type Read = {
  readonly own: readonly Rule[]
  readonly ofFiles: readonly Rule[] | undefined
  readonly text: string
  readonly keyed: readonly Keyed[]
}

type Counted = {
  readonly shared: SharedCounts | undefined
  readonly resource: string
  /** Behind those of the settings; absent where no files are named. */
  readonly files: RuleFiles | undefined
}

/** Where instances share their limits, they share the counts of their rules, too. */
export function openRules(random: Random, { shared, resource: name, files }: Counted): OpenRules {
  const counts = shared ? sharedCounts(shared, name) : localCounts()
  let drawn: number | undefined
  let known: { readonly text: string; readonly set: RuleSet | undefined } | undefined
  let read: Read | undefined
  const readOf = (own: readonly Rule[]): Read => {
    const ofFiles = files?.rules
    if (read?.own === own && read.ofFiles === ofFiles) return read
    const rules = ofFiles ? [...withIds(own), ...ofFiles] : own
    const texts = mapInSteps(rules, (rule) => JSON.stringify(rule))
    const text = step(() => texts.join())
    return (read = { own, ofFiles, text, keyed: keyed(rules) })
  }
  return {
    ahead({ rules: own }) {
      // What is known is not looked for again, so that either is one step to what follows.
      const { keyed: rules } = step(() => readOf(own))
      step(() => ready(rules))
    },
    hasMoved: () => files?.hasMoved() ?? false,
    of({ rules: own, seed: given }) {
      const { text: told, keyed: rules } = readOf(own)
      // Drawn where it is needed, so that without rules nothing else is drawn otherwise.
      const seed = rules.length === 0 ? 0 : (given ?? (drawn ??= random.uint32()))
      const text = `${seed} ${told}`
      if (known?.text !== text) known = { text, set: createRuleSet(rules, { counts, seed }) }
      return known.set
    },
    control: ({ patch, version, look }, resource) => ({
      patch,
      version,
      rules: () => resource().config.rules,
      look,
      ofFiles: () => files?.rules ?? [],
      fileProblems: () => files?.problems ?? [],
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
