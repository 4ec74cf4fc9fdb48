import { AzureOpenAI } from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { apiVersion, testSimulator } from '../support/simulator.ts'
import { principalId, startTenant, tenantId } from '../support/tenant.ts'

const dated = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
const v1 = '/openai/v1/chat/completions'
const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 })

type Simulator = ReturnType<typeof testSimulator>
const ask = async ({ fetch }: Simulator, headers: Record<string, string>, path = dated) => {
  const answer = await fetch(`http://sim.test${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return { status: answer.status, text: await answer.text() }
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const denied = {
  status: 401,
  text: '{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource."}}',
}
const unauthorized = {
  status: 401,
  text: '{ "statusCode": 401, "message": "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired." }',
}

const running: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of running.splice(0)) await stop()
})

async function withTenant(entra: object = {}, auth: object = {}, options: Parameters<typeof testSimulator>[1] = {}) {
  const tenant = await startTenant()
  running.push(tenant.stop)
  const authority = tenant.url
  return { tenant, simulator: testSimulator({ auth: { entra: { tenantId, authority, ...entra }, ...auth } }, options) }
}

describe('a key', () => {
  it.each(['api-key', 'Ocp-Apim-Subscription-Key'])('is taken in the header %s', async (name) => {
    expect((await ask(testSimulator(), { [name]: 'test-key' })).status).toBe(200)
    expect(await ask(testSimulator(), { [name]: 'wrong' })).toEqual(denied)
  })

  it('is missed where nothing is sent, in the same words', async () => {
    expect(await ask(testSimulator(), {})).toEqual(denied)
  })

  it('counts before a token, as some clients send both', async () => {
    expect((await ask(testSimulator(), { 'api-key': 'test-key', ...bearer('test-key') })).status).toBe(200)
    expect(await ask(testSimulator(), { 'api-key': 'wrong', ...bearer('test-key') }, v1)).toEqual(denied)
  })

  it('is taken as a bearer token on v1 alone, unless everywhere is allowed', async () => {
    expect((await ask(testSimulator(), bearer('test-key'), v1)).status).toBe(200)
    expect(await ask(testSimulator(), bearer('wrong'), v1)).toEqual(denied)
    expect(await ask(testSimulator(), bearer('test-key'))).toEqual(unauthorized)
    expect((await ask(testSimulator({ auth: { bearerKeys: 'everywhere' } }), bearer('test-key'))).status).toBe(200)
  })

  it('is refused where keys are disabled, right or wrong', async () => {
    const simulator = testSimulator({ auth: { disableKeys: true } })
    const disabled = {
      status: 403,
      text: '{"error":{"code":"AuthenticationTypeDisabled","message":"Key based authentication is disabled for this resource."}}',
    }
    for (const key of ['test-key', 'wrong']) expect(await ask(simulator, { 'api-key': key })).toEqual(disabled)
    expect(await ask(simulator, bearer('test-key'), v1)).toEqual(unauthorized)
    expect(await ask(simulator, {})).toEqual(unauthorized)
  })

  it('helps nobody whom the network keeps out', async () => {
    const simulator = testSimulator({ auth: { network: 'deny' } })
    expect(await ask(simulator, { 'api-key': 'test-key' })).toEqual({
      status: 403,
      text: '{"error":{"code":"403","message":"Access denied due to Virtual Network/Firewall rules."}}',
    })
    expect((await simulator.request('/++/config')).status).toBe(200)
  })
})

describe('a token of the tenant', () => {
  it('lets the official SDK in, on both surfaces', async () => {
    const { tenant, simulator } = await withTenant()
    const client = new AzureOpenAI({
      endpoint: 'http://sim.test',
      apiVersion,
      azureADTokenProvider: () => tenant.token(),
      fetch: simulator.fetch,
      maxRetries: 0,
    })
    const answer = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Hi' }],
    })
    expect(answer.choices).toHaveLength(1)
    expect((await ask(simulator, bearer(await tenant.token()), v1)).status).toBe(200)
    expect((await ask(simulator, { 'api-key': 'test-key' })).status).toBe(200)
  })

  it.each([['https://cognitiveservices.azure.com/'], ['https://ai.azure.com'], ['https://ai.azure.com/']])(
    'may be for %s',
    async (aud) => {
      const { tenant, simulator } = await withTenant()
      expect((await ask(simulator, bearer(await tenant.token({ aud })))).status).toBe(200)
    },
  )

  it('may be of the second version, whose issuer is another', async () => {
    const { tenant, simulator } = await withTenant()
    const iss = `https://login.microsoftonline.com/${tenantId}/v2.0`
    expect((await ask(simulator, bearer(await tenant.token({ iss })))).status).toBe(200)
  })

  it('may be issued by the sign-in service that is configured, and by those of the other clouds', async () => {
    const { tenant, simulator } = await withTenant()
    const status = async (iss: string) => (await ask(simulator, bearer(await tenant.token({ iss })))).status
    expect(await status(`${tenant.url}/${tenantId}/v2.0`)).toBe(200)
    expect(await status(`https://login.microsoftonline.us/${tenantId}/v2.0`)).toBe(200)
    expect(await status(`https://sts.chinacloudapi.cn/${tenantId}/`)).toBe(200)
  })

  const nowSeconds = Math.floor(Date.now() / 1000)
  it.each<[string, Record<string, unknown>]>([
    ['is over', { exp: nowSeconds - 120 }],
    ['is not yet valid', { nbf: nowSeconds + 600 }],
    ['has no end', { exp: undefined }],
    ['is for somebody else', { aud: 'https://management.azure.com' }],
    ['is of another tenant', { tid: principalId, iss: `https://sts.windows.net/${principalId}/` }],
    ['is of somebody else’s issuer', { iss: `https://sts.example/${tenantId}/` }],
    ['is of an issuer named like the right one', { iss: `https://sts.windows.net.example/${tenantId}/` }],
    ['is of an issuer behind the right one', { iss: `https://other.example/https://sts.windows.net/${tenantId}/` }],
    ['is of an issuer without encryption', { iss: `http://sts.windows.net/${tenantId}/` }],
    ['is of the first version by the issuer of the second', { iss: `https://login.microsoftonline.com/${tenantId}/` }],
    ['is of an issuer with a path', { iss: `https://sts.windows.net/common/${tenantId}/` }],
    ['says two tenants', { tid: principalId }],
    ['has no issuer', { iss: undefined }],
  ])('is refused where it %s', async (_, claims) => {
    const { tenant, simulator } = await withTenant()
    expect(await ask(simulator, bearer(await tenant.token(claims)))).toEqual(unauthorized)
  })

  it('is refused of any other issuer or for anybody else', async () => {
    const { tenant, simulator } = await withTenant()
    const forged: Record<string, unknown>[] = [
      { iss: `https://sts.windows.net:8443/${tenantId}/` },
      { iss: `https://sts.windows.net:443/${tenantId}/` },
      { iss: `https://sts.windows.net@sts.example/${tenantId}/` },
      { iss: `https://login.microsoftonline.com:x@a.example/${tenantId}/v2.0` },
      { iss: `https://sts.windows.net./${tenantId}/` },
      { iss: `HTTPS://STS.WINDOWS.NET/${tenantId}/` },
      { iss: `https://evil.sts.windows.net/${tenantId}/` },
      { iss: `https://sts.windows.net/${tenantId}/v2.0` },
      { iss: `https://login.example/${tenantId}/v2.0` },
      { iss: `http://login.microsoftonline.com/${tenantId}/v2.0` },
      { iss: `https://a.example/?https://sts.windows.net/${tenantId}/` },
      { iss: `https://a.example/\nhttps://sts.windows.net/${tenantId}/` },
      { iss: [`https://sts.windows.net/${tenantId}/`] },
      { iss: 'https://login.microsoftonline.com/common/v2.0' },
      { iss: `/${tenantId}/` },
      { aud: 'https://cognitiveservices.azure.com.example' },
      { aud: 'http://cognitiveservices.azure.com' },
      { aud: 'cognitiveservices.azure.com' },
      { aud: 'https://cognitiveservices.azure.com/.default' },
      { aud: undefined },
      { aud: [] },
    ]
    for (const claims of forged)
      expect(await ask(simulator, bearer(await tenant.token(claims))), JSON.stringify(claims)).toEqual(unauthorized)
  })

  it('is refused where somebody else signed it, or nobody', async () => {
    const { tenant, simulator } = await withTenant()
    expect(await ask(simulator, bearer(await tenant.token({}, await tenant.foreignKey())))).toEqual(unauthorized)
    const [, payload] = (await tenant.token()).split('.')
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
    expect(await ask(simulator, bearer(unsigned))).toEqual(unauthorized)
    const [, , signature] = (await tenant.token()).split('.')
    const changed = Buffer.from(JSON.stringify({ oid: principalId })).toString('base64url')
    const head = (await tenant.token()).split('.')[0]
    expect(await ask(simulator, bearer(`${head}.${changed}.${signature}`))).toEqual(unauthorized)
  })

  it.each(['', 'nonsense', 'a.b.c', `${'x'.repeat(20_000)}.y.z`])('is none where it is %.20j', async (token) => {
    const { simulator } = await withTenant()
    expect(await ask(simulator, bearer(token))).toEqual(unauthorized)
    expect(await ask(simulator, { authorization: `Basic ${token}` })).toEqual(unauthorized)
  })

  it('is taken by nobody who was told of no tenant', async () => {
    const { tenant } = await withTenant()
    for (const path of [dated, v1])
      expect(await ask(testSimulator(), bearer(await tenant.token()), path)).toEqual(unauthorized)
  })

  it('is checked once: the keys are fetched once, too', async () => {
    const { tenant, simulator } = await withTenant()
    const tokens = [await tenant.token(), await tenant.token({ nonce: '2' })]
    for (const token of [...tokens, ...tokens]) expect((await ask(simulator, bearer(token))).status).toBe(200)
    expect(tenant.fetches).toBe(1)
  })

  it('is good no longer than it says', async () => {
    const clock = manualClock(Date.now())
    const { tenant, simulator } = await withTenant({}, {}, { clock })
    const token = await tenant.token()
    expect((await ask(simulator, bearer(token))).status).toBe(200)
    clock.advance(3_600_000 + 61_000)
    expect(await ask(simulator, bearer(token))).toEqual(unauthorized)
    expect(await ask(simulator, bearer(token))).toEqual(unauthorized)
  })

  it('may be signed by a key that is newer than the simulator’s start', async () => {
    const { tenant, simulator } = await withTenant()
    await tenant.rotate('two')
    expect((await ask(simulator, bearer(await tenant.token()))).status).toBe(200)
    await tenant.rotate('three')
    // Not asked for again at once, whatever tokens come.
    expect((await ask(simulator, bearer(await tenant.token()))).status).toBe(401)
    expect(tenant.fetches).toBe(1)
  })

  it('needs the role where the holders of it are named', async () => {
    const { tenant, simulator } = await withTenant({ principals: [principalId.toUpperCase()] })
    expect((await ask(simulator, bearer(await tenant.token()))).status).toBe(200)
    const oid = '99999999-0000-0000-0000-000000000000'
    expect(await ask(simulator, bearer(await tenant.token({ oid })))).toEqual({
      status: 401,
      text: `{"error":{"code":"PermissionDenied","message":"The principal \`${oid}\` lacks the required data action \`Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action\` to perform \`POST /openai/deployments/{deployment-id}/chat/completions\` operation."}}`,
    })
  })

  it('leaves no trace in what is reported', async () => {
    const { tenant, simulator } = await withTenant()
    tenant.answer = { status: 500, body: 'broken' }
    const token = await tenant.token()
    const { text } = await ask(simulator, bearer(token))
    expect(text).not.toContain(token.slice(0, 30))
    expect(simulator.errors).toEqual([])
  })
})

