/** The tools of a request: how an answer repeats them, and which may be called. */
import { step } from '../../base/slices.ts'
import { textOf } from '../../base/text-of.ts'
import { ApiError, invalidType, invalidValue, missingParameter } from '../../errors.ts'
import { toolChoiceNotFound } from '../../errors/responses.ts'
import { isObject, type JsonObject } from '../../base/object.ts'
import { redacted, redactedHeaders, withoutSignIn } from '../../answers/mcp/told.ts'
import { type Calling, type Offer, offerOf, type Tool } from '../../answers/offer.ts'
import { refuseCombinators, refuseFunctionSchema, refuseStrictSchema } from '../../answers/strict-schema.ts'
import { found } from '../../http/validate.ts'
import { refuseName } from '../parts/body-fields.ts'
import type { Model } from '../../types.ts'
import type { ResponsesRequest, ToolInput } from './body.ts'

/** The tools as an answer repeats them: with defaults, keys in the service's order (recorded 2025-2026). */
export const toolsTold = (tools: ResponsesRequest['tools'], but: ReadonlySet<string> = none): readonly JsonObject[] =>
  (tools ?? []).map((tool) => step(() => without(toolTold(tool), but)))

const none: ReadonlySet<string> = new Set()
const without = (told: JsonObject, but: ReadonlySet<string>): JsonObject =>
  but.size === 0 ? told : Object.fromEntries(Object.entries(told).filter(([key]) => !but.has(key)))

function toolTold(tool: ToolInput): JsonObject {
  switch (tool.type) {
    case 'function': {
      const { name, description = null, parameters = null } = tool
      const strict = isStrict(tool)
      return { type: 'function', description, name, parameters: parametersTold(tool, strict) ?? parameters, strict }
    }
    case 'custom':
      return withDefaults(tool, { description: null, format: { type: 'text' } })
    case 'web_search':
    case 'web_search_preview':
      return withDefaults(tool, {
        search_content_types: ['text'],
        search_context_size: 'medium',
        user_location: { type: 'approximate', city: null, country: 'US', region: null, timezone: null },
      })
    case 'code_interpreter':
      return withDefaults(tool, { container: { type: 'auto' } })
    case 'file_search':
      return withDefaults(tool, {
        filters: null,
        max_num_results: 20,
        ranking_options: { ranker: 'auto', score_threshold: 0 },
        vector_store_ids: [],
      })
    case 'computer_use_preview':
      return withDefaults(tool, {})
    case 'image_generation':
      return withDefaults(tool, {
        background: 'auto',
        model: 'gpt-image-1',
        moderation: 'auto',
        n: 1,
        output_compression: 100,
        output_format: 'png',
        quality: 'auto',
        size: 'auto',
      })
    case 'mcp': {
      const { authorization: _, headers, ...rest } = tool
      const told = isObject(headers) ? redactedHeaders(headers) : (headers ?? null)
      const defaults = { allowed_tools: null, require_approval: 'always', server_description: null }
      return withDefaults({ ...rest, type: 'mcp' }, { ...defaults, headers: told })
    }
    default:
      return tool
  }
}

/** Secrets for a tool's server are used for one answer and never stored. */
export function withoutSignIns(request: ResponsesRequest): ResponsesRequest {
  if (request.tools?.some(({ type }) => trusted.has(type)) !== true) return request
  return {
    ...request,
    tools: request.tools.map((tool) =>
      tool.type === 'mcp' ? (withoutSignIn(tool) as ToolInput) : withoutDomainSecrets(tool),
    ),
  }
}

/** Types of tools that may have secrets. */
const trusted: ReadonlySet<string> = new Set(['mcp', 'shell', 'code_interpreter'])

/** Secrets that containers send to hosts. */
function withoutDomainSecrets(tool: ToolInput): ToolInput {
  if (tool.type === 'mcp' || !trusted.has(tool.type)) return tool
  const text = JSON.stringify(tool)
  if (!text.includes('"domain_secrets"')) return tool
  return JSON.parse(text, function (this: unknown, name: string, value: unknown) {
    return name === 'value' && isObject(this) && 'domain' in this ? redacted : value
  }) as ToolInput
}

