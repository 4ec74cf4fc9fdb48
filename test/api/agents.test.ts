/** Agents of a project, which responses may name in place of a model (recorded February to April 2026). */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const project = '/api/projects/mine'
const responses = `${project}/openai/v1/responses`
const versions = (name: string) => `${project}/agents/${name}/versions?api-version=v1`
const reference = (name: string, version?: string) => ({
  agent_reference: { type: 'agent_reference', name, ...(version && { version }) },
})
type Told = Record<string, unknown> & { output: Record<string, unknown>[] }

describe('an agent', () => {
  it('is made in versions, and told', async () => {
    const simulator = testSimulator()
    const definition = { kind: 'prompt', model: 'gpt-4.1', instructions: 'Be brief.' }
    const first = (await (await simulator.post(versions('a'), { definition })).json()) as object
    expect(first).toMatchObject({
      object: 'agent.version',
      id: 'a:1',
      name: 'a',
      version: '1',
      description: '',
      definition,
    })
    expect(Object.keys(first).join()).toBe('metadata,object,id,name,version,description,created_at,definition')
    expect(await (await simulator.post(versions('a'), { definition })).json()).toMatchObject({ id: 'a:2' })
    const got = await simulator.request(`${project}/agents/a?api-version=v1`)
    expect(await got.json()).toMatchObject({ object: 'agent', name: 'a', versions: { latest: { version: '2' } } })
    const gone = await simulator.request(`${project}/agents/nobody?api-version=v1`)
    expect(gone.status).toBe(404)
    expect(await gone.json()).toMatchObject({
      error: { code: 'not_found', message: "Agent nobody doesn't exist", type: 'error', details: [] },
    })
    expect((await simulator.post(versions('a'), {})).status).toBe(400)
    expect(simulator.errors).toEqual([])
  })

  it('is made at once, changed, listed and deleted (as described)', async () => {
    const simulator = testSimulator()
    const at = (path: string, init?: RequestInit) => simulator.request(`${project}/agents${path}?api-version=v1`, init)
    const json = async (answer: Promise<Response>) => {
      const { status, ...rest } = await answer.then(async (got) => ({ status: got.status, body: await got.json() }))
      return { status, body: rest.body as Record<string, unknown> & { versions?: object; data?: { id: string }[] } }
    }
    const send = (path: string, body: object) => json(simulator.post(`${project}/agents${path}?api-version=v1`, body))
    const definition = { kind: 'prompt', model: 'gpt-4.1' }
    const made = await send('', { name: 'a', definition })
    expect(made).toMatchObject({ status: 200, body: { object: 'agent', versions: { latest: { id: 'a:1' } } } })
    expect((await send('', { name: 'a', definition })).status).toBe(409)
    expect((await send('/a', { definition })).body.versions).toMatchObject({ latest: { version: '1' } })
    const changed = await send('/a', { definition: { ...definition, instructions: 'Be brief.' } })
    expect(changed.body.versions).toMatchObject({ latest: { version: '2' } })
    expect((await send('/b', { definition })).status).toBe(404)
    await send('/b/versions', { definition: { ...definition, kind: 'workflow' } })
    const listed = await json(at(''))
    expect(Object.keys(listed.body).join()).toBe('data,first_id,last_id,has_more,object')
    expect(listed.body.data?.map(({ id }) => id)).toEqual(['b', 'a'])
    const kinds = await simulator.request(`${project}/agents?kind=workflow&api-version=v1`)
    expect(((await kinds.json()) as { data: object[] }).data).toHaveLength(1)
    expect((await json(at('/a/versions'))).body.data?.map(({ id }) => id)).toEqual(['a:2', 'a:1'])
    expect((await json(at('/a/versions/1'))).body).toMatchObject({ object: 'agent.version', id: 'a:1', definition })
    const version = { object: 'agent.version.deleted', name: 'a', version: '2', deleted: true }
    expect((await json(at('/a/versions/2', { method: 'DELETE' }))).body).toEqual(version)
    expect((await json(at('/a'))).body.versions).toMatchObject({ latest: { version: '1' } })
    expect((await json(at('/a/versions/2'))).status).toBe(404)
    const agent = { object: 'agent.deleted', name: 'a', deleted: true }
    expect((await json(at('/a', { method: 'DELETE' }))).body).toEqual(agent)
    expect((await json(at('/a', { method: 'DELETE' }))).status).toBe(404)
    await json(at('/b/versions/1', { method: 'DELETE' }))
    expect((await json(at(''))).body.data).toEqual([])
    expect((await send('', { name: 7, definition })).status).toBe(400)
    expect(simulator.errors).toEqual([])
  })

  it('answers with its model, instructions and tools, and is named by each item', async () => {
    const simulator = testSimulator({ responses: { checkItems: 'off' } })
    const tools = [{ type: 'file_search', vector_store_ids: ['{{store}}'] }]
    const definition = { kind: 'prompt', model: 'gpt-4.1', instructions: 'Be brief.', tools }
    await simulator.post(versions('a'), { definition })
    const ask = { input: 'Hi', ...reference('a'), structured_inputs: { store: 'vs_1' } }
    const body = (await (await simulator.post(responses, ask)).json()) as Told
    const agent_reference = { type: 'agent_reference', name: 'a', version: '1' }
    expect(body).toMatchObject({
      model: 'gpt-4.1',
      instructions: 'Be brief.',
      agent_reference,
      tools: [{ vector_store_ids: ['vs_1'] }],
    })
    for (const item of body.output) expect(item).toMatchObject({ agent_reference })
    expect(Object.keys(body.output.at(-1)!).slice(0, 4)).toEqual(['type', 'id', 'agent_reference', 'response_id'])
    const stream = await (await simulator.post(responses, { ...ask, stream: true })).text()
    const events = stream.trim().split('\n\n')
    const { response } = JSON.parse(events.at(-1)!.split('\ndata: ')[1]!) as { response: Told }
    expect(Object.keys(response).at(-1)).toBe('agent_reference')
  })

  it('is named by its id, too, where the request names it as `agent` (recorded March 2026)', async () => {
    const simulator = testSimulator()
    await simulator.post(versions('a'), { definition: { kind: 'prompt', model: 'gpt-5.2', instructions: 'Be brief.' } })
    const agent = { type: 'agent_id', name: 'a', version: '1' }
    const agent_reference = { ...agent, type: 'agent_reference' }
    const ask = { input: 'Hi', agent: { type: 'agent_reference', name: 'a' } }
    const answer = await simulator.post(responses, ask)
    const body = (await answer.json()) as Told
    expect(body).toMatchObject({ agent, agent_reference, top_p: 0.98, reasoning: { effort: 'none' } })
    expect(Object.keys(body).slice(-3)).toEqual(['parallel_tool_calls', 'agent', 'agent_reference'])
    expect(body).not.toHaveProperty('prompt_cache_retention')
    expect(body['reasoning']).not.toHaveProperty('context')
    expect(answer.headers.get('azureai-processed-tier')).toBe('default')
    expect(Object.keys(body.output[0]!).slice(0, 5).join()).toBe('type,id,created_by,agent_reference,response_id')
    expect(body.output[0]).toMatchObject({ created_by: { agent, response_id: body['id'] } })
    const stream = await (await simulator.post(responses, { ...ask, stream: true })).text()
    const { response } = JSON.parse(stream.trim().split('\n\n').at(-1)!.split('\ndata: ')[1]!) as { response: Told }
    expect(Object.keys(response).slice(-2)).toEqual(['agent_reference', 'agent'])
    expect(response).toMatchObject({ prompt_cache_retention: null, output: [{ created_by: { agent } }] })
  })

  it('is refused where it is none, with tools beside it, and on the resource’s own door', async () => {
    const simulator = testSimulator()
    const definition = { kind: 'prompt', model: 'gpt-4.1' }
    await simulator.post(versions('a'), { definition })
    const unknown = await simulator.post(responses, { input: 'Hi', ...reference('a', '7') })
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { message: "Agent a doesn't exist" } }])
    const both = await simulator.post(responses, { input: 'Hi', tools: [], ...reference('nobody') })
    expect([both.status, await both.json()]).toMatchObject([
      400,
      { error: { code: 'invalid_payload', message: 'Not allowed when agent is specified.', param: 'tools' } },
    ])
    const own = await simulator.post('/openai/v1/responses', { model: 'gpt-4.1', input: 'Hi', ...reference('a') })
    expect([own.status, await own.json()]).toMatchObject([400, { error: { param: 'agent_reference' } }])
    expect(simulator.errors).toEqual([])
  })

  it('may be told of by the settings, where it was made elsewhere', async () => {
    const definition = {
      kind: 'prompt',
      model: 'mini',
      instructions: 'Be brief.',
      tools: [{ type: 'code_interpreter' }],
    }
    const simulator = testSimulator({
      allowUndefinedDeployments: false,
      deployments: { mini: { model: 'gpt-4.1-mini' } },
      agents: { elsewhere: { definition }, fixed: { version: 3, description: 'Of three.', definition } },
    })
    const ask = async (name: string, version?: string) => {
      const answer = await simulator.post(responses, { input: 'Hi', ...reference(name, version) })
      return { status: answer.status, body: (await answer.json()) as Told }
    }
    const answered = await ask('elsewhere')
    expect(answered).toMatchObject({
      status: 200,
      body: { agent_reference: { name: 'elsewhere', version: '1' }, model: 'mini', instructions: 'Be brief.' },
    })
    expect((await ask('elsewhere', '12')).body).toMatchObject({ agent_reference: { version: '12' } })
    expect([await ask('fixed', '3'), await ask('fixed', '2'), await ask('nobody')]).toMatchObject([
      { status: 200 },
      { status: 404 },
      { status: 404 },
    ])
    const at = async (path: string, init?: RequestInit) => {
      const answer = await simulator.request(`${project}/agents${path}?api-version=v1`, init)
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
    const latest = { version: '3', description: 'Of three.', definition }
    expect(await at('/fixed')).toMatchObject({ status: 200, body: { versions: { latest } } })
    expect((await at('')).body).toMatchObject({ data: [{ name: 'fixed' }, { name: 'elsewhere' }] })
    expect(await (await simulator.post(versions('fixed'), { definition })).json()).toMatchObject({ id: 'fixed:4' })
    expect((await ask('fixed', '3')).status).toBe(200)
    expect((await at('/elsewhere', { method: 'DELETE' })).status).toBe(200)
    expect([await at('/elsewhere'), await ask('elsewhere')]).toMatchObject([{ status: 404 }, { status: 404 }])
    expect((await at('')).body).toMatchObject({ data: [{ name: 'fixed' }] })
    expect(() => testSimulator({ agents: { a: { definition: { kind: 'prompt' } } } })).toThrow(
      /agents\.a\.definition\.model: is required/,
    )
    expect(simulator.errors).toEqual([])
  })
})
