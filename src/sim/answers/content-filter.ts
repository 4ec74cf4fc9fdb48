/** The content filter: what the configured rules find in prompts and answers, and what comes of it. */
import type { ContentFilter, FilterRule } from '../config/config.ts'
import { type ApiError, promptFiltered } from '../errors.ts'
import { filterResults, type Finding, type KeySet, promptKeys, type Verdict } from './filter-results.ts'

/**
 * Throws the service's refusal of a prompt that is blocked, as `refusal` words it; tells of what is only annotated.
 */
export function judgePrompt(
  filter: ContentFilter,
  texts: () => readonly string[],
  keys: KeySet = promptKeys,
  refusal: (results: unknown) => ApiError = promptFiltered,
): Verdict | undefined {
  if (!isJudging(filter)) return undefined
  const findings: Finding[] = []
  for (const rule of filter.rules) {
    if (!rule.findsInPrompts || !rule.pattern) continue
    for (const text of texts()) {
      const found = find(rule, rule.pattern, text)
      if (!found) continue
      findings.push(found)
      break
    }
  }
  const verdict = verdictOf(findings)
  if (verdict?.blocked) throw refusal(JSON.parse(filterResults(filter, keys, verdict)))
  return verdict
}

/** What is found in the text of an answer to a prompt of those texts. */
export function judgeAnswer(
  filter: ContentFilter,
  text: () => string,
  promptTexts: () => readonly string[],
): Verdict | undefined {
  if (!isJudging(filter)) return undefined
  const findings: Finding[] = []
  for (const rule of filter.rules) {
    const { pattern, answersTo, findsInAnswers } = rule
    if (!findsInAnswers || (answersTo && !promptTexts().some((prompt) => answersTo.test(prompt)))) continue
    const found = pattern ? find(rule, pattern, text()) : halfway(rule, text())
    if (found) findings.push(found)
  }
  return verdictOf(findings)
}

/** What is found in pictures drawn from that prompt: what rules say of answers to it, as a picture has no text. */
export function judgePicture(filter: ContentFilter, prompt: string, { keys }: KeySet): Verdict | undefined {
  if (!isJudging(filter)) return undefined
  const findings = filter.rules
    .filter(({ pattern, answersTo, category }) => !pattern && keys.includes(category) && answersTo?.test(prompt))
    .map((rule) => ({ rule, start: 0, end: 0 }))
  return verdictOf(findings)
}

const isJudging = ({ mode, rules }: ContentFilter) => rules.length > 0 && mode !== 'off' && mode !== 'error'

function find(rule: FilterRule, pattern: RegExp, text: string): Finding | undefined {
  const match = pattern.exec(text)
  return match ? { rule, start: match.index, end: match.index + match[0].length } : undefined
}

/** Of an answer that has any text: without one there is nothing to object to. */
function halfway(rule: FilterRule, text: string): Finding | undefined {
  return text === '' ? undefined : { rule, start: Math.floor(text.length / 2), end: text.length }
}

function verdictOf(findings: readonly Finding[]): Verdict | undefined {
  if (findings.length === 0) return undefined
  const blocked = findings
    .filter(({ rule }) => rule.isBlocking)
    .reduce<Finding | undefined>((first, next) => (first && first.start <= next.start ? first : next), undefined)
  return { findings, blocked }
}
