/** Through which door a request came: each has a writer of its own. */
import type { AnyCall } from '../../operation.ts'

export type Door = 'resource' | 'project' | 'datedProject'

export const doorOf = ({ match }: Pick<AnyCall, 'match'>): Door =>
  match.isWithin ? 'project' : match.surface === 'project' ? 'datedProject' : 'resource'
