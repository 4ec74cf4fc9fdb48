/** What is answered to who may not come in. */
import { ApiError, comingBack } from '../errors.ts'
import type { AnyOperation } from '../operation.ts'

/** A wrong or missing key (recorded March 2026). */
export const accessDenied = () =>
  denied(
    401,
    '401',
    'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
  )

/** A bearer token that is not one (quoted by users); a flat envelope, unlike the others. */
export const invalidToken = () =>
  new ApiError({
    status: 401,
    origin: 'access',
    layout: 'token',
    code: 401,
    message:
      'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.',
    isOfToken: true,
  })

/**
 * A token whose holder has no role that allows the operation (quoted by users of chat completions and of responses; the
 * other actions' names are made alike).
 */
export function permissionDenied(principal: string, { scope, method, path }: AnyOperation): ApiError {
  const isOfDeployment = scope === 'deployment' && path !== '/responses'
  const verb = method === 'GET' ? 'read' : method === 'DELETE' ? 'delete' : 'write'
  const action = isOfDeployment ? `deployments${path}/action` : `${path.split('/')[1] ?? ''}/${verb}`
  const place = isOfDeployment ? `/openai/deployments/{deployment-id}${path}` : `/openai${path}`
  const message = `The principal \`${principal}\` lacks the required data action \`Microsoft.CognitiveServices/accounts/OpenAI/${action}\` to perform \`${method} ${place}\` operation.`
  return denied(401, 'PermissionDenied', message)
}

/** A key, where the resource takes tokens alone (quoted by users). */
export const keysDisabled = () =>
  denied(403, 'AuthenticationTypeDisabled', 'Key based authentication is disabled for this resource.')

/** A request from where the resource's network rules let none through (quoted by users). */
export const networkDenied = () => denied(403, '403', 'Access denied due to Virtual Network/Firewall rules.')

/** The simulator's own: whether the token is good cannot be told. A client may well try again. */
export const keysUnavailable = (host: string, reason: string) =>
  denied(
    503,
    'KeysUnavailable',
    `The simulator could not get the tenant's keys from ${host} to check the token (${reason}). Check auth.entra, or set auth.acceptAnyToken to take tokens unchecked.`,
    comingBack,
  )

const denied = (status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) =>
  new ApiError({ status, origin: 'access', code, message, headers })
