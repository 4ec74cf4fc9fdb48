/**
 * Rules: what happens to which requests. They are kept as they were written; what a text of theirs means is read where
 * the rules are put to use.
 */
import { checked } from '../base/checked.ts'
import * as z from 'zod'
import { parseDuration, spreadForm } from './duration.ts'
import { duration, readable } from './rule-kinds.ts'
import { flag, group, text, whole } from './forms.ts'
import { ofEvents } from './fault-names.ts'
import { faultProblems, faultSettings } from './rule-faults.ts'
import { hostedSetting } from './rule-hosted.ts'
import { mcpSetting } from './rule-mcp.ts'
import { errorNames } from './error-names.ts'
import { connections, operationNames, sayers, streamers, toolCallers } from './operation-names.ts'
import { meantName, unknownName } from './problem.ts'
import {
  callForm,
  chanceForm,
  rangeForm,
  readCalls,
  readChance,
  readRange,
  readUtilization,
  utilizationForm,
} from './rule-forms.ts'
import { hasMoreValues } from '../base/object.ts'
import { textProblem } from '../base/patterns.ts'

/** `known` are told to editors alone: what else is wrong is told by whoever asks. */
const names = (what: string, known?: readonly string[]) => {
  const allowed = `${what}, or a list of such`
  const name = known ? text(allowed).meta({ enum: [...known] }) : text(allowed)
  return z.union([name, z.array(name).min(1)], { error: allowed })
}

const spread = () => readable(spreadForm, (value) => parseDuration(String(value)))

const wanted = () =>
  text('a text that is looked for in any case, or a pattern, as /refunds?/i').superRefine((value, context) => {
    const problem = textProblem(value)
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })

const headerName = /^[\w!#$%&'*+.^`|~-]+$/
const ofTheHost = /^(?:content-length|transfer-encoding|connection|keep-alive)$/i

const headers = () => {
  const allowed = 'headers by name, but for those of the connection'
  return z
    .record(z.string(), z.string({ error: 'a text of printable characters' }).regex(/^[\t\x20-\x7e]*$/), {
      error: allowed,
    })
    .refine((value) => Object.keys(value).every((name) => headerName.test(name) && !ofTheHost.test(name)), {
      error: allowed,
    })
}

/** Bounds on one rule, which is read and compared at a stretch. */
const maxConditions = 5_000
const maxCalls = 1_000
const maxValues = 20_000

const When = group({
  operation: names('an operation, as chatCompletions', operationNames)
    .optional()
    .meta({ description: 'Which operations.' }),
  deployment: names("a deployment's name").optional().meta({ description: 'Which deployments.' }),
  model: names("a model's name").optional().meta({ description: 'Which models.' }),
  region: names('a region, as East US 2').optional().meta({ description: 'Which regions.' }),
  stream: flag().optional().meta({ description: 'Whether a stream is asked for.' }),
  prompt: wanted().optional().meta({
    description: "Text in the user's last message, or in the input; /…/i is a pattern.",
  }),
  system: wanted().optional().meta({ description: 'Text or pattern in a system message.' }),
  conversation: wanted().optional().meta({ description: 'Text or pattern in any message of the conversation.' }),
  turn: readable(rangeForm, readRange).optional().meta({ description: "Number of the user's messages." }),
  toolResult: text("a tool's name").optional().meta({ description: 'The last message is a result of this tool.' }),
  body: z
    .record(z.string(), z.unknown(), { error: 'a mapping' })
    .refine((body) => !hasMoreValues(body, maxConditions), { error: `at most ${maxConditions} values` })
    .optional()
    .meta({ description: "Values that the request's JSON must contain." }),
  headers: z
    .record(z.string(), wanted(), { error: 'headers by name' })
    .refine((value) => Object.keys(value).every((name) => headerName.test(name)), { error: 'headers by name' })
    .optional()
    .meta({
      description: 'Texts that headers of the request must contain, by name.',
    }),
  call: readable(callForm, readCalls).optional().meta({
    description: 'Which of the requests that fit otherwise: 3, 1..2, 5.., every 4.',
  }),
  chance: readable(chanceForm, readChance).optional().meta({
    description: 'Share of the requests that fit otherwise, as 5%; drawn from the seed.',
  }),
  phase: names('a phase of the timeline').optional().meta({ description: 'Which phases of the timeline.' }),
  utilization: readable(utilizationForm, readUtilization)
    .optional()
    .meta({ description: 'Share of its limit that the deployment uses before this request, as ">90%".' }),
})

const ErrorAnswer = group({
  status: whole(400, 599).meta({ description: 'Its status.' }),
  code: text('a code').optional().meta({ description: 'Its code.' }),
  message: text('a message').optional().meta({ description: 'Its message.' }),
  headers: headers().optional().meta({ description: 'Headers that are added or replaced.' }),
})

const errorAnswer = () =>
  z.unknown().superRefine((value, context) => {
    if (typeof value === 'string') {
      if ((errorNames as readonly string[]).includes(value)) return
      const meant = meantName(value, errorNames)
      const message = meant === undefined ? errorNames.join(', ') : `an error by its name; did you mean ${meant}?`
      context.addIssue({ code: 'custom', message })
      return
    }
    const parsed = checked(ErrorAnswer, value)
    for (const issue of parsed.error?.issues ?? [])
      if (issue.code !== 'unrecognized_keys') context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue)
      else
        for (const key of issue.keys) {
          const message = `no such field; ${unknownName(key, Object.keys(ErrorAnswer.shape))}`
          context.addIssue({ code: 'custom', path: [key], message })
        }
  }) as unknown as z.ZodType<(typeof errorNames)[number] | z.output<typeof ErrorAnswer>>

