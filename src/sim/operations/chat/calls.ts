/** Calls of tools in the words of chat completions, whole and in a stream. */
import type { FinishReason, ToolCall, ToolCalls } from '../../answers/choice.ts'

/** A call by `functions` ends with a word of its own. */
export const chatFinish = (reason: FinishReason, isLegacy: boolean) =>
  isLegacy && reason === 'tool_calls' ? 'function_call' : reason

/** The members of a message that hold the calls, keys sorted. */
export function callMembers(
  { calls }: ToolCalls,
  isLegacy: boolean,
): { readonly before: string; readonly after: string } {
  if (!isLegacy) return { before: '', after: `,"tool_calls":[${calls.map(wholeCall).join(',')}]` }
  const [call] = calls
  return { before: call ? `"function_call":${target(call, call.input.text())},` : '', after: '' }
}

const wholeCall = (call: ToolCall) => `{${bodyOf(call, call.input.text())},"id":"${call.id}","type":"${call.kind}"}`

/** `custom` comes before `id`, and so does `function`: keys are sorted. */
const bodyOf = (call: ToolCall, input: string) =>
  call.kind === 'custom'
    ? `"custom":{"input":${JSON.stringify(input)},"name":${JSON.stringify(call.name)}}`
    : `"function":${target(call, input)}`

const target = ({ name }: ToolCall, input: string) =>
  `{"arguments":${JSON.stringify(input)},"name":${JSON.stringify(name)}}`

/** A chunk's `delta`, and how many tokens come with it. */
export type Delta = { readonly tokens: number; readonly json: string }

/** Recorded for a single call (January 2026); several begin with a chunk that has the role alone (documented). */
export function* callDeltas({ calls }: ToolCalls, isLegacy: boolean): Generator<Delta> {
  const isSingle = calls.length === 1
  if (!isSingle) yield { tokens: 0, json: `{${openingMembers('')}}` }
  for (const [index, call] of calls.entries()) {
    const opening = isLegacy
      ? `"function_call":${target(call, '')}`
      : `"tool_calls":[{${bodyOf(call, '')},"id":"${call.id}","index":${index},"type":"${call.kind}"}]`
    const json = isSingle ? `{${openingMembers(opening, isLegacy)}}` : `{${opening}}`
    yield { tokens: call.openingTokens, json }
    for (let at = 0; at < call.input.count; at++) {
      const piece = JSON.stringify(call.input.at(at))
      yield { tokens: 1, json: isLegacy ? `{"function_call":{"arguments":${piece}}}` : continued(call, piece, index) }
    }
  }
}

/** Keys sorted: a legacy call stands before the refusal, calls of tools behind the role. */
function openingMembers(call: string, isLegacy = false): string {
  if (isLegacy) return `"content":null,${call},"refusal":null,"role":"assistant"`
  return `"content":null,"refusal":null,"role":"assistant"${call === '' ? '' : `,${call}`}`
}

const continued = ({ kind }: ToolCall, piece: string, index: number) =>
  kind === 'custom'
    ? `{"tool_calls":[{"custom":{"input":${piece}},"index":${index}}]}`
    : `{"tool_calls":[{"function":{"arguments":${piece}},"index":${index}}]}`
