/** The ways to the Responses API, called doors: each writes its answers in its own form. */
import type { AnyCall } from '../../operation.ts'

/** A project's v1 and dated versions; a resource's v1, dated versions, and the first dated version. */
export type ProjectDoor = 'project' | 'datedProject'
export type Door = ProjectDoor | 'resource' | 'dated' | 'firstDated'

export function doorOf({ match, apiVersion }: Pick<AnyCall, 'match'> & Partial<Pick<AnyCall, 'apiVersion'>>): Door {
  if (match.isWithin) return 'project'
  if (match.surface === 'project') return 'datedProject'
  if (match.surface !== 'dated') return 'resource'
  return apiVersion === '2025-03-01-preview' ? 'firstDated' : 'dated'
}

export const isOfProject = (door: Door): door is ProjectDoor => door === 'project' || door === 'datedProject'
