import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import { defineExtension, type Extension } from '../../src/sim/extensions/define.ts'
import { testSimulator } from '../support/simulator.ts'

const extended = (extension: Omit<Extension<string>, 'name'>, input: Record<string, unknown> = {}) =>
  testSimulator(input, { extension: { value: defineExtension({ name: 'mine', ...extension }), place: 'mine.js' } })

const chat = (content = 'Hello') => ({ model: 'gpt-4o', messages: [{ role: 'user' as const, content }] })

describe('an operation of an extension', () => {
  const echo = extended({
    operations: [
      {
        name: 'echo',
        method: 'POST',
        path: '/echo/{name}',
        handle: async (request) => ({ body: `${request.params['name']}: ${await request.text()}` }),
      },
      {
        name: 'analyze',
        path: '/models/{model}:analyze',
        handle: ({ params, query }) => ({ status: 202, body: { params, query: [...query] } }),
      },
      { name: 'rest', path: '/files/{...rest}', handle: ({ params }) => ({ body: params['rest'] ?? '' }) },
      {
        name: 'stream',
        path: '/stream',
        handle: () => ({
          body: (async function* () {
            yield 'data: one\n\n'
            await Promise.resolve()
            yield 'data: two\n\n'
          })(),
        }),
      },
    ],
  })

  it('is routed, and told what the path and the body say', async () => {
    const answer = await echo.post('/echo/a%20b', 'hi')
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'a b: hi',
    ])
  })

  it('may have a name within a segment, and answer JSON', async () => {
    const answer = await echo.request('/models/read:analyze?api-version=1&x=2')
    expect(answer.status).toBe(202)
    expect(await answer.json()).toEqual({
      params: { model: 'read' },
      query: [
        ['api-version', '1'],
        ['x', '2'],
      ],
    })
    expect((await echo.request('/models/read:other')).status).toBe(404)
  })

  it('may take all that lies below a path', async () => {
    expect(await (await echo.request('/files/a/b.txt')).text()).toBe('a/b.txt')
    expect((await echo.request('/files')).status).toBe(404)
  })

  it('may stream', async () => {
    const answer = await echo.request('/stream')
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(await answer.text()).toBe('data: one\n\ndata: two\n\n')
  })

  it('asks for the key, in a header of its own too', async () => {
    const own = extended({
      operations: [
        { name: 'own', path: '/own', keyHeader: 'Ocp-Apim-Subscription-Key', handle: () => ({ body: 'in' }) },
      ],
    })
    const status = async (headers: Record<string, string>) =>
      (await own.fetch('http://sim.test/own', { headers })).status
    expect(await status({})).toBe(401)
    expect(await status({ 'ocp-apim-subscription-key': 'wrong' })).toBe(401)
    expect(await status({ 'ocp-apim-subscription-key': 'test-key' })).toBe(200)
    expect(await status({ 'api-key': 'test-key' })).toBe(200)
  })

  it('costs its own request a 500 where it throws, and is named in the log', async () => {
    const bad = extended({
      operations: [
        {
          name: 'bad',
          path: '/bad',
          handle: () => {
            throw new Error('no such thing')
          },
        },
        { name: 'odd', path: '/odd', handle: () => ({ status: 99 }) },
        { name: 'header', path: '/header', handle: () => ({ headers: { 'x-a': 'b\r\nc: d' } }) },
        { name: 'none', path: '/none', handle: () => undefined as never },
      ],
    })
    for (const path of ['/bad', '/odd', '/header', '/none']) {
      const answer = await bad.request(path)
      expect([path, answer.status, await answer.json()]).toEqual([
        path,
        500,
        {
          error: {
            code: 'InternalServerError',
            message: 'Backend returned unexpected response. Please contact Microsoft for help.',
          },
        },
      ])
    }
    expect(bad.errors).toHaveLength(4)
    expect(bad.errors[0]).toContain('The extension mine, bad: it threw: Error: no such thing')
    expect(bad.errors[1]).toContain('The extension mine, odd: it answered the status 99')
    expect((await bad.v1().chat.completions.create(chat())).object).toBe('chat.completion')
  })

  it.each([
    ['throws', undefined],
    ['gives what is no text', 42],
  ])(
    'has its stream broken off where it %s: logged with its name, and in the journal as the client saw it',
    async (_, piece) => {
      const sim = extended({
        operations: [
          {
            name: 'tale',
            path: '/tale',
            handle: () => ({
              body: (async function* () {
                yield 'data: one\n\n'
                await Promise.resolve()
                if (piece === undefined) throw new Error('lost the thread')
                yield piece as never
              })(),
            }),
          },
        ],
      })
      const answer = await sim.request('/tale')
      expect(answer.status).toBe(200)
      await answer.text().catch(() => undefined)
      expect(sim.errors).toHaveLength(1)
      expect(sim.errors[0]).toContain('The extension mine, tale: its stream threw')
      const journal = (await (await sim.request('/++/requests')).json()) as { requests: unknown[] }
      expect(journal.requests).toMatchObject([
        {
          path: '/tale',
          operation: 'tale',
          status: 200,
          stream: true,
          why: 'extension: broke off',
          error: {
            code: 'streamBrokenOff',
            message: expect.stringContaining('The extension mine, tale: its stream threw') as string,
          },
        },
      ])
    },
  )

  it('keeps what it keeps for as long as the simulator runs', async () => {
    const counting = extended({
      operations: [
        {
          name: 'count',
          path: '/count',
          handle: (_request, { keep }) => ({ body: { count: ++keep('state', () => ({ count: 0 })).count } }),
        },
      ],
    })
    await counting.request('/count')
    expect(await (await counting.request('/count')).json()).toEqual({ count: 2 })
  })
})

