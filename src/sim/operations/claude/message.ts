/** An answer in the words of the Messages API, keys in its order. */
import type { Call } from '../../operation.ts'
import type { ClaudeAnswer, Thought } from './answer.ts'
import type { ClaudeUsage } from './cache.ts'
import type { Choice, ToolCall } from '../../answers/choice.ts'

export function claudeMessage(call: Call, answer: ClaudeAnswer): string {
  const { id, thought, choice } = answer
  const blocks = [...(thought ? [thoughtBlock(thought)] : []), ...answerBlocks(choice)]
  return (
    `{${opening(call, id)},"content":[${blocks.join(',')}],${ending(choice)},` +
    `"usage":${wholeUsage(answer.input, outputUsage(answer))}}`
  )
}

/** Before anything is said. */
export const startedMessage = (call: Call, { id, input }: ClaudeAnswer): string =>
  `{${opening(call, id)},"content":[],"stop_reason":null,"stop_sequence":null,"usage":${wholeUsage(input, '"output_tokens":1')}}`

const opening = ({ deployment }: Call, id: string) =>
  `"model":${JSON.stringify(deployment.model.servedName)},"id":"${id}","type":"message","role":"assistant"`

export const ending = (choice: Choice): string =>
  `"stop_reason":"${stopReason(choice)}","stop_sequence":${JSON.stringify(choice.stoppedBy ?? null)}`

function stopReason({ finishReason, calls, stoppedBy, isRefusal }: Choice): string {
  if (isRefusal) return 'refusal'
  switch (finishReason) {
    case 'length':
      return 'max_tokens'
    case 'content_filter':
      return 'refusal'
    case 'tool_calls':
      return 'tool_use'
    case 'stop':
      if (calls) return 'tool_use'
      return stoppedBy === undefined ? 'end_turn' : 'stop_sequence'
  }
}

const wholeUsage = (usage: ClaudeUsage, output: string): string =>
  `{${inputUsage(usage)},"cache_creation":{"ephemeral_5m_input_tokens":${usage.created5mTokens},` +
  `"ephemeral_1h_input_tokens":${usage.created1hTokens}},${output},"service_tier":"standard"}`

export const outputUsage = ({ usage, thought }: ClaudeAnswer): string =>
  `"output_tokens":${usage.completionTokens}` +
  (thought ? `,"output_tokens_details":{"thinking_tokens":${thought.text.count}}` : '')

export const inputUsage = ({ inputTokens, readTokens, created5mTokens, created1hTokens }: ClaudeUsage): string =>
  `"input_tokens":${inputTokens},"cache_creation_input_tokens":${created5mTokens + created1hTokens},` +
  `"cache_read_input_tokens":${readTokens}`

const thoughtBlock = ({ text, signature, isHidden }: Thought) =>
  `{"type":"thinking","thinking":${isHidden ? '""' : text.json()},"signature":"${signature}"}`

function answerBlocks({ text, calls }: Choice): readonly string[] {
  if (calls) return calls.calls.map(callBlock)
  return text.count === 0 ? [] : [`{"type":"text","text":${text.json()}}`]
}

/** Calls that were cut off have no whole input: then it is empty, as nothing can be read of it. */
const callBlock = (call: ToolCall) =>
  `{"type":"tool_use","id":"${toolId(call)}","name":${JSON.stringify(call.name)},"input":${wholeInput(call.input.text())}}`

function wholeInput(json: string): string {
  try {
    JSON.parse(json)
    return json
  } catch {
    return '{}'
  }
}

export const toolId = ({ id }: ToolCall): string => `toolu_${id.slice('call_'.length)}`