/** The type first, then by name. */
function withDefaults(tool: ToolInput, defaults: JsonObject): JsonObject {
  const { type, ...rest } = tool
  const merged = { ...defaults, ...rest }
  const keys = Object.keys(merged).sort()
  return { type, ...Object.fromEntries(keys.map((key) => [key, merged[key]])) }
}

/** A function that does not say is strict if its schema allows it (documented for the upstream API). */
function isStrict({ strict, parameters }: ToolInput): boolean {
  if (typeof strict === 'boolean') return strict
  if (!isObject(parameters)) return true
  const meant = step(() => closed(parameters))
  return step(() => canBeStrict(meant))
}

/** The schema with what is implied: an object, and if strict, no other properties (recorded November 2025 and February 2026). */
function parametersTold({ parameters, strict: told }: ToolInput, strict: boolean): unknown {
  if (!isObject(parameters)) return undefined
  if (Object.keys(parameters).length === 0) return { type: 'object', properties: {} }
  return strict && typeof told !== 'boolean' ? step(() => closed(parameters)) : undefined
}

export function canBeStrict(schema: unknown): boolean {
  try {
    refuseStrictSchema(schema, { what: 'schema', param: '', code: null })
    return true
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}

/** Adds `additionalProperties: false` to each object. */
function closed(schema: unknown, depth = 0): unknown {
  if (!isObject(schema) || depth > maxDepth) return schema
  const { properties, items } = schema
  const inner: Record<string, unknown> = { ...schema }
  if (isObject(properties))
    inner['properties'] = Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [key, closed(value, depth + 1)]),
    )
  if (isObject(items)) inner['items'] = closed(items, depth + 1)
  if (schema['type'] === 'object') inner['additionalProperties'] ??= false
  return inner
}

/** Levels of a schema that the service accepts. */
const maxDepth = 10

const calledByClient = (tools: ResponsesRequest['tools']): readonly Tool[] =>
  (tools ?? []).flatMap(({ type, name, parameters }) =>
    type === 'function' || type === 'custom' ? [{ kind: type, name: textOf(name), parameters } satisfies Tool] : [],
  )

/** The client's tools that an answer may call. */
export function offeredResponsesTools({
  tools,
  tool_choice: choice,
  parallel_tool_calls,
}: ResponsesRequest): Offer | undefined {
  if (!tools?.length) return undefined
  return offerOf(calledByClient(tools), callingOf(choice, parallel_tool_calls !== false))
}

function callingOf(choice: unknown, mayBeParallel: boolean): Calling {
  if (!isObject(choice)) return { mode: choice === 'none' || choice === 'required' ? choice : 'auto', mayBeParallel }
  const { type, name, mode, tools } = choice
  if (type === 'function' || type === 'custom') return { mode: 'named', names: [name], mayBeParallel }
  if (type !== 'allowed_tools') return { mode: 'none', mayBeParallel }
  const names = Array.isArray(tools) ? tools.map((tool: unknown) => (isObject(tool) ? tool['name'] : undefined)) : []
  return { mode: mode === 'required' ? 'required' : 'auto', names, mayBeParallel }
}

/** Throws what the service refuses in `tools` and `tool_choice`. */
export function refuseResponsesTools({ tools, tool_choice: choice }: ResponsesRequest, model: Model): void {
  if (tools) refuseSameServers(tools)
  for (const [index, tool] of (tools ?? []).entries()) refuseTool(tool, `tools[${index}]`, model)
  if (choice === undefined || choice === null) return
  if (typeof choice === 'string') {
    if (!['none', 'auto', 'required'].includes(choice)) throw toolChoiceNotFound(choice)
    if (choice === 'required' && !tools?.length) throw toolChoiceNotFound(choice)
    return
  }
  if (!isObject(choice)) throw invalidType('tool_choice', "one of 'none', 'auto', 'required' or object", typeof choice)
  const { type, name } = choice
  if (typeof type !== 'string') throw missingParameter('tool_choice.type')
  if (type === 'allowed_tools') {
    if (!Array.isArray(choice['tools'])) throw missingParameter('tool_choice.tools')
    for (const allowed of choice['tools'] as readonly unknown[]) refuseChoice(allowed, tools)
    return
  }
  if ((type === 'function' || type === 'custom') && typeof name !== 'string') throw missingParameter('tool_choice.name')
  refuseChoice(choice, tools)
}

