/** What recordings of Microsoft's own SDK tests say of a request, where no other file has it. */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator()
const { post, request } = simulator
const mine = { 'x-ms-client-request-id': 'mine' }

describe('an item of a type that there is not', () => {
  const items = (...input: object[]) => post('/openai/v1/responses', { model: 'gpt-4o', input })

  it('is refused with the list of all, to the byte (recorded February 2026)', async () => {
    const answer = await items({ role: 'user', content: 'a' }, { type: '', role: 'user', content: 'a' })
    const text = await answer.text()
    expect([answer.status, text.length]).toEqual([400, 655])
    expect(JSON.parse(text)).toMatchObject({ error: { param: 'input[1]', code: 'invalid_value' } })
    expect(text).toContain("'compaction', 'computer_call', 'computer_call_output', 'custom_tool_call'")
    expect(text).toContain("'item_reference', 'local_shell_call'")
    expect(text).toContain("'shell_call_output', and 'web_search_call'.")
  })

  it.each([
    [{ role: 'king', content: 'a' }, 'input[0]', "'king'. Supported values are: 'assistant', 'system', "],
    [{}, 'input[0]', "''. Supported values are: 'assistant', 'system', 'developer', and 'user'."],
    [
      { role: 'assistant', content: [{ type: 'input_text', text: 'a' }] },
      'input[0].content[0]',
      "'input_text'. Supported values are: 'output_text' and 'refusal'.",
    ],
    [
      { role: 'user', content: [{ type: 'text', text: 'a' }] },
      'input[0].content[0].type',
      "'text'. Supported values are: 'input_text', 'input_image', 'output_text', 'refusal', 'input_file', 'computer_screenshot', and 'summary_text'.",
    ],
  ])('names the place as users quote it: %j', async (item, param, words) => {
    const { error } = (await (await items(item)).json()) as { error: { param: string; message: string } }
    expect(error.param).toBe(param)
    expect(error.message).toContain(words)
  })
})

describe('a kept response', () => {
  const at = '/openai/responses'
  const version = '?api-version=2025-04-01-preview'

  it('does not give the client its id back, and says whose account it is (recorded August and November 2025)', async () => {
    const made = await post(at + version, { model: 'gpt-4o-mini', input: 'Hi' }, mine)
    expect(made.headers.get('x-ms-client-request-id')).toBe('mine')
    const { id } = (await made.json()) as { id: string }
    const path = `${at}/${id}${version}`
    const answers = [
      await request(path, { headers: mine }),
      await request(path, { method: 'DELETE', headers: mine }),
      await request(path, { headers: mine }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404])
    for (const { headers } of answers) {
      expect(headers.get('x-ms-client-request-id')).toBeNull()
      expect(headers.get('openai-organization')).toMatch(/^[0-9a-f]{32}$/)
      expect(headers.get('azureml-served-by-cluster')).toBe('hyena-eastus2-02')
    }
  })

  it('is deleted by the project itself, where one has it (recorded May 2026)', async () => {
    const door = '/api/projects/mine/openai/v1/responses'
    const made = await post(door, { model: 'gpt-4.1', input: 'Hi' })
    for (const name of ['openai-organization', 'openai-project', 'openai-client-partition-id', 'openai-version'])
      expect(made.headers.get(name), name).toMatch(/\S/)
    const { id } = (await made.json()) as { id: string }
    const { headers } = await request(`${door}/${id}`, { method: 'DELETE' })
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers.get('openai-version')).toBeNull()
    expect(headers.get('azureml-served-by-cluster')).toBe('vienna-eastus2-02')
  })
})

it('a request that misses its model gets no type with the answer (recorded March 2026)', async () => {
  const answer = await post('/openai/responses?api-version=2025-04-01-preview', { input: 'a' }, mine)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([400, null])
  expect(answer.headers.get('x-ms-client-request-id')).toBe('mine')
})

it('timestamps without verbose_json are refused in the words recorded of the upstream API', async () => {
  const form = new FormData()
  form.append('file', new Blob([Buffer.concat([Buffer.from('ID3'), Buffer.alloc(64)])]), 'a.mp3')
  form.append('timestamp_granularities[]', 'word')
  const answer = await request('/openai/deployments/whisper/audio/transcriptions?api-version=2024-06-01', {
    method: 'POST',
    body: form,
  })
  expect(await answer.json()).toMatchObject({
    error: {
      message: 'Timestamp granularities are only supported with response_format=verbose_json',
      code: 'timestamp_granularities_format',
    },
  })
})

