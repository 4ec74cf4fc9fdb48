/** Decides which of the service's own tools an answer uses, before anything is made of it. */
import type { Ask } from '../../answers/ask.ts'
import type { Config } from '../../config/config.ts'
import type { Call } from '../../operation.ts'
import type { ResponsesBody } from './ask.ts'
import { chooseHosted } from './hosted.ts'
import { planCall } from './mcp-tools.ts'
import type { Decision } from './mcp-types.ts'

/** A call of an MCP server's tool is made only where there is room to write it. */
export function decide(call: Call<ResponsesBody>, ask: Ask, config: Config): Decision {
  const { random } = call
  const probability = config.generate.toolCallProbability
  const tool = forced(call) ?? chooseHosted(call.body.request, ask, { random, probability })
  if (tool?.type !== 'mcp') return { tool }
  const plan = planCall(tool, call)
  return plan && plan.writtenTokens < (ask.maxTokens ?? Infinity) ? { tool, plan } : { tool: undefined }
}

/** The server whose tool a rule says is called. */
function forced({ mcp, body }: Call<ResponsesBody>) {
  const label = mcp?.find(({ call }) => call !== undefined)?.server
  if (label === undefined) return undefined
  return body.request.tools?.find(({ type, server_label: named }) => type === 'mcp' && named === label)
}
