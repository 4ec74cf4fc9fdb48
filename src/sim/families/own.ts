/** What some extension serves: any version, and none. */
import { missingParameter, resourceNotFound } from '../errors.ts'
import type { Family } from '../operation.ts'

export const own: Family = {
  name: 'own',
  checkVersion: () => undefined,
  pathNotFound: resourceNotFound,
  modelMissing: () => missingParameter('model'),
}
