import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '../support/command.ts'
import { testSimulator } from '../support/simulator.ts'

const cwd = mkdtempSync(path.join(tmpdir(), 'import-'))
afterAll(() => rmSync(cwd, { recursive: true }))

async function run(...args: string[]) {
  const { code, out, errors } = await runCommand(['import', ...args], cwd)
  return { code, out, left: errors === '' ? [] : errors.split('\n') }
}
const write = (name: string, value: unknown) => {
  writeFileSync(path.join(cwd, name), typeof value === 'string' ? value : JSON.stringify(value))
  return name
}
const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n')

/** As the simulator says it with what was imported. */
const askedWith = (input: Record<string, unknown>) => {
  const { azure } = testSimulator(input)
  return async (content: string, more: Record<string, unknown> = {}) => {
    try {
      const { choices } = await azure().chat.completions.create({
        model: 'gpt-4o',
        messages: [{ role: 'user', content }],
        ...more,
        stream: false,
      })
      const message = choices[0]?.message
      const call = message?.tool_calls?.[0]
      return call?.type === 'function' ? call.function : message?.content
    } catch (error) {
      return (error as { status: number }).status
    }
  }
}
const tools = [
  {
    type: 'function',
    function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  },
]

describe('fixtures of aimock', () => {
  const fixtures = [
    {
      match: { userMessage: 'weather', toolName: 'get_weather' },
      response: { toolCalls: [{ name: 'get_weather', arguments: '{"city":"Oslo"}' }] },
    },
    {
      match: { userMessage: 'busy', sequenceIndex: 0 },
      response: { error: { message: 'Slow down', type: 'rate_limit_error' }, status: 429 },
    },
    { match: { userMessage: 'busy' }, response: { content: 'Here I am' }, latency: 5, chunkSize: 20 },
    { match: { userMessage: '/path/' }, response: { content: 'A path' } },
    { match: { userMessage: 'x', context: 'y' }, response: { content: 'never' } },
    { match: { inputText: 'vector' }, response: { embedding: [0.1, 0.2] } },
    { match: { userMessage: 'cut' }, response: { content: 'One two three' }, truncateAfterChunks: 2 },
    {
      match: { model: 'gpt-4o', systemMessage: 'pirate' },
      response: { content: 'Arr', reasoning: 'hm' },
      streamingProfile: { ttft: 1, tps: 1000, jitter: 0.1 },
    },
  ]

  it('become rules that answer the same, and it is told what could not', async () => {
    const { code, out, left } = await run(write('fixtures.json', { fixtures }), '--out', 'rules.yaml')
    expect({ code, out }).toEqual({ code: 0, out: `6 rules in ${path.join(cwd, 'rules.yaml')}: name it in rulesFrom.` })
    expect(left).toEqual([
      'fixtures.json, fixture 3: without chunkSize',
      'fixtures.json, fixture 5: left out: match.context',
      'fixtures.json, fixture 6: left out: response.embedding, response',
      'fixtures.json, fixture 8: without response.reasoning, streamingProfile.jitter',
    ])
    const ask = askedWith({ rulesFrom: [path.join(cwd, 'rules.yaml')] })
    expect(await ask('the WEATHER', { tools })).toEqual({ name: 'get_weather', arguments: '{"city":"Oslo"}' })
    expect(await ask('busy?')).toBe(429)
    expect(await ask('busy?')).toBe('Here I am')
    expect(await ask('a /path/ there')).toBe('A path')
    expect(await ask('a path there')).not.toBe('A path')
    expect(
      await ask('Hi', {
        messages: [
          { role: 'system', content: 'You are a pirate' },
          { role: 'user', content: 'Hi' },
        ],
      }),
    ).toBe('Arr')
  })
})

const asked = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Which city?' }] }
const said = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-2024-08-06',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Oslo' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
}
const entry = (url: string, body: unknown, response: Record<string, unknown>) => ({
  startedDateTime: '2026-01-01T00:00:00.000Z',
  time: 120,
  timings: { wait: 100, receive: 20 },
  request: {
    method: 'POST',
    url,
    headers: [{ name: 'api-key', value: 'secret-of-har' }],
    postData: { mimeType: 'application/json', text: JSON.stringify(body) },
  },
  response,
})
const events = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o', choices: [{ index: 0, delta: { content: 'Bergen' }, finish_reason: null }] })}\n\ndata: [DONE]\n\n`
const har = {
  log: {
    version: '1.2',
    entries: [
      entry(
        'https://contoso.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
        asked,
        { status: 200, headers: [], content: { mimeType: 'application/json', text: JSON.stringify(said) } },
      ),
      entry(
        'https://api.openai.com/v1/chat/completions',
        { ...asked, stream: true },
        {
          status: 200,
          headers: [],
          content: { mimeType: 'text/event-stream', encoding: 'base64', text: Buffer.from(events).toString('base64') },
        },
      ),
      entry(
        'https://example.com/page',
        {},
        { status: 200, headers: [], content: { mimeType: 'text/html', text: 'x' } },
      ),
      entry(
        'https://contoso.openai.azure.com/openai/v1/embeddings',
        {},
        { status: 200, headers: [], content: { mimeType: 'application/json', size: 900 } },
      ),
    ],
  },
}

