/** Signing in to Azure Managed Redis: user name is the identity's object id, password its token, renewed as it ends. */
import type { StreamingCredentialsProvider } from '@redis/client/dist/lib/authx/index.js'
import { type AccessToken, leadMs } from '../azure/entra-token.ts'
import type { Clock } from '../clock.ts'

/** How soon a token is asked for again that could not be had. */
const againMs = 30_000

/** `user` where it is not the one that the token names. The server is told each new token before the old one ends. */
export function entraCredentials(
  clock: Clock,
  tokens: () => Promise<AccessToken>,
  user?: string,
): StreamingCredentialsProvider {
  const toCredentials = ({ token }: AccessToken) => ({ username: user ?? objectIdOf(token), password: token })
  return {
    type: 'streaming-credentials-provider',
    async subscribe({ onNext }) {
      let isDisposed = false
      const renew = async () => {
        let dueMs = clock.now() + againMs
        try {
          const token = await tokens()
          dueMs = dueOf(token)
          if (!isDisposed) onNext(toCredentials(token))
        } catch {
          // The connection is good for as long as the old token is; after that the server says why it closes it.
        }

        if (!isDisposed) timer.set(dueMs)
      }
      const dueOf = ({ expiresOnTimestamp }: AccessToken) =>
        Math.max(clock.now() + againMs, expiresOnTimestamp - leadMs)
      const timer = clock.timer(() => void renew())
      const first = await tokens()
      timer.set(dueOf(first))
      const dispose = () => {
        isDisposed = true
        timer.cancel()
      }
      return [toCredentials(first), { dispose }]
    },
    onReAuthenticationError() {
      // The next command fails for it, which is told.
    },
  }
}

/** The `oid` of a token's claims. */
function objectIdOf(token: string): string {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    if (typeof claims === 'object' && claims !== null && 'oid' in claims && typeof claims.oid === 'string') {
      return claims.oid
    }
  } catch {
    // No token that can be read.
  }
  throw new Error('the Entra token names no object id: put it into the address, as rediss://OBJECT-ID@name:10000')
}
