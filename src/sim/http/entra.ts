/** Tokens of Microsoft Entra: whether one is of our tenant, for us, and not over. */
import { textOf } from '../base/text-of.ts'
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import { Memo } from '../base/memo.ts'
import type { Clock } from '../clock.ts'
import type { EntraConfig } from '../config/config.ts'
import { keysUnavailable, invalidToken } from '../errors/access.ts'

/** Who holds a token. */
export type Principal = { readonly ids: readonly string[]; readonly expiresAtMs: number }

/**
 * At once where the token was checked before, so that only a client's first request waits. Throws, or rejects, with what
 * the client is answered.
 */
export type TokenCheck = (token: string) => Principal | Promise<Principal>

/** The longest token that is looked at, and how many that passed are remembered. */
const maxCharacters = 16_384
const maxRemembered = 1_000

export function createTokenCheck(entra: EntraConfig, clock: Clock): TokenCheck {
  const known = new Memo<string, Principal>(maxRemembered)
  let verifier: Promise<Verify> | undefined

  const check = async (token: string): Promise<Principal> => {
    // The library is loaded by who needs it alone.
    const verify = await (verifier ??= createVerify(entra, clock))
    const principal = principalOf(await verify(token))
    known.set(token, principal)
    return principal
  }
  return (token) => {
    if (token.length > maxCharacters) throw invalidToken()
    const principal = known.get(token)
    if (principal === undefined) return check(token)
    if (principal.expiresAtMs > clock.now()) return principal
    known.delete(token)
    throw invalidToken()
  }
}

type Verify = (token: string) => Promise<JWTPayload>

const keysTimeoutMs = 5_000
const maxKeyBytes = 1_048_576
/** Keys are fetched anew after an hour, and at once (every 30 s at most) for a token that names one we do not have. */
const keysLifeMs = 3_600_000
/** Clocks of servers are not all alike. */
const toleranceSeconds = 60

async function createVerify({ tenantId, audiences, keysUrl, authority }: EntraConfig, clock: Clock): Promise<Verify> {
  const { createRemoteJWKSet, customFetch, errors, jwtVerify } = await import('jose')
  const remote = createRemoteJWKSet(new URL(keysUrl), {
    timeoutDuration: keysTimeoutMs,
    cacheMaxAge: keysLifeMs,
    [customFetch]: fetchBounded,
  })
  const keyOf: JWTVerifyGetKey = async (header, token) => {
    try {
      return await remote(header, token)
    } catch (error) {
      const isTokensFault =
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported
      throw isTokensFault ? invalidToken() : keysUnavailable(new URL(keysUrl).host, reasonOf(error))
    }
  }
  const audience = audiences.flatMap((name) => [name.replace(/\/+$/, ''), `${name.replace(/\/+$/, '')}/`])
  return async (token) => {
    const currentDate = new Date(clock.now())
    const options = { algorithms: ['RS256'], audience, clockTolerance: toleranceSeconds, currentDate }
    const required = { requiredClaims: ['exp', 'iss'] }
    const { payload } = await jwtVerify(token, keyOf, { ...options, ...required }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? invalidToken() : error
    })
    if (tenantOf(payload, authority) !== tenantId) throw invalidToken()
    return payload
  }
}

/**
 * The sign-in services of the clouds, by which tokens of the second version are issued, and those of the first version
 * (documented: "National clouds", and the issuers that the configuration documents of v1.0 name).
 */
const issuers = {
  first: ['https://sts.windows.net', 'https://sts.chinacloudapi.cn'],
  second: [
    'https://login.microsoftonline.com',
    'https://login.microsoftonline.us',
    'https://login.partner.microsoftonline.cn',
    'https://login.chinacloudapi.cn',
  ],
}

/**
 * The tenant of a token whose issuer may issue any. All tenants share keys, so that a signature alone says nothing of
 * the tenant. Issuers are `https://sts.windows.net/{tenant}/` or `{authority}/{tenant}/v2.0` (documented).
 */
function tenantOf({ iss, tid }: JWTPayload, authority: string): string | undefined {
  // A claim is whatever the token says: a list of one text would read like that text.
  const parts = typeof iss === 'string' ? /^(https?:\/\/.+)\/([^/]+)\/(v2\.0)?$/.exec(iss) : undefined
  if (!parts) return undefined
  const [, issuer = '', tenant = '', version] = parts
  const known = version === undefined ? issuers.first : issuers.second
  if (!known.includes(issuer) && issuer !== authority) return undefined
  const ofIssuer = tenant.toLowerCase()
  return typeof tid === 'string' && tid.toLowerCase() !== ofIssuer ? undefined : ofIssuer
}

function principalOf({ oid, appid, azp, exp = 0 }: JWTPayload): Principal {
  const ids = [oid, appid, azp].filter((id) => typeof id === 'string').map((id) => id.toLowerCase())
  return { ids, expiresAtMs: (exp + toleranceSeconds) * 1000 }
}

/** A set of keys has some kilobytes; what is far longer is something else. */
async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const answer = await fetch(url, options)
  let bytes = 0
  const pieces: Uint8Array[] = []
  for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length
    if (bytes > maxKeyBytes) throw new Error(`the answer has more than ${maxKeyBytes} bytes`)
    pieces.push(piece)
  }
  return new Response(Buffer.concat(pieces), { status: answer.status, headers: answer.headers })
}

/** What the system or the library says, without what the other side sent. */
function reasonOf(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : new Error(textOf(error))
  const code = cause instanceof Error && 'code' in cause ? textOf(cause.code) : undefined
  return code ?? message
}
