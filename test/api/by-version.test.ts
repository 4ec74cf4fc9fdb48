/** What was last recorded with an api-version counts for it, and a project's doors have rows of their own (recordings of 2023 to 2026). */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator({
  deployments: {
    'gpt-4o': { model: 'gpt-4o' },
    'gpt-4o-mini': { model: 'gpt-4o-mini' },
    'gpt-35-turbo': { model: 'gpt-35-turbo' },
    instruct: { model: 'gpt-35-turbo-instruct' },
    whisper: { model: 'whisper' },
    tts: { model: 'tts' },
  },
})

async function post(path: string, body: object) {
  const answer = await simulator.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
const keysOf = (text: string) => Object.keys(JSON.parse(text) as object)
const messages = [{ role: 'user', content: 'Hello' }]

describe('an older api-version', () => {
  it('has the headers of completions that it was last recorded with (March 2024 and February 2025)', async () => {
    const ask = (version: string) =>
      post(`/openai/deployments/instruct/completions?api-version=${version}`, { prompt: 'a' })
    expect((await ask('2024-03-01-preview')).headers.get('x-accel-buffering')).toBe('no')
    expect((await ask('2025-01-01-preview')).headers.get('x-accel-buffering')).toBeNull()
  })

  it('has the headers of speech that it was last recorded with (April 2024 and July 2025)', async () => {
    const ask = (version: string) =>
      post(`/openai/deployments/tts/audio/speech?api-version=${version}`, { input: 'a', voice: 'alloy' })
    expect((await ask('2024-03-01-preview')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect((await ask('2025-04-01-preview')).headers.get('x-request-id')).toBeNull()
  })

  it('tells of chat unsorted, whole and streamed, to March 2024', async () => {
    const path = '/openai/deployments/gpt-35-turbo/chat/completions?api-version='
    const old = await post(`${path}2023-12-01-preview`, { messages })
    expect(keysOf(old.text).slice(0, 5).join()).toBe('id,object,created,model,prompt_filter_results')
    expect(keysOf(old.text).slice(-3).join()).toBe('choices,usage,system_fingerprint')
    const [choice] = (JSON.parse(old.text) as { choices: object[] }).choices
    expect(Object.keys(choice ?? {}).join()).toBe('finish_reason,index,message,content_filter_results,logprobs')
    const stream = await post(`${path}2024-03-01-preview`, { messages, stream: true, max_tokens: 3 })
    const events = stream.text.split('\n\n').filter((line) => line.startsWith('data: {'))
    expect(keysOf(events[1]?.slice(6) ?? '').join()).toBe('id,object,created,model,choices,system_fingerprint')
    expect(stream.text).toMatch(/data: \[DONE\]\n\n$/)
    // Recorded March 2026: one between them is sorted.
    for (const version of ['2024-02-01', '2024-05-01-preview'])
      expect(keysOf((await post(`${path}${version}`, { messages })).text)[0]).toBe('choices')
  })

  it('of Responses has the members and headers of its last recording (November 2025 and March 2026)', async () => {
    const ask = (version: string, model: string) =>
      post(`/openai/responses?api-version=${version}`, { model, input: 'Hello' })
    const first = await ask('2025-03-01-preview', 'gpt-4o')
    const lacks = ['completed_at', 'frequency_penalty', 'presence_penalty', 'prompt_cache_retention']
    expect(keysOf(first.text).filter((key) => lacks.includes(key))).toEqual([])
    expect(JSON.parse(first.text)).toMatchObject({ content_filters: null })
    expect(first.headers.get('openai-processing-ms')).toMatch(/^\d+$/)
    expect(first.headers.get('x-ms-deployment-name')).toBe('gpt-4o')
    const later = await ask('2025-04-01-preview', 'gpt-4o-mini')
    expect(keysOf(later.text).filter((key) => lacks.includes(key))).toEqual(lacks)
    expect(later.headers.get('azureai-processed-tier')).toBe('default')
    expect(later.headers.get('x-ms-deployment-name')).toBeNull()
    const { content_filters: filters } = JSON.parse(later.text) as {
      content_filters: { content_filter_results: object }[]
    }
    expect(Object.keys(filters[0]?.content_filter_results ?? {}).join()).toBe(
      'self_harm,hate,sexual,jailbreak,violence',
    )
  })

  it('of chat tells of one look at a picture, and of no tier, where it was last recorded so (January, August 2025)', async () => {
    const picture = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
    const ask = async (version: string, content: unknown) => {
      const where = `/openai/deployments/gpt-4o/chat/completions?api-version=${version}`
      return JSON.parse((await post(where, { messages: [{ role: 'user', content }] })).text) as {
        prompt_filter_results: { prompt_index: number; content_filter_result: object }[]
      }
    }
    const [one, ...others] = (await ask('2024-05-01-preview', [picture])).prompt_filter_results
    expect([one?.prompt_index, Object.keys(one?.content_filter_result ?? {}).join(), others]).toEqual([
      0,
      'sexual,violence,hate,self_harm,jailbreak,custom_blocklists',
      [],
    ])
    expect((await ask('2025-03-01-preview', [picture])).prompt_filter_results).toHaveLength(2)
    expect(await ask('2025-04-01-preview', 'Hi')).not.toHaveProperty('service_tier')
    expect(await ask('2025-03-01-preview', 'Hi')).toHaveProperty('service_tier', 'default')
  })

  it('of Responses tells of a web search without the content types that v1 tells', async () => {
    const body = { model: 'gpt-4o-mini', input: 'Hello', tools: [{ type: 'web_search_preview' }] }
    const toolOf = ({ text }: { text: string }) => Object.keys((JSON.parse(text) as { tools: object[] }).tools[0] ?? {})
    expect(toolOf(await post('/openai/responses?api-version=2025-04-01-preview', body))).not.toContain(
      'search_content_types',
    )
    expect(toolOf(await post('/openai/v1/responses', body))).toContain('search_content_types')
  })

  it('deletes a file of a batch as it was last recorded to (August and December 2024, January 2025)', async () => {
    const remove = async (version: string) => {
      const form = new FormData()
      form.set('purpose', 'batch')
      form.set('file', new File(['{}'], 'x.jsonl'))
      const made = await simulator.request(`/openai/files?api-version=${version}`, { method: 'POST', body: form })
      const { id } = (await made.json()) as { id: string }
      const gone = await simulator.request(`/openai/files/${id}?api-version=${version}`, { method: 'DELETE' })
      return { status: gone.status, text: await gone.text() }
    }
    expect(await remove('2024-07-01-preview')).toEqual({ status: 204, text: '' })
    expect(keysOf((await remove('2024-10-21')).text).join()).toBe('deleted,id,object')
    expect(keysOf((await remove('2025-01-01-preview')).text).join()).toBe('object,deleted,id')
  })
})

describe('below a project', () => {
  it('chat tells its tiers and nothing that is graded (March 2026)', async () => {
    const { text, headers } = await post('/api/projects/p/openai/v1/chat/completions', { model: 'gpt-4o', messages })
    expect(headers.get('azureai-requested-tier')).toBe('default')
    expect(headers.get('x-ms-deployment-name')).toBeNull()
    expect(text).toContain('"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]')
    const nothing = '{"filtered":false,"detected":false}'
    const found = `{"protected_material_code":${nothing},"protected_material_text":${nothing}}`
    expect(text).toContain(`"content_filter_results":${found},"finish_reason"`)
  })

  it('responses of gpt-4o and gpt-4.1 tell protected material alone (May 2026)', async () => {
    const { text } = await post('/api/projects/p/openai/v1/responses', { model: 'gpt-4o', input: 'Hello' })
    const { content_filters: filters } = JSON.parse(text) as { content_filters: { content_filter_results: object }[] }
    expect(filters.map(({ content_filter_results: results }) => Object.keys(results))).toEqual([
      [],
      ['protected_material_text', 'protected_material_code'],
    ])
  })

  it('what is passed on has a header of the project (March and April 2026)', async () => {
    const listed = await simulator.request('/api/projects/p/openai/v1/files')
    expect(listed.headers.get('x-ms-response-type')).toBe('standard')
    expect((await simulator.request('/openai/v1/files')).headers.get('x-ms-response-type')).toBeNull()
  })

  const dated = (path: string) => `/api/projects/p/openai${path}?api-version=2025-11-15-preview`

  it('a dated response that is not kept is a 400 (November 2025)', async () => {
    const answer = await simulator.request(dated('/responses/resp_1'))
    expect(answer.status).toBe(400)
    const { error } = (await answer.json()) as { error: object }
    expect(error).toEqual({
      code: 'bad_request',
      message: 'resp_1 not found',
      details: [],
      additional_info: { request_id: expect.any(String) as string },
    })
  })

  it('a dated conversation that is not there is told by its id (November 2025)', async () => {
    const answer = await simulator.request(dated('/conversations/conv_1'))
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({
      error: { code: 'not_found', message: "Conversation 'conv_1' not found", param: null, type: 'error' },
    })
    const wrong = await post(dated('/conversations'), { items: 'a' })
    expect(wrong.status).toBe(400)
    expect(wrong.headers.get('x-ms-response-type')).toBe('standard')
  })

  it('dated streams leave out what they did (January 2026)', async () => {
    const { text, headers } = await post(dated('/responses'), { model: 'gpt-4o', input: 'Hello', stream: true })
    expect(text).not.toContain('frequency_penalty')
    expect(text).toContain('"content_filter_raw":null')
    expect(headers.get('azureai-processed-tier')).toBeNull()
    const whole = await post(dated('/responses'), { model: 'gpt-4o', input: 'Hello' })
    expect(whole.headers.get('azureai-processed-tier')).toBe('default')
    expect(whole.headers.get('api-supported-versions')).toBe('2025-05-15-preview,2025-11-15-preview')
  })
})
