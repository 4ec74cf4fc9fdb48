/**
 * Each error of the service that a request can cause, to the byte. Those that nothing but the service's own trouble
 * causes are not here: server error, unavailable, no capacity, conflict, failed dependency.
 */
import { describe, expect, it } from 'vitest'
import { startTenant, tenantId } from '../support/tenant.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const deployment = (name: string, path: string) => `/openai/deployments/${name}/${path}?api-version=2024-10-21`
const chat = deployment('gpt-4o', 'chat/completions')
const user = (content: unknown) => ({ messages: [{ role: 'user', content }] })
const hi = user('Hi')

const compact = (error: object) => JSON.stringify({ error })
const refused = (message: string, param: string | null = null, code: string | null = null) =>
  compact({ message, type: 'invalid_request_error', param, code })

/** What the model's layer of these endpoints refuses is laid out by two spaces (recorded 2024 and March 2025). */
function asLaidOut(body: string, path: string): string {
  if (path.endsWith('/responses') && /^\{"error":\{"message"/.test(body))
    return JSON.stringify(JSON.parse(body), undefined, 2)
  const isOfModel = /(?:deployments|v1)\S*(?:completions|embeddings)/.test(path) && /^\{"error":\{"message"/.test(body)
  if (!isOfModel || /innererror|rate_limit_exceeded/.test(body)) return body
  const text = JSON.stringify(JSON.parse(body), undefined, 2)
  return body.includes('Unrecognized request argument') ? text : `${text}\n`
}

type Row = {
  readonly what: string
  readonly status: number
  readonly body: string
  readonly config?: object
  readonly path?: string
  readonly headers?: Record<string, string>
  readonly send?: unknown
  /** Asked this often before. */
  readonly before?: number
}

const limited = { deployments: { 'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 1000, requestsPerMinute: 1 } } }
const waits = (rateLimitError: string, resourceKind = 'OpenAI') => ({
  ...limited,
  limits: { algorithm: 'fixed' },
  azure: { rateLimitError, resourceKind },
})
const customHeaders = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`my-header-${at}`, 'x']))
const manyWords = 'word '.repeat(140_000)

const rows: readonly Row[] = [
  {
    what: 'bad key',
    status: 401,
    headers: { 'api-key': 'wrong' },
    body: '{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource."}}',
  },
  {
    what: 'invalid token',
    status: 401,
    headers: { 'api-key': '', authorization: 'Bearer a.b.c' },
    config: { auth: { disableKeys: false } },
    body: '{ "statusCode": 401, "message": "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired." }',
  },
  {
    what: 'key auth disabled',
    status: 403,
    config: { auth: { disableKeys: true } },
    body: '{"error":{"code":"AuthenticationTypeDisabled","message":"Key based authentication is disabled for this resource."}}',
  },
  {
    what: 'network rules',
    status: 403,
    config: { auth: { network: 'deny' } },
    body: '{"error":{"code":"403","message":"Access denied due to Virtual Network/Firewall rules."}}',
  },
  {
    what: 'unknown path',
    status: 404,
    path: '/openai/deployments/gpt-4o/nonsense?api-version=2024-10-21',
    body: '{"error":{"code":"404","message": "Resource not found"}}',
  },
  {
    what: 'missing api-version',
    status: 404,
    path: '/openai/deployments/gpt-4o/chat/completions',
    body: '{"error":{"code":"404","message": "Resource not found"}}',
  },
  {
    what: 'dated version on v1',
    status: 400,
    path: '/openai/v1/chat/completions?api-version=2024-10-21',
    body: '{"error":{"code":"BadRequest","message":"API version not supported"}}',
  },
  {
    what: 'any version on a project’s v1',
    status: 400,
    path: '/api/projects/mine/openai/v1/chat/completions?api-version=v1',
    body: '{"error":{"code":"BadRequest","message":"api-version query parameter is not allowed when using /v1 path"}}',
  },
  {
    what: 'version older than the Responses API',
    status: 400,
    path: '/openai/responses?api-version=2024-10-21',
    body: '{"error":{"code":"BadRequest","message":"Azure OpenAI Responses API is enabled only for api-version 2025-03-01-preview and later"}}',
  },
  ...[chat, '/openai/v1/chat/completions'].map((path) => ({
    what: `deployment unknown on ${path.includes('v1') ? 'v1' : 'the dated surface'}`,
    status: 404,
    path,
    config: { allowUndefinedDeployments: false },
    send: { ...hi, model: 'gpt-4o' },
    body: '{\n  "error": {\n    "type": "invalid_request_error",\n    "code": "DeploymentNotFound",\n    "message": "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."\n  }\n}',
  })),
  {
    what: 'deployment unknown to the Responses API',
    status: 404,
    path: '/openai/v1/responses',
    config: { allowUndefinedDeployments: false },
    send: { model: 'nobody', input: 'Hi' },
    body: refused(
      'Could not find an existing deployment to match the model in the request. Please verify the model matches an existing deployment in the account.',
    ),
  },
  ...[
    ['chatCompletion', 'gpt-35-turbo-instruct', 'chat/completions'],
    ['completion', 'gpt-4o', 'completions'],
    ['embeddings', 'gpt-4o', 'embeddings'],
    ['imageGenerations', 'gpt-4o', 'images/generations'],
  ].map(([word = '', model = '', path = '']) => ({
    what: `model without ${word}`,
    status: 400,
    path: deployment(model, path),
    body: `{"error":{"code":"OperationNotSupported","message":"The ${word} operation does not work with the specified model, ${model}. Please choose different model and try again. You can learn more about which models can be used with each operation here: https://go.microsoft.com/fwlink/?linkid=2197993."}}`,
  })),
  { what: 'invalid JSON', status: 400, send: '{"messages":', body: refused('Invalid request body.') },
  {
    what: 'parameter type wrong',
    status: 400,
    send: user(1),
    body: refused(
      "Invalid type for 'messages[0].content': expected one of a string or array of objects, but got an integer instead.",
      'messages[0].content',
      'invalid_type',
    ),
  },
  {
    what: 'missing parameter',
    status: 400,
    send: {},
    body: refused("Missing required parameter: 'messages'.", 'messages', 'missing_required_parameter'),
  },
  {
    what: 'unknown parameter',
    status: 400,
    send: { ...hi, foo: 1 },
    body: refused('Unrecognized request argument supplied: foo'),
  },
  {
    what: 'unknown parameter of a response',
    status: 400,
    path: '/openai/v1/responses',
    send: { model: 'gpt-4o', input: 'Hi', foo: 1 },
    body: refused("Unknown parameter: 'foo'.", 'foo', 'unknown_parameter'),
  },
  {
    what: 'max_tokens of a reasoning model',
    status: 400,
    path: deployment('gpt-5', 'chat/completions'),
    send: { ...hi, max_tokens: 5 },
    body: refused(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    ),
  },
  {
    what: 'temperature of a reasoning model',
    status: 400,
    path: deployment('gpt-5', 'chat/completions'),
    send: { ...hi, temperature: 0.2 },
    body: refused(
      "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
      'temperature',
      'unsupported_value',
    ),
  },
  ...Object.entries({
    top_p: 0.5,
    presence_penalty: 1,
    frequency_penalty: 1,
    logprobs: true,
    top_logprobs: 2,
    logit_bias: { 1: 1 },
  }).map(([name, value]) => ({
    what: `${name} of a reasoning model`,
    status: 400,
    path: deployment('gpt-5', 'chat/completions'),
    send: { ...hi, [name]: value },
    body: refused(`Unsupported parameter: '${name}' is not supported with this model.`, name, 'unsupported_parameter'),
  })),
  {
    what: 'too many tokens',
    status: 400,
    send: user(manyWords),
    body: refused(
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 140008 tokens. Please reduce the length of the messages.",
      'messages',
      'context_length_exceeded',
    ),
  },
  {
    what: 'too many tokens with tools',
    status: 400,
    send: { ...user(manyWords), tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] },
    body: refused(
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 140031 tokens (140008 in the messages, 23 in the functions). Please reduce the length of the messages or functions.",
      'messages',
      'context_length_exceeded',
    ),
  },
  {
    what: 'too many tokens with max_tokens',
    status: 400,
    send: { ...user('word '.repeat(120_000)), max_tokens: 16_000 },
    body: refused(
      "This model's maximum context length is 128000 tokens. However, you requested 136008 tokens (120008 in the messages, 16000 in the completion). Please reduce the length of the messages or completion.",
      'messages',
      'context_length_exceeded',
    ),
  },
  {
    what: 'too many tokens for a response',
    status: 400,
    path: '/openai/v1/responses',
    send: { model: 'gpt-4o', input: manyWords },
    body: refused(
      'Your input exceeds the context window of this model. Please adjust your input and try again.',
      'input',
      'context_length_exceeded',
    ),
  },
  {
    what: 'too many tokens for an embedding',
    status: 400,
    path: deployment('text-embedding-3-small', 'embeddings'),
    send: { input: 'word '.repeat(9000).trim() },
    body: refused(
      "This model's maximum context length is 8192 tokens, however you requested 9000 tokens (9000 in your prompt; 0 for the completion). Please reduce your prompt; or completion length.",
    ),
  },
  {
    what: 'max_tokens above the model’s',
    status: 400,
    send: { ...hi, max_tokens: 200_000 },
    body: refused(
      'max_tokens is too large: 200000. This model supports at most 16384 completion tokens, whereas you provided 200000.',
      'max_tokens',
      'invalid_value',
    ),
  },
  {
    what: 'string too long',
    status: 400,
    send: { ...hi, tools: [{ type: 'function', function: { name: 'f', description: 'x'.repeat(2_778_531) } }] },
    body: refused(
      "Invalid 'tools[0].function.description': string too long. Expected a string with maximum length 1048576, but got a string with length 2778531 instead.",
      'tools[0].function.description',
      'string_above_max_length',
    ),
  },
  {
    what: 'array of inputs too long',
    status: 400,
    path: deployment('text-embedding-3-small', 'embeddings'),
    send: { input: Array.from({ length: 2049 }, () => 'x') },
    body: refused(
      "Invalid 'input': array too long. Expected an array with maximum length 2048, but got an array with length 2049 instead.",
      'input',
      'array_above_max_length',
    ),
  },
  {
    what: 'prompt blocked by the content filter',
    status: 400,
    config: { contentFilter: { rules: [{ pattern: 'Hi', category: 'violence' }] } },
    body: '{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI\'s content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":false,"severity":"safe"},"jailbreak":{"detected":false,"filtered":false},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":true,"severity":"medium"}}}}}',
  },
  {
    what: 'repetitive prompt',
    status: 400,
    config: { azure: { maxRepeats: 19 } },
    send: user(`Now: ${'say it again '.repeat(20)}`),
    body: '{\n  "error": {\n    "message": "Sorry! We\'ve encountered an issue with repetitive patterns in your prompt. Please try again with a different prompt.",\n    "type": "invalid_request_error",\n    "param": "prompt",\n    "code": "invalid_prompt"\n  }\n}\n',
  },
  ...(['flex', 'priority'] as const).map((tier) => ({
    what: `the tier ${tier} of a model without it`,
    status: 400,
    send: { ...hi, service_tier: tier },
    body: refused(
      `Unsupported value: 'service_tier' does not support '${tier}' with this model.`,
      'service_tier',
      'unsupported_value',
    ),
  })),
  {
    what: 'the tier flex of a model without it, for a response',
    status: 400,
    path: '/openai/v1/responses',
    send: { model: 'gpt-4o', input: 'Hi', service_tier: 'flex' },
    body: refused(
      "Unsupported value: 'service_tier' does not support 'flex' with this model.",
      'service_tier',
      'unsupported_value',
    ),
  },
  {
    what: 'too many custom headers',
    status: 431,
    config: { azure: { maxCustomHeaders: 10 } },
    headers: customHeaders(11),
    body: '{"error":{"code":"431","message":"Request Header Fields Too Large. At most 10 custom headers are allowed, whereas the request has 11."}}',
  },
  {
    what: 'tool message order',
    status: 400,
    send: {
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          tool_calls: [{ id: 'call_x', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'user', content: 'Well?' },
      ],
    },
    body: refused(
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: call_x",
      'messages.[2].role',
    ),
  },
  {
    what: 'previous response unknown',
    status: 400,
    path: '/openai/v1/responses',
    send: { model: 'gpt-4o', input: 'Hi', previous_response_id: 'resp_x' },
    body: refused(
      "Previous response with id 'resp_x' not found.",
      'previous_response_id',
      'previous_response_not_found',
    ),
  },
  {
    what: 'rate limit, in the words of 2023 to 2025',
    status: 429,
    config: waits('since2023'),
    before: 1,
    body: '{"error":{"code":"429","message": "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after 61 seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit."}}',
  },
  {
    what: 'rate limit of an AI Services resource, in the words of 2023 to 2025',
    status: 429,
    config: waits('since2023', 'AIServices'),
    before: 1,
    body: '{"error":{"code":"429","message": "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded call rate limit of your current AIServices S0 pricing tier. Please retry after 61 seconds. Please contact Azure support service if you would like to further increase the default rate limit."}}',
  },
  {
    what: 'rate limit, in the words since September 2025',
    status: 429,
    config: waits('since2025'),
    before: 1,
    body: '{"error":{"code":"RateLimitReached","message": "Your requests to gpt-4o for gpt-4o in East US 2 have exceeded the call rate limit for your current OpenAI S0 pricing tier. This request was for ChatCompletions_Create under Azure OpenAI API version 2024-10-21. Please retry after 61 seconds. To increase your default rate limit, visit: https://aka.ms/oai/quotaincrease."}}',
  },
  {
    what: 'rate limit on v1',
    status: 429,
    config: waits('since2025'),
    path: '/openai/v1/chat/completions',
    send: { ...hi, model: 'gpt-4o' },
    before: 1,
    body: '{"error":{"code":"RateLimitReached","message": "Your requests to gpt-4o for gpt-4o in East US 2 have exceeded the call rate limit for your current OpenAI S0 pricing tier. This request was for ChatCompletions_Create under OpenAI Language Model Instance API. Please retry after 61 seconds. To increase your default rate limit, visit: https://aka.ms/oai/quotaincrease."}}',
  },
  {
    what: 'rate limit, in the words guessed of the new front end',
    status: 429,
    config: waits('since2026'),
    before: 1,
    body: '{"error":{"message":"Your requests to gpt-4o for gpt-4o in eastus2 have exceeded call rate limit.","type":"too_many_requests","param":null,"code":"rate_limit_exceeded"}}',
  },
]

describe('an error', () => {
  it.each(rows.map((row) => [row.what, row] as const))('is the service’s to the byte: %s', async (_, row) => {
    const { status, config = {}, path = chat, headers = {}, send = hi, before = 0 } = row
    const body = asLaidOut(row.body, path)
    const simulator = testSimulator(config as Record<string, unknown>, { clock: manualClock(1_800_000_000_000) })
    const ask = async () => {
      const request = { method: 'POST', body: typeof send === 'string' ? send : JSON.stringify(send) }
      const all = { 'api-key': 'test-key', 'content-type': 'application/json', ...headers }
      const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
      return simulator.fetch(`http://sim.test${path}`, { ...request, headers: kept })
    }
    for (let asked = 0; asked < before; asked++) await ask()
    const answer = await ask()
    expect(await answer.text()).toBe(body)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(body)))
    expect(simulator.errors).toEqual([])
  })

  it('of a token without the role names the action that it lacks', async () => {
    const tenant = await startTenant()
    const principals = ['99999999-0000-0000-0000-000000000000']
    const { fetch } = testSimulator({ auth: { entra: { tenantId, authority: tenant.url, principals } } })
    const authorization = `Bearer ${await tenant.token()}`
    const lacking = async (path: string) => {
      const answer = await fetch(`http://sim.test${path}`, { method: 'POST', body: '{}', headers: { authorization } })
      return [answer.status, await answer.text()]
    }
    const principal = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'
    const denied = (action: string, operation: string) => [
      401,
      `{"error":{"code":"PermissionDenied","message":"The principal \`${principal}\` lacks the required data action \`Microsoft.CognitiveServices/accounts/OpenAI/${action}\` to perform \`POST ${operation}\` operation."}}`,
    ]
    expect(await lacking(chat)).toEqual(
      denied('deployments/chat/completions/action', '/openai/deployments/{deployment-id}/chat/completions'),
    )
    expect(await lacking('/openai/v1/responses')).toEqual(denied('responses/write', '/openai/responses'))
    await tenant.stop()
  })

  it('of a prompt that repeats itself is for those who say what repeats too much, and for what does', async () => {
    const prompt = 'say it again '.repeat(20)
    const statusOf = async (azure: object, content: unknown) =>
      (await testSimulator({ azure }).post(chat, user(content))).status
    expect(await statusOf({}, prompt)).toBe(200)
    expect(await statusOf({ maxRepeats: 20 }, prompt)).toBe(200)
    expect(await statusOf({ maxRepeats: 19 }, [{ type: 'text', text: prompt }])).toBe(400)
  })

  it('of too many custom headers counts those alone that are a client’s own', async () => {
    const config = { azure: { maxCustomHeaders: 10 } }
    const { fetch, azure } = testSimulator(config)
    const send = async (headers: Record<string, string>, key = 'test-key') => {
      const all = { 'api-key': key, 'content-type': 'application/json', ...headers }
      return (await fetch(`http://sim.test${chat}`, { method: 'POST', headers: all, body: JSON.stringify(hi) })).status
    }
    const known = { traceparent: '00-1-2-01', 'x-forwarded-for': '10.0.0.1', 'sec-fetch-mode': 'cors', accept: '*/*' }
    expect(await send({ ...customHeaders(10), ...known })).toBe(200)
    expect(await send({ ...customHeaders(11), ...known })).toBe(431)
    expect(await send(customHeaders(11), 'wrong')).toBe(401)
    const { messages } = hi as { messages: { role: 'user'; content: string }[] }
    const ask = (count: number) =>
      azure('gpt-4o').chat.completions.create({ model: '', messages }, { headers: customHeaders(count) })
    expect(await ask(10)).toMatchObject({ object: 'chat.completion' })
    await expect(ask(11)).rejects.toMatchObject({ status: 431, code: '431' })
    expect((await testSimulator().post(chat, hi, customHeaders(50))).status).toBe(200)
  })

  it('of an answer that takes too long comes when its time is up, and not before', async () => {
    const clock = manualClock(1_800_000_000_000)
    const latency = { chatCompletions: { interToken: '1s' } }
    const config = { latency, azure: { timeout: '5s', flexTimeout: '8s' } }
    const simulator = testSimulator(config, { clock })
    const ask = (asked: object, name = 'gpt-5.6-sol') => {
      const answer: { status?: number; text?: string; afterMs?: number } = {}
      const sentMs = clock.now()
      void simulator.post(deployment(name, 'chat/completions'), { ...hi, ...asked }).then(async (response) => {
        Object.assign(answer, { status: response.status, afterMs: clock.now() - sentMs })
        if (response.status !== 200) answer.text = await response.text()
      })
      return answer
    }
    const slow = ask({ max_tokens: 6 }, 'gpt-4o')
    const quick = ask({ max_tokens: 5 }, 'gpt-4o')
    const streamed = ask({ max_tokens: 6, stream: true }, 'gpt-4o')
    const flex = ask({ max_completion_tokens: 100, service_tier: 'flex', reasoning_effort: 'none' })
    await clock.advanceAsync(4_999)
    expect(slow).toEqual({})
    await clock.advanceAsync(1)
    const body = '{ "error": { "code": "Timeout", "message": "The operation was timeout." } }'
    expect(slow).toEqual({ status: 408, afterMs: 5_000, text: body })
    expect(quick.status).toBe(200)
    expect(streamed.status).toBe(200)
    await clock.advanceAsync(2_999)
    expect(flex).toEqual({})
    await clock.advanceAsync(1)
    expect(flex).toEqual({ status: 408, afterMs: 8_000, text: body })
    expect(simulator.errors).toEqual([])
  })

  it('of an answer that takes too long is said in Claude’s own way where Claude is asked', async () => {
    const clock = manualClock(1_800_000_000_000)
    const config = { latency: { chatCompletions: { interToken: '1s' } }, azure: { timeout: '5s' } }
    const asked = { model: 'claude-sonnet-5-5', max_tokens: 500, ...hi }
    const headers = { 'anthropic-version': '2023-06-01' }
    const answer = testSimulator(config, { clock }).post('/anthropic/v1/messages', asked, headers)
    await clock.advanceAsync(5_000)
    expect((await answer).status).toBe(408)
    expect(await (await answer).json()).toMatchObject({ error: { type: 'timeout_error' } })
  })

  it('of an answer that takes too long holds no client that has gone', async () => {
    const clock = manualClock(1_800_000_000_000)
    const config = { latency: { chatCompletions: { interToken: '1s' } }, azure: { timeout: '5s' } }
    const simulator = testSimulator(config, { clock })
    const gone = new AbortController()
    const init = { method: 'POST', signal: gone.signal, body: JSON.stringify({ ...hi, max_tokens: 100 }) }
    const answer = simulator.request(chat, init).catch((error: unknown) => (error as Error).name)
    await clock.advanceAsync(1_000)
    expect(clock.waiting).toBe(1)
    gone.abort()
    expect(await answer).toBe('AbortError')
    await clock.advanceAsync(0)
    expect(clock.waiting).toBe(0)
  })

  it('of the model’s layer has the phrase that the layer gives', async () => {
    const phraseOf = async (path: string, body: unknown, config = {}) =>
      (await testSimulator(config).post(path, body)).statusText
    expect(await phraseOf(chat, {})).toBe('model_error')
    expect(await phraseOf(chat, hi)).toBe('')
    expect(await phraseOf(deployment('gpt-4o', 'embeddings'), {})).toBe('')
    expect(await phraseOf(chat, {}, { ...limited, azure: { frontEnd: 'classic' } })).toBe('model_error')
  })

  it('of a response that is not kept names it', async () => {
    const answer = await testSimulator().request('/openai/v1/responses/resp_x')
    expect([answer.status, await answer.text()]).toEqual([
      404,
      JSON.stringify(JSON.parse(refused("Response with id 'resp_x' not found.")), undefined, 2),
    ])
  })

  it('is the first that the service would find: key, path, deployment, limit, model, body, filter', async () => {
    const clock = manualClock(1_800_000_000_000)
    const filter = { contentFilter: { rules: [{ pattern: 'Hi', category: 'hate' }] } }
    const { fetch } = testSimulator({ ...limited, ...filter, allowUndefinedDeployments: false }, { clock })
    const statusOf = async (path: string, send: unknown, key = 'test-key') => {
      const headers = { 'api-key': key, 'content-type': 'application/json' }
      const answer = await fetch(`http://sim.test${path}`, { method: 'POST', headers, body: JSON.stringify(send) })
      const text = await answer.text()
      return [answer.status, (JSON.parse(text) as { error: { code: string | null } }).error.code]
    }
    expect(await statusOf('/openai/nowhere', {}, 'wrong')).toEqual([401, '401'])
    expect(await statusOf('/openai/deployments/none/nowhere', {})).toEqual([404, '404'])
    expect(await statusOf(deployment('none', 'chat/completions'), {})).toEqual([404, 'DeploymentNotFound'])
    expect(await statusOf(deployment('gpt-4o', 'embeddings'), {})).toEqual([400, 'OperationNotSupported'])
    // This one was counted, as recorded in 2023 and 2024; those before it were not.
    expect(await statusOf(deployment('gpt-4o', 'embeddings'), {})).toEqual([429, 'RateLimitReached'])
    clock.advance(60_000)
    // So is this one, which is refused for its body before its words are looked at.
    expect(await statusOf(chat, { ...hi, foo: 1 })).toEqual([400, null])
    expect(await statusOf(chat, { ...hi, foo: 1 })).toEqual([429, 'RateLimitReached'])
    clock.advance(60_000)
    expect(await statusOf(chat, hi)).toEqual([400, 'content_filter'])
  })
})