const factorForm = 'a number above 0'

/** The answers, of which there may be one. */
const answerNames = ['text', 'json', 'toolCalls', 'refusal', 'tokens', 'error', 'raw'] as const

const Then = group({
  text: z.string({ error: 'a text' }).optional().meta({ description: 'Text of the answer.' }),
  json: z.unknown().optional().meta({ description: 'The answer as JSON.' }),
  toolCalls: z
    .array(
      group({
        name: text("a tool's name").meta({ description: 'The name of the tool.' }),
        arguments: z.unknown().optional().meta({ description: 'Arguments of the call.' }),
      }),
      { error: 'a list of calls' },
    )
    .min(1, { error: 'a list of calls' })
    .max(maxCalls, { error: `at most ${maxCalls} calls` })
    .optional()
    .meta({ description: 'Tool calls of the answer: { name, arguments }.' }),
  refusal: text('a text').optional().meta({ description: 'Text with which the model declines.' }),
  tokens: whole(1, 1_000_000).optional().meta({ description: 'Number of tokens of the answer.' }),
  error: errorAnswer()
    .optional()
    .meta({
      description: 'An error by its name (GET /++/errors lists them), or { status, code, message, headers }.',
      anyOf: [{ enum: [...errorNames] }, { type: 'object', required: ['status'] }],
    }),
  raw: group({
    status: whole(200, 599).optional().meta({ description: 'Its status. Default: 200.' }),
    headers: headers().optional().meta({ description: 'Its headers.' }),
    body: z.unknown().optional().meta({ description: 'Its body: a text, or JSON.' }),
  })
    .optional()
    .meta({ description: 'The answer as it goes over the wire: { status, headers, body }.' }),
  retryAfter: duration().optional().meta({ description: 'How long the client is asked to wait.' }),
  headers: headers().optional().meta({ description: 'Headers of the answer that are added or replaced.' }),
  latency: group({
    timeToFirstToken: spread().optional().meta({ description: 'From the request to the first token.' }),
    interToken: spread().optional().meta({ description: 'From one token to the next.' }),
    factor: z.number({ error: factorForm }).positive({ error: factorForm }).max(1_000_000).optional().meta({
      description: 'Multiplies the latency.',
    }),
  })
    .optional()
    .meta({ description: 'How long it takes: { timeToFirstToken, interToken }, or { factor }.' }),
  mcp: mcpSetting(),
  hosted: hostedSetting(),
  ...faultSettings(),
}).superRefine((then, context) => {
  const given = answerNames.filter((name) => then[name] !== undefined)
  const message = `at most one answer of ${answerNames.join(', ')}`
  if (given.length > 1) context.addIssue({ code: 'custom', message, params: { found: given.join(' and ') } })
  if (hasMoreValues(then, maxValues))
    context.addIssue({ code: 'custom', message: `at most ${maxValues} values in what a rule answers` })
  for (const problem of faultProblems(then)) context.addIssue({ code: 'custom', ...problem })
  if (Object.keys(then).length === 0)
    context.addIssue({ code: 'custom', message: 'an answer, as text or error, or a change, as latency or headers' })
})

