/** Whether a request may come in: by a key of the resource, or by a token. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { accessDenied, invalidToken, keysDisabled, networkDenied, permissionDenied } from '../errors/access.ts'
import type { AnyOperation, Family, Resource } from '../operation.ts'
import type { SimRequest } from '../types.ts'
import type { Keys } from './keys.ts'
import { createTokenCheck, type Principal } from './entra.ts'

/**
 * Throws, or rejects, with what who may not come in is answered. It decides at once, and gives nothing, but for a token
 * that it sees for the first time.
 */
export type Gate = (
  headers: SimRequest['headers'],
  /** The API that the path is of. */
  family: Family | undefined,
  operation: AnyOperation | undefined,
  resource: Resource,
) => Promise<void> | undefined

/** For requests of the resource's own. */
export const openGate: Gate = () => undefined

export type GateOptions = { readonly keys: Keys; readonly auth: Config['auth']; readonly clock: Clock }

/**
 * A good key counts before a token, as some clients send both; where both are wrong, the token is judged (recorded
 * September 2024). The key as a bearer token is not for the dated surface, as
 * the service has it. Who tried which way gets the 401 of that way.
 */
export function createGate({ keys, auth, clock }: GateOptions): Gate {
  const checkToken = auth.entra && createTokenCheck(auth.entra, clock)
  const mayDo = (principal: Principal, operation: AnyOperation | undefined) => {
    const allowed = auth.entra?.principals ?? []
    if (!operation || allowed.length === 0 || principal.ids.some((id) => allowed.includes(id))) return
    throw permissionDenied(principal.ids[0] ?? '', operation)
  }

  const letIn = (
    token: string,
    family: Family | undefined,
    operation: AnyOperation | undefined,
  ): Promise<void> | undefined => {
    if (!auth.disableKeys && (auth.bearerKeys === 'everywhere' || family?.takesBearerKey)) {
      if (keys.has(token)) return undefined
      if (!auth.acceptAnyToken && !isJsonWebToken(token)) throw accessDenied()
    }
    if (auth.acceptAnyToken && isBearerToken(token)) return undefined
    if (!checkToken || !isJsonWebToken(token)) throw invalidToken()
    const principal = checkToken(token)
    if (principal instanceof Promise) return principal.then((holder) => mayDo(holder, operation))
    mayDo(principal, operation)
    return undefined
  }

  const judge: Gate = (headers, family, operation) => {
    const key = keyOf(headers, family, operation)
    if (key !== null) {
      if (auth.disableKeys) throw keysDisabled()
      if (keys.has(key)) return undefined
    }
    const authorization = headers.get('authorization')
    if (authorization === null) throw auth.disableKeys ? invalidToken() : accessDenied()
    const judged = letIn(/^bearer +(.+)$/i.exec(authorization)?.[1] ?? '', family, operation)
    if (key === null) return judged
    return judged ? judged.then(denyKey) : denyKey()
  }

  return (headers, family, operation, resource) => {
    if (auth.network === 'deny') throw networkDenied()
    const admitted = operation?.admits?.(headers, resource)
    if (admitted instanceof Promise)
      return admitted.then((isIn) => (isIn ? undefined : judge(headers, family, operation, resource)))
    return admitted ? undefined : judge(headers, family, operation, resource)
  }
}

function denyKey(): never {
  throw accessDenied()
}

function keyOf(
  headers: SimRequest['headers'],
  family: Pick<Family, 'keyHeader'> | undefined,
  operation: Pick<AnyOperation, 'keyHeader'> | undefined,
): string | null {
  const key = headers.get('api-key')
  if (key !== null) return key
  const own = operation?.keyHeader ?? family?.keyHeader
  return (own === undefined ? null : headers.get(own)) ?? headers.get('ocp-apim-subscription-key')
}

const isJsonWebToken = (token: string) => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)
/** As RFC 6750 writes it. */
const isBearerToken = (token: string) => /^[\w.~+/-]+=*$/.test(token)
