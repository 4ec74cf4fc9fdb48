/** What the operator is told of a request that is turned away at the door: a slip in a client's settings, mostly. */
import type { ApiError } from '../errors.ts'
import type { Match } from '../operation.ts'
import type { SimRequest, Target } from '../types.ts'

type Refused = {
  readonly request: Pick<SimRequest, 'headers'>
  readonly target: Target
  readonly found: Match | undefined
  readonly hasGates: boolean
}

/** Undefined where the refusal says all by itself. Nothing of a key is in it. */
export function refusalHint(
  { status, origin }: ApiError,
  { request, target, found, hasGates }: Refused,
): string | undefined {
  if (origin === 'access') return accessHint(status, request.headers)
  if (!found || !isOfVersion(found, target, hasGates)) return undefined
  const version = target.query.get('api-version')
  if (version === null)
    return `A request without api-version was answered with ${status}: add ?api-version=2024-10-21, for example.`
  return `A request with api-version ${JSON.stringify(version.slice(0, 40))} was answered with ${status}: the service has no such version where it was sent to.`
}

function accessHint(status: number, headers: SimRequest['headers']): string {
  const told = `was answered with ${status}`
  if (headers.get('api-key') !== null || headers.get('ocp-apim-subscription-key') !== null)
    return `A request with a key that is not this simulator's ${told}: clients send the one that SIMULATOR_API_KEY (or apiKey) says.`
  if (headers.get('authorization') !== null)
    return `A request with a bearer token that is not taken ${told}: see auth.acceptAnyToken and auth.entra.`
  return `A request without a key ${told}: clients send it in the header api-key.`
}

/** Whether that is what it was refused for. */
function isOfVersion(found: Match, { query }: Target, hasGates: boolean): boolean {
  try {
    found.family.checkVersion(found, query.get('api-version'), hasGates)
    return false
  } catch {
    return true
  }
}
