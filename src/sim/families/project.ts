/** The dated door of a Foundry project, before its v1 (recorded November 2025 to February 2026). */
import { missingParameter, resourceNotFound } from '../errors.ts'
import type { Family } from '../operation.ts'

export const project: Family = {
  name: 'project',
  prefix: '/api/projects/{project}/openai',
  headerPrefixes: ['openai'],
  usualTemplate: (scope, path) => (scope === 'resource' ? `/api/projects/{project}/openai${path}` : undefined),
  checkVersion(_, version) {
    if (version === null || !versions.has(version)) throw resourceNotFound()
  },
  pathNotFound: resourceNotFound,
  modelMissing: () => missingParameter('model'),
}

const versions: ReadonlySet<string> = new Set(['2025-05-15-preview', '2025-11-15-preview', 'v1'])
