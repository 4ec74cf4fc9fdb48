/** Shell, patches, screens and code: the service's tools that do something (shapes of the official SDK's types, 2026). */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const model = 'gpt-5.2'
const path = '/openai/v1/responses'
type Item = { readonly type: string; readonly id: string; readonly [key: string]: unknown }
type Told = {
  readonly id: string
  readonly output: readonly Item[]
  readonly tools: readonly object[]
  readonly error?: object
}
type Simulator = ReturnType<typeof testSimulator>

const ask = async (simulator: Simulator, body: object) =>
  (await (await simulator.post(path, { model, input: 'What is there?', ...body })).json()) as Told
/** Without thoughts. */
const told = async (simulator: Simulator, body: object) =>
  (await ask(simulator, body)).output.filter(({ type }) => type !== 'reasoning')

async function eventsOf(simulator: Simulator, body: object) {
  const text = await (await simulator.post(path, { model, input: 'What is there?', ...body, stream: true })).text()
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as { readonly type: string; readonly [key: string]: unknown })
}

describe('a shell', () => {
  const rules = [
    { then: { hosted: { shell: { commands: ['make', 'make test'], stdout: 'ok\n', stderr: 'warn\n', exitCode: 2 } } } },
  ]

  it('of the client is asked, and told of once its output is there', async () => {
    const simulator = testSimulator({ rules })
    const tools = [{ type: 'shell', environment: { type: 'local' } }]
    const first = await ask(simulator, { tools })
    const call = first.output.at(-1)!
    expect(call).toEqual({
      id: expect.stringMatching(/^sh_[0-9a-f]{50}$/) as string,
      type: 'shell_call',
      status: 'completed',
      action: { commands: ['make', 'make test'], max_output_length: null, timeout_ms: null },
      call_id: expect.stringMatching(/^call_/) as string,
      environment: { type: 'local' },
    })
    const output = [{ stdout: 'done', stderr: '', outcome: { type: 'exit', exit_code: 0 } }]
    const answer = { type: 'shell_call_output', call_id: call['call_id'], output }
    const on = await told(simulator, { tools, previous_response_id: first.id, input: [answer] })
    expect(on.map(({ type }) => type)).toEqual(['message'])
    for (const wrong of [
      { ...answer, output: 'done' },
      { ...answer, output: [{ stdout: 'x', stderr: '' }] },
      { ...answer, output: [{ stdout: 'x', stderr: '', outcome: { type: 'exit' } }] },
      { ...answer, output: [{ stdout: 'x', stderr: '', outcome: { type: 'done' } }] },
      { ...answer, call_id: 'call_none' },
      { type: 'message', role: 'user', content: 'And?' },
    ]) {
      const response = await simulator.post(path, { model, tools, previous_response_id: first.id, input: [wrong] })
      expect(response.status).toBe(400)
    }
  })

  it('of a container is run, with events for each command and what it gives', async () => {
    const simulator = testSimulator({ rules })
    const tools = [{ type: 'shell', environment: { type: 'container_auto', memory_limit: '4g' } }]
    const events = (await eventsOf(simulator, { tools })).filter(({ type }) => /shell|item/.test(type))
    const kinds = events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])
    const from = kinds.indexOf('response.shell_call_command.added')
    const command = ['added', 'delta', 'done'].map((kind) => `response.shell_call_command.${kind}`)
    const content = ['delta', 'done'].map((kind) => `response.shell_call_output_content.${kind}`)
    expect(kinds.slice(from, from + 12)).toEqual([
      ...command,
      ...command,
      'response.output_item.done',
      'response.output_item.added',
      ...content,
      ...content,
    ])
    const items = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item as Item)
    const [call, output] = items.filter(({ type }) => type.startsWith('shell'))
    const { container_id: id } = call!['environment'] as { container_id: string }
    expect(await (await simulator.request(`/openai/v1/containers/${id}`)).json()).toMatchObject({ memory_limit: '4g' })
    const one = { stdout: 'ok\n', stderr: 'warn\n', outcome: { type: 'exit', exit_code: 2 } }
    expect(output).toMatchObject({ type: 'shell_call_output', call_id: call!['call_id'], output: [one, one] })
    const deltas = events.filter(({ type }) => type === 'response.shell_call_command.delta')
    expect(
      deltas
        .filter(({ command_index: at }) => at === 1)
        .map(({ delta }) => delta as string)
        .join(''),
    ).toBe('make test')
    const again = [{ type: 'shell', environment: { type: 'container_reference', container_id: id } }]
    expect((await told(simulator, { tools: again }))[0]).toMatchObject({ environment: { container_id: id } })
  })

  it('finds the files that are in its container, and keeps no secret that it is told', async () => {
    const simulator = testSimulator()
    const client = simulator.v1()
    const { id } = await client.files.create({ file: new File(['1,2'], 'sums.txt'), purpose: 'assistants' })
    const secret = { domain: 'example.com', name: 'KEY', value: 's3cr3t' }
    const network_policy = { type: 'allowlist', allowed_domains: ['example.com'], domain_secrets: [secret] }
    const tools = [{ type: 'shell', environment: { type: 'container_auto', file_ids: [id], network_policy } }]
    const answer = await ask(simulator, { tools })
    const output = answer.output.find(({ type }) => type === 'shell_call_output')
    expect(output!['output']).toMatchObject([{ stdout: expect.stringContaining('sums.txt') as string }])
    const kept = await (await simulator.request(`${path}/${answer.id}`)).text()
    const list = (name: string) => simulator.request(`/openai/v1/containers?name=${name}`)
    const containers = await (await list('auto')).text()
    expect(JSON.parse(containers)).toMatchObject({
      data: [{ name: 'auto', network_policy: { type: 'allowlist', allowed_domains: ['example.com'] } }],
    })
    expect(await (await list('other')).json()).toMatchObject({ data: [] })
    for (const text of [JSON.stringify(answer), kept, containers]) expect(text).not.toContain('s3cr3t')
  })

  it('of the older kind is asked for one command', async () => {
    const [call] = await told(testSimulator({ rules }), { tools: [{ type: 'local_shell' }] })
    expect(call).toMatchObject({
      type: 'local_shell_call',
      action: { type: 'exec', command: ['bash', '-lc', 'make && make test'], env: {} },
    })
  })
})

