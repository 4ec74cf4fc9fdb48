/** Rules: what happens to which requests, in `sim.yaml` and while the simulator runs, through the official SDK. */
import { APIError, RateLimitError } from 'openai'
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { describe, expect, it } from 'vitest'
import { keyOfPath } from '../../src/sim/base/operation-key.ts'
import { operationNames } from '../../src/sim/config/operation-names.ts'
import { operations } from '../../src/sim/operations/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

type Simulator = ReturnType<typeof testSimulator>
type Json = Record<string, unknown>

const withRules = (...rules: Json[]) => testSimulator({ rules })

const ask = (simulator: Simulator, content = 'Hello', more: Json = {}) =>
  simulator.azure('gpt-4o').chat.completions.create({ model: '', messages: [{ role: 'user', content }], ...more })

const statusOf = async (asked: Promise<unknown>): Promise<number> =>
  asked.then(
    () => 200,
    (error: unknown) => (error instanceof APIError ? ((error.status as number | undefined) ?? 0) : -1),
  )

const chatPath = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
const claudePath = '/anthropic/v1/messages'
const claudeVersion = { 'anthropic-version': '2023-06-01' }
const hello = { messages: [{ role: 'user', content: 'Hello' }] }

const listed = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one)

describe('an answer that a rule chooses', () => {
  it('is a text, counted as it is said, whole and as a stream', async () => {
    const simulator = withRules({ when: { prompt: 'capital of france' }, then: { text: 'Paris.' } })
    const answer = await ask(simulator, 'What is the Capital of France?')
    expect(answer.choices[0]?.message.content).toBe('Paris.')
    expect(answer.usage?.completion_tokens).toBe(2)
    const stream = await simulator
      .azure('gpt-4o')
      .chat.completions.create({ model: '', messages: [{ role: 'user', content: 'capital of France' }], stream: true })
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    expect(text).toBe('Paris.')
    expect((await ask(simulator, 'And of Italy?')).choices[0]?.message.content).not.toBe('Paris.')
  })

  it('is JSON, or has so many tokens', async () => {
    const simulator = withRules({ when: { prompt: 'json' }, then: { json: { answer: 42 } } }, { then: { tokens: 33 } })
    expect((await ask(simulator, 'as JSON')).choices[0]?.message.content).toBe('{"answer":42}')
    expect((await ask(simulator)).usage?.completion_tokens).toBe(33)
  })

  it('calls tools', async () => {
    const simulator = withRules({
      when: { prompt: '/refunds?/i' },
      then: { toolCalls: [{ name: 'refund', arguments: { order: 7 } }] },
    })
    const [choice] = (await ask(simulator, 'I want two REFUNDS')).choices
    const [call] = choice?.message.tool_calls ?? []
    expect([choice?.finish_reason, call?.type === 'function' && call.function]).toEqual([
      'tool_calls',
      { name: 'refund', arguments: '{"order":7}' },
    ])
  })

  it('comes in the words of whichever API was asked', async () => {
    const simulator = withRules({ then: { text: 'Paris.' } })
    const response = await simulator.v1().responses.create({ model: 'gpt-4o', input: 'Hello' })
    expect(response.output_text).toBe('Paris.')
    const completion = await simulator.azure('gpt-35-turbo-instruct').completions.create({ model: '', prompt: 'Hello' })
    expect(completion.choices[0]?.text).toBe('Paris.')
    const claude = await simulator.post(
      claudePath,
      { model: 'claude-sonnet-4-5', max_tokens: 50, ...hello },
      claudeVersion,
    )
    expect(await claude.json()).toMatchObject({ content: [{ type: 'text', text: 'Paris.' }] })
    // What has no text is passed over.
    const vectors = await simulator.azure('text-embedding-3-small').embeddings.create({ model: '', input: 'Hello' })
    expect(vectors.data).toHaveLength(1)
  })

  it('is written out to the last byte', async () => {
    const simulator = withRules({ then: { raw: { status: 418, headers: { 'x-tea': 'pot' }, body: { short: true } } } })
    const answer = await simulator.post(chatPath, hello)
    const told = ['content-type', 'x-tea', 'x-sim-rule', 'apim-request-id'].map((name) => answer.headers.get(name))
    expect([answer.status, ...told]).toEqual([418, 'application/json', 'pot', 'rule-1', null])
    expect(await answer.text()).toBe('{"short":true}')
  })
})