describe('a limiter of an extension', () => {
  it('refuses calls of its own operation, with the wait', async () => {
    const limited = extended({
      operations: [{ name: 'own', path: '/own', handle: () => ({ body: 'in' }) }],
      limiters: { own: () => ({ ok: false, retryAfterMs: 1500 }) },
    })
    const answer = await limited.request('/own')
    expect(answer.status).toBe(429)
    expect([answer.headers.get('retry-after'), answer.headers.get('retry-after-ms')]).toEqual(['2', '1500'])
    expect(await answer.json()).toEqual({
      error: {
        code: '429',
        message:
          'Requests to own have exceeded the call rate limit of your current pricing tier. Please retry after 2 seconds.',
      },
    })
  })

  it('stands in for the one that is built in, or leaves it to that', async () => {
    const seen: string[] = []
    const limited = extended(
      {
        limiters: {
          chatCompletions: ({ operation, deployment, promptTokens, body }) => {
            seen.push(`${operation} ${deployment} ${promptTokens}`)
            return (body as { user?: string }).user === 'free' ? { ok: true } : undefined
          },
        },
      },
      { deployments: { 'gpt-4o': { model: 'gpt-4o', tokensPerMinute: 1000, requestsPerMinute: 6 } } },
    )
    const ask = (user?: string) =>
      limited
        .v1()
        .chat.completions.create({ ...chat(), max_tokens: 1, ...(user && { user }) })
        .then(
          () => 200,
          (error: unknown) => (error as { status: number }).status,
        )
    expect([await ask(), await ask(), await ask('free'), await ask('free')]).toEqual([200, 429, 200, 200])
    expect(seen[0]).toBe('chatCompletions gpt-4o 8')
  })
})

