/** Where the Responses API is found: dated, on v1, and below a deployment, where some clients look for it. */
import type { Route } from '../../../operation.ts'

export const responsesRoutes = (path: '' | `/${string}` = ''): readonly Route[] => [
  { surface: 'dated', template: `/openai/responses${path}` },
  { surface: 'dated', template: `/openai/deployments/{deployment}/responses${path}` },
  { surface: 'v1', template: `/openai/v1/responses${path}` },
]
