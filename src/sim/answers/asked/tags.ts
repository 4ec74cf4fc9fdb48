/** Forms of a text: between tags, behind markers as DSPy has them, a score alone, and the end of a chain of thoughts. */
import { rangeIn, wordsSchema } from './example.ts'
import type { FoundForm, PromptPiece } from './found.ts'

const sentence = { type: 'string', minLength: 20, maxLength: 120 }
const isNumber = /\b(?:score|rating|stars?|grade|number|integer)\b/i
const introduced = /\btags?\b|\b(?:output|format|respond|answer|reply|provide|return|write|wrap|between)\b/i
const maxTags = 20

/** `<S0>your thoughts</S0>, <S1>why</S1>, <S2>your Score</S2>`: those that stand together, the last of them. */
export function tagsForm(text: string): FoundForm[] {
  let group: { name: string; what: string; at: number; end: number }[] = []
  let last: typeof group = []
  const close = () => {
    const [first] = group
    const end = group.at(-1)?.end ?? 0
    const around = (at: number) => `${text.slice(Math.max(0, at - 600), at)} ${text.slice(end, end + 20)}`
    if (first && introduced.test(around(first.at))) last = group
    group = []
  }
  for (const found of text.matchAll(/<([A-Za-z][\w-]{0,30})>([^<>]{0,300})<\/\1>/g)) {
    const [whole, name = '', what = ''] = found
    if (group.length > 0 && found.index - (group.at(-1)?.end ?? 0) > 400) close()
    if (group.length < maxTags && !group.some((one) => one.name === name))
      group.push({ name, what, at: found.index, end: found.index + whole.length })
  }
  close()
  const [first] = last
  if (!first) return []
  const score = scoreSchema(text)
  const pieces = last.flatMap(({ name, what }, index): PromptPiece[] => [
    `${index > 0 ? '\n' : ''}<${name}>`,
    { schema: isNumber.test(what.trim() === '' ? name : what) ? score : sentence },
    `</${name}>`,
  ])
  return [{ at: last.at(-1)?.at ?? first.at, form: { kind: 'text', pieces } }]
}

/** At the end of a prompt, where a score is asked for. */
const scoreCharacters = 200

/** A prompt that ends in `stars:` is answered by a number alone. */
export function scoreForm(text: string): FoundForm[] {
  const found = /\b(?:stars|score|rating)\s*:\s*$/i.exec(text.slice(-scoreCharacters))
  return found ? [{ at: text.length, form: { kind: 'text', pieces: [{ schema: scoreSchema(text) }] } }] : []
}

/** What a score may be, by what the text says near its end of scores. */
function scoreSchema(text: string): object {
  const told = [...text.matchAll(/[^.\n]*\b(?:scores?|ratings?|rate|stars?|scale|integer)\b[^.\n]{0,200}/gi)].slice(-60)
  const range = told.map(([line]) => rangeIn(line)).findLast((one) => one !== undefined)
  return { type: 'integer', ...(range ?? { minimum: 1, maximum: 5 }) }
}

/** `[[ ## answer ## ]]`: the fields that DSPy's last message asks for, with their types. */
export function dspyForm(text: string): FoundForm[] {
  const start = text.lastIndexOf('Respond with the corresponding output fields')
  if (start < 0) return []
  const pieces: PromptPiece[] = []
  for (const [, name = '', kind] of text
    .slice(start, start + 4_000)
    .matchAll(/\[\[ ## (\w{1,60}) ## \]\]`?(?:\s*\(must be formatted as a valid Python ([^)]{1,200})\))?/g)) {
    pieces.push(`${pieces.length > 0 ? '\n\n' : ''}[[ ## ${name} ## ]]`)
    if (name !== 'completed') pieces.push('\n', { schema: kind ? wordsSchema(kind) : sentence })
  }
  return pieces.length > 0 ? [{ at: start, form: { kind: 'text', pieces } }] : []
}

/** The same of DSPy's adapter for JSON: names in their order, with the types of those that are no texts. */
export function dspyJsonForm(text: string): FoundForm[] {
  const start = text.lastIndexOf('Respond with a JSON object in the following order of fields:')
  if (start < 0) return []
  const properties: Record<string, object> = {}
  let at = start
  for (const { 0: whole, 1: name = '', 2: kind, index } of text
    .slice(start, start + 4_000)
    .matchAll(/`(\w{1,60})`(?:\s*\(must be formatted as a valid Python ([^)]{1,200})\))?/g)) {
    properties[name] = kind ? wordsSchema(kind) : sentence
    at = start + index + whole.length
  }
  const required = Object.keys(properties)
  return required.length > 0 ? [{ at, form: { kind: 'json', schema: { type: 'object', properties, required } } }] : []
}

/** An agent in the form of ReAct ends at once, so that its loop does. */
export function reactForm(text: string): FoundForm[] {
  const at = text.lastIndexOf('Final Answer:')
  if (at < 0 || !text.includes('Thought:') || !text.includes('Action Input:')) return []
  return [
    { at, form: { kind: 'text', pieces: ['I now know the final answer.\nFinal Answer: ', { schema: sentence }] } },
  ]
}
