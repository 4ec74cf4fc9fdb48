/** The content filter of one call, where it is not the one that all have: its deployment's own, or one that it names. */
import { Memo } from '../base/memo.ts'
import type { Config } from '../config/config.ts'
import { invalidRequest } from '../errors.ts'
import type { AnyCall } from '../operation.ts'

/** What the service's own policies are called, which everybody has. */
const usual: ReadonlySet<string> = new Set(['microsoft.default', 'microsoft.defaultv2'])

const changed = new WeakMap<Config, Memo<string, Config>>()

/** The configuration with that filter; `undefined` where it is as it is. Throws for a name that is none's, as judged. */
export function withOwnFilter({ deployment, wire }: AnyCall, config: Config): Config | undefined {
  const { contentFilters } = config
  if (!contentFilters || !deployment) return undefined
  // Proxies may send it without a name.
  const asked = wire.headers.get('x-policy-id')?.trim() || null
  const name = (asked ?? deployment.contentFilter)?.toLowerCase()
  if (name === undefined) return undefined
  const contentFilter = contentFilters.get(name)
  if (!contentFilter) {
    if (asked === null || usual.has(name)) return undefined
    throw invalidRequest(`The content filter policy '${asked}' does not exist.`, null, 'invalid_policy_id')
  }
  let known = changed.get(config)
  if (!known) changed.set(config, (known = new Memo(maxRemembered)))
  const found = known.get(name) ?? { ...config, contentFilter }
  known.set(name, found)
  return found
}

const maxRemembered = 100
