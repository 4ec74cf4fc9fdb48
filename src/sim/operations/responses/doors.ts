/** Through which door a request came: each has a writer of its own. */
import type { AnyCall } from '../../operation.ts'

/** Of a project, its v1 and what came before; of a resource, its v1, its dated versions and the first of these. */
export type ProjectDoor = 'project' | 'datedProject'
export type Door = ProjectDoor | 'resource' | 'dated' | 'firstDated'

export function doorOf({ match, apiVersion }: Pick<AnyCall, 'match'> & Partial<Pick<AnyCall, 'apiVersion'>>): Door {
  if (match.isWithin) return 'project'
  if (match.surface === 'project') return 'datedProject'
  if (match.surface !== 'dated') return 'resource'
  return apiVersion === '2025-03-01-preview' ? 'firstDated' : 'dated'
}

export const isOfProject = (door: Door): door is ProjectDoor => door === 'project' || door === 'datedProject'
