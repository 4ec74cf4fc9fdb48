/** The content filter's verdict as JSON: `content_filter_results`, in the service's words (recorded 2025-2026). */
import type { ContentFilter, FilterCategory, FilterRule } from '../config/config.ts'
import { byName, isNamed } from '../models/by-name.ts'

/** What a rule found. Characters count from the text's beginning. */
export type Finding = { readonly rule: FilterRule; readonly start: number; readonly end: number }

/** `undefined` in its place says that nothing was found. */
export type FilterVerdict = {
  readonly findings: readonly Finding[]
  /** The first finding that must not be seen. */
  readonly blocked: Finding | undefined
}

/** The categories that results name, in the order in which they name them, and those of what is harmless. */
export type KeySet = {
  readonly keys: readonly FilterCategory[]
  readonly safe: string
  readonly source: 'prompt' | 'completion'
  /** `filtered` stands before `detected`. */
  readonly isOlder: boolean
  /** The same as models before 2026 tell it. */
  readonly older: KeySet | undefined
}

export function keySet(source: KeySet['source'], keys: readonly FilterCategory[]): KeySet {
  const told = (isOlder: boolean, older?: KeySet): KeySet => {
    const look = { source, isOlder }
    return { ...look, keys, safe: `{${keys.map((key) => `"${key}":${resultOf(key, [], look)}`).join(',')}}`, older }
  }
  return told(false, told(true))
}

/**
 * As the model's service orders it: gpt-4.1-mini and gpt-5.2 have sorted members (March to June 2026), the models before
 * them had not, to the last recording of each (gpt-4o-mini February, gpt-4o March 2026, gpt-5-nano August 2025).
 */
export const orderedKeys = (keys: KeySet, model: { readonly name: string }): KeySet =>
  (isBeforeSorting(model) && keys.older) || keys
const isBeforeSorting = isNamed(/^(?:gpt-35|gpt-4(?:-|$)|gpt-4o|o\d|gpt-5(?:-nano|-mini)?$)/)

const severities = ['safe', 'low', 'medium', 'high'] as const
const four = ['hate', 'self_harm', 'sexual', 'violence'] as const

export const promptKeys = keySet('prompt', ['hate', 'jailbreak', 'self_harm', 'sexual', 'violence'])
/** Of completions, whose prompts know no jailbreak (recorded 2023). */
export const completionPromptKeys = keySet('prompt', four)

/** Of prompts for pictures (documented with DALL-E 3). */
export const imagePromptKeys = keySet('prompt', [
  'custom_blocklists',
  'hate',
  'profanity',
  'self_harm',
  'sexual',
  'violence',
])

/** As DALL-E 3 tells them (recorded March 2024 to April 2025). */
export const dallePromptKeys = keySet('prompt', ['hate', 'profanity', 'self_harm', 'sexual', 'violence'])

/** Of a whole answer, and of the chunks of most models. */
export const answerKeys = keySet('completion', [
  'hate',
  'protected_material_code',
  'protected_material_text',
  'self_harm',
  'sexual',
  'violence',
])
export const fourKeys = keySet('completion', four)
/** What is graded is not told (recorded below a project, March to May 2026). */
const ungradedKeys = (source: KeySet['source'], keys: readonly FilterCategory[]): KeySet => {
  const told = keySet(source, keys)
  return told.older ?? told
}
export const ungradedPromptKeys = ungradedKeys('prompt', [])
export const ungradedAnswerKeys = ungradedKeys('completion', ['protected_material_code', 'protected_material_text'])
const noKeys = keySet('completion', [])
/** Of some chunks of the newest models (recorded September 2026). */
export const lateKeys = keySet('completion', ['protected_material_code'])
const protectedTextKeys = keySet('completion', ['protected_material_text'])

/** Whose chunks have an empty verdict, mostly. */
export const isSparse = isNamed(/^gpt-(?:5\.[4-9]|[6-9])/)

