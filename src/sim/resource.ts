/** What a resource keeps between requests. */
import type { Resource, SimRequest, SimResponse } from './types.ts'

type Parts = Pick<Resource, 'clock' | 'random' | 'config'> & {
  readonly handle: (request: SimRequest) => Promise<SimResponse>
}

export function createResource({ clock, random, config, handle }: Parts): Resource {
  const made = new Map<(resource: Resource) => unknown, unknown>()
  const resource: Resource = {
    clock,
    random,
    config,
    shelf<T>(make: (resource: Resource) => T): T {
      if (!made.has(make)) made.set(make, make(resource))
      // What stands under a maker is what that maker made.
      return made.get(make) as T
    },
    dispatch: (request) => handle(withKey(request, config().apiKey)),
  }
  return resource
}

function withKey(request: SimRequest, apiKey: string): SimRequest {
  const { headers } = request
  return { ...request, headers: { get: (name) => (name === 'api-key' ? apiKey : headers.get(name)) } }
}