describe('a generator of an extension', () => {
  it('chooses what a chat completion says, its tokens counted as ever', async () => {
    const sim = extended({ generators: { chatCompletions: () => 'forty-two' } })
    const { choices, usage } = await sim.v1().chat.completions.create(chat())
    expect([choices[0]?.message.content, choices[0]?.finish_reason]).toEqual(['forty-two', 'stop'])
    expect(usage).toMatchObject({ prompt_tokens: 8, completion_tokens: 3 })
  })

  it('has its words streamed a token a chunk, and cut at the limit', async () => {
    const sim = extended({ generators: { chatCompletions: () => ({ text: 'forty-two' }) } })
    const stream = await sim.azure('gpt-4o').chat.completions.create({ ...chat(), stream: true, max_tokens: 2 })
    const pieces: string[] = []
    let end: string | null = null
    for await (const chunk of stream) {
      pieces.push(chunk.choices[0]?.delta.content ?? '')
      end = chunk.choices[0]?.finish_reason ?? end
    }
    expect([pieces.filter(Boolean).join('|'), end]).toEqual(['fort|y', 'length'])
  })

  it('is asked with the conversation, and may leave an answer to what is built in', async () => {
    const asked: unknown[] = []
    const sim = extended({
      generators: {
        chatCompletions: ({ messages, maxTokens, deployment, model }) => {
          asked.push({ messages, maxTokens, deployment, model })
          return undefined
        },
      },
    })
    const { choices } = await sim.v1().chat.completions.create({ ...chat('What?'), max_tokens: 5 })
    expect(choices[0]?.message.content?.length).toBeGreaterThan(5)
    expect(asked).toEqual([
      { messages: [{ role: 'user', text: 'What?' }], maxTokens: 5, deployment: 'gpt-4o', model: 'gpt-4o' },
    ])
  })

  it('is asked with the conversation whatever content type the client names', async () => {
    const sim = extended({ generators: { chatCompletions: ({ messages }) => messages[0]?.text.toUpperCase() } })
    const answer = await sim.post('/openai/v1/chat/completions', chat('shout'), { 'content-type': 'text/plain' })
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'SHOUT' } }] })
  })

  it('may call tools', async () => {
    const sim = extended({
      generators: { chatCompletions: () => ({ toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }) },
    })
    const { choices } = await sim.v1().chat.completions.create(chat())
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [{ type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
      },
    })
  })

  it('costs its own request a 500 where it throws or says what cannot be said', async () => {
    const sim = extended({
      generators: {
        chatCompletions: ({ messages }) => {
          if (messages[0]?.text === 'throw') throw new Error('out of words')
          return 42 as never
        },
      },
    })
    const status = (content: string) =>
      sim
        .v1()
        .chat.completions.create(chat(content))
        .catch((error: unknown) => (error as { status: number }).status)
    expect([await status('throw'), await status('say')]).toEqual([500, 500])
    expect(sim.errors[0]).toContain('The extension mine, generators.chatCompletions: it threw: Error: out of words')
    expect(sim.errors[1]).toContain('it answered neither a text nor { text, toolCalls, finishReason }')
  })

  it('says the words of a completion too', async () => {
    const sim = extended({ generators: { completions: ({ messages }) => messages[0]?.text.toUpperCase() } })
    const { choices } = await sim.v1().completions.create({ model: 'gpt-35-turbo-instruct', prompt: 'shout' })
    expect(choices[0]?.text).toBe('SHOUT')
  })

  it('says what a response says, whole and streamed, its tokens counted as ever', async () => {
    const sim = extended({ generators: { responses: ({ messages }) => `${messages.at(-1)?.text}-two` } })
    const ask = { model: 'gpt-4o', instructions: 'Be brief.', input: [{ role: 'user' as const, content: 'forty' }] }
    const whole = await sim.v1().responses.create(ask)
    expect([whole.output_text, whole.usage?.output_tokens, whole.status]).toEqual(['forty-two', 3, 'completed'])
    const pieces: string[] = []
    for await (const event of await sim.v1().responses.create({ ...ask, stream: true }))
      if (event.type === 'response.output_text.delta') pieces.push(event.delta)
    expect(pieces.join('|')).toBe('fort|y|-two')
    const cut = await sim
      .v1()
      .responses.create({ ...ask, input: 'a b c d e f g h i j k l m n o p', max_output_tokens: 16 })
    expect([cut.status, cut.incomplete_details?.reason]).toEqual(['incomplete', 'max_output_tokens'])
  })

  it('says what Claude says, whole and streamed, its tokens counted as ever', async () => {
    const sim = extended({ generators: { messages: ({ messages }) => messages.map(({ text }) => text).join('-') } })
    const claude = new Anthropic({ apiKey: 'test-key', baseURL: 'http://sim.test/anthropic', fetch: sim.fetch })
    const ask = {
      model: 'claude-haiku-4-5',
      max_tokens: 50,
      system: 'forty',
      messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'two' }] }],
    }
    const whole = await claude.messages.create(ask)
    expect(whole).toMatchObject({
      content: [{ type: 'text', text: 'forty-two' }],
      stop_reason: 'end_turn',
      usage: { output_tokens: 3 },
    })
    const streamed = claude.messages.stream({ ...ask, max_tokens: 2 })
    const pieces: string[] = []
    for await (const event of streamed)
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') pieces.push(event.delta.text)
    expect([pieces.join('|'), (await streamed.finalMessage()).stop_reason]).toEqual(['fort|y', 'max_tokens'])
  })

  it('is told what a tool said as such, in the words of each API', async () => {
    const asked: unknown[] = []
    const note = ({ messages }: { messages: unknown }) => void asked.push(messages)
    const sim = extended({ generators: { chatCompletions: note, responses: note, messages: note } })
    await sim.post('/openai/v1/chat/completions', {
      model: 'gpt-4o',
      messages: [
        { role: 'user', content: 'Go' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: '' },
      ],
    })
    await sim.post('/openai/v1/responses', {
      model: 'gpt-4o',
      input: [
        { role: 'user', content: 'Go' },
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output: 'done' },
      ],
    })
    const answer = await sim.post(
      '/anthropic/v1/messages',
      {
        model: 'claude-haiku-4-5',
        max_tokens: 9,
        tools: [{ name: 'f', input_schema: { type: 'object' } }],
        messages: [
          { role: 'user', content: 'Go' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }] },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'done' }] },
              { type: 'text', text: 'Next' },
            ],
          },
        ],
      },
      { 'anthropic-version': '2023-06-01' },
    )
    expect(answer.status).toBe(200)
    const user = { role: 'user', text: 'Go' }
    expect(asked).toEqual([
      [user, { role: 'tool', text: '' }],
      [user, { role: 'tool', text: 'done' }],
      [user, { role: 'tool', text: 'done' }, { role: 'user', text: 'Next' }],
    ])
  })
})

