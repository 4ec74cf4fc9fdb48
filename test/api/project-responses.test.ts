/** Responses through a project's doors, as recorded from November 2025 to June 2026. */
import { describe, expect, it } from 'vitest'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const v1 = '/api/projects/mine/openai/v1/responses'
const dated = '/api/projects/mine/openai/responses'
const version = '?api-version=2025-11-15-preview'
const ask = { model: 'gpt-4.1', input: 'Hi' }

type Told = Record<string, unknown> & { readonly id: string; readonly output: readonly Record<string, unknown>[] }

async function told(answer: Response) {
  const text = await answer.text()
  expect(answer.status, text).toBe(200)
  return { text, body: JSON.parse(text) as Told, headers: answer.headers }
}

const eventsOf = (text: string) =>
  text
    .trim()
    .split('\n\n')
    .map((event) => JSON.parse(event.slice(event.indexOf('\ndata: ') + 7)) as Record<string, unknown>)

const calls = {
  model: 'gpt-4o',
  input: 'Hi',
  tool_choice: 'required',
  tools: [{ type: 'function', name: 'f', parameters: {}, strict: false }],
}

describe('a response through a project', () => {
  it('has its members in the project’s order, and none that is unset', async () => {
    const simulator = testSimulator()
    const { text, body } = await told(await simulator.post(v1, ask))
    expect(Object.keys(body).join()).toBe(
      'metadata,top_logprobs,temperature,top_p,service_tier,prompt_cache_retention,model,reasoning,background,text,tools,tool_choice,truncation,id,object,status,created_at,completed_at,error,incomplete_details,output,instructions,usage,parallel_tool_calls,agent_reference,content_filters',
    )
    expect(body).toMatchObject({
      reasoning: {},
      instructions: null,
      agent_reference: null,
      prompt_cache_retention: 'in_memory',
    })
    expect(text).toContain('\n  "temperature": 1,\n')
    const [message] = body.output
    expect(Object.keys(message!).join()).toBe('type,id,response_id,role,content,status')
    expect(message!['response_id']).toBe(body.id)
    expect(Object.keys((message!['content'] as object[])[0]!).join()).toBe('type,text,annotations,logprobs')
    expect((await told(await simulator.request(`${v1}/${body.id}`))).text).toBe(text)
    // The same through the resource's own door.
    const { body: own } = await told(await simulator.request(`/openai/v1/responses/${body.id}`))
    expect(Object.keys(own).slice(0, 4)).toEqual(['id', 'object', 'created_at', 'status'])
  })

  it('is written in 645 bytes where it is made in the background and told nothing', async () => {
    const { text } = await told(await testSimulator().post(v1, { model: 'gpt-4o', input: 'Hi', background: true }))
    // As recorded of gpt-4o in May 2026.
    expect(Buffer.byteLength(text)).toBe(645)
  })

  it('tells calls, thoughts and tools so', async () => {
    const { body } = await told(await testSimulator().post(v1, { ...calls, model: 'gpt-5-mini' }))
    expect(body.output.map((item) => Object.keys(item).join())).toEqual([
      'type,id,response_id,summary',
      'type,id,response_id,call_id,name,arguments,status',
    ])
    expect(body['tools']).toEqual([
      { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false },
    ])
    expect(body['reasoning']).toEqual({ effort: 'medium' })
  })

  it('is streamed with sorted events around responses in the resource’s order', async () => {
    const events = eventsOf(await (await testSimulator().post(v1, { ...ask, stream: true })).text())
    const keysOf = (type: string) => Object.keys(events.find((event) => event['type'] === type)!).join()
    expect(keysOf('response.created')).toBe('type,response,sequence_number')
    expect(keysOf('response.output_item.added')).toBe('type,item,output_index,sequence_number')
    expect(keysOf('response.output_text.delta')).toBe(
      'type,content_index,delta,item_id,logprobs,obfuscation,output_index,sequence_number',
    )
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, at) => at))
    const { response } = events.at(-1) as { response: Told }
    expect(Object.keys(response).slice(0, 4)).toEqual(['id', 'object', 'created_at', 'status'])
    expect(response['tool_choice']).toBeNull()
    expect(Object.keys(response.output[0]!).join()).toBe('type,id,response_id,role,content,status')
  })

  it('has the headers of the project’s service', async () => {
    const simulator = testSimulator({ undefinedDeployments: { tokensPerMinute: 100_000 } })
    const common = {
      'api-supported-versions': '1.0,2025-05-15-preview,2025-11-15-preview',
      'x-ms-response-type': 'standard',
    }
    const { headers, body } = await told(await simulator.post(v1, ask))
    expect(Object.fromEntries(headers)).toMatchObject({
      ...common,
      'openai-processing-ms': expect.stringMatching(/^\d+$/) as string,
      'x-ms-aoai-configured-data-retention-days': '30',
      'x-ratelimit-limit-requests': expect.any(String) as string,
    })
    const stream = await simulator.post(v1, { ...ask, stream: true })
    expect(Object.fromEntries(stream.headers)).toMatchObject({ ...common, 'cache-control': 'no-cache' })
    expect(stream.headers.has('x-ratelimit-limit-requests')).toBe(false)
    const kept = await simulator.request(`${v1}/${body.id}`)
    expect(Object.fromEntries(kept.headers)).toMatchObject({ ...common, 'openai-version': '2020-10-01' })
    expect(kept.headers.has('x-ms-aoai-configured-data-retention-days')).toBe(false)
    const gone = await simulator.request(`${v1}/resp_gone`)
    expect(gone.status).toBe(404)
    expect(Object.fromEntries(gone.headers)).toMatchObject({ ...common, 'x-request-id': expect.any(String) as string })
  })

  it('is told by the dated door as it was told before', async () => {
    const simulator = testSimulator()
    const { body } = await told(await simulator.post(dated + version, ask))
    expect(Object.keys(body).join()).toBe(
      'metadata,temperature,top_p,user,service_tier,top_logprobs,model,reasoning,background,text,tools,tool_choice,truncation,id,object,status,created_at,error,incomplete_details,output,instructions,usage,parallel_tool_calls,conversation',
    )
    expect(Object.keys(body.output[0]!).join()).toBe('type,id,status,role,content,created_by')
    expect(body.output[0]!['created_by']).toEqual({ response_id: body.id })
    const events = eventsOf(await (await simulator.post(dated + version, { ...ask, stream: true })).text())
    const added = events.find(({ type }) => type === 'response.output_item.added')!
    expect(Object.keys(added).join()).toBe('type,sequence_number,output_index,item')
    expect(Object.keys(added['item'] as object).join()).toBe('type,id,created_by,status,role,content')
    expect((await simulator.post(dated, ask)).status).toBe(404)
    expect((await simulator.post(`${dated}?api-version=2024-10-21`, ask)).status).toBe(404)
  })
})

