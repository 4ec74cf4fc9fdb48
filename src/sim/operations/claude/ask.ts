/** From a body of the Messages API to what it asks of its model. */
import type { Call } from '../../operation.ts'
import type { Ask } from '../../answers/ask.ts'
import type { ClaudeBlock, ClaudeBody } from './body.ts'
import { segmentsOf } from './prompt.ts'
import type { JsonFormat } from '../../answers/json-format.ts'
import { type Calling, type Offer, offerOf } from '../../answers/offer.ts'

/** `tokenLimit` is what thinking leaves. Here a limit is always given, so that a text need not reach it. */
export function claudeAsk({ body, cost, deployment, stream }: Call<ClaudeBody>, tokenLimit: number): Ask {
  const { stop_sequences: stop = [] } = body
  return {
    model: deployment.model,
    promptTokens: cost.promptTokens,
    maxTokens: undefined,
    tokenLimit,
    stop,
    offer: offered(body),
    isOpenQuestion: isOpenQuestion(body),
    format: formatOf(body),
    effort: undefined,
    promptTexts: () => [...segmentsOf(body)].filter(({ isSaid }) => isSaid).map(({ text }) => text),
    isStream: stream,
    alternatives: undefined,
    verbosity: undefined,
  }
}

/** Tools that the client runs itself; those of the service's own are not called. */
function offered({ tools = [], tool_choice: choice }: ClaudeBody): Offer | undefined {
  const own = tools
    .filter(({ type, input_schema: schema }) => (type == null || type === 'custom') && schema)
    .map(({ name, input_schema: parameters }) => ({ kind: 'function' as const, name, parameters }))
  const mayBeParallel = choice?.type !== 'none' && choice?.disable_parallel_tool_use !== true
  const calling: Calling = { mode: modes[choice?.type ?? 'auto'], mayBeParallel }
  return offerOf(own, choice?.type === 'tool' ? { ...calling, names: [choice.name] } : calling)
}

const modes = { auto: 'auto', any: 'required', tool: 'named', none: 'none' } as const

/** It ends in a user's words, and no tool was called since the user last said something else than a result. */
function isOpenQuestion({ messages }: ClaudeBody): boolean {
  const answer = messages.findLast(({ role }) => role === 'assistant')
  return messages.at(-1)?.role === 'user' && !has(answer?.content, 'tool_use')
}

const has = (content: string | readonly ClaudeBlock[] | undefined, type: string) =>
  Array.isArray(content) && content.some((block: ClaudeBlock) => block.type === type)

function formatOf({ output_config: config }: ClaudeBody): JsonFormat | undefined {
  const schema = config?.format?.schema
  return schema && { type: 'json_schema', name: 'output', schema, isStrict: true }
}
