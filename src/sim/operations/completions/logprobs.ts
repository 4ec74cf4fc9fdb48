/** `logprobs` in the words of completions: lists side by side, and where in the text each token begins. */
import { tokenTexts } from '../../models/tokenizer.ts'
import type { Encoding } from '../../types.ts'
import type { Choice, Likelihood } from '../../answers/choice.ts'
import { weighToken } from '../../answers/token-logprobs.ts'

type Weighed = Pick<Choice, 'text' | 'likelihood'>

type Placed = { readonly echoed: string; readonly promptCharacters: number }

type Top = Readonly<Record<string, number>>

type Row = { readonly token: string; readonly logprob: number | null; readonly top: Top | null }

/** Of the answer's tokens from `start` up to `end`; `offset` is where the first of them begins. */
export function completionLogprobs(
  choice: Weighed,
  { start, end, offset }: { readonly start: number; readonly end: number; readonly offset: number },
): string {
  return choice.likelihood
    ? listed(answerRows(choice, choice.likelihood, start, end), offset, choice.likelihood)
    : 'null'
}

/** Of a prompt that is told again. */
export const echoLogprobs = ({ likelihood }: Weighed, echoed: string, encoding: Encoding): string =>
  likelihood ? listed(echoRows(likelihood, echoed, encoding), 0, likelihood) : 'null'

/** All of a choice: what it tells again and what it answers. */
export function wholeLogprobs(choice: Weighed, { echoed, promptCharacters }: Placed, encoding: Encoding): string {
  const { likelihood, text } = choice
  if (!likelihood) return 'null'
  const rows = [...echoRows(likelihood, echoed, encoding), ...answerRows(choice, likelihood, 0, text.count)]
  // Places count from the prompt's first character, whether it is told again or not (recorded March 2024).
  return listed(rows, echoed === '' ? promptCharacters : 0, likelihood)
}

const answerRows = ({ text }: Weighed, likelihood: Likelihood, start: number, end: number): readonly Row[] =>
  Array.from({ length: end - start }, (_, at) => rowOf(likelihood, text.at(start + at), start + at))

/** Drawn apart from the answer; nobody asks how likely a first token was. */
function echoRows(likelihood: Likelihood, echoed: string, encoding: Encoding): readonly Row[] {
  const own = { ...likelihood, seed: likelihood.seed ^ 0x5bd1e995 }
  return tokenTexts(echoed, encoding).map((token, at) =>
    at === 0 ? { token, logprob: null, top: null } : rowOf(own, token, at),
  )
}

function rowOf(likelihood: Likelihood, token: string, index: number): Row {
  const { logprob, top } = weighToken(likelihood, token, index)
  return { token, logprob, top: Object.fromEntries(top.map((other) => [other.token, other.logprob])) }
}

function listed(rows: readonly Row[], offset: number, { alternatives }: Likelihood): string {
  let next = offset
  return JSON.stringify({
    tokens: rows.map(({ token }) => token),
    token_logprobs: rows.map(({ logprob }) => logprob),
    top_logprobs: alternatives === 0 ? null : rows.map(({ top }) => top),
    text_offset: rows.map(({ token }) => (next += token.length) - token.length),
  })
}
