/** What answers have by door and model, where recordings of one model are older than those of others. */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

type Told = Record<string, unknown> & { readonly id: string; readonly output: readonly Record<string, unknown>[] }

async function told(answer: Response) {
  const text = await answer.text()
  expect(answer.status, text).toBe(200)
  return { text, body: JSON.parse(text) as Told, headers: answer.headers }
}

const keysOf = (value: unknown) => Object.keys(value as object).join()
const dated = '/api/projects/mine/openai/responses'
const version = '?api-version=2025-11-15-preview'

describe('responses of a model that was recorded long ago', () => {
  it('lack what came since: o3-mini of a dated version (recorded August 2025)', async () => {
    const simulator = testSimulator()
    const { body, headers } = await told(
      await simulator.post('/openai/responses?api-version=2025-04-01-preview', { model: 'o3-mini', input: 'Hi' }),
    )
    expect(keysOf(body)).toBe(
      'id,object,created_at,status,background,content_filters,error,incomplete_details,instructions,max_output_tokens,max_tool_calls,model,output,parallel_tool_calls,previous_response_id,prompt_cache_key,reasoning,safety_identifier,service_tier,store,temperature,text,tool_choice,tools,top_p,truncation,usage,user,metadata',
    )
    expect(body).toMatchObject({ content_filters: null, text: { format: { type: 'text' } } })
    expect(body['text']).not.toHaveProperty('verbosity')
    const message = body.output.at(-1)!
    expect(keysOf((message['content'] as object[])[0])).toBe('type,annotations,text')
    expect(headers.get('x-ms-deployment-name')).toBe('o3-mini')
    expect(headers.get('x-ms-middleware-request-id')).toMatch(/\S/)
  })

  it('have the first order of their messages: gpt-4o-mini of the first version (recorded March 2025)', async () => {
    const { body } = await told(
      await testSimulator().post('/openai/responses?api-version=2025-03-01-preview', {
        model: 'gpt-4o-mini',
        input: 'Hi',
        max_output_tokens: 16,
      }),
    )
    expect(keysOf(body)).toBe(
      'id,object,created_at,status,error,incomplete_details,instructions,max_output_tokens,model,output,parallel_tool_calls,previous_response_id,reasoning,store,temperature,text,tools,top_p,truncation,usage,user,metadata',
    )
    expect(body['reasoning']).toEqual({ effort: null, generate_summary: null })
    expect(keysOf(body.output[0])).toBe('type,id,status,role,content')
    expect(keysOf((body.output[0]!['content'] as object[])[0])).toBe('type,text,annotations')
  })

  it('name no verdict below a project, and number their events last: gpt-5-mini (recorded February 2026)', async () => {
    const simulator = testSimulator()
    const door = '/api/projects/mine/openai/v1/responses'
    const { body, headers } = await told(await simulator.post(door, { model: 'gpt-5-mini', input: 'Hi' }))
    expect(body).not.toHaveProperty('content_filters')
    expect(body).not.toHaveProperty('prompt_cache_retention')
    expect(headers.get('azureai-processed-tier')).toBe('default')
    const stream = await (await simulator.post(door, { model: 'gpt-5-mini', input: 'Hi', stream: true })).text()
    const event = /event: response\.output_text\.done\ndata: (.*)/.exec(stream)![1]!
    expect(keysOf(JSON.parse(event))).toBe('type,content_index,item_id,logprobs,output_index,text,sequence_number')
    const completed = /event: response\.completed\ndata: (.*)/.exec(stream)![1]!
    expect(JSON.parse(completed)).toMatchObject({ response: { content_filters: [{ source_type: 'prompt' }, {}] } })
  })
})

