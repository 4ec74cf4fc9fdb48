/** Decides which of the service's own tools an answer uses. */
import type { Ask } from '../../answers/ask.ts'
import type { Config } from '../../config/config.ts'
import type { HostedRule } from '../../config/rule-hosted.ts'
import type { Call } from '../../operation.ts'
import type { ResponsesBody } from './ask.ts'
import { chooseHosted } from './hosted.ts'
import { planCall } from './mcp-tools.ts'
import type { Decision } from './mcp-types.ts'

/** A tool of an MCP server is called only if the token limit leaves room for the call. */
export function decide(call: Call<ResponsesBody>, ask: Ask, config: Config): Decision {
  const { random } = call
  const probability = config.generate.toolCallProbability
  const tool = forced(call) ?? chooseHosted(call.body.request, ask, { random, probability })
  if (tool?.type !== 'mcp') return { tool }
  const plan = planCall(tool, call)
  return plan && plan.writtenTokens < (ask.maxTokens ?? Infinity) ? { tool, plan } : { tool: undefined }
}

/** The tool that a rule chooses. */
function forced({ mcp, hosted, body }: Call<ResponsesBody>) {
  const { tools } = body.request
  const types = hosted && Object.keys(hosted).flatMap((name) => typesOf[name as keyof HostedRule])
  const ruled = types && tools?.find(({ type }) => types.includes(type))
  if (ruled) return ruled
  const label = mcp?.find(({ call }) => call !== undefined)?.server
  if (label === undefined) return undefined
  return tools?.find(({ type, server_label: named }) => type === 'mcp' && named === label)
}

const typesOf: Readonly<Record<keyof HostedRule, readonly string[]>> = {
  shell: ['shell', 'local_shell'],
  applyPatch: ['apply_patch'],
  codeInterpreter: ['code_interpreter'],
  computer: ['computer', 'computer_use_preview'],
}
