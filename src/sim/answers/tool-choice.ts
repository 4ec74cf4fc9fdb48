/** Whether tools are called, and which may be. */
import { textOf } from '../base/text-of.ts'
import { invalidRequest, invalidType, invalidValue, missingParameter } from '../errors.ts'
import { isObject } from '../base/object.ts'
import type { ChatBody } from '../operations/chat/body.ts'
import type { ChatMessage } from '../measure/prompt-tokens.ts'
import { type Calling, type Offer, offerOf, type Tool } from './offer.ts'
import { refuseCombinators, refuseFunctionSchema, refuseStrictSchema } from './strict-schema.ts'

export function offeredTools(body: ChatBody): Offer | undefined {
  return body.tools || body.functions ? offerOf(toolsOf(body), callingOf(body)) : undefined
}

/** Tools are asked for by `functions`, and called in the form that these had. */
export const usesFunctions = ({ tools, functions }: ChatBody): boolean => !tools && functions !== undefined

function callingOf(body: ChatBody): Calling {
  const mayBeParallel = !usesFunctions(body) && body.parallel_tool_calls !== false
  const choice: unknown = usesFunctions(body) ? body.function_call : body.tool_choice
  if (!isObject(choice)) {
    const mode = choice === 'none' || choice === 'required' ? choice : 'auto'
    return { mode, mayBeParallel }
  }
  if (usesFunctions(body)) return { mode: 'named', names: [choice.name], mayBeParallel }
  if (choice.type !== 'allowed_tools') return { mode: 'named', names: [namedIn(choice)], mayBeParallel }
  const allowed = isObject(choice.allowed_tools) ? choice.allowed_tools : {}
  const names = Array.isArray(allowed.tools) ? allowed.tools.map(namedIn) : []
  return { mode: allowed.mode === 'required' ? 'required' : 'auto', names, mayBeParallel }
}

/**
 * Whether the conversation asks for a call: it ends in a question, and no call has been made for it. After the results
 * of calls comes an answer, so that an agent's loop ends; also where its framework adds a user message to them.
 */
export function isOpenQuestion(messages: readonly ChatMessage[]): boolean {
  const answer = messages.findLast(({ role }) => role === 'assistant')
  // An assistant alone has been told to begin (recorded February 2025).
  if (messages.every(({ role }) => role === 'assistant') && !answer?.tool_calls) return true
  return messages.at(-1)?.role === 'user' && !answer?.tool_calls && !isObject(answer?.function_call)
}

/** Throws what the service refuses. Texts as the upstream API has them (measured by others, 2026). */
export function refuseTools(body: ChatBody): void {
  for (const [index, { type, function: definition, custom }] of (body.tools ?? []).entries()) {
    if (type === 'function' && !definition) throw missingParameter(`tools[${index}].function`)
    if (type === 'custom' && !custom) throw missingParameter(`tools[${index}].custom`)
    if (definition) refuseDefinition(definition, `tools[${index}].function.parameters`)
  }
  for (const [index, definition] of (body.functions ?? []).entries())
    refuseDefinition(definition, `functions[${index}].parameters`)
  const { tool_choice: choice, function_call: legacy } = body
  if (!body.tools) {
    for (const name of ['tool_choice', 'parallel_tool_calls'] as const)
      if (body[name] != null) throw onlyAllowedWith(name, 'tools')
  }
  if (legacy != null && !body.functions) throw onlyAllowedWith('function_call', 'functions')
  if (choice != null) refuseChoice(choice, toolsOf(body))
  if (legacy != null) refuseLegacyChoice(legacy, toolsOf(body))
}

type Definition = NonNullable<ChatBody['functions']>[number]

/** A function without parameters, or with empty ones, takes nothing. */
function refuseDefinition({ name, parameters, strict }: Definition, param: string): void {
  if (!parameters || Object.keys(parameters).length === 0) return
  const refuse = strict === true ? refuseStrictSchema : refuseFunctionSchema
  const about = { what: `function '${name}'`, param, code: 'invalid_function_parameters' }
  refuseCombinators(parameters, about)
  refuse(parameters, about)
}

function refuseChoice(choice: unknown, tools: readonly Tool[]): void {
  const param = 'tool_choice'
  if (typeof choice === 'string') {
    if (choice === 'none' || choice === 'auto' || choice === 'required') return
    throw invalidValue(param, `Invalid value: '${choice}'. Supported values are: 'none', 'auto', and 'required'.`)
  }
  if (!isObject(choice))
    throw invalidType(param, "one of one of 'none', 'auto', or 'required' or object", foundOf(choice))
  if (choice.type === undefined) throw missingParameter('tool_choice.type')
  if (choice.type === 'allowed_tools') {
    if (!isObject(choice.allowed_tools)) throw missingParameter('tool_choice.allowed_tools')
    if (!Array.isArray(choice.allowed_tools.tools)) throw missingParameter('tool_choice.allowed_tools.tools')
    for (const tool of choice.allowed_tools.tools) refuseUnknown(namedIn(tool), tools)
    return
  }
  const key = choice.type === 'custom' ? 'custom' : 'function'
  const named = choice[key]
  if (!isObject(named)) throw missingParameter(`tool_choice.${key}`)
  if (typeof named.name !== 'string') throw missingParameter(`tool_choice.${key}.name`)
  refuseUnknown(named.name, tools)
}

function refuseLegacyChoice(choice: unknown, tools: readonly Tool[]): void {
  if (choice === 'none' || choice === 'auto') return
  if (typeof choice === 'string')
    throw invalidValue('function_call', `Invalid value: '${choice}'. Supported values are: 'none' and 'auto'.`)
  if (!isObject(choice)) throw invalidType('function_call', "one of 'none' or 'auto' or object", foundOf(choice))
  if (typeof choice.name !== 'string') throw missingParameter('function_call.name')
  refuseUnknown(choice.name, tools)
}

/** The message speaks of functions where tools were meant, too (measured on the upstream API, September 2026). */
function refuseUnknown(name: unknown, tools: readonly Tool[]): void {
  if (tools.some((tool) => tool.name === name)) return
  const message = `Invalid value for 'function_call': no function named '${textOf(name)}' was specified in the 'functions' parameter.`
  throw invalidRequest(message, 'function_call', null)
}

const onlyAllowedWith = (param: string, other: string) =>
  invalidRequest(`Invalid value for '${param}': '${param}' is only allowed when '${other}' are specified.`, param, null)

function toolsOf({ tools, functions }: ChatBody): Tool[] {
  if (!tools) return (functions ?? []).map(({ name, parameters }) => ({ kind: 'function', name, parameters }))
  const found: Tool[] = []
  for (const { type, function: definition, custom } of tools) {
    if (type === 'function' && definition)
      found.push({ kind: 'function', name: definition.name, parameters: definition.parameters })
    if (type === 'custom' && custom) found.push({ kind: 'custom', name: custom.name, parameters: undefined })
  }
  return found
}

/** `{"type":"function","function":{"name":…}}`, also with the name beside the type. */
function namedIn(choice: unknown): unknown {
  if (!isObject(choice)) return undefined
  const inner = choice.type === 'custom' ? choice.custom : choice.function
  return isObject(inner) ? inner.name : choice.name
}

const foundOf = (value: unknown) =>
  Array.isArray(value)
    ? 'an array'
    : typeof value === 'number'
      ? Number.isInteger(value)
        ? 'an integer'
        : 'a decimal'
      : `a ${typeof value}`