describe('hooks of an extension', () => {
  it('may answer a request before anything else does, once the key was found right', async () => {
    const sim = extended({
      onRequest: async (request) => {
        const body = (await request.json()) as { user?: string }
        return body.user === 'blocked'
          ? { status: 403, body: { error: { code: 'Blocked', message: 'No.' } } }
          : undefined
      },
    })
    const blocked = sim.v1().chat.completions.create({ ...chat(), user: 'blocked' })
    await expect(blocked).rejects.toMatchObject({ status: 403, code: 'Blocked' })
    expect((await sim.v1().chat.completions.create({ ...chat(), max_tokens: 3 })).usage?.completion_tokens).toBe(3)
    expect(
      (await sim.post('/openai/v1/chat/completions', { ...chat(), user: 'blocked' }, { 'api-key': 'wrong' })).status,
    ).toBe(401)
  })

  it('may change an answer before it goes out', async () => {
    const sim = extended({
      onResponse: ({ status, operation, deployment, body }) => ({
        headers: { 'x-seen': `${status} ${operation} ${deployment}`, 'x-ms-region': 'Mine' },
        ...(status === 200 && { body: { said: (JSON.parse(String(body)) as { object: string }).object } }),
      }),
    })
    const answer = await sim.post('/openai/v1/chat/completions', chat())
    expect([answer.headers.get('x-seen'), answer.headers.get('x-ms-region')]).toEqual([
      '200 chatCompletions gpt-4o',
      'Mine',
    ])
    expect(await answer.json()).toEqual({ said: 'chat.completion' })
    expect((await sim.request('/nowhere')).headers.get('x-seen')).toBe('404 undefined undefined')
  })

  it('cost a request a 500 where they throw', async () => {
    const sim = extended({
      onResponse: () => {
        throw new Error('late')
      },
    })
    for (const stream of [false, true]) {
      const answer = await sim.post('/openai/v1/chat/completions', { ...chat(), stream })
      expect(answer.status).toBe(500)
      expect(answer.headers.get('content-type')).toBe('application/json')
      expect(await answer.json()).toMatchObject({ error: { code: 'InternalServerError' } })
    }
    expect(sim.errors.join()).toContain('The extension mine, onResponse: it threw: Error: late')
  })
})

describe('a wrong extension', () => {
  it('stops the start with every mistake and its place', () => {
    const value = {
      name: 'my extension',
      operations: [{ name: 'echo', path: 'echo', handle: 'no' }],
      generators: { chat: () => 'x' },
      extra: 1,
    }
    const start = () => testSimulator({}, { extension: { value, place: 'ext/mine.js' } })
    expect(start).toThrow(
      [
        'ext/mine.js: name: found "my extension"; allowed: a name of letters, digits, "-", "_" and "."',
        'ext/mine.js: operations.0.path: found "echo"; allowed: a path that begins with "/"',
        'ext/mine.js: operations.0.handle: found "no"; allowed: a function',
        'ext/mine.js: extra: is not a part of an extension',
      ].join('\n'),
    )
    const unknown = () =>
      testSimulator({}, { extension: { value: { name: 'mine', generators: { chat: () => 'x' } }, place: 'mine.js' } })
    expect(unknown).toThrow('mine.js: generators.chat: found "chat"; allowed: chatCompletions, completions')
    expect(() => testSimulator({}, { extension: { value: undefined, place: 'mine.js' } })).toThrow(
      'mine.js: is required: an extension: {',
    )
  })
})
