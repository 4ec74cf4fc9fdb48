/** Says in the words of Claude's API what is wrong with a body that does not fit its schema. */
import { type Accepts, acceptsOf } from '../../base/accept.ts'
import { checked } from '../../base/checked.ts'
import { firstWrong, type Wrong } from '../../base/first-wrong.ts'
import { table } from '../../base/object.ts'
import type { z } from 'zod'
import { claudeInvalid } from '../../errors/claude.ts'

/** The error of schemas of whole numbers, which zod itself calls numbers. */
export const wholeNumber = 'Input should be a valid integer'

/** The error of a conversation without a message. */
export const noMessage = 'at least one message is required'

/** The body as `schema` makes it. Throws for the first thing wrong. */
export function parseClaude<Body>(schema: z.ZodType<Body>, input: unknown): Body {
  let accepts = acceptsBySchema.get(schema)
  if (accepts === undefined) acceptsBySchema.set(schema, (accepts = acceptsOf(schema) ?? acceptsNothing))
  if (accepts(input)) return input as Body
  const { value, placed } = firstWrong(schema, input)
  const result = checked(schema, value, { reportInput: true })
  if (!result.success) throw refusal(result.error, placed)
  if (value === input) return result.data
  const whole = checked(schema, input, { reportInput: true })
  if (whole.success) return whole.data
  throw refusal(whole.error, (path) => path)
}

const acceptsBySchema = new WeakMap<z.ZodType, Accepts>()
const acceptsNothing = () => false

function refusal({ issues: [issue] }: z.ZodError, placed: Wrong['placed']) {
  return claudeInvalid(issue ? told(issue, [], placed) : 'The request body is not valid.')
}

function told(issue: z.core.$ZodIssue, outer: readonly PropertyKey[], placed: Wrong['placed']): string {
  const path = [...outer, ...issue.path]
  const place = placed(path).map((key) => String(key))
  if (issue.code === 'unrecognized_keys')
    return `${[...place, issue.keys[0] ?? ''].join('.')}: Extra inputs are not permitted`
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.map(([first]) => first).filter((first) => first !== undefined)
    const [deepest] = branches.toSorted((one, other) => other.path.length - one.path.length)
    if (deepest) return told(deepest, path, placed)
  }
  return `${place.join('.')}: ${wrong(issue)}`
}

function wrong(issue: z.core.$ZodIssue): string {
  if ('input' in issue && issue.input === undefined) return 'Field required'
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the rest is told in its own words
  switch (issue.code) {
    case 'invalid_type':
      return `Input should be a valid ${kindOf(issue)}`
    case 'invalid_value':
      return `Input should be ${listed(issue.values.map((value) => `'${String(value)}'`))}`
    case 'too_small':
      if (issue.message === noMessage) return noMessage
      return issue.origin === 'array' || issue.origin === 'string'
        ? `should have at least ${String(issue.minimum)} ${issue.origin === 'array' ? 'item' : 'character'} after validation`
        : `Input should be greater than or equal to ${String(issue.minimum)}`
    case 'too_big':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `should have at most ${String(issue.maximum)} ${issue.origin === 'array' ? 'items' : 'characters'} after validation`
        : `Input should be less than or equal to ${String(issue.maximum)}`
    default:
      return issue.message
  }
}

const kinds: Readonly<Record<string, string>> = table({
  array: 'list',
  object: 'dictionary',
  record: 'dictionary',
  int: 'integer',
})

/** Zod tells of whole numbers only where it found another number. */
const kindOf = (issue: z.core.$ZodIssueInvalidType) =>
  issue.message === wholeNumber ? 'integer' : (kinds[issue.expected] ?? issue.expected)

const listed = (items: readonly string[]) =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1) ?? ''}`
