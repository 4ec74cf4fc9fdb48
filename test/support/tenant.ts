/** A tenant of our own: it signs tokens, and publishes its keys on a port. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export const tenantId = '11111111-2222-3333-4444-555555555555'
export const principalId = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'

/** `answer` may be set to what is published in place of the keys. */
export async function startTenant() {
  const newKey = async (kid: string) => {
    const pair = await generateKeyPair('RS256', { extractable: true })
    return { ...pair, kid, jwk: { ...(await exportJWK(pair.publicKey)), kid, use: 'sig', alg: 'RS256' } }
  }
  type Key = Awaited<ReturnType<typeof newKey>>
  let current: Key = await newKey('one')
  let published: readonly Key[] = [current]
  const tenant = {
    url: '',
    fetches: 0,
    answer: undefined as { readonly status: number; readonly body: string } | undefined,
    /** A token as Entra issues them, but for what `claims` say; by the tenant's newest key, or another. */
    token: async (claims: Readonly<Record<string, unknown>> = {}, key: Key = current) => {
      const nowSeconds = Math.floor(Date.now() / 1000)
      const usual = {
        aud: 'https://cognitiveservices.azure.com',
        iss: `https://sts.windows.net/${tenantId}/`,
        tid: tenantId,
        oid: principalId,
        iat: nowSeconds,
        exp: nowSeconds + 3600,
      }
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
        .sign(key.privateKey)
    },
    /** A key that is not the tenant's. */
    foreignKey: () => newKey('one'),
    rotate: async (kid: string) => {
      current = await newKey(kid)
      published = [...published, current]
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
  const server = createServer((_, response) => {
    tenant.fetches++
    const { status, body } = tenant.answer ?? {
      status: 200,
      body: JSON.stringify({ keys: published.map(({ jwk }) => jwk) }),
    }
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  tenant.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return tenant
}
