import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { png } from '../support/picture.ts'
import { testSimulator } from '../support/simulator.ts'

const chat = '/openai/deployments/mine/chat/completions?api-version=2024-10-21'
const body = { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 2 }
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const deployments = {
  mine: { model: 'gpt-4.1-mini', tokensPerMinute: 120_000, requestsPerMinute: 120 },
  embed: { model: 'text-embedding-3-small', tokensPerMinute: 120_000 },
  words: { model: 'gpt-35-turbo-instruct', tokensPerMinute: 120_000 },
}

const limitNames = ['limit', 'remaining', 'renewalperiod', 'reset'].flatMap((name) => [
  `x-ratelimit-${name}-requests`,
  `x-ratelimit-${name}-tokens`,
])
const anywhere = ['apim-request-id', 'content-type', 'strict-transport-security', 'x-content-type-options']
const ofModel = [
  ...anywhere,
  ...limitNames,
  'azureml-model-session',
  'skip-error-remapping',
  'x-ms-deployment-name',
  'x-ms-is-spilled-over',
  'x-ms-region',
  'x-ratelimit-abusepenalty-active',
  'x-request-id',
]
const completion = [...ofModel, 'x-accel-buffering', 'x-ms-rai-invoked']
/** Older services let any page read them, and name a request whose client did not (recorded February to November 2025). */
const older = ['access-control-allow-origin', 'x-ms-client-request-id']
const embedding = [...ofModel, ...older, 'x-envoy-upstream-service-time']
const legacy = [...ofModel, ...older, 'cache-control', 'x-ms-rai-invoked']
const newOnes = ['azureai-fe-is-streaming', 'x-ms-served-model', 'x-ratelimit-key']

const namesOf = ({ headers }: Response) => [...headers.keys()].sort()
const sorted = (...names: string[]) => names.sort()