const maxRules = 10_000

const Rule = group({
  id: text('an id')
    .regex(/^[\w.-]{1,64}$/, { error: '1 to 64 letters, digits, "-", "_" and "."' })
    .optional()
    .meta({ description: 'Id for changing it while the simulator runs. Default: from its place in the list.' }),
  name: text('a name').max(200, { error: 'at most 200 characters' }).optional().meta({
    description: 'Its name in the log, the journal and metrics.',
  }),
  enabled: flag().optional().meta({ description: 'With false, the rule stays but fits no request. Default: true.' }),
  when: When.optional().meta({ description: 'Conditions; without them, the rule fits all requests.' }),
  then: Then.meta({ description: 'What happens to these requests.', minProperties: 1 }),
}).superRefine(({ when = {}, then }, context) => {
  const asked = [when.operation ?? []].flat()
  const refuse = (name: string, message: string) =>
    context.addIssue({
      code: 'custom',
      path: ['then', name],
      message,
      params: { found: asked.length > 0 ? `it for ${asked.join(', ')}` : 'it' },
    })
  const fits = (name: keyof Then, able: readonly string[], what: string) => {
    if (then[name] === undefined || asked.length === 0 || asked.some((operation) => able.includes(operation))) return
    refuse(name, `it where ${what}: ${able.join(', ')}`)
  }
  for (const name of ['text', 'json', 'tokens'] as const) fits(name, sayers, 'an answer is a text')
  fits('toolCalls', toolCallers, 'tools are called')
  fits('refusal', toolCallers, 'an answer may be a refusal')
  const { fault } = then
  if (fault === undefined) return
  if (fault === 'expire') fits('fault', connections, 'a connection is live')
  if (fault === 'close') fits('fault', [...connections, 'realtimeRespond', 'responses'], 'a connection may be live')
  if (fault === 'truncatedArguments') fits('fault', toolCallers, 'tools are called')
  if (!ofEvents.includes(fault)) return
  fits('fault', streamers, 'an answer may be a stream')
  if (when.stream === false) refuse('fault', 'it for a stream')
})

export const rulesSetting = () =>
  z
    .array(Rule, { error: 'a list of rules' })
    .max(maxRules, { error: `at most ${maxRules} rules` })
    .superRefine((rules, context) => {
      const seen = new Set<string>()
      for (const [at, { id }] of rules.entries()) {
        if (id !== undefined && seen.has(id))
          context.addIssue({ code: 'custom', path: [at, 'id'], message: 'an id that no other rule has' })
        if (id !== undefined) seen.add(id)
      }
    })
    .meta({
      description:
        'What happens to which requests: { name, when, then }; the first that fits is applied. See docs/rules.md.',
      default: [],
    })

const fromForm = 'a list of files of rules, as answers/*.yaml'

export const rulesFromSetting = () =>
  z.array(text(fromForm), { error: fromForm }).max(100, { error: 'at most 100 files' }).meta({
    filePath: true,
    startOnly: true,
    description:
      'Files of YAML with lists of rules, behind those of `rules`; `*` stands for any name. They are watched.',
    default: [],
  })

/** What is wrong with a change that was put together elsewhere, by its keys; nothing where it is right. */
export function problemsOfThen(then: unknown): readonly { readonly key: string; readonly message: string }[] {
  const issues = checked(Then, then).error?.issues ?? []
  return issues.map(({ path, message }) => ({ key: String(path[0] ?? ''), message }))
}

/** For whoever asks the same of requests that have been. */
export { When as conditions }

/** The rules of a file, or what is wrong with them. */
export const readRules = (given: unknown) => checked(rulesSetting(), given)

export type Rule = z.output<typeof Rule>
export type When = z.output<typeof When>
export type Then = z.output<typeof Then>
/** A rule that can be spoken of. */
export type KnownRule = Rule & {
  readonly id: string
  /** The file that has it. */
  readonly from?: string
}

/** Every rule with an id: its own, or one by its place. */
export function withIds<T extends { readonly id?: unknown }>(rules: readonly T[]): readonly (T & { id: string })[] {
  const taken = new Set(rules.map(({ id }) => id))
  return rules.map((rule, at) => {
    if (typeof rule.id === 'string') return { ...rule, id: rule.id }
    let number = at + 1
    while (taken.has(`rule-${number}`)) number++
    taken.add(`rule-${number}`)
    return { ...rule, id: `rule-${number}` }
  })
}