describe('chat', () => {
  const chat = (body: object) =>
    post('/openai/deployments/gpt-4o-audio-preview/chat/completions?api-version=2025-04-01-preview', body)

  it('finds nothing in a prompt of sound alone, and names sound by its time (recorded April 2025)', async () => {
    const data = Buffer.concat([Buffer.from('ID3'), Buffer.alloc(400)]).toString('base64')
    const answer = await chat({
      messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data, format: 'mp3' } }] }],
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'pcm16' },
    })
    const body = (await answer.json()) as {
      prompt_filter_results: unknown
      choices: { message: { audio: { id: string; expires_at: number } } }[]
    }
    expect(body.prompt_filter_results).toEqual([{ prompt_index: 0, content_filter_results: {} }])
    const { id, expires_at: until } = body.choices[0]!.message.audio
    expect(id).toMatch(/^audio_[0-9a-f]{32}$/)
    expect(parseInt(id.slice(6, 14), 16)).toBe(until - 3_600)
  })
})

it('a stream of sound ends with sound, a chunk without choices, and until when it is kept (recorded April 2025)', async () => {
  const answer = await post(
    '/openai/deployments/gpt-4o-audio-preview/chat/completions?api-version=2025-04-01-preview',
    {
      messages: [{ role: 'user', content: 'Hi' }],
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'pcm16' },
      stream: true,
      stream_options: { include_usage: true },
    },
  )
  const events = (await answer.text()).split('\n\n').filter((event) => event.startsWith('data: {'))
  const kinds = events.map((event) =>
    ['"usage":{', '"expires_at"', '"finish_reason":"stop"', '"audio":{"data"', '"choices"'].find((part) =>
      event.includes(part),
    ),
  )
  expect(kinds.slice(-4)).toEqual(['"audio":{"data"', undefined, '"expires_at"', '"usage":{'])
  expect(kinds.filter((kind) => kind === '"finish_reason":"stop"')).toHaveLength(1)
})

describe('limits of sound', () => {
  const sound = (deployment: string) =>
    testSimulator({ deployments: { [deployment]: { model: deployment, requestsPerMinute: 3 } } })

  it('count transcriptions and translations of one deployment apart, all of a minute at once (recorded March 2024)', async () => {
    const whisper = sound('whisper')
    const ask = async (operation: string) => {
      const form = new FormData()
      form.append('file', new Blob([Buffer.concat([Buffer.from('ID3'), Buffer.alloc(64)])]), 'a.mp3')
      const path = `/openai/deployments/whisper/audio/${operation}?api-version=2024-06-01`
      return (await whisper.request(path, { method: 'POST', body: form })).status
    }
    const statuses = async (operation: string) => {
      const all: number[] = []
      for (let call = 0; call < 4; call++) all.push(await ask(operation))
      return all
    }
    expect(await statuses('transcriptions')).toEqual([200, 200, 200, 429])
    expect(await statuses('translations')).toEqual([200, 200, 200, 429])
  })

  it('name the operation that was refused, as the errors of March 2024 did and those of December did not', async () => {
    const old = testSimulator({
      azure: { rateLimitError: 'since2023' },
      deployments: { chat: { model: 'gpt-35-turbo', tokensPerMinute: 0 } },
    })
    const named = async (version: string) => {
      const path = `/openai/deployments/chat/chat/completions?api-version=${version}`
      const { status, headers } = await old.post(path, { messages: [{ role: 'user', content: 'Hi' }] })
      expect(status).toBe(429)
      return headers.get('apim-operation-name')
    }
    expect(await named('2024-03-01-preview')).toBe('ChatCompletions_Create')
    expect(await named('2024-05-01-preview')).toBeNull()
  })

  it('are not told with speech, but by the versions of its time (recorded April 2024 and July 2025)', async () => {
    const tts = sound('tts')
    const told = async (version: string) => {
      const path = `/openai/deployments/tts/audio/speech?api-version=${version}`
      const answer = await tts.post(path, { model: 'tts', input: 'Hi', voice: 'alloy' })
      return answer.headers.get('x-ratelimit-remaining-requests')
    }
    expect(await told('2025-04-01-preview')).toBeNull()
    expect(await told('2024-03-01-preview')).toBe('1')
  })
})

it('gpt-4 of November 2023 answers as gpt-4 (recorded March 2024)', async () => {
  const { azure } = testSimulator({ deployments: { old: { model: 'gpt-4-1106-Preview' } } })
  const { model } = await azure('old').chat.completions.create({
    model: 'old',
    messages: [{ role: 'user', content: 'Hi' }],
  })
  expect(model).toBe('gpt-4')
})