describe('the headers of an answer', () => {
  const requests = [
    ['a chat completion', chat, body, [...completion, 'content-length']],
    ['a stream', chat, { ...body, stream: true }, completion],
    [
      'a completion',
      '/openai/deployments/words/completions?api-version=2024-10-21',
      { prompt: 'Hi', max_tokens: 2 },
      [...legacy, 'content-length'],
    ],
    [
      'embeddings',
      '/openai/deployments/embed/embeddings?api-version=2024-10-21',
      { input: 'Hi' },
      [...embedding, 'content-length'],
    ],
  ] as const

  it.each(requests)('to %s are those of the new front end', async (_, path, asked, names) => {
    const answer = await testSimulator({ deployments }).post(path, asked)
    expect(answer.status).toBe(200)
    expect(namesOf(answer)).toEqual(sorted(...names, ...newOnes))
  })

  it.each(requests)('to %s are those of the classic one where that is asked for', async (_, path, asked, names) => {
    const answer = await testSimulator({ deployments, azure: { frontEnd: 'classic' } }).post(path, asked)
    expect(namesOf(answer)).toEqual(sorted(...names))
  })

  it('say the same of the same deployment, and have ids of their own', async () => {
    const simulator = testSimulator({ deployments, azure: { region: 'Sweden Central' } })
    const [first, second] = [await simulator.post(chat, body), await simulator.post(chat, body)]
    const get = ({ headers }: Response, name: string) => headers.get(name)
    for (const answer of [first, second]) {
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'azureai-fe-is-streaming': 'False',
        'content-type': 'application/json',
        'skip-error-remapping': 'true',
        'x-accel-buffering': 'no',
        'x-ms-deployment-name': 'mine',
        'x-ms-is-spilled-over': 'false',
        'x-ms-rai-invoked': 'true',
        'x-ms-region': 'Sweden Central',
        'x-ms-served-model': 'gpt-4.1-mini-2025-04-14',
        'x-ratelimit-abusepenalty-active': 'False',
        'x-ratelimit-key': 'mine',
        'x-ratelimit-limit-requests': '120',
        'x-ratelimit-limit-tokens': '120000',
        'x-ratelimit-renewalperiod-requests': '60',
        'x-ratelimit-renewalperiod-tokens': '60',
      })
      expect(get(answer, 'azureml-model-session')).toMatch(/^d2026\d{10}-[0-9a-f]{8}$/)
    }
    expect(get(first, 'azureml-model-session')).toBe(get(second, 'azureml-model-session'))
    const ids = [first, second].flatMap((answer) => [get(answer, 'apim-request-id'), get(answer, 'x-request-id')])
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(guid)
    const left = [first, second].map((answer) => Number(get(answer, 'x-ratelimit-remaining-requests')))
    expect(left).toEqual([119, 118])
    expect(Number(get(second, 'x-ratelimit-remaining-tokens'))).toBeLessThan(
      Number(get(first, 'x-ratelimit-remaining-tokens')),
    )
  })

  it('tell a stream from a whole answer', async () => {
    const answer = await testSimulator({ deployments }).post(chat, { ...body, stream: true })
    expect(answer.headers.get('azureai-fe-is-streaming')).toBe('True')
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  })

  it('give back the id that the client gave the request, on errors, too', async () => {
    const simulator = testSimulator({ deployments })
    for (const asked of [body, {}]) {
      const answer = await simulator.post(chat, asked, { 'x-ms-client-request-id': 'mine-1' })
      expect(answer.headers.get('x-ms-client-request-id')).toBe('mine-1')
    }
  })

  it.each([
    ['new', '0', '0'],
    ['classic', '500', '4'],
  ])('count the resets of a leaky bucket as the %s front end does', async (frontEnd, requests, tokens) => {
    const clock = manualClock(1_800_000_000_000)
    const simulator = testSimulator({ deployments, azure: { frontEnd }, limits: { algorithm: 'leaky' } }, { clock })
    const { headers } = await simulator.post(chat, body)
    // One of 120 requests and 8 of 120,000 tokens a minute.
    expect(headers.get('x-ratelimit-reset-requests')).toBe(requests)
    expect(headers.get('x-ratelimit-reset-tokens')).toBe(tokens)
  })

  it.each([
    ['chat completion', chat, { ...body, service_tier: 'auto' }],
    ['stream', chat, { ...body, service_tier: 'auto', stream: true }],
    ['response', '/openai/v1/responses', { model: 'mine', input: 'Hi', service_tier: 'auto' }],
  ])('tell the tier that a %s asked for, on the new front end alone', async (_, path, asked) => {
    const name = 'azureai-fe-requested-service-tier'
    const simulator = testSimulator({ deployments })
    const tierOf = async (it = simulator, send: object = asked) => (await it.post(path, send)).headers.get(name)
    expect(await tierOf()).toBe('auto')
    // What one request asked for is not said to the next.
    expect(await tierOf(simulator, { ...asked, service_tier: undefined })).toBeNull()
    expect(await tierOf(simulator, { ...asked, service_tier: 'default' })).toBe('default')
    expect(await tierOf(testSimulator({ deployments, azure: { frontEnd: 'classic' } }))).toBeNull()
  })

  const picture = [{ type: 'image_url', image_url: { url: `data:image/png;base64,${png(8, 8).toString('base64')}` } }]
  const seeing = { messages: [{ role: 'user', content: picture }], max_tokens: 2 }

  it('are those of the way that pictures take', async () => {
    const clock = manualClock(1_800_000_000_000)
    const latency = { chatCompletions: { interToken: '100ms' } }
    const simulator = testSimulator({ deployments, latency }, { clock })
    const send = async (asked: object) => {
      const answer = simulator.post(chat, asked)
      await clock.advanceAsync(1_000)
      return (await answer).headers
    }
    const headers = await send(seeing)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'api-supported-versions': '1',
      'x-envoy-upstream-service-time': '200',
    })
    expect(headers.get('request-id')).toMatch(guid)
    expect(headers.get('request-id')).toBe(headers.get('apim-request-id'))
    expect(headers.get('request-id')).not.toBe((await send(seeing)).get('request-id'))
    const plain = await send(body)
    expect(plain.get('content-type')).toBe('application/json')
    for (const name of ['api-supported-versions', 'request-id', 'x-envoy-upstream-service-time'])
      expect(plain.has(name)).toBe(false)
  })

  it('say that the content filter looked at it, or did not where it is off, on errors, too', async () => {
    const told = async (contentFilter: object, asked: object) =>
      (await testSimulator({ deployments, contentFilter }).post(chat, asked)).headers.get('x-ms-rai-invoked')
    for (const asked of [body, { ...body, stream: true }, {}]) {
      expect(await told({}, asked)).toBe('true')
      expect(await told({ mode: 'asynchronous' }, asked)).toBe('true')
      expect(await told({ mode: 'off' }, asked)).toBe('false')
    }
  })

  it('are told anew where the configuration was changed', async () => {
    const simulator = testSimulator({ deployments })
    const told = async () => {
      const { headers } = await simulator.post(chat, body)
      return [headers.get('x-ms-region'), headers.get('x-ms-rai-invoked')]
    }
    expect(await told()).toEqual(['East US 2', 'true'])
    simulator.patch({ azure: { region: 'Sweden Central' }, content_filter: { mode: 'off' } })
    expect(await told()).toEqual(['Sweden Central', 'false'])
  })

  it('tell how long the model took where that is asked for', async () => {
    const clock = manualClock(1_800_000_000_000)
    const latency = { chatCompletions: { interToken: '100ms' } }
    const simulator = testSimulator({ deployments, latency, azure: { timingHeaders: true } }, { clock })
    const answer = simulator.post(chat, body)
    await clock.advanceAsync(1_000)
    expect(Object.fromEntries((await answer).headers)).toMatchObject({
      'cmp-upstream-response-duration': '200',
      'ms-azureml-model-time': '200',
    })
  })

  it('speak of no limit where there is none', async () => {
    const answer = await testSimulator().post(chat, body)
    expect(namesOf(answer).filter((name) => name.startsWith('x-ratelimit-'))).toEqual([])
  })
})

