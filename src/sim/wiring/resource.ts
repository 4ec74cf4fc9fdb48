/** What a resource keeps between requests. */
import type { LiveResource } from '../operation.ts'
import type { SimRequest, SimResponse } from '../types.ts'

type Handle = (request: SimRequest) => Promise<SimResponse>

type Parts = Pick<LiveResource, 'clock' | 'random' | 'config' | 'findDeployment' | 'report' | 'keeping' | 'spoke'> & {
  readonly handle: Handle
  readonly handleAtOnce: Handle
}

export function createResource({ handle, handleAtOnce, ...parts }: Parts): LiveResource {
  const made = new Map<(resource: LiveResource) => unknown, unknown>()
  const { clock, random, report } = parts
  function shelf<T>(make: (resource: LiveResource) => T): T {
    if (!made.has(make)) made.set(make, make(live))
    // What stands under a maker is what that maker made.
    return made.get(make) as T
  }
  const live: LiveResource = {
    ...parts,
    shelf,
    dispatch: handle,
    answerAtOnce: handleAtOnce,
    at: (config, findDeployment) => ({ clock, random, config, findDeployment, shelf, report, live }),
  }
  return live
}