function refuseChoice(choice: unknown, tools: ResponsesRequest['tools']): void {
  const { type, name, server_label: label } = isObject(choice) ? choice : {}
  if (type === 'mcp' && tools?.some((tool) => tool.type === 'mcp' && tool['server_label'] === label)) return
  const isThere = tools?.some((tool) => tool.type === type && (name === undefined || tool['name'] === name))
  if (!isThere) throw toolChoiceNotFound(textOf(name ?? type))
}

function refuseTool(tool: ToolInput, at: string, { name: modelName }: Model): void {
  const { type, name, parameters, strict } = tool
  if (type === 'mcp') refuseServer(tool, at)
  if (type === 'file_search') refuseStoreIds(tool, `${at}.vector_store_ids`)
  if (type !== 'function' && type !== 'custom') return
  if (typeof name !== 'string') throw missingParameter(`${at}.name`)
  refuseName(name, `${at}.name`)
  if (type === 'custom' || !isObject(parameters) || Object.keys(parameters).length === 0) return
  const refuse = strict === true ? refuseStrictSchema : refuseFunctionSchema
  const about = { what: `function '${name}'`, param: `${at}.parameters`, code: 'invalid_function_parameters' }
  if (!takesCombinators.test(modelName)) refuseCombinators(parameters, about)
  refuse(parameters, about)
}

function refuseStoreIds({ vector_store_ids: ids }: ToolInput, at: string): void {
  if (ids === undefined || ids === null) return
  if (!Array.isArray(ids)) throw invalidType(at, 'an array of strings', found(ids))
  for (const [index, id] of (ids as readonly unknown[]).entries())
    if (typeof id !== 'string') throw invalidType(`${at}[${index}]`, 'a string', found(id))
}

/** Required fields are those of the official SDKs' types; the wording is the service's usual one. */
function refuseServer(
  { server_label: label, server_url: address, connector_id: connector, ...rest }: ToolInput,
  at: string,
) {
  if (label === undefined || label === null) throw missingParameter(`${at}.server_label`)
  if (typeof label !== 'string') throw invalidType(`${at}.server_label`, 'a string', found(label))
  if ((address ?? connector ?? rest['tunnel_id'] ?? rest['project_connection_id'] ?? null) === null)
    throw missingParameter(`${at}.server_url`)
  if (address !== undefined && address !== null && typeof address !== 'string')
    throw invalidType(`${at}.server_url`, 'a string', found(address))
  if (typeof address === 'string' && !address.includes(':'))
    throw invalidValue(`${at}.server_url`, `Invalid '${at}.server_url': expected a URL, but got '${address}' instead.`)
  if (typeof address === 'string' && typeof connector === 'string')
    throw invalidValue(at, `Only one of 'server_url' and 'connector_id' can be given for '${at}'.`)
  const { require_approval: leave } = rest
  if (typeof leave === 'string' && leave !== 'always' && leave !== 'never')
    throw invalidValue(
      `${at}.require_approval`,
      `Invalid value: '${leave}'. Supported values are: 'always' and 'never'.`,
    )
}

/** Answers name a server by its label alone. */
function refuseSameServers(tools: readonly ToolInput[]): void {
  const seen = new Set<unknown>()
  for (const [at, { type, server_label: label }] of tools.entries()) {
    if (type !== 'mcp') continue
    if (seen.has(label))
      throw invalidValue(`tools[${at}].server_label`, `Duplicate server_label found: '${textOf(label)}'.`)
    seen.add(label)
  }
}

/** At the top level of a function's parameters: for gpt-5 and later models (quoted by users, 2025-2026). */
const takesCombinators = /^gpt-(?:[5-9]|chat-latest)/