describe('an error that a rule answers with', () => {
  it('is a 429 twice, and then an answer, which the SDK waits for', async () => {
    const simulator = withRules({
      name: 'throttled twice',
      when: { operation: 'chatCompletions', deployment: 'gpt-4o', call: '1..2' },
      then: { error: 'rateLimit', retryAfter: '20ms' },
    })
    const { data, response } = await simulator
      .azure('gpt-4o')
      .chat.completions.create({ model: '', messages: [{ role: 'user', content: 'Hello' }] }, { maxRetries: 2 })
      .withResponse()
    expect(data.choices).toHaveLength(1)
    expect(response.headers.get('x-sim-rule')).toBeNull()
    const journal = (await (await simulator.request('/++/requests')).json()) as { requests: Json[] }
    expect(journal.requests.map(({ status, rule, why }) => [status, rule, why])).toEqual([
      [200, undefined, 'generated'],
      [429, 'throttled twice', 'rejected: requests, rule: throttled twice'],
      [429, 'throttled twice', 'rejected: requests, rule: throttled twice'],
    ])
  })

  it('has the body and the headers of the service', async () => {
    const error = await ask(withRules({ then: { error: 'rateLimit', retryAfter: '7s' } })).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(RateLimitError)
    const { code, headers } = error as RateLimitError
    expect([code, headers.get('retry-after'), headers.get('retry-after-ms'), headers.get('x-ratelimit-type')]).toEqual([
      'RateLimitReached',
      '7',
      '7000',
      'Requests',
    ])
  })

  it.each([
    ['contentFilter', 400, 'content_filter'],
    ['contextLength', 400, 'context_length_exceeded'],
    ['deploymentNotFound', 404, 'DeploymentNotFound'],
    ['invalidKey', 401, '401'],
    ['timeout', 408, 'Timeout'],
    ['serverError', 500, null],
    ['serviceUnavailable', 503, 'ServiceUnavailable'],
  ])('%s is a %i', async (name, status, code) => {
    const error = (await ask(withRules({ then: { error: name } })).catch((e: unknown) => e)) as APIError
    expect([error.status, error.code]).toEqual([status, code])
  })

  it('is one of the rule’s own, in the shape of whichever API was asked', async () => {
    const simulator = withRules({
      then: { error: { status: 529, code: 'Overloaded', message: 'Too much.', headers: { 'x-why': 'load' } } },
    })
    const answer = await simulator.post(chatPath, hello)
    expect([answer.status, answer.headers.get('x-why')]).toEqual([529, 'load'])
    expect(await answer.json()).toEqual({ error: { code: 'Overloaded', message: 'Too much.' } })
    const claude = await simulator.post(
      claudePath,
      { model: 'claude-sonnet-4-5', max_tokens: 5, ...hello },
      claudeVersion,
    )
    expect(await claude.json()).toMatchObject({
      type: 'error',
      error: { type: 'overloaded_error', message: 'Too much.' },
    })
  })

  it('is listed with its body', async () => {
    const { errors } = (await (await testSimulator().request('/++/errors')).json()) as { errors: Json[] }
    expect(errors.find(({ name }) => name === 'serviceUnavailable')).toMatchObject({
      status: 503,
      body: { error: { code: 'ServiceUnavailable' } },
    })
  })

  it('takes nothing from the limits', async () => {
    const simulator = testSimulator({
      deployments: { 'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 1000, requestsPerMinute: 6 } },
      rules: [{ when: { call: '1..5' }, then: { error: 'serverError' } }],
    })
    const statuses = []
    for (let call = 0; call < 7; call++) statuses.push(await statusOf(ask(simulator)))
    expect(statuses).toEqual([500, 500, 500, 500, 500, 200, 429])
  })
})

describe('a change that a rule makes', () => {
  it('adds headers, and takes the place of those that are there', async () => {
    const simulator = withRules({ name: 'ünder', then: { headers: { 'x-ms-region': 'Mars', 'x-more': '1' } } })
    const { headers } = await simulator.post(chatPath, hello)
    expect(['x-ms-region', 'x-more', 'x-sim-rule'].map((name) => headers.get(name))).toEqual([
      'Mars',
      '1',
      '%C3%BCnder',
    ])
  })

  it('makes an answer late', async () => {
    const clock = manualClock(1_000_000)
    const rules = [{ then: { latency: { timeToFirstToken: '3s', interToken: '10ms' }, tokens: 11 } }]
    const simulator = testSimulator({ rules }, { clock })
    let isThere = false
    const asked = ask(simulator).then(() => (isThere = true))
    await new Promise((resolve) => setImmediate(resolve))
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    clock.advance(3_099)
    await new Promise((resolve) => setImmediate(resolve))
    expect(isThere).toBe(false)
    clock.advance(1)
    await asked
    expect(isThere).toBe(true)
  })
})

describe('what a rule asks for', () => {
  const fits = async (when: Json, body: Json, headers: Record<string, string> = {}, path = chatPath) => {
    const simulator = withRules({ name: 'fits', when, then: { headers: { 'x-fits': 'yes' } } })
    return (await simulator.post(path, body, headers)).headers.get('x-fits') === 'yes'
  }
  const conversation: ChatCompletionMessageParam[] = [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'First question' },
    { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }] },
    { role: 'tool', tool_call_id: 'c1', content: 'seen' },
  ]
  const asked = { messages: conversation, temperature: 0.5, response_format: { type: 'text' }, stop: ['a', 'b'] }

  it.each<[string, Json, boolean]>([
    ['deployments', { deployment: ['other', 'gpt-4o'] }, true],
    ['another deployment', { deployment: 'other' }, false],
    ['a model', { model: 'gpt-4o' }, true],
    ['a region', { region: 'East US 2' }, true],
    ['another region', { region: 'West US' }, false],
    ['no stream', { stream: false }, true],
    ['a stream', { stream: true }, false],
    ['the last text of the user', { prompt: 'first' }, true],
    ['a pattern', { prompt: '/^first q/i' }, true],
    ['a pattern in its own case', { prompt: '/^first q/' }, false],
    ['the system', { system: 'KIND' }, true],
    ['what is not in the prompt', { prompt: 'kind' }, false],
    ['any text', { conversation: 'seen' }, true],
    ['a turn', { turn: 1 }, true],
    ['later turns', { turn: '2..' }, false],
    ['the result of a tool', { toolResult: 'look' }, true],
    ['the result of another', { toolResult: 'read' }, false],
    ['a part of the body', { body: { response_format: { type: 'text' }, stop: ['b'] } }, true],
    ['a message among others', { body: { messages: [{ role: 'tool' }] } }, true],
    ['another body', { body: { temperature: 1 } }, false],
    ['a header', { headers: { 'X-Test': 'one' } }, true],
    ['another header', { headers: { 'x-test': '/^two/' } }, false],
    ['all of it at once', { prompt: 'first', stream: true }, false],
  ])('%s', async (_what, when, expected) => {
    expect(await fits(when, asked, { 'x-test': 'number one' })).toBe(expected)
  })

  it('finds the prompt and the tool of a response and of Claude', async () => {
    const items = [
      { role: 'user', content: 'the prompt' },
      { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: 'seen' },
    ]
    const response = { model: 'gpt-4o', input: items }
    expect(await fits({ prompt: 'the prompt', toolResult: 'look' }, response, {}, '/openai/v1/responses')).toBe(true)
    const messages = [
      { role: 'user', content: 'the prompt' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'look', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'seen' }] },
    ]
    const tools = [{ name: 'look', input_schema: { type: 'object' } }]
    const claude = { model: 'claude-sonnet-4-5', max_tokens: 9, messages, tools }
    expect(await fits({ toolResult: 'look' }, claude, claudeVersion, claudePath)).toBe(true)
    const inputs = { model: 'text-embedding-3-small', input: ['one', 'the last'] }
    expect(await fits({ operation: 'embeddings', prompt: 'last' }, inputs, {}, '/openai/v1/embeddings')).toBe(true)
  })

  it('is counted by the requests for which all else holds', async () => {
    const simulator = withRules(
      { when: { prompt: 'a', call: 2 }, then: { error: 'serverError' } },
      { when: { prompt: 'a', call: 'every 2' }, then: { error: 'serviceUnavailable' } },
      { when: { prompt: 'b', call: '3..' }, then: { error: 'timeout' } },
    )
    const of = async (prompt: string) => {
      const statuses = []
      for (let call = 0; call < 5; call++) statuses.push(await statusOf(ask(simulator, prompt)))
      return statuses
    }
    expect(await of('a')).toEqual([200, 500, 200, 503, 200])
    expect(await of('b')).toEqual([200, 200, 408, 408, 408])
  })

  it('is left to chance, the same for the same seed', async () => {
    const run = async (seed: number) => {
      const simulator = testSimulator({
        seed,
        rules: [{ id: 'x', when: { chance: '30%' }, then: { error: 'timeout' } }],
      })
      let statuses = ''
      for (let call = 0; call < 200; call++)
        statuses += (await simulator.post(chatPath, hello)).status === 408 ? 'x' : '.'
      return statuses
    }
    const [first, again, other] = [await run(1), await run(1), await run(2)]
    expect(again).toBe(first)
    expect(other).not.toBe(first)
    const share = first.split('x').length - 1
    expect(share > 40 && share < 80, String(share)).toBe(true)
  })

  it('is left to the same chance for the same seed where its id was drawn', async () => {
    const run = async () => {
      const simulator = testSimulator({ seed: 3 })
      await simulator.post('/++/rules', { when: { chance: '50%' }, then: { error: 'timeout' } })
      let statuses = ''
      for (let call = 0; call < 40; call++)
        statuses += (await simulator.post(chatPath, hello)).status === 408 ? 'x' : '.'
      return statuses
    }
    expect(await run()).toBe(await run())
  })

  it('gives each of several that say the same a chance of its own', async () => {
    const half = { when: { chance: '50%' }, then: { error: 'timeout' } }
    const simulator = testSimulator({ seed: 3, rules: [half, half] })
    let passed = 0
    for (let call = 0; call < 80; call++) passed += (await simulator.post(chatPath, hello)).status === 200 ? 1 : 0
    expect(passed > 8 && passed < 32, String(passed)).toBe(true)
  })

  it.each([
    ['a model', { model: 'GPT-4O' }],
    ['a region', { region: 'eastus' }],
  ])('knows %s however it is spelled', async (_what, when) => {
    const simulator = testSimulator({ azure: { region: 'East US' }, rules: [{ when, then: { text: 'Found.' } }] })
    expect((await ask(simulator)).choices[0]?.message.content).toBe('Found.')
  })

  it.each<[string, Json, (answer: Response) => Promise<unknown>, unknown]>([
    ['malformed', { fault: 'malformed' }, (answer) => answer.json().catch(() => 'no JSON'), 'no JSON'],
    ['an end', { fault: 'end', after: { bytes: 5 } }, (answer) => answer.text(), '{"err'],
    ['a page', { fault: 'wrongType' }, async (answer) => (await answer.text()).includes('<html>'), true],
    ['a close', { fault: 'noKeepAlive' }, async ({ headers }) => Promise.resolve(headers.get('connection')), 'close'],
  ])('lets an error that it answers with go wrong: %s', async (_what, then, read, wanted) => {
    for (const stream of [false, true]) {
      const simulator = withRules({ name: 'broken', then: { error: 'serviceUnavailable', ...then } })
      const answer = await simulator.post(chatPath, { ...hello, stream })
      expect(answer.headers.get('x-sim-rule')).toBe('broken')
      expect(await read(answer)).toEqual(wanted)
    }
  })

  it.each([
    ['its latency', { error: 'rateLimit', latency: { timeToFirstToken: '3s' } }],
    ['slow headers', { error: 'rateLimit', fault: 'slowHeaders', for: '3s' }],
    ['its latency, as it goes over the wire', { raw: { status: 429 }, latency: { timeToFirstToken: '3s' } }],
  ])('lets an error that it answers with come late, by %s', async (_what, then) => {
    const clock = manualClock()
    const simulator = testSimulator({ rules: [{ then }] }, { clock })
    let status = 0
    const asked = simulator.post(chatPath, hello).then((answer) => (status = answer.status))
    await clock.advanceAsync(2_999)
    expect(status).toBe(0)
    await clock.advanceAsync(1)
    await asked
    expect(status).toBe(429)
  })

  it('refuses without the error where it is to be refused', async () => {
    const simulator = withRules({ then: { error: 'rateLimit', fault: 'refuse' } })
    await expect(simulator.post(chatPath, hello)).rejects.toThrow('fetch failed')
  })

  it('goes by the first rule that fits, and by no other', async () => {
    const simulator = withRules(
      { when: { prompt: 'first' }, then: { text: 'one' } },
      { then: { text: 'two' } },
      { then: { error: 'serverError' } },
    )
    expect((await ask(simulator, 'first')).choices[0]?.message.content).toBe('one')
    expect((await ask(simulator)).choices[0]?.message.content).toBe('two')
  })

  it('takes a pattern that is made to blow up', async () => {
    const simulator = withRules({ when: { prompt: '/(a+)+$/' }, then: { error: 'serverError' } })
    expect(await statusOf(ask(simulator, `${'a'.repeat(50_000)}b`))).toBe(200)
  })

  it('knows every operation by its name', () => {
    const keys = new Set(
      operations.flatMap(({ path, routes }) => (routes?.[0]?.surface === 'own' ? [] : keyOfPath(path))),
    )
    expect([...keys].toSorted()).toEqual([...operationNames].toSorted())
  })
})