describe('a response of the resource', () => {
  it('is deleted in the words of its surface', async () => {
    const simulator = testSimulator()
    const at = '/openai/responses'
    const query = '?api-version=2025-04-01-preview'
    const { body } = await told(await simulator.post(at + query, ask))
    const deleted = await simulator.request(`${at}/${body.id}${query}`, { method: 'DELETE' })
    expect(await deleted.json()).toEqual({ id: body.id, object: 'response.deleted', deleted: true })
    const { body: other } = await told(await simulator.post('/openai/v1/responses', ask))
    const gone = await simulator.request(`/openai/v1/responses/${other.id}`, { method: 'DELETE' })
    expect(await gone.json()).toEqual({ id: other.id, object: 'response', deleted: true })
  })

  it('is missed in bare words where no model is named on the dated surface', async () => {
    const answer = await testSimulator().post('/openai/responses?api-version=2025-04-01-preview', { input: 'a' })
    expect([answer.status, await answer.text()]).toEqual([
      400,
      '{\n  "error": {\n    "message": "Missed model deployment"\n  }\n}',
    ])
  })

  it('tells a function that says nothing of it as strict where it can be', async () => {
    const properties = { a: { type: 'string' } }
    const echo = async (parameters: object) => {
      const tools = [{ type: 'function', name: 'f', parameters }]
      const { body } = await told(await testSimulator().post('/openai/v1/responses', { ...ask, tools }))
      return (body['tools'] as { parameters: object; strict: boolean }[])[0]!
    }
    const all = { type: 'object', properties, required: ['a'] }
    const { parameters, strict } = await echo(all)
    expect([strict, JSON.stringify(parameters)]).toEqual([
      true,
      JSON.stringify({ ...all, additionalProperties: false }),
    ])
    expect(await echo({ type: 'object', properties })).toMatchObject({ strict: false, parameters: { properties } })
  })

  it('is not padded where its stream is of the background', async () => {
    const clock = manualClock()
    const simulator = testSimulator({}, { clock })
    const pending = simulator.post('/openai/v1/responses', { ...ask, stream: true, background: true })
    await clock.advanceAsync(10_000)
    const answer = await pending
    const text = answer.text()
    await clock.advanceAsync(60_000)
    expect(await text).toContain('response.output_text.delta')
    expect(await text).not.toContain('obfuscation')
  })
})
