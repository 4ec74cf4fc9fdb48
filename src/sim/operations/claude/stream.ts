/** An answer of the Messages API as a stream: each block opened, said piece by piece and closed. */
import type { Call } from '../../operation.ts'
import type { StreamEvent } from '../../types.ts'
import type { ClaudeAnswer, Thought } from './answer.ts'
import { ending, inputUsage, outputUsage, startedMessage, toolId } from './message.ts'
import type { Choice, ToolCall } from '../../answers/choice.ts'

export function* claudeEvents(call: Call, answer: ClaudeAnswer): Generator<StreamEvent> {
  const { thought, choice, input } = answer
  yield event('message_start', `"message":${startedMessage(call, answer)}`)
  let index = 0
  let isFirst = true
  for (const block of blocksOf(thought, choice)) {
    yield event('content_block_start', `"index":${index},"content_block":${block.start}`, block.startTokens)
    if (isFirst) yield { tokens: 0, data: 'event: ping\ndata: {"type": "ping"}\n\n' }
    isFirst = false
    for (const { tokens, json } of block.deltas)
      yield event('content_block_delta', `"index":${index},"delta":${json}`, tokens)
    yield event('content_block_stop', `"index":${index}`)
    index++
  }
  const counts = `{${inputUsage(input)},${outputUsage(answer)}}`
  yield event('message_delta', `"delta":{${ending(choice)}},"usage":${counts}`)
  yield { tokens: 0, data: 'event: message_stop\ndata: {"type":"message_stop"}\n\n' }
}

const event = (type: string, members: string, tokens = 0): StreamEvent => ({
  tokens,
  data: `event: ${type}\ndata: {"type":"${type}",${members}}\n\n`,
})

type Delta = { readonly tokens: number; readonly json: string }
type Block = { readonly start: string; readonly startTokens?: number; readonly deltas: Iterable<Delta> }

function* blocksOf(thought: Thought | undefined, { text, calls }: Choice): Generator<Block> {
  if (thought) yield { start: '{"type":"thinking","thinking":"","signature":""}', deltas: thoughtDeltas(thought) }
  if (!calls) {
    if (text.count > 0) yield { start: '{"type":"text","text":""}', deltas: pieces(text, 'text_delta', 'text') }
    return
  }
  for (const call of calls.calls)
    yield {
      start: `{"type":"tool_use","id":"${toolId(call)}","name":${JSON.stringify(call.name)},"input":{}}`,
      startTokens: call.openingTokens,
      deltas: inputDeltas(call),
    }
}

function* thoughtDeltas({ text, signature, isHidden }: Thought): Generator<Delta> {
  // What is hidden takes its time all the same.
  if (isHidden) yield { tokens: text.count, json: '{"type":"thinking_delta","thinking":""}' }
  else yield* pieces(text, 'thinking_delta', 'thinking')
  yield { tokens: 0, json: `{"type":"signature_delta","signature":"${signature}"}` }
}

function* inputDeltas({ input }: ToolCall): Generator<Delta> {
  yield { tokens: 0, json: '{"type":"input_json_delta","partial_json":""}' }
  yield* pieces(input, 'input_json_delta', 'partial_json')
}

function* pieces(text: ToolCall['input'], type: string, member: string): Generator<Delta> {
  for (let at = 0; at < text.count; at++)
    yield { tokens: 1, json: `{"type":"${type}","${member}":${JSON.stringify(text.at(at))}}` }
}
