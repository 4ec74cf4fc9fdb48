/** What is said of conversations and agents that are not there: a project's service has words of its own (recorded November 2025 to April 2026). */
import { ApiError, invalidRequest } from '../errors.ts'

type Door = 'resource' | 'project' | 'datedProject'

/** The resource's words are the upstream API's. */
export const conversationNotFound = (id: string, door: Door) =>
  door === 'resource'
    ? invalidRequest(`Conversation with id '${id}' not found.`, null, null, 404)
    : projectError(404, door, { code: 'not_found', message: `Conversation '${id}' not found`, type: 'error' })

/** The words are a guess in the shape of their neighbours. */
export const conversationItemNotFound = (id: string, conversationId: string, door: Door) =>
  door === 'resource'
    ? invalidRequest(`Item with id '${id}' not found in conversation with id '${conversationId}'.`, null, null, 404)
    : projectError(404, door, { code: 'not_found', message: `Item '${id}' not found`, type: 'error' })

export const tooManyItems = (max: number, foundItems: number, door: Door) =>
  door === 'resource'
    ? invalidRequest(
        `Invalid 'items': array too long. Expected an array with maximum length ${max}, but got an array with length ${foundItems} instead.`,
        'items',
        'array_above_max_length',
      )
    : projectError(400, door, {
        code: 'invalid_payload',
        message: `maxItems: Value should have at most ${max} items`,
        param: '/items',
        type: 'invalid_request_error',
      })

export const agentNotFound = (name: string) =>
  projectError(404, 'project', { code: 'not_found', message: `Agent ${name} doesn't exist`, type: 'error' })

export const notBesideAgent = (param: string) =>
  projectError(400, 'project', {
    code: 'invalid_payload',
    message: 'Not allowed when agent is specified.',
    param,
    type: 'invalid_request_error',
  })

type Said = { readonly code: string; readonly message: string; readonly type: string; readonly param?: string }

const projectError = (status: number, door: Exclude<Door, 'resource'>, said: Said) =>
  new ApiError({
    status,
    origin: 'model',
    ...said,
    layout: door === 'project' ? 'project' : 'datedProject',
    backEnd: 'project',
  })
