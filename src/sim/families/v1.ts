/** The v1 surface: no version to name, the deployment in the body. Below a project there is the same again. */
import { accessDenied } from '../errors/access.ts'
import { apiVersionNotAllowed, apiVersionNotSupported } from '../errors/api-version.ts'
import { missingParameter, resourceNotFound } from '../errors.ts'
import type { Family } from '../operation.ts'

export const v1: Family = {
  name: 'v1',
  prefix: '/openai/v1',
  within: '/api/projects/{project}',
  headerPrefixes: ['openai'],
  usualTemplate: (_, path) => `/openai/v1${path}`,
  // Documented.
  takesBearerKey: true,
  version: 'v1',
  checkVersion({ isWithin, operation }, version) {
    if (version === null) return
    // Documented of Realtime.
    if (operation.takesNoVersion) throw accessDenied()
    // A project's takes none at all (quoted by users).
    if (isWithin) throw apiVersionNotAllowed()
    if (version !== 'v1' && version !== 'preview' && version !== '') throw apiVersionNotSupported()
  },
  pathNotFound: resourceNotFound,
  modelMissing: () => missingParameter('model'),
}