describe('a patch', () => {
  const tools = [{ type: 'apply_patch' }]

  it('is asked for, in pieces where it is streamed, and told of once it is made', async () => {
    const applyPatch = { operation: 'update_file', path: 'src/a.ts', diff: '@@\n-one\n+two\n' }
    const simulator = testSimulator({ rules: [{ then: { hosted: { applyPatch } } }] })
    const first = await ask(simulator, { tools })
    const call = first.output.at(-1)!
    expect(call).toMatchObject({
      id: expect.stringMatching(/^apc_/) as string,
      type: 'apply_patch_call',
      status: 'completed',
      operation: { type: 'update_file', path: 'src/a.ts', diff: applyPatch.diff },
    })
    const answer = { type: 'apply_patch_call_output', call_id: call['call_id'], status: 'completed', output: 'done' }
    const on = await told(simulator, { tools, previous_response_id: first.id, input: [answer] })
    expect(on.map(({ type }) => type)).toEqual(['message'])
    const bad = { ...answer, status: 'maybe' }
    expect((await simulator.post(path, { model, tools, previous_response_id: first.id, input: [bad] })).status).toBe(
      400,
    )
    const events = await eventsOf(simulator, { tools })
    const pieces = events.filter(({ type }) => type === 'response.apply_patch_call_operation_diff.delta')
    expect(pieces.map(({ delta }) => delta as string).join('')).toBe(applyPatch.diff)
  })

  it('makes the file that is named, or deletes it', async () => {
    const operation = async (input: string) => (await told(testSimulator(), { tools, input }))[0]?.['operation']
    expect(await operation('Write a summary to docs/summary.md, please?')).toMatchObject({
      type: 'create_file',
      path: 'docs/summary.md',
      diff: expect.stringMatching(/^(\+.*\n)+$/) as string,
    })
    expect(await operation('Delete old.txt?')).toEqual({ type: 'delete_file', path: 'old.txt' })
  })
})

describe('a rule', () => {
  it('says what code is run and what it prints', async () => {
    const codeInterpreter = { code: 'print(6 * 7)', logs: '42\n' }
    const [call] = await told(testSimulator({ rules: [{ then: { hosted: { codeInterpreter } } }] }), {
      tools: [{ type: 'code_interpreter', container: { type: 'auto' } }],
      include: ['code_interpreter_call.outputs'],
    })
    expect(call).toMatchObject({ code: 'print(6 * 7)', outputs: [{ type: 'logs', logs: '42\n' }] })
  })

  it('says what is done on a screen: all at once by the newer tool, one by one by the older', async () => {
    const actions = [
      { type: 'click', button: 'left', x: 1, y: 2 },
      { type: 'type', text: 'hello' },
    ]
    const simulator = testSimulator({ rules: [{ then: { hosted: { computer: { actions } } } }] })
    const [call] = await told(simulator, { model: 'gpt-5.4', tools: [{ type: 'computer' }] })
    expect(call).toMatchObject({ type: 'computer_call', actions, pending_safety_checks: [] })
    expect(call).not.toHaveProperty('action')
    const older = { type: 'computer_use_preview', display_width: 100, display_height: 100, environment: 'linux' }
    const [first] = await told(simulator, { model: 'computer-use-preview', truncation: 'auto', tools: [older] })
    expect(first).toMatchObject({ type: 'computer_call', action: actions[0] })
  })

  it('has to say something', () => {
    expect(() => testSimulator({ rules: [{ then: { hosted: {} } }] })).toThrow(/one of shell/)
  })
})
