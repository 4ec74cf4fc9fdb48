/** The fault of a rule: which, where in the answer, for how long and how often. */
import { closing, faultNames, lasting, placed, repeated } from './fault-names.ts'
import { choice, group, whole } from './forms.ts'
import { duration } from './rule-kinds.ts'

const After = group({
  tokens: whole(0).optional().meta({ description: 'After this number of tokens.' }),
  bytes: whole(0).optional().meta({ description: 'After this number of bytes.' }),
  events: whole(0).optional().meta({ description: 'After this number of events.' }),
  time: duration().optional().meta({ description: 'After this time.' }),
})

export const faultSettings = () => ({
  fault: choice(faultNames).optional().meta({ description: 'What goes wrong with the answer; see docs/faults.md.' }),
  after: After.optional().meta({ description: 'Where: { tokens }, { bytes }, { events } or { time }.' }),
  for: duration().optional().meta({ description: 'Duration of the fault. Without it, a stall lasts for ever.' }),
  every: duration().optional().meta({ description: 'How often.' }),
  code: whole(1000, 4999).optional().meta({ description: 'Close code for a live connection. Default: 1011.' }),
})

type Given = {
  readonly fault?: (typeof faultNames)[number] | undefined
  readonly after?: object | undefined
  readonly for?: unknown
  readonly every?: unknown
  readonly code?: unknown
}

type Found = { readonly path: string[]; readonly message: string }

/** What does not go together. */
export function faultProblems(then: Given): readonly Found[] {
  const { fault, after } = then
  const problems: Found[] = []
  const needs = (name: 'after' | 'for' | 'every' | 'code', able: readonly string[]) => {
    if (then[name] === undefined || (fault !== undefined && able.includes(fault))) return
    problems.push({ path: [name], message: `it beside the faults ${able.join(', ')}` })
  }
  needs('after', placed)
  needs('for', lasting)
  needs('every', repeated)
  needs('code', closing)
  if (after && Object.values(after).filter((value) => value !== undefined).length !== 1)
    problems.push({ path: ['after'], message: 'one of tokens, bytes, events and time' })
  return problems
}
