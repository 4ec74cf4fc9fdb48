/** What a resource keeps between requests. */
import type { Resource } from '../operation.ts'
import type { SimRequest, SimResponse } from '../types.ts'

type Handle = (request: SimRequest) => Promise<SimResponse>

type Parts = Pick<Resource, 'clock' | 'random' | 'config' | 'findDeployment' | 'report'> & {
  readonly handle: Handle
  readonly handleAtOnce: Handle
}

export function createResource({ handle, handleAtOnce, ...parts }: Parts): Resource {
  const made = new Map<(resource: Resource) => unknown, unknown>()
  const resource: Resource = {
    ...parts,
    shelf<T>(make: (resource: Resource) => T): T {
      if (!made.has(make)) made.set(make, make(resource))
      // What stands under a maker is what that maker made.
      return made.get(make) as T
    },
    dispatch: handle,
    answerAtOnce: handleAtOnce,
  }
  return resource
}