describe('the headers of an error', () => {
  const one = { deployments: { mine: { model: 'gpt-4.1-mini', tokensPerMinute: 1000, requestsPerMinute: 1 } } }

  it('are few where the key is wrong', async () => {
    const answer = await testSimulator().post(chat, body, { 'api-key': 'wrong' })
    expect(namesOf(answer)).toEqual(['apim-request-id', 'content-length', 'content-type'])
  })

  it('are those of its judge where the token is wrong, also beside a wrong key', async () => {
    // Recorded September 2024: 161 bytes.
    const simulator = testSimulator()
    const sent = { authorization: 'Bearer wrong', 'x-ms-client-request-id': 'mine-1' }
    for (const key of ['', 'wrong']) {
      const request = { method: 'POST', body: '{}', headers: { ...sent, ...(key !== '' && { 'api-key': key }) } }
      const answer = await simulator.fetch(`http://sim.test${chat}`, request)
      expect(answer.status).toBe(401)
      expect(namesOf(answer)).toEqual(sorted(...anywhere, 'content-length', 'x-ms-client-request-id'))
      expect(answer.headers.get('content-length')).toBe('161')
    }
  })

  it('tell of embeddings what their own service tells', async () => {
    const path = '/openai/deployments/embed/embeddings?api-version=2024-10-21'
    const { headers } = await testSimulator({ deployments }).post(path, { input: 'Hi', encoding_format: 'foo' })
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('azureml-model-session')).toMatch(/^d2026/)
    expect(headers.has('x-ms-rai-invoked')).toBe(false)
  })

  it('tell the limits of what a model cannot do: it is counted with sixteen tokens', async () => {
    // Recorded December 2023 and March 2024.
    const clock = manualClock(1_800_000_000_000)
    const simulator = testSimulator({ deployments, limits: { algorithm: 'fixed' } }, { clock })
    const answer = await simulator.post('/openai/deployments/embed/chat/completions?api-version=2024-10-21', body)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('x-ratelimit-remaining-tokens')).toBe(String(120_000 - 16))
    const limit = Number(answer.headers.get('x-ratelimit-limit-requests'))
    expect(answer.headers.get('x-ratelimit-remaining-requests')).toBe(String(limit - 1))
    expect(answer.headers.has('ms-azureml-model-error-reason')).toBe(false)
  })

  it('do not name a region where the path leads nowhere', async () => {
    const answer = await testSimulator().post('/openai/nowhere', body)
    expect(namesOf(answer)).toEqual(sorted(...anywhere, 'content-length'))
  })

  it('name the region where the deployment is unknown', async () => {
    const answer = await testSimulator({ allowUndefinedDeployments: false }).post(chat, body)
    expect(answer.status).toBe(404)
    expect(namesOf(answer)).toEqual(sorted(...anywhere, 'content-length', 'x-ms-region'))
  })

  it('tell that the model refused, and where the limits stand', async () => {
    const answer = await testSimulator({ deployments }).post(chat, {})
    expect(answer.status).toBe(400)
    expect(namesOf(answer)).toEqual(
      sorted(
        ...anywhere,
        ...limitNames,
        'azureml-model-session',
        'content-length',
        'ms-azureml-model-error-reason',
        'ms-azureml-model-error-statuscode',
        'x-ms-rai-invoked',
        'x-ms-region',
        'x-ratelimit-abusepenalty-active',
        'x-ratelimit-key',
        'x-request-id',
      ),
    )
  })

  it('tell who asks too often how long to wait', async () => {
    const clock = manualClock(1_800_000_000_000)
    const simulator = testSimulator({ ...one, limits: { algorithm: 'leaky' } }, { clock })
    await simulator.post(chat, body)
    const answer = await simulator.post(chat, body)
    expect(answer.status).toBe(429)
    expect(namesOf(answer)).toEqual(
      sorted(
        ...anywhere,
        ...limitNames,
        'content-length',
        'retry-after',
        'retry-after-ms',
        'x-ms-region',
        'x-ratelimit-abusepenalty-active',
        'x-ratelimit-key',
        'x-ratelimit-type',
      ),
    )
    // Refused requests count: as recorded of a deployment with one request a minute.
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-ratelimit-type': 'Requests',
      'x-ratelimit-remaining-requests': '-1',
      'x-ratelimit-abusepenalty-active': 'True',
      'x-ratelimit-reset-requests': '120',
      'retry-after': '121',
      'retry-after-ms': '120010',
    })
  })

  it('name the policy where the classic front end refuses', async () => {
    const simulator = testSimulator({ ...one, azure: { frontEnd: 'classic' } })
    await simulator.post(chat, body)
    const answer = await simulator.post(chat, body)
    expect(namesOf(answer)).toEqual(
      sorted(
        ...anywhere,
        'content-length',
        'policy-id',
        'retry-after',
        'x-ms-region',
        'x-ratelimit-reset-requests',
        'x-ratelimit-reset-tokens',
      ),
    )
    expect(answer.headers.get('policy-id')).toBe('DeploymentRatelimit-Call')
  })
})