describe('a HAR file', () => {
  it('becomes recordings that are replayed, without secrets', async () => {
    const { code, out, left } = await run(write('traffic.har', har), '--dir', 'kept')
    expect(code).toBe(0)
    expect(out).toMatch(/^2 recordings in /)
    expect(left).toEqual([
      'traffic.har, entry 2: /v1/chat/completions is /openai/v1/chat/completions here, the times of its events are not in the file: they come evenly',
      'traffic.har, entry 3: left out: example.com/page is no path of the service',
      'traffic.har, entry 4: left out: its answer is not in the file',
    ])
    const simulator = testSimulator({
      mode: 'replay',
      recording: { dir: path.join(cwd, 'kept') },
      replay: { speed: 0 },
    })
    const answer = await simulator.azure('gpt-4o').chat.completions.create(asked as never)
    expect((answer as unknown as typeof said).choices[0]?.message.content).toBe('Oslo')
    const streamed = await simulator.post('/openai/v1/chat/completions', { ...asked, stream: true })
    expect(await streamed.text()).toBe(events)
    expect((await run('traffic.har', '--dir', 'kept')).out).toMatch(/^0 recordings in .*; 2 were there already/)
    const kept = await run('traffic.har', '--as', 'rules')
    expect(kept.out).toContain('text: Oslo')
    expect(kept.out + out).not.toContain('secret-of-har')
  })
})

describe('lines of JSON', () => {
  it('of conversations become rules by their last question', async () => {
    const file = write(
      'talks.jsonl',
      lines(
        {
          messages: [
            { role: 'system', content: 'Be short' },
            { role: 'user', content: 'Capital of Norway?' },
            { role: 'assistant', content: 'Oslo' },
          ],
        },
        {
          messages: [
            { role: 'user', content: 'Hello' },
            { role: 'assistant', content: 'Hi' },
            { role: 'user', content: 'Bye' },
            {
              role: 'assistant',
              tool_calls: [{ id: '1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"x"}' } }],
            },
          ],
        },
        { messages: [{ role: 'user', content: 'No answer' }] },
        { input: [{ role: 'user', content: 'Six times seven?' }], ideal: '42' },
      ),
    )
    const { left } = await run(file, '--out', 'talks.yaml')
    expect(left).toEqual(['line 3: left out: no request with its answer'])
    const ask = askedWith({ rulesFrom: [path.join(cwd, 'talks.yaml')] })
    expect(await ask('Capital of Norway?')).toBe('Oslo')
    expect(await ask('Six times seven?')).toBe('42')
    expect(readFileSync(path.join(cwd, 'talks.yaml'), 'utf8')).toMatch(/turn: 2/)
  })

  it('of a batch and its results are brought together, as rules and as recordings', async () => {
    const body = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user', content }] })
    const requests = write(
      'requests.jsonl',
      lines(
        { custom_id: 'a', method: 'POST', url: '/chat/completions', body: body('Which city?') },
        { custom_id: 'b', method: 'POST', url: '/chat/completions', body: body('Which one?') },
        { custom_id: 'c', method: 'POST', url: '/chat/completions', body: body('Lost') },
      ),
    )
    const results = write(
      'results.jsonl',
      lines(
        { custom_id: 'b', response: { status_code: 429, body: { error: { code: 'rate', message: 'Later' } } } },
        { custom_id: 'a', response: { status_code: 200, body: said } },
      ),
    )
    const { left } = await run(requests, results, '--out', 'batch.yaml')
    expect(left).toEqual(['c: left out: there is no result of it'])
    const ask = askedWith({ rulesFrom: [path.join(cwd, 'batch.yaml')] })
    expect(await ask('Which city?')).toBe('Oslo')
    const { azure } = testSimulator({ rulesFrom: [path.join(cwd, 'batch.yaml')] })
    const refused = azure().chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Which one?' }],
    })
    await expect(refused).rejects.toMatchObject({ status: 429, code: 'rate' })
    expect((await run(requests, results, '--as', 'recordings', '--dir', 'batch')).out).toMatch(/^2 recordings/)
    const replayed = testSimulator({ mode: 'replay', recording: { dir: path.join(cwd, 'batch') } })
    const again = await replayed.post('/openai/v1/chat/completions', body('Which city?'))
    expect(await again.json()).toEqual(said)
  })
})

it('refuses what it does not know, and what has nothing for it', async () => {
  const what = await run(write('what.json', { a: 1, b: [2] }))
  expect(what).toMatchObject({ code: 1, left: [expect.stringContaining('what.json') as string] })
  expect((await run(write('page.html', '<html>'))).left.join()).toContain('not valid JSON')
  expect(
    (
      await run(write('fixtures.json', { fixtures: [{ match: {}, response: { content: 'x' } }] }), 'page.html')
    ).left.join(),
  ).toContain('page.html')
  expect((await run('absent.json')).code).toBe(1)
  expect((await run(write('talk.jsonl', lines({ messages: [] })))).code).toBe(1)
  const talk = {
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ],
  }
  expect((await run(write('pairs.jsonl', lines(talk)), '--as', 'recordings')).left.join()).toContain('--as rules')
})

it('tells which lines are none, and keeps the others', async () => {
  const pair = (question: string) => ({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: 'Yes.' },
    ],
  })
  const text = [JSON.stringify(pair('One?')), '', 'nonsense', JSON.stringify({ a: 1 }), JSON.stringify(pair('Two?'))]
  const { code, out, left } = await run(write('some.jsonl', text.join('\r\n')))
  expect(code).toBe(0)
  expect(out.match(/One\?|Two\?/g)).toEqual(['One?', 'Two?'])
  expect(left).toEqual([
    'some.jsonl, line 3: left out: not valid JSON',
    'some.jsonl, line 4: left out: no request with its answer',
  ])
  expect((await run(write('empty.jsonl', ''))).left).toEqual(['empty.jsonl: is empty'])
})
