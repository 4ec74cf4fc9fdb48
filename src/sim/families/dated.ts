/** Azure OpenAI as it was first: a deployment in the path, and `?api-version=YYYY-MM-DD`. */
import { versionTooOld } from '../errors/api-version.ts'
import { modelMissed, resourceNotFound } from '../errors.ts'
import type { Family, Match } from '../operation.ts'
import { datedVersions } from '../base/dated-versions.ts'

export const dated: Family = {
  name: 'dated',
  prefix: '/openai',
  unknownBelow: ['/api/projects'],
  headerPrefixes: ['openai'],
  usualTemplate: (scope, path) =>
    scope === 'deployment' ? `/openai/deployments/{deployment}${path}` : `/openai${path}`,
  hasDatedVersions: true,
  checkVersion,
  pathNotFound: resourceNotFound,
  modelMissing: modelMissed,
}

function checkVersion({ params, since }: Match, version: string | null, hasGates: boolean): void {
  if (version === null) throw resourceNotFound()
  // `preview` was a name of the resource's own operations (of the Responses API, at first), and of no deployment's.
  if (version === 'preview' && (since?.name || params['deployment'] === undefined)) return
  if (!datedVersions.has(version)) throw resourceNotFound()
  if (!hasGates || !since || version >= since.version) return
  throw since.name === undefined ? resourceNotFound() : versionTooOld(since.name, since.version)
}
