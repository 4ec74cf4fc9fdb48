/** What the Responses API says no to. Texts as users quote them of the upstream API (2025-2026), where nothing else is said. */
import type { BackEndName } from '../base/back-ends.ts'
import { STATUS_CODES } from 'node:http'
import { ApiError, gatewayError, invalidRequest } from '../errors.ts'

/** Unlike chat completions, it names the parameter. */
export const unknownResponsesParameter = (param: string) =>
  invalidRequest(`Unknown parameter: '${param}'.`, param, 'unknown_parameter')

export const responseNotFound = (id: string, backEnd: BackEndName) =>
  new ApiError({
    status: 404,
    origin: 'model',
    code: null,
    type: 'invalid_request_error',
    message: `Response with id '${id}' not found.`,
    param: null,
    backEnd,
  })

export const previousResponseNotFound = (id: string) =>
  invalidRequest(`Previous response with id '${id}' not found.`, 'previous_response_id', 'previous_response_not_found')

/** A prompt is kept elsewhere: the simulated resource has none. */
export const promptNotFound = (id: string) => invalidRequest(`Prompt with id '${id}' not found.`, 'prompt', null, 404)

/** Text as the upstream API has it. */
export const previousAndConversation = () =>
  invalidRequest(
    "Mutually exclusive parameters: Ensure you are only providing one of: 'previous_response_id' or 'conversation'.",
    null,
    'mutually_exclusive_parameters',
  )

export const itemNotFound = (id: string, isStored: boolean) =>
  invalidRequest(
    `Item with id '${id}' not found.${isStored ? '' : ' Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.'}`,
    'input',
    null,
  )

export const itemWithoutFollowing = (id: string) =>
  invalidRequest(`Item '${id}' of type 'reasoning' was provided without its required following item.`, 'input', null)

export const itemWithoutReasoning = (id: string, type: string, reasoningId: string) =>
  invalidRequest(
    `Item '${id}' of type '${type}' was provided without its required 'reasoning' item: '${reasoningId}'.`,
    'input',
    null,
  )

export const encryptedContentNotVerified = (content: string) =>
  invalidRequest(
    `The encrypted content ${content.slice(0, 4)}...${content.slice(-4)} could not be verified.`,
    null,
    'invalid_encrypted_content',
  )

/** A parameter of chat completions, and what stands for it here. */
const moved: ReadonlyMap<string, string> = new Map([
  ['messages', 'input'],
  ['response_format', 'text.format'],
  ['max_tokens', 'max_output_tokens'],
  ['max_completion_tokens', 'max_output_tokens'],
  ['reasoning_effort', 'reasoning.effort'],
  ['verbosity', 'text.verbosity'],
  ['functions', 'tools'],
  ['function_call', 'tool_choice'],
])

export function movedParameter(names: readonly string[]): ApiError | undefined {
  const name = names.find((one) => moved.has(one))
  if (name === undefined) return undefined
  return invalidRequest(
    `Unsupported parameter: '${name}'. In the Responses API, this parameter has moved to '${moved.get(name) ?? ''}'. Try again with the new parameter. See the API documentation for more information: https://platform.openai.com/docs/api-reference/responses/create.`,
    null,
    'unsupported_parameter',
  )
}

export const duplicateItem = (id: string) =>
  invalidRequest(
    `Duplicate item found with id ${id}. Remove duplicate items from your input and try again.`,
    'input',
    null,
  )

export const noCallForOutput = (kind: string, callId: string) =>
  invalidRequest(`No tool call found for ${kind} call output with call_id ${callId}.`, 'input', null)

export const noOutputForCall = (kind: string, callId: string) =>
  invalidRequest(`No tool output found for ${kind} call ${callId}.`, 'input', null)

export const toolChoiceNotFound = (name: string) =>
  invalidRequest(`Tool choice '${name}' not found in 'tools' parameter.`, 'tool_choice', null)

/** Remembered from public issues; it does not say how long the input was. */
export const inputTooLong = () =>
  invalidRequest(
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    'input',
    'context_length_exceeded',
  )

export const cannotCancel = () => invalidRequest('Cannot cancel a synchronous response.', null, null)

/** In the background alone an answer goes on without its reader, and only where it was asked for as a stream. */
export const cannotStream = (isBackground: boolean) =>
  invalidRequest(
    `This response cannot be streamed because it was not created with ${isBackground ? 'stream=true' : 'background=true'}.`,
    null,
    null,
  )

export const backgroundNeedsStore = () =>
  invalidRequest("Background mode requires 'store' to be true.", 'background', 'invalid_value')

export const valueNotSupported = (found: string, model: string, supported: readonly string[], param: string) =>
  invalidRequest(
    `Unsupported value: '${found}' is not supported with the '${model}' model. Supported values are: ${supported
      .map((value, at) => (at > 0 && at === supported.length - 1 ? `and '${value}'` : `'${value}'`))
      .join(', ')}.`,
    param,
    'unsupported_value',
  )

/** What is said of a deployment that is not there since 2026 (quoted by users; a guess that it is so on all surfaces). */
export const deploymentUnmatched = () =>
  invalidRequest(
    'Could not find an existing deployment to match the model in the request. Please verify the model matches an existing deployment in the account.',
    null,
    null,
    404,
  )

/** Leave that is given for what nobody asked. The words are a guess in the shape of their neighbours. */
export const approvalRequestNotFound = (id: string) =>
  invalidRequest(`No approval request found with id '${id}'.`, 'input', null)

/** As users quote it (2025-2026); what a server says of itself stays between it and its client. */
export function toolListFailed(label: string, code: number, hint: string) {
  const message = `Error retrieving tool list from MCP server: '${label}'. Http status code: ${code} (${STATUS_CODES[code] ?? 'Unknown'})`
  return new ApiError({
    status: 424,
    origin: 'model',
    code: 'http_error',
    type: 'external_connector_error',
    message,
    param: 'tools',
    hint,
  })
}

export const mcpLibraryMissing = () =>
  gatewayError(
    502,
    'PackageMissing',
    'The simulator asks MCP servers by a package that is not there: npm install @modelcontextprotocol/sdk.',
  )
