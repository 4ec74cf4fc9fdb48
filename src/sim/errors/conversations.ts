/** What is said of conversations and agents that are not there: a project's service has words of its own (recorded November 2025 to April 2026). */
import { ApiError, invalidRequest } from '../errors.ts'

type ProjectDoor = 'project' | 'datedProject'
type Door = ProjectDoor | 'resource' | 'dated' | 'firstDated'

const isOfProject = (door: Door): door is ProjectDoor => door === 'project' || door === 'datedProject'

/** The resource's words are the upstream API's. */
export const conversationNotFound = (id: string, door: Door) =>
  isOfProject(door)
    ? projectError(404, door, { code: 'not_found', message: `Conversation '${id}' not found`, type: 'error' })
    : invalidRequest(`Conversation with id '${id}' not found.`, null, null, 404)

/** The words are a guess in the shape of their neighbours. */
export const conversationItemNotFound = (id: string, conversationId: string, door: Door) =>
  isOfProject(door)
    ? projectError(404, door, { code: 'not_found', message: `Item '${id}' not found`, type: 'error' })
    : invalidRequest(`Item with id '${id}' not found in conversation with id '${conversationId}'.`, null, null, 404)

export const tooManyItems = (max: number, foundItems: number, door: Door) =>
  isOfProject(door)
    ? projectError(400, door, {
        code: 'invalid_payload',
        message: `maxItems: Value should have at most ${max} items`,
        param: '/items',
        type: 'invalid_request_error',
      })
    : invalidRequest(
        `Invalid 'items': array too long. Expected an array with maximum length ${max}, but got an array with length ${foundItems} instead.`,
        'items',
        'array_above_max_length',
      )

export const agentNotFound = (name: string) =>
  projectError(404, 'project', { code: 'not_found', message: `Agent ${name} doesn't exist`, type: 'error' })

/** The words are a guess in the shape of their neighbours. */
export const agentExists = (name: string) =>
  projectError(409, 'project', { code: 'conflict', message: `Agent ${name} already exists`, type: 'error' })

export const notBesideAgent = (param: string) =>
  projectError(400, 'project', {
    code: 'invalid_payload',
    message: 'Not allowed when agent is specified.',
    param,
    type: 'invalid_request_error',
  })

/** Of a response that a project's dated door does not have (recorded November 2025). */
export const projectResponseNotFound = (id: string) =>
  new ApiError({
    status: 400,
    origin: 'model',
    code: 'bad_request',
    message: `${id} not found`,
    layout: 'datedProjectResponse',
    backEnd: 'datedProjectKept',
  })

type Said = { readonly code: string; readonly message: string; readonly type: string; readonly param?: string }

const projectError = (status: number, door: ProjectDoor, said: Said) =>
  new ApiError({
    status,
    origin: 'model',
    ...said,
    layout: door === 'project' ? 'project' : 'datedProject',
    backEnd: 'project',
  })
