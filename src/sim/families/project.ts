/** The dated door of a Foundry project, before its v1 (recorded November 2025 to February 2026). */
import { missingParameter, resourceNotFound } from '../errors.ts'
import type { Family } from '../operation.ts'

const names = ['2025-05-15-preview', '2025-11-15-preview', 'v1']
const versions: ReadonlySet<string> = new Set(names)

export const project: Family = {
  name: 'project',
  versions: names,
  prefix: '/api/projects/{project}/openai',
  headerPrefixes: ['openai'],
  usualTemplate: (scope, path) => (scope === 'resource' ? `/api/projects/{project}/openai${path}` : undefined),
  checkVersion(_, version) {
    if (version === null || !versions.has(version)) throw resourceNotFound()
  },
  pathNotFound: resourceNotFound,
  modelMissing: () => missingParameter('model'),
}
