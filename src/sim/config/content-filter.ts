/** What the content filter is told to find: the setting, and the rules that it becomes. */
import * as z from 'zod'
import { type Expression, expressionProblem, PatternFinder } from '../base/patterns.ts'
import { choice, flag, group, text, webAddress } from './forms.ts'

export type FilterCategory =
  | 'custom_blocklists'
  | 'hate'
  | 'indirect_attack'
  | 'jailbreak'
  | 'profanity'
  | 'protected_material_code'
  | 'protected_material_text'
  | 'self_harm'
  | 'sexual'
  | 'violence'

export type FilterRule = {
  /** Absent: what is found is the whole prompt, or begins halfway through the answer. */
  readonly pattern: Expression | undefined
  /** Says where the pattern stands. */
  readonly finder: PatternFinder | undefined
  /** Finds in answers to such prompts alone. */
  readonly answersTo: Expression | undefined
  readonly category: FilterCategory
  /** Of hate, self_harm, sexual and violence alone; the others are detected or not. */
  readonly severity: 'low' | 'medium' | 'high' | undefined
  readonly findsInPrompts: boolean
  readonly findsInAnswers: boolean
  readonly isBlocking: boolean
  readonly blocklist: string | undefined
  readonly citation: { readonly url: string; readonly license: string } | undefined
}

export type ContentFilter = {
  /** `error` is how the service answers where its filter does not work. */
  readonly mode: 'default' | 'asynchronous' | 'off' | 'error'
  /** How a stream comes, where that is said. */
  readonly delivery: 'buffered' | 'smooth' | undefined
  /** Whether a blocked answer that is not streamed keeps its text up to the blocked part. */
  readonly keepsPartialAnswers: boolean
  readonly omitsMessages: boolean
  readonly rules: readonly FilterRule[]
}

const pattern = () => {
  const allowed = 'a regular expression, as kill|maim'
  return text(allowed).superRefine((source, context) => {
    const problem = expressionProblem(expression(source))
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })
}

/** The categories that are told by severity; the others are detected or not. */
const graded = ['hate', 'self_harm', 'sexual', 'violence'] as const
const detected = [
  'custom_blocklists',
  'indirect_attack',
  'jailbreak',
  'profanity',
  'protected_material_code',
  'protected_material_text',
] as const

const Rule = group({
  pattern: pattern().optional().meta({
    description: 'A regular expression, matched without regard to case. An answer is cut where the match begins.',
  }),
  answersTo: pattern().optional().meta({
    description: 'Applies to answers whose prompt matches this; without a pattern, halfway through the answer.',
  }),
  category: choice([...graded, ...detected]).meta({ description: 'What is found.' }),
  severity: choice(['low', 'medium', 'high']).optional().meta({
    description: 'Severity, for hate, self_harm, sexual and violence. Default: medium.',
  }),
  source: choice(['prompt', 'completion', 'both']).optional().meta({
    description: 'Where the pattern is searched. Default: both.',
  }),
  blocking: flag().optional().meta({
    description: 'Whether the text is blocked or only annotated. Default: blocked, except for a low severity.',
  }),
  blocklist: text('the name of a blocklist')
    .optional()
    .meta({ description: 'Name of the blocklist, for custom_blocklists.' }),
  citation: group({
    url: webAddress('an address, as https://example.com/code').meta({ description: 'Where the code is published.' }),
    license: text('the name of a license').meta({ description: 'License of that code, as MIT.' }),
  })
    .optional()
    .meta({ description: 'Source of the code, for protected_material_code.' }),
})
  .refine(({ pattern: own, answersTo }) => own !== undefined || answersTo !== undefined, {
    error: 'a pattern, or answersTo',
  })
  .meta({ anyOf: [{ required: ['pattern'] }, { required: ['answersTo'] }] })

/** `python` is where scripts know it, of the one that all deployments have. */
const filter = (python?: string) => {
  const known = (name: string) => (python === undefined ? {} : { python: `${python}.${name}` })
  return group({
    mode: choice(['default', 'asynchronous', 'off', 'error']).meta({
      ...known('mode'),
      description:
        'Before an answer is sent; beside a stream, which ends later where something is found; not at all; or as the ' +
        'service answers where its filter does not work.',
      default: 'default',
    }),
    delivery: choice(['buffered', 'smooth'])
      .optional()
      .meta({
        description:
          'Whether a stream comes in bursts, as the default filter gathers and checks it, or token by token, as under any other ' +
          'mode. Default: buffered where a latency profile says how long answers take, else smooth.',
      }),
    omitMessages: flag().meta({
      description: 'Whether a blocked answer that is not streamed has no message instead of an empty one.',
      default: false,
    }),
    partialAnswers: flag().meta({
      ...known('partial_answers'),
      description: 'Whether a blocked answer that is not streamed keeps its text up to the blocked part.',
      default: false,
    }),
    rules: z
      .array(Rule, { error: 'a list of rules' })
      .max(1_000, { error: 'at most 1000 rules' })
      .meta({
        ...known('rules'),
        description: 'What the filter finds in prompts and answers: { pattern, category, severity, source, blocking }.',
        default: [],
      }),
  })
}

export const contentFilterSetting = () =>
  filter('content_filter').meta({ description: 'The content filter of deployments that name no other.' })

/** As a header can name it. */
export const filterNameForm =
  '1 to 100 letters, digits, spaces, "-", "_" and ".", beginning with a letter, digit or "_"'
const filterName = /^[\w][\w .-]{0,99}$/

export const contentFiltersSetting = () =>
  z.record(z.string().regex(filterName), filter().partial(), { error: 'a mapping' }).meta({
    description:
      'More content filters by name, for deployments that have one of their own (`contentFilter`), and for requests that name one in the header `x-policy-id`.',
    default: {},
  })

/** Undefined where there are none. Names are told apart whatever their case. */
export function toContentFilters(
  given: Readonly<Record<string, Setting>>,
): ReadonlyMap<string, ContentFilter> | undefined {
  const all = Object.entries(given).map(([name, one]) => [name.toLowerCase(), toContentFilter(one)] as const)
  return all.length === 0 ? undefined : new Map(all)
}

type Whole = z.output<ReturnType<typeof contentFilterSetting>>
type Setting = { readonly [Key in keyof Whole]?: Whole[Key] | undefined }

export const toContentFilter = ({
  mode = 'default',
  delivery,
  omitMessages = false,
  partialAnswers = false,
  rules = [],
}: Setting): ContentFilter => ({
  mode,
  delivery,
  keepsPartialAnswers: partialAnswers,
  omitsMessages: omitMessages,
  rules: rules.map(toRule),
})

function toRule(rule: z.output<typeof Rule>): FilterRule {
  const { category, answersTo, source = 'both' } = rule
  const isGraded = (graded as readonly string[]).includes(category)
  const pattern = rule.pattern === undefined ? undefined : expression(rule.pattern)
  const severity = isGraded ? (rule.severity ?? 'medium') : undefined
  return {
    pattern,
    finder: pattern && new PatternFinder(pattern),
    answersTo: answersTo === undefined ? undefined : expression(answersTo),
    category,
    severity,
    findsInPrompts: answersTo === undefined && source !== 'completion',
    findsInAnswers: answersTo !== undefined || source !== 'prompt',
    isBlocking: rule.blocking ?? severity !== 'low',
    blocklist: category === 'custom_blocklists' ? (rule.blocklist ?? 'blocklist') : undefined,
    citation: category === 'protected_material_code' ? rule.citation : undefined,
  }
}

const expression = (source: string): Expression => ({ source, flags: 'i' })
