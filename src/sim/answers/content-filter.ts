/** The content filter: what the configured rules find in prompts and answers, and what comes of it. */
import type { Expression, TextRange } from '../base/patterns.ts'
import { isSliced, step, through } from '../base/slices.ts'
import { type Finds, TextSearch } from '../base/text-search.ts'
import type { ContentFilter, FilterRule } from '../config/config.ts'
import { type ApiError, promptFiltered } from '../errors.ts'
import { filterResults, type Finding, type KeySet, promptKeys, type FilterVerdict } from './filter-results.ts'

/**
 * Throws the service's refusal of a prompt that is blocked, as `refusal` words it; tells of what is only annotated.
 */
export function judgePrompt(
  filter: ContentFilter,
  texts: () => readonly string[],
  keys: KeySet = promptKeys,
  refusal: (results: unknown) => ApiError = promptFiltered,
): FilterVerdict | undefined {
  if (!isJudging(filter)) return undefined
  const { prompts, inPrompt } = searchesOf(filter)
  const found = foundIn(prompts, texts(), inPrompt)
  const verdict = verdictOf(found.map((rule) => ({ rule, ...whole })))
  if (verdict?.blocked) throw refusal(JSON.parse(filterResults(filter, keys, verdict)))
  return verdict
}

/** Looks through the texts of a long prompt, in slices where its work is done so: what is found is known when it is judged. */
export function lookAhead(filter: ContentFilter, texts: () => readonly string[]): void {
  if (!isJudging(filter)) return
  const { prompts } = step(() => searchesOf(filter))
  if (!prompts.hasPatterns) return
  const all = texts()
  if (!step(() => prompts.isDear(all.reduce((sum, { length }) => sum + length, 0)))) return
  through(() => aheadInSteps(prompts, all))
}

function* aheadInSteps(search: TextSearch, texts: readonly string[]): Generator<undefined, void> {
  for (const [at, text] of texts.entries()) {
    if (at % textsAStep === textsAStep - 1) yield
    yield* search.ahead(text)
  }
}

const textsAStep = 128

/** What is found in the text of an answer to a prompt of those texts. */
export function judgeAnswer(
  filter: ContentFilter,
  text: () => string,
  promptTexts: () => readonly string[],
): FilterVerdict | undefined {
  if (!isJudging(filter)) return undefined
  const { answersTo, inAnswer, answers } = searchesOf(filter)
  const isDear = answers.hasPatterns && isSliced() && step(() => answers.isDear(text().length))
  if (isDear) through(() => answers.ahead(text()))
  const isAsked = askedOf(filter, promptTexts)
  const findings: Finding[] = []
  for (const rule of filter.rules) {
    const { finder, findsInAnswers } = rule
    if (!findsInAnswers || (answersTo.has(rule) && !isAsked().has(rule))) continue
    if (finder && !inAnswer.get(rule)?.in(text())) continue
    const found = finder
      ? placed(
          rule,
          step(() => finder.find(text())),
        )
      : halfway(rule, text())
    if (found) findings.push(found)
  }
  return verdictOf(findings)
}

/** What is found in pictures drawn from that prompt: what rules say of answers to it, as a picture has no text. */
export function judgePicture(filter: ContentFilter, prompt: string, { keys }: KeySet): FilterVerdict | undefined {
  if (!isJudging(filter)) return undefined
  const asked = askedOf(filter, () => [prompt])()
  const found = filter.rules.filter((rule) => !rule.pattern && keys.includes(rule.category) && asked.has(rule))
  return verdictOf(found.map((rule) => ({ rule, ...whole })))
}

const isJudging = ({ mode, rules }: ContentFilter) => rules.length > 0 && mode !== 'off' && mode !== 'error'

/** Where it stands in a prompt does not matter. */
const whole = { start: 0, end: 0 }

type Found = Finds & { readonly id: number }
type Searches = Readonly<Record<'inPrompt' | 'answersTo' | 'inAnswer', ReadonlyMap<FilterRule, Found>>> & {
  readonly prompts: TextSearch
  readonly answers: TextSearch
}

const known = new WeakMap<readonly FilterRule[], Searches>()

/** A text is looked through once for all rules. */
function searchesOf({ rules }: ContentFilter): Searches {
  const made = known.get(rules) ?? makeSearches(rules)
  known.set(rules, made)
  return made
}

function makeSearches(rules: readonly FilterRule[]): Searches {
  const prompts = new TextSearch()
  const answers = new TextSearch()
  const finds = (search: TextSearch, of: (rule: FilterRule) => Expression | undefined) =>
    new Map(
      rules.flatMap((rule) => {
        const expression = of(rule)
        return expression ? [[rule, search.addExpression(expression)] as const] : []
      }),
    )
  return {
    prompts,
    answers,
    inPrompt: finds(prompts, ({ pattern, findsInPrompts }) => (findsInPrompts ? pattern : undefined)),
    answersTo: finds(prompts, ({ answersTo }) => answersTo),
    inAnswer: finds(answers, ({ pattern, findsInAnswers }) => (findsInAnswers ? pattern : undefined)),
  }
}

/** The rules whose pattern is in any of the texts, in their order. */
function foundIn(
  search: TextSearch,
  texts: readonly string[],
  wanted: ReadonlyMap<FilterRule, Found>,
): readonly FilterRule[] {
  if (wanted.size === 0) return []
  const found = through(() => foundInSteps(search, texts))
  return [...wanted].filter(([, { id }]) => found.has(id)).map(([rule]) => rule)
}

function* foundInSteps(search: TextSearch, texts: readonly string[]): Generator<undefined, ReadonlySet<number>> {
  const found = new Set<number>()
  for (const [at, text] of texts.entries()) {
    if (at % textsAStep === textsAStep - 1) yield
    for (const id of search.found(text)) found.add(id)
  }
  return found
}

/** The rules for answers to such prompts, looked for when they are first asked for. */
function askedOf(filter: ContentFilter, texts: () => readonly string[]): () => ReadonlySet<FilterRule> {
  let asked: ReadonlySet<FilterRule> | undefined
  const { prompts, answersTo } = searchesOf(filter)
  return () => (asked ??= new Set(foundIn(prompts, texts(), answersTo)))
}

const placed = (rule: FilterRule, place: TextRange | undefined): Finding | undefined => place && { rule, ...place }

/** Of an answer that has any text: without one there is nothing to object to. */
function halfway(rule: FilterRule, text: string): Finding | undefined {
  return text === '' ? undefined : { rule, start: Math.floor(text.length / 2), end: text.length }
}

function verdictOf(findings: readonly Finding[]): FilterVerdict | undefined {
  if (findings.length === 0) return undefined
  const blocked = findings
    .filter(({ rule }) => rule.isBlocking)
    .reduce<Finding | undefined>((first, next) => (first && first.start <= next.start ? first : next), undefined)
  return { findings, blocked }
}