describe('responses that a project keeps', () => {
  it('are listed, newest first, as the service keeps them (recorded April 2026)', async () => {
    const simulator = testSimulator()
    const door = '/api/projects/mine/openai/v1/responses'
    const ids: string[] = []
    for (const input of ['one', 'two', 'three'])
      ids.push((await told(await simulator.post(door, { model: 'gpt-4.1', input }))).body.id)
    const { body } = await told(await simulator.request(`${door}?limit=2`))
    const data = body['data'] as Told[]
    expect(data.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    expect(body).toMatchObject({ first_id: ids[2], last_id: ids[1], has_more: true, object: 'list' })
    expect(keysOf(data[0])).toBe(
      'metadata,top_logprobs,temperature,top_p,service_tier,model,background,tools,tool_choice,truncation,id,object,status,created_at,error,incomplete_details,output,instructions,usage,parallel_tool_calls,agent_reference',
    )
    expect(data[0]!['model']).toBe('gpt-4.1-2025-04-14')
    expect(keysOf(data[0]!.output[0])).toBe('type,id,response_id,partition_key,role,content,status')
    expect(data[0]!.output[0]!['partition_key']).toBe(ids[2]!.slice(5, 23))
    expect(data[0]!['usage']).toMatchObject({ input_tokens_details: null, input_token_details: { cached_tokens: 0 } })
    const rest = await told(await simulator.request(`${door}?after=${ids[1]}&order=desc`))
    expect(rest.body).toMatchObject({ data: [{ id: ids[0] }], has_more: false })
  })

  it('are listed and shown so by the dated door (recorded November 2025)', async () => {
    const simulator = testSimulator()
    const { body: made } = await told(await simulator.post(dated + version, { model: 'gpt-5-mini', input: 'Hi' }))
    const { body: shown } = await told(await simulator.request(`${dated}/${made.id}${version}`))
    expect(keysOf(shown)).toBe(
      'metadata,temperature,top_p,user,service_tier,top_logprobs,model,reasoning,background,tools,tool_choice,truncation,id,object,status,created_at,error,incomplete_details,output,instructions,usage,parallel_tool_calls,conversation,structured_inputs',
    )
    expect(shown).toMatchObject({ model: 'gpt-5-mini-2025-08-07', structured_inputs: {}, conversation: null })
    expect(keysOf(shown.output.at(-1))).toBe('type,id,partition_key,status,role,content')
    const { body: list } = await told(await simulator.request(dated + version))
    expect(list['data']).toEqual([shown])
  })

  it('name an agent by its id at the dated door (recorded December 2025)', async () => {
    const simulator = testSimulator()
    const definition = {
      kind: 'prompt',
      model: 'gpt-4o',
      tools: [{ type: 'mcp', server_label: 'a', server_url: 'https://a.example' }],
    }
    await simulator.post('/api/projects/mine/agents/helper/versions?api-version=v1', { definition })
    const { body } = await told(
      await simulator.post(dated + version, { input: 'Hi', agent: { type: 'agent_reference', name: 'helper' } }),
    )
    expect(body['agent']).toEqual({ type: 'agent_id', name: 'helper', version: '1' })
    expect(body).not.toHaveProperty('agent_reference')
    for (const item of body.output) expect(item).not.toHaveProperty('created_by')
    expect((body['tools'] as object[])[0]).toMatchObject({ type: 'mcp', server_description: null })
  })

  it('are no list of the resource’s own', async () => {
    expect((await testSimulator().request('/openai/v1/responses')).status).toBe(426)
  })
})

describe('a conversation that is not there', () => {
  it('has none behind it in a project’s list (recorded November 2025)', async () => {
    const simulator = testSimulator()
    const door = '/api/projects/mine/openai/conversations'
    await simulator.post(door + version, {})
    const { body } = await told(await simulator.request(`${door}${version}&after=conv_none`))
    expect(body).toEqual({ data: [], has_more: false, object: 'list' })
  })
})

describe('a screen', () => {
  const tool = { type: 'computer_use_preview', display_width: 1024, display_height: 768, environment: 'windows' }
  const ask = { model: 'computer-use-preview', truncation: 'auto', tools: [tool] }

  it('is looked at, acted on once and then told of (recorded March 2025 and February 2026)', async () => {
    const simulator = testSimulator()
    const path = '/openai/v1/responses'
    const { body: first } = await told(await simulator.post(path, { ...ask, input: 'Click on the Save button.' }))
    const call = first.output.at(-1)!
    expect(keysOf(call)).toBe('type,id,call_id,action,pending_safety_checks,status')
    expect(call).toMatchObject({
      type: 'computer_call',
      action: { type: 'screenshot' },
      pending_safety_checks: [],
      status: 'completed',
    })
    expect(call['id']).toMatch(/^cu_[0-9a-f]{50}$/)
    expect(call['call_id']).toMatch(/^call_[0-9A-Za-z]{24}$/)
    expect(first['reasoning']).toMatchObject({ effort: 'medium' })
    expect(keysOf((first['tools'] as object[])[0])).toBe('type,display_height,display_width,environment')

    const shown = (callId: unknown) => ({
      type: 'computer_call_output',
      call_id: callId,
      output: { type: 'computer_screenshot', image_url: 'data:image/png;base64,iVBORw0KGgo=' },
    })
    const { body: second } = await told(
      await simulator.post(path, { ...ask, previous_response_id: first.id, input: [shown(call['call_id'])] }),
    )
    const act = second.output.at(-1)!
    expect(act).toMatchObject({ type: 'computer_call', action: { type: 'click', button: 'left' } })
    const { x, y } = act['action'] as { x: number; y: number }
    expect([x < 1024, y < 768]).toEqual([true, true])

    const { body: third } = await told(
      await simulator.post(path, { ...ask, previous_response_id: second.id, input: [shown(act['call_id'])] }),
    )
    expect(third.output.at(-1)).toMatchObject({ type: 'message', role: 'assistant' })
  })

  it('that is sent along is acted on at once: what stands in quotes is written', async () => {
    const input = [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: "Search for 'OpenAI news', please" },
          { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'high' },
        ],
      },
    ]
    const { body } = await told(await testSimulator().post('/openai/v1/responses', { ...ask, input }))
    expect(body.output.at(-1)).toMatchObject({ action: { type: 'type', text: 'OpenAI news' } })
  })

  it('comes in a stream as one item', async () => {
    const answer = await testSimulator().post('/openai/v1/responses', { ...ask, input: 'Click!', stream: true })
    const text = await answer.text()
    expect(text).toContain('"item":{"type":"computer_call","id":"cu_')
    expect(text).toContain('event: response.completed')
  })
})