/**
 * What a chunk of a stream bears differs by model (recorded: gpt-4o-mini, gpt-4-turbo, gpt-4.1-mini, gpt-5.2; and
 * September 2026: nothing, mostly, of gpt-5.4 and later).
 */
export const chunkKeys = byName((name): KeySet => {
  if (isSparse({ name })) return noKeys
  if (name.startsWith('gpt-5')) return protectedTextKeys
  return /^gpt-(?:4o|4-|4$|35)/.test(name) ? fourKeys : answerKeys
})

/** The service says so where its filter does not work (documented). */
const notFiltered = '{"error":{"code":"content_filter_error","message":"The contents are not filtered"}}'

/**
 * The verdict as a member of a chat's choice. Where the filter does not work, the error stands beside an empty one
 * (recorded September 2026).
 */
export const filterMember = ({ mode }: Pick<ContentFilter, 'mode'>, results: string): string =>
  mode === 'error'
    ? `"content_filter_result":${notFiltered},"content_filter_results":{}`
    : `"content_filter_results":${results}`

/** All `keys`, and each category that was found or that a rule looks for there. */
export function filterResults(
  filter: ContentFilter,
  { keys, safe, source, isOlder }: KeySet,
  verdict?: FilterVerdict,
  mayName: (category: FilterCategory) => boolean = () => true,
): string {
  if (filter.mode === 'off') return '{}'
  if (filter.mode === 'error') return notFiltered
  if (filter.rules.length === 0) return safe
  const named = [...keys]
  for (const rule of filter.rules) {
    // A blocklist for answers alone is told of the prompt, too (recorded April 2025).
    const isLookedFor =
      source === 'prompt' ? rule.findsInPrompts || rule.category === 'custom_blocklists' : rule.findsInAnswers
    if (isLookedFor && mayName(rule.category) && !named.includes(rule.category)) insert(named, rule.category)
  }
  const findings = verdict?.findings ?? []
  const look = { source, isOlder }
  return `{${named.map((key) => `"${key}":${resultOf(key, findings, look)}`).join(',')}}`
}

/** Before the first key that comes later in the alphabet, as the service sorts them. */
function insert(keys: FilterCategory[], key: FilterCategory): void {
  const at = keys.findIndex((other) => other > key)
  keys.splice(at < 0 ? keys.length : at, 0, key)
}

type Look = Pick<KeySet, 'source' | 'isOlder'>

function resultOf(category: FilterCategory, all: readonly Finding[], { source, isOlder }: Look): string {
  const findings = all.filter(({ rule }) => rule.category === category)
  const isFiltered = findings.some(({ rule }) => rule.isBlocking)
  const detected = `"detected":${findings.length > 0}`
  const both = isOlder ? `"filtered":${isFiltered},${detected}` : `${detected},"filtered":${isFiltered}`
  switch (category) {
    case 'hate':
    case 'self_harm':
    case 'sexual':
    case 'violence':
      return `{"filtered":${isFiltered},"severity":"${severest(findings)}"}`
    case 'custom_blocklists': {
      if (source === 'prompt' && findings.length === 0) return '{"filtered":false}'
      const details = findings.map(
        ({ rule }) => `{"filtered":${rule.isBlocking},"id":${JSON.stringify(rule.blocklist)}}`,
      )
      return `{"details":[${details.join(',')}],"filtered":${isFiltered}}`
    }
    case 'protected_material_code': {
      const citation = findings.find(({ rule }) => rule.citation)?.rule.citation
      const told = citation ? `"citation":${JSON.stringify({ URL: citation.url, license: citation.license })},` : ''
      return `{${told}${both}}`
    }
    case 'indirect_attack':
    case 'jailbreak':
    case 'profanity':
    case 'protected_material_text':
      return `{${both}}`
  }
}

function severest(findings: readonly Finding[]): string {
  const ranks = findings.map(({ rule }) => severities.indexOf(rule.severity ?? 'safe'))
  return severities[Math.max(0, ...ranks)] ?? 'safe'
}
