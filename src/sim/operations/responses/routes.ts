/** The paths of the Responses API: dated, v1, below a project, and below a deployment, which some clients use. */
import type { Route } from '../../operation.ts'

const since = { name: 'Azure OpenAI Responses API', version: '2025-03-01-preview' }

/** On v1, and below a project. */
export const conversationsRoutes = (path: '' | `/${string}` = ''): readonly Route[] => [
  { surface: 'v1', template: `/openai/v1/conversations${path}` },
  { surface: 'project', template: `/api/projects/{project}/openai/conversations${path}` },
]

export const responsesRoutes = (path: '' | `/${string}` = ''): readonly Route[] => [
  { surface: 'dated', since, template: `/openai/responses${path}` },
  { surface: 'dated', since, template: `/openai/deployments/{deployment}/responses${path}` },
  { surface: 'v1', template: `/openai/v1/responses${path}` },
  { surface: 'project', template: `/api/projects/{project}/openai/responses${path}` },
]