describe('/++/rules', () => {
  const control = (simulator: Simulator) => async (method: string, path: string, body?: unknown) => {
    const answer = await simulator.request(`/++/rules${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, json: (await answer.json()) as Json }
  }

  it('adds, shows, changes and removes rules', async () => {
    const simulator = testSimulator()
    const rules = control(simulator)
    const added = await rules('POST', '', { name: 'down', then: { error: 'serviceUnavailable' } })
    expect(added).toMatchObject({ status: 201, json: { name: 'down', applied: 0, id: expect.any(String) as string } })
    const id = String(added.json.id)
    expect(await statusOf(ask(simulator))).toBe(503)
    expect((await rules('GET', `/${id}`)).json).toMatchObject({ id, applied: 1 })
    await rules('PATCH', `/${id}`, { when: { prompt: 'bad' } })
    expect([await statusOf(ask(simulator)), await statusOf(ask(simulator, 'bad'))]).toEqual([200, 503])
    await rules('POST', '?at=start', { id: 'mine', then: { text: 'first' } })
    expect((await rules('GET', '')).json).toMatchObject({ rules: [{ id: 'mine' }, { id }] })
    expect((await ask(simulator, 'bad')).choices[0]?.message.content).toBe('first')
    await rules('PUT', '/mine', { when: { prompt: 'bad' }, then: { error: { status: 418 } } })
    expect([await statusOf(ask(simulator)), await statusOf(ask(simulator, 'bad'))]).toEqual([200, 418])
    expect(await rules('DELETE', '/mine')).toEqual({ status: 200, json: { deleted: 'mine' } })
    expect(await statusOf(ask(simulator, 'bad'))).toBe(503)
    expect((await rules('PUT', '', [{ then: { text: 'all' } }])).json).toMatchObject({
      rules: [{ then: { text: 'all' } }],
    })
    expect((await rules('DELETE', '')).json).toEqual({ rules: [] })
    expect((await rules('GET', '/mine')).status).toBe(404)
    expect((await rules('DELETE', '/mine')).status).toBe(404)
    expect((await rules('OPTIONS', '')).status).toBe(404)
  })

  it('counts anew for a rule that is put again, and on where something else changes', async () => {
    const simulator = testSimulator()
    const rules = control(simulator)
    const twice = { rules: [{ when: { call: '1..2' }, then: { error: 'timeout' } }] }
    await rules('PUT', '', twice)
    expect(await statusOf(ask(simulator))).toBe(408)
    await simulator.request('/++/settings', { method: 'PATCH', body: JSON.stringify({ logLevel: 'warn' }) })
    expect([await statusOf(ask(simulator)), await statusOf(ask(simulator))]).toEqual([408, 200])
    await rules('PUT', '', twice)
    expect(await statusOf(ask(simulator))).toBe(408)
  })

  it('goes back to the rules of the file', async () => {
    const simulator = withRules({ id: 'file', then: { text: 'of the file' } })
    const rules = control(simulator)
    await rules('POST', '', { then: { text: 'added' } })
    expect((await rules('GET', '')).json.rules).toHaveLength(2)
    expect((await rules('DELETE', '')).json).toMatchObject({ rules: [{ id: 'file' }] })
  })

  it.each<[string, Json, [path: string, message: RegExp]]>([
    ['a name', { wen: {}, then: { text: 'x' } }, ['wen', /did you mean when\?/]],
    ['a condition', { when: { promt: 'x' }, then: { text: 'x' } }, ['when.promt', /did you mean prompt\?/]],
    ['a pattern', { when: { prompt: '/(?=x)/' }, then: { text: 'x' } }, ['when.prompt', /RE2/]],
    ['a count', { when: { call: '2..1' }, then: { text: 'x' } }, ['when.call', /every 4/]],
    ['a chance', { when: { chance: '101%' }, then: { text: 'x' } }, ['when.chance', /as 5%/]],
    [
      'an operation',
      { when: { operation: 'chatCompletion' }, then: {} },
      ['when.operation', /did you mean chatCompletions\?/],
    ],
    ['an error', { then: { error: 'ratelimit' } }, ['then.error', /did you mean rateLimit\?/]],
    ['an error like no other', { then: { error: 'oops' } }, ['then.error', /found "oops"; allowed: rateLimit, /]],
    ['a status', { then: { error: { status: 200 } } }, ['then.error.status', /400 to 599/]],
    ['a field of an error', { then: { error: { status: 500, cod: 'x' } } }, ['then.error.cod', /did you mean code\?/]],
    ['two answers', { then: { text: 'x', error: 'timeout' } }, ['then', /at most one answer/]],
    ['nothing to do', { then: {} }, ['then', /an answer/]],
    [
      'no answer of the operation',
      { when: { operation: 'embeddings' }, then: { text: 'x' } },
      ['then.text', /chatCompletions/],
    ],
    [
      'very many calls',
      { then: { toolCalls: listed(1_001, { name: 'f' }) } },
      ['then.toolCalls', /at most 1000 calls/],
    ],
    [
      'very many conditions',
      { when: { body: { a: listed(5_000, 1) } }, then: {} },
      ['when.body', /at most 5000 values/],
    ],
    ['very much JSON', { then: { json: listed(10_000, { a: 1 }) } }, ['then', /at most 20000 values/]],
    ['a very long body', { then: { raw: { body: listed(10_000, { a: 1 }) } } }, ['then', /at most 20000 values/]],
    ['a header', { then: { headers: { 'a b': 'x' } } }, ['then.headers', /headers by name/]],
    [
      'what has a length that is no number',
      { when: { headers: { a: { length: { toString: 1, valueOf: 1 } } } }, then: { text: 'x' } },
      ['when.headers.a', /text/],
    ],
    [
      'a header that none can have',
      { when: { headers: { '\ud800': 'x' } }, then: { text: 'x' } },
      ['when.headers', /headers by name/],
    ],
    ['a duration', { then: { error: 'timeout', retryAfter: 5 } }, ['then.retryAfter', /with its unit/]],
  ])('refuses %s that is wrong, and changes nothing', async (_what, rule, [path, message]) => {
    const rules = control(testSimulator())
    const { status, json } = await rules('POST', '', rule)
    const { details } = (json as { error: { details: { path: string; message: string }[] } }).error
    expect(status).toBe(400)
    expect(details.find((detail) => detail.path === path)?.message, JSON.stringify(details)).toMatch(message)
    expect((await rules('GET', '')).json).toEqual({ rules: [] })
  })

  it('tells every problem at once', async () => {
    const rules = control(testSimulator())
    const { json } = await rules('PUT', '', [{ when: { promt: 'x', call: 'x' }, then: { error: 'x' } }, { then: 5 }])
    const { details } = (json as { error: { details: { path: string }[] } }).error
    expect(details.map(({ path }) => path).toSorted()).toEqual([
      'rules.0.then.error',
      'rules.0.when.call',
      'rules.0.when.promt',
      'rules.1.then',
    ])
  })

  it.each([60, 400])(
    'tells the first hundred of very many problems, and how many there are (%d rules)',
    async (length) => {
      const wrong = Array.from({ length }, () => ({ when: { promt: 'x', sistem: 'x' }, then: { error: 'x' } }))
      const { status, json } = await control(testSimulator())('PUT', '', wrong)
      const { details, message } = (json as { error: { details: { path: string }[]; message: string } }).error
      expect(status).toBe(400)
      expect(message).toContain(`: there are ${3 * length} problems, the first 100 of them listed in details.`)
      expect(details).toHaveLength(100)
      expect(
        details
          .slice(0, 3)
          .map(({ path }) => path)
          .toSorted(),
      ).toEqual(['rules.0.then.error', 'rules.0.when.promt', 'rules.0.when.sistem'])
    },
  )

  it('refuses what is no JSON, no rule and no list', async () => {
    const simulator = testSimulator()
    const statuses = []
    for (const [method, path, body] of [
      ['POST', '', '{'],
      ['POST', '', '5'],
      ['PUT', '', '{}'],
      ['POST', '', '[5]'],
    ] as const)
      statuses.push((await simulator.request(`/++/rules${path}`, { method, body })).status)
    expect(statuses).toEqual([400, 400, 400, 400])
    expect(simulator.errors).toEqual([])
  })

  it('leaves a rule where it is that is switched off, with what was counted, and goes on with it', async () => {
    const simulator = testSimulator()
    const rules = control(simulator)
    await rules('POST', '', { id: 'mine', then: { text: 'By the rule.' } })
    const says = async () => (await ask(simulator, 'Hello')).choices[0]?.message.content
    const applied = async () =>
      ((await (await simulator.request('/++/rules/mine')).json()) as { applied: number }).applied
    expect(await says()).toBe('By the rule.')
    expect((await rules('PATCH', '/mine', { enabled: false })).status).toBe(200)
    expect(await says()).not.toBe('By the rule.')
    expect(await applied()).toBe(1)
    await rules('PATCH', '/mine', { enabled: true })
    expect(await says()).toBe('By the rule.')
    expect(await applied()).toBe(2)
  })

  it('takes ten thousand rules, and no more', async () => {
    const simulator = testSimulator()
    const rules = control(simulator)
    const many = Array.from({ length: 10_000 }, (_, at) => ({ when: { prompt: `word-${at}!` }, then: { tokens: 1 } }))
    expect((await rules('PUT', '', many)).status).toBe(200)
    expect((await ask(simulator, 'the word-9999!')).usage?.completion_tokens).toBe(1)
    expect((await rules('POST', '', many[0])).status).toBe(400)
  })
})

// Recorded February 2025.
it('the gateway that cannot authenticate answers in the 134 bytes that it was seen to answer in', async () => {
  const answer = await withRules({ when: {}, then: { error: 'gatewayAuthentication' } }).post(chatPath, hello)
  expect([answer.status, Buffer.byteLength(await answer.text())]).toEqual([500, 134])
})
