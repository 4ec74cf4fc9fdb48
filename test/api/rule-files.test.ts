import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/host/environment.ts'
import { createSimulator } from '../../src/sim/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'rules-'))
afterAll(() => rmSync(folder, { recursive: true }))
mkdirSync(path.join(folder, 'answers'))
const write = (name: string, text: string) => writeFileSync(path.join(folder, 'answers', name), text)

const ask = async ({ azure }: Pick<ReturnType<typeof testSimulator>, 'azure'>, content: string) => {
  const answer = await azure().chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content }],
    max_tokens: 3,
  })
  return answer.choices[0]?.message.content
}

describe('rules from files', () => {
  it('stand behind those of the settings, are watched, and stay where the new ones are wrong', async () => {
    write(
      'a.yaml',
      '- { when: { prompt: hello }, then: { text: Good day } }\n- { id: bye, when: { prompt: bye }, then: { text: So long } }\n',
    )
    write('b.yaml', 'rules:\n  - { when: { prompt: hello }, then: { text: never } }\n')
    const clock = manualClock()
    const simulator = testSimulator(
      {
        rulesFrom: [path.join(folder, 'answers/*.yaml')],
        rules: [{ when: { prompt: 'first' }, then: { text: 'Own' } }],
      },
      { clock },
    )
    expect(await ask(simulator, 'hello first')).toBe('Own')
    expect(await ask(simulator, 'hello')).toBe('Good day')
    const listed = (await (await simulator.request('/++/rules')).json()) as { rules: unknown[] }
    expect(listed.rules).toMatchObject([
      { id: 'rule-1' },
      { id: 'a-1', from: 'a.yaml', applied: 1 },
      { id: 'bye' },
      { id: 'b-1' },
    ])
    expect((await simulator.request('/++/rules/bye', { method: 'DELETE' })).status).toBe(409)
    expect((await simulator.request('/++/settings', { method: 'PATCH', body: '{"rulesFrom":[]}' })).status).toBe(400)

    write('a.yaml', '- { when: { prompt: hello }, then: { text: Good night } }\n')
    clock.advance(100)
    expect(await ask(simulator, 'hello')).toBe('Good night')
    write('a.yaml', '- { when: { prompt: hello }, then: { txt: Oops } }\n')
    clock.advance(100)
    expect(await ask(simulator, 'hello')).toBe('Good night')
    expect(simulator.errors.join()).toContain('a.yaml.0.then.txt: is not known here; did you mean text?')
    write('a.yaml', '')
    clock.advance(100)
    expect(await ask(simulator, 'hello')).toBe('never')
  })

  it('are judged each by itself: one that breaks stays as it was, and the others go on', async () => {
    rmSync(path.join(folder, 'answers'), { recursive: true })
    mkdirSync(path.join(folder, 'answers'))
    const ofPrompt = (prompt: string, text: string) => `- { when: { prompt: ${prompt} }, then: { text: ${text} } }\n`
    write('a.yaml', ofPrompt('one', 'first'))
    write('b.yaml', ofPrompt('two', 'second'))
    const clock = manualClock()
    const simulator = testSimulator({ rulesFrom: [path.join(folder, 'answers/*.yaml')] }, { clock })
    const listed = async () =>
      (await (await simulator.request('/++/rules')).json()) as { rules: { id: string }[]; refused?: object[] }
    expect(await listed()).not.toHaveProperty('refused')

    write('a.yaml', 'rules: [')
    write('b.yaml', ofPrompt('two', 'changed'))
    write('c.yaml', ofPrompt('three', 'new'))
    write('d.yaml', '- { id: a-1, then: { text: twice } }\n')
    clock.advance(100)
    // Also where nobody has asked for an answer since.
    expect(await listed()).toMatchObject({
      rules: [{ id: 'a-1' }, { id: 'b-1', then: { text: 'changed' } }, { id: 'c-1' }],
      refused: [
        { path: 'a.yaml, line 1', message: expect.stringContaining('not valid YAML') as string },
        { path: 'd.yaml', message: expect.stringContaining('a rule of a.yaml has it') as string },
      ],
    })
    expect(await ask(simulator, 'one')).toBe('first')
    expect(await ask(simulator, 'two')).toBe('changed')
    expect(await ask(simulator, 'three')).toBe('new')
    expect(simulator.errors.filter((line) => line.startsWith('The rules from a.yaml stay as they were'))).toHaveLength(
      1,
    )

    write('a.yaml', ofPrompt('one', 'mended'))
    rmSync(path.join(folder, 'answers/d.yaml'))
    clock.advance(100)
    expect(await ask(simulator, 'one')).toBe('mended')
    expect(await listed()).not.toHaveProperty('refused')
  })

  it('are refused at the start with every problem, also those of another resource', () => {
    write(
      'a.yaml',
      '- { when: { operation: chatCompletion }, then: { text: x } }\n- { when: { call: often }, then: {} }\n',
    )
    write('b.yaml', 'rules: [')
    const start = (input: Record<string, unknown>) => () =>
      createSimulator({ sources: [{ name: 'test', input: { apiKey: 'key', ...input } }] })
    const rulesFrom = [path.join(folder, 'answers/*.yaml'), path.join(folder, 'none.yaml')]
    for (const input of [{ rulesFrom }, { resources: { contoso: { rulesFrom } } }]) {
      expect(start(input)).toThrow(/a\.yaml\.0\.when\.operation: .*chatCompletions\?/)
      expect(start(input)).toThrow(/a\.yaml\.1\.when\.call: /)
      expect(start(input)).toThrow(/b\.yaml, line 1: not valid YAML/)
      expect(start(input)).toThrow(/none\.yaml" cannot be read/)
    }
  })

  it('are found from the file that names them, and not read for a session', async () => {
    write('a.yaml', '- { then: { text: x } }\n')
    write('b.yaml', '')
    writeFileSync(path.join(folder, 'sim.yaml'), 'rulesFrom: [answers/*.yaml]\n')
    const { config } = loadConfig({
      host: 'embedded',
      env: {},
      cwd: tmpdir(),
      flags: { config: path.join(folder, 'sim.yaml') },
    })
    expect(config.rulesFrom).toEqual([path.join(folder, 'answers/*.yaml')])
    const refused = await testSimulator().post('/++/sessions', { rulesFrom: ['/etc/passwd'] })
    expect(refused.status).toBe(400)
  })
})

describe('operations of an extension', () => {
  const extension = {
    place: 'mine.ts',
    value: {
      name: 'mine',
      operations: [
        {
          name: 'translate',
          method: 'POST',
          path: '/mine/translate',
          handle: () => ({ status: 200, body: { text: 'hi' } }),
        },
      ],
    },
  }

  it('are named in rules, which are refused where neither has such a name', async () => {
    const input = { rules: [{ when: { operation: 'translate' }, then: { error: 'serverError' } }] }
    expect((await testSimulator(input, { extension }).post('/mine/translate', {})).status).toBe(500)
    expect(() => testSimulator(input)).toThrow(/rules\.0\.when\.operation/)
    expect(() => testSimulator({ timeline: { phases: [{ name: 'a', for: '1s', ...input }] } })).toThrow(/operation/)
    expect(() => testSimulator({ resources: { contoso: input } })).toThrow(/operation/)
    const bad = await testSimulator({}, { extension }).post('/++/rules', {
      when: { operation: 'translat' },
      then: { error: 'serverError' },
    })
    expect(await bad.text()).toContain('did you mean translate?')
  })
})

describe('a refusal', () => {
  const refusing = () =>
    testSimulator({ rules: [{ when: { prompt: 'bomb' }, then: { refusal: 'I cannot help with that.' } }] })
  const messages = [{ role: 'user' as const, content: 'a bomb' }]

  it('stands in its own place: of chat, whole and as a stream', async () => {
    const { azure } = refusing()
    const whole = await azure().chat.completions.create({ model: 'gpt-4o', messages, logprobs: true })
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: null, refusal: 'I cannot help with that.' },
    })
    expect(whole.choices[0]?.logprobs).toMatchObject({ content: null, refusal: [{ token: 'I' }, {}, {}, {}, {}, {}] })
    expect(whole.usage?.completion_tokens).toBe(6)
    const stream = azure().chat.completions.stream({ model: 'gpt-4o', messages })
    expect((await stream.finalChatCompletion()).choices[0]?.message).toMatchObject({
      content: null,
      refusal: 'I cannot help with that.',
    })
  })

  it('of Responses, whole and as a stream, and in the next turn', async () => {
    const client = refusing().v1()
    const part = { type: 'refusal', refusal: 'I cannot help with that.' }
    const whole = await client.responses.create({ model: 'gpt-4o', input: 'a bomb' })
    expect(whole.output).toMatchObject([{ type: 'message', status: 'completed', content: [part] }])
    const stream = client.responses.stream({ model: 'gpt-4o', input: 'a bomb' })
    let said = ''
    for await (const event of stream) if (event.type === 'response.refusal.delta') said += event.delta
    expect(said).toBe(part.refusal)
    expect((await stream.finalResponse()).output).toMatchObject([{ content: [part] }])
    const next = await client.responses.create({ model: 'gpt-4o', input: 'why?', previous_response_id: whole.id })
    expect(next.status).toBe('completed')
  })

  it('of Claude by its reason to stop; and is no answer of embeddings', async () => {
    const simulator = refusing()
    const answer = await simulator.post(
      '/anthropic/v1/messages',
      { model: 'claude-sonnet-4-5', max_tokens: 50, messages },
      { 'anthropic-version': '2023-06-01' },
    )
    expect(await answer.json()).toMatchObject({
      stop_reason: 'refusal',
      content: [{ type: 'text', text: 'I cannot help with that.' }],
    })
    expect(
      (await simulator.azure().embeddings.create({ model: 'text-embedding-3-small', input: 'bomb' })).data,
    ).toHaveLength(1)
    const refused = await simulator.post('/++/rules', { when: { operation: 'embeddings' }, then: { refusal: 'No' } })
    expect(refused.status).toBe(400)
  })
})