describe('where the tenant’s keys cannot be had', () => {
  it.each([
    ['the answer is an error', { status: 500, body: '' }],
    ['the answer is no set of keys', { status: 200, body: '"nonsense"' }],
    ['the answer has no end', { status: 200, body: ' '.repeat(2_000_000) }],
  ])('since %s, the client is told so, and may come again', async (_, answer) => {
    const { tenant, simulator } = await withTenant()
    tenant.answer = answer
    const token = await tenant.token()
    const refused = await ask(simulator, bearer(token))
    expect(refused.status).toBe(503)
    expect(refused.text).toContain(`could not get the tenant's keys from ${new URL(tenant.url).host}`)
    tenant.answer = undefined
    expect((await ask(simulator, bearer(token))).status).toBe(200)
  })

  it('since nobody listens, the client is told so', async () => {
    const { tenant, simulator } = await withTenant()
    await tenant.stop()
    running.length = 0
    const headers = bearer(await tenant.token())
    const refused = await ask(simulator, headers)
    expect(refused.status).toBe(503)
    expect(refused.text).toContain('ECONNREFUSED')
    const again = await simulator.fetch(`http://sim.test${dated}`, { method: 'POST', headers, body: '{}' })
    expect(again.headers.get('retry-after')).toBe('2')
  })

  it('the key still opens', async () => {
    const { tenant, simulator } = await withTenant()
    tenant.answer = { status: 500, body: '' }
    expect((await ask(simulator, { 'api-key': 'test-key' })).status).toBe(200)
    expect(tenant.fetches).toBe(0)
  })
})

describe('without a network', () => {
  const simulator = testSimulator({ auth: { acceptAnyToken: true } })

  it.each(['any-token', 'a.b.c', 'dGVzdA=='])(
    'the token %j is taken unchecked where that is allowed',
    async (token) => {
      for (const path of [dated, v1]) expect((await ask(simulator, bearer(token), path)).status).toBe(200)
    },
  )

  it('a token must still be one', async () => {
    for (const token of ['', 'two words', 'a"b']) expect(await ask(simulator, bearer(token))).toEqual(unauthorized)
    expect(await ask(simulator, { 'api-key': 'wrong' })).toEqual(denied)
  })
})
