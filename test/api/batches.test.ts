import { afterAll, describe, expect, it } from 'vitest'
import type OpenAI from 'openai'
import { AzureOpenAI, toFile } from 'openai'
import { manualClock, type ManualClock } from '../support/manual-clock.ts'
import { apiVersion, testSimulator } from '../support/simulator.ts'

const instantly = {
  files: { processTime: '0ms' },
  batches: { validateTime: '0ms', runTime: '0ms', finalizeTime: '0ms' },
}
const simulators: { errors: string[] }[] = []
function create(input: Record<string, unknown> = instantly, clock?: ManualClock) {
  const simulator = testSimulator(input, clock && { clock })
  simulators.push(simulator)
  return simulator
}

type Batch = OpenAI.Batches.Batch

const chatLine = (id: string, body: object = {}, rest: object = {}) => ({
  custom_id: id,
  method: 'POST',
  url: '/chat/completions',
  body: { model: 'gpt-4o', messages: [{ role: 'user', content: `Question ${id}` }], max_tokens: 5, ...body },
  ...rest,
})
const text = (lines: readonly unknown[]) =>
  lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
const upload = async (client: OpenAI, lines: readonly unknown[]) =>
  client.files.create({ purpose: 'batch', file: await toFile(Buffer.from(text(lines)), 'input.jsonl') })

/** As users do: ask until it has ended. */
async function ended(client: OpenAI, id: string, clock?: ManualClock): Promise<Batch> {
  for (;;) {
    const batch = await client.batches.retrieve(id)
    if (['completed', 'failed', 'cancelled'].includes(batch.status)) return batch
    if (clock) await clock.advanceAsync(100)
    else await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** The paths of the dated surface have no `/v1`, which the client's types do not know. */
const endpoint = '/chat/completions' as '/v1/chat/completions'

async function run(client: OpenAI, lines: readonly unknown[], order: Partial<OpenAI.Batches.BatchCreateParams> = {}) {
  const file = await upload(client, lines)
  const batch = await client.batches.create({
    input_file_id: file.id,
    endpoint,
    completion_window: '24h',
    ...order,
  })
  return ended(client, batch.id)
}

type OutputLine = {
  custom_id: string
  response: { status_code: number; request_id: string; body: OpenAI.ChatCompletion & { error?: { code: string } } }
  error: null
}
async function linesOf(client: OpenAI, id: string | undefined): Promise<OutputLine[]> {
  const content = await (await client.files.content(id ?? '')).text()
  return content
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as OutputLine)
}

describe.each(['azure', 'v1'] as const)('a batch, by the official client (%s)', (surface) => {
  it('is polled to its completion, and has one answer a line', async () => {
    const client = create()[surface]()
    const batch = await run(client, [chatLine('a'), chatLine('b', { max_tokens: 7 }), ''], {
      metadata: { job: 'nightly' },
    })
    expect(batch).toMatchObject({
      object: 'batch',
      status: 'completed',
      endpoint: '/chat/completions',
      completion_window: '24h',
      request_counts: { total: 2, completed: 2, failed: 0 },
      metadata: { job: 'nightly' },
      errors: null,
    })
    expect(batch.expires_at).toBe(batch.created_at + 86_400)
    const lines = await linesOf(client, batch.output_file_id)
    expect(lines.map(({ custom_id }) => custom_id)).toEqual(['a', 'b'])
    for (const { response, error } of lines) {
      expect(error).toBeNull()
      expect(response.status_code).toBe(200)
      expect(response.request_id).toMatch(/^[0-9a-f-]{36}$/)
    }
    expect(lines.map(({ response }) => response.body.usage?.completion_tokens)).toEqual([5, 7])
    const output = await client.files.retrieve(batch.output_file_id ?? '')
    expect(output).toMatchObject({
      purpose: 'batch_output',
      status: 'processed',
      filename: `${batch.id}_results.jsonl`,
    })
    // Recorded January 2025: both files are named, if one is empty.
    const errors = await client.files.retrieve(batch.error_file_id ?? '')
    expect(errors).toMatchObject({ purpose: 'batch_output', bytes: 0, filename: `${batch.id}_errors.jsonl` })
    const content = await (await client.files.content(batch.output_file_id ?? '')).text()
    expect(content).toMatch(/^\{"custom_id": "a", "response": \{"body": \{"choices": \[\{/)
    expect(content.split('\n')[0]).toMatch(/\}, "request_id": "[0-9a-f-]{36}", "status_code": 200\}, "error": null\}$/)
  })

  it('answers embeddings, on one line each though their answers are printed over several', async () => {
    const client = create()[surface]()
    const line = { ...chatLine('e'), url: '/v1/embeddings', body: { model: 'text-embedding-3-small', input: 'hello' } }
    const batch = await run(client, [line], { endpoint: '/v1/embeddings' })
    const [answer] = (await linesOf(client, batch.output_file_id)) as unknown as {
      response: { body: OpenAI.CreateEmbeddingResponse }
    }[]
    expect(answer?.response.body.data[0]?.embedding).toHaveLength(1536)
  })

  it('answers completions', async () => {
    const client = create()[surface]()
    const body = { model: 'gpt-35-turbo-instruct', prompt: 'Once', max_tokens: 6 }
    const batch = await run(client, [{ ...chatLine('c'), url: '/v1/completions', body }], {
      endpoint: '/v1/completions',
    })
    const [answer] = (await linesOf(client, batch.output_file_id)) as unknown as {
      response: { body: OpenAI.Completion }
    }[]
    expect(answer?.response.body).toMatchObject({ object: 'text_completion', usage: { completion_tokens: 6 } })
  })

  it('answers responses, and says what is wrong with one as they do', async () => {
    const client = create()[surface]()
    const line = (id: string, max: number) => ({
      ...chatLine(id),
      url: '/v1/responses',
      body: { model: 'gpt-4o', input: 'Hello', max_output_tokens: max },
    })
    const batch = await run(client, [line('r', 20), line('bad', 1)], { endpoint: '/v1/responses' })
    expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 2, completed: 1, failed: 1 } })
    type Lines = { custom_id: string; response: { status_code: number; body: unknown } }[]
    const [answer] = (await linesOf(client, batch.output_file_id)) as unknown as Lines
    expect(answer).toMatchObject({
      custom_id: 'r',
      response: { status_code: 200, body: { object: 'response', usage: { output_tokens: 20 } } },
    })
    const [refused] = (await linesOf(client, batch.error_file_id)) as unknown as Lines
    expect(refused).toMatchObject({
      custom_id: 'bad',
      response: { status_code: 400, body: { error: { param: 'max_output_tokens', code: 'integer_below_min_value' } } },
    })
  })
})

describe('a batch', () => {
  it('is refused for very many pairs of metadata before they are looked at', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`k${at}`, 1]))
    const asked = { input_file_id: 'file-1', endpoint: '/chat/completions', completion_window: '24h', metadata }
    for (const path of ['/openai/v1/batches', '/openai/v1/vector_stores']) {
      const answer = await create().post(path, asked)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { param: 'metadata', code: 'object_above_max_properties' } })
    }
  })

  it('puts what is refused into a file of its own, in the words in which it would be refused', async () => {
    const client = create().v1()
    const batch = await run(client, [chatLine('good'), chatLine('bad', { max_tokens: 1_000_000 })])
    expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 2, completed: 1, failed: 1 } })
    const [refused] = await linesOf(client, batch.error_file_id)
    expect(refused).toMatchObject({
      custom_id: 'bad',
      response: { status_code: 400, body: { error: { message: expect.stringContaining('too large') as string } } },
    })
  })

  it('answers whole where a line asks for a stream, since nobody listens', async () => {
    const client = create().v1()
    const batch = await run(client, [chatLine('s', { stream: true })])
    const [line] = await linesOf(client, batch.output_file_id)
    expect(line?.response.body.object).toBe('chat.completion')
  })

  it('is held up by no limit and no latency of its deployment, and uses none of them up', async () => {
    const simulator = create({
      ...instantly,
      deployments: { 'gpt-4o': { model: 'gpt-4o', requestsPerMinute: 6, tokensPerMinute: 1000 } },
      latency: { chatCompletions: { interToken: '10min' } },
    })
    const lines = Array.from({ length: 50 }, (_, index) => chatLine(String(index)))
    expect(await run(simulator.v1(), lines)).toMatchObject({ request_counts: { completed: 50, failed: 0 } })
    simulator.patch({ latency: { open_ai_chat_completions: { mean: 0, std_dev: 0 } } })
    const body = { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 2 }
    const answer = await simulator.post('/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21', body)
    expect(answer.headers.get('x-ratelimit-remaining-requests')).toBe('5')
  })

  it.each([
    ['invalid_json_line', 2, [chatLine('a'), '{"custom_id":']],
    ['invalid_request', 1, [{ ...chatLine('a'), custom_id: undefined }]],
    ['invalid_request', 1, [{ ...chatLine('a'), method: 'GET' }]],
    ['invalid_request', 1, [{ ...chatLine('a'), body: [] }]],
    ['invalid_request', 1, [chatLine('a', { model: undefined })]],
    ['url_mismatch', 2, [chatLine('a'), { ...chatLine('b'), url: '/embeddings' }]],
    ['duplicate_custom_id', 3, [chatLine('a'), chatLine('b'), chatLine('a')]],
    ['model_mismatch', 2, [chatLine('a'), chatLine('b', { model: 'gpt-4o-mini' })]],
    ['empty_file', null, ['', ' ']],
  ])('fails with %s on line %s, and answers nothing', async (code, line, lines) => {
    const client = create().v1()
    const batch = await run(client, lines)
    expect(batch).toMatchObject({
      status: 'failed',
      errors: { object: 'list', data: [{ code, line, message: expect.any(String) as string }] },
      request_counts: { total: 0, completed: 0, failed: 0 },
      output_file_id: '',
    })
    expect(batch.failed_at).toEqual(expect.any(Number))
  })

  it('fails with too_many_tasks beyond a hundred thousand lines', async () => {
    const clock = manualClock(1_800_000_000_000)
    const client = create(instantly, clock).v1()
    const line = (at: number) =>
      `{"custom_id":"${at}","method":"POST","url":"/chat/completions","body":{"model":"gpt-4o"}}`
    const lines = Array.from({ length: 100_001 }, (_, at) => line(at))
    const file = await upload(client, lines)
    const { id } = await client.batches.create({ input_file_id: file.id, endpoint, completion_window: '24h' })
    expect(await ended(client, id, clock)).toMatchObject({
      status: 'failed',
      errors: {
        data: [{ code: 'too_many_tasks', line: null, message: expect.stringContaining('100000') as string }],
      },
    })
  })

  it('is answered where keys are disabled, for whoever has a token', async () => {
    const simulator = create({ ...instantly, auth: { disableKeys: true, acceptAnyToken: true } })
    const client = new AzureOpenAI({
      azureADTokenProvider: () => Promise.resolve('any-token'),
      endpoint: 'http://sim.test',
      apiVersion,
      fetch: simulator.fetch,
      maxRetries: 0,
    })
    expect(await run(client, [chatLine('a')])).toMatchObject({ request_counts: { completed: 1, failed: 0 } })
    await expect(simulator.azure().batches.list()).rejects.toMatchObject({ status: 403 })
  })

  it('fails for a deployment that is not there, where only configured ones are', async () => {
    const simulator = create({
      ...instantly,
      allowUndefinedDeployments: false,
      deployments: { it: { model: 'gpt-4o' } },
    })
    const failed = await run(simulator.v1(), [chatLine('a', { model: 'other' })])
    expect(failed.errors?.data?.[0]?.code).toBe('model_not_found')
    expect((await run(simulator.v1(), [chatLine('a', { model: 'it' })])).status).toBe('completed')
  })

  it('takes the time of each state from the settings, and spreads its lines over it', async () => {
    const clock = manualClock(1_800_000_000_000)
    const times = { validateTime: '2s', runTime: '10s', finalizeTime: '3s' }
    const client = create({ files: { processTime: '1s' }, batches: times }, clock).v1()
    const file = await upload(
      client,
      Array.from({ length: 10 }, (_, index) => chatLine(String(index))),
    )
    const { id } = await client.batches.create({ input_file_id: file.id, endpoint, completion_window: '24h' })
    const after = async (ms: number) => {
      await clock.advanceAsync(ms)
      return client.batches.retrieve(id)
    }
    expect(await after(1_900)).toMatchObject({ status: 'validating', in_progress_at: null })
    expect((await client.files.retrieve(file.id)).status).toBe('processed')
    expect(await after(200)).toMatchObject({ status: 'in_progress', request_counts: { total: 10, completed: 1 } })
    expect(await after(5_000)).toMatchObject({ status: 'in_progress', request_counts: { completed: 6 } })
    expect(await after(5_000)).toMatchObject({ status: 'finalizing', request_counts: { completed: 10 } })
    const batch = await after(3_000)
    expect(batch.status).toBe('completed')
    expect((batch.completed_at ?? 0) - (batch.finalizing_at ?? 0)).toBe(3)
    expect((batch.finalizing_at ?? 0) - (batch.in_progress_at ?? 0)).toBe(10)
  })

  it('can be cancelled, and then has what was answered until then', async () => {
    const clock = manualClock(1_800_000_000_000)
    const client = create(
      { ...instantly, batches: { ...instantly.batches, runTime: '10s', finalizeTime: '1s' } },
      clock,
    ).v1()
    const file = await upload(
      client,
      Array.from({ length: 10 }, (_, index) => chatLine(String(index))),
    )
    const { id } = await client.batches.create({ input_file_id: file.id, endpoint, completion_window: '24h' })
    await clock.advanceAsync(4_500)
    expect(await client.batches.cancel(id)).toMatchObject({ status: 'cancelling' })
    const batch = await ended(client, id, clock)
    expect(batch).toMatchObject({ status: 'cancelled', request_counts: { total: 10, completed: 5 } })
    expect(await linesOf(client, batch.output_file_id)).toHaveLength(5)
    await expect(client.batches.cancel(id)).rejects.toMatchObject({ status: 409 })
  })

  // Recorded December 2024 to April 2025.
  it('names its endpoint without v1, and no file where it was cancelled before its first answer', async () => {
    const clock = manualClock(1_800_000_000_000)
    const simulator = create({ ...instantly, batches: { ...instantly.batches, validateTime: '5s' } }, clock)
    const client = simulator.azure()
    const file = await upload(client, [chatLine('a')])
    const made = await client.batches
      .create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' })
      .withResponse()
    expect(made.data).toMatchObject({ endpoint: '/chat/completions', output_file_id: '', error_file_id: '' })
    expect(made.response.headers.get('deployment-enqueued-tokens')).toBe('0')
    expect(made.response.headers.get('x-request-time')).toBe('0.000')
    expect(await client.batches.cancel(made.data.id)).toMatchObject({ status: 'cancelling', output_file_id: '' })
    const batch = await ended(client, made.data.id, clock)
    expect(batch).toMatchObject({ status: 'cancelled', output_file_id: null, error_file_id: null })
    const path = `/openai/batches/${made.data.id}?api-version=${apiVersion}`
    const text = await (await simulator.request(path, {})).text()
    expect(text).toBe(JSON.stringify(JSON.parse(text), undefined, 2))
  })

  it('expires its output where that is asked for', async () => {
    const clock = manualClock(1_800_000_000_000)
    const client = create({ ...instantly, files: { lifetime: '30000min' } }, clock).v1()
    const file = await upload(client, [chatLine('a')])
    const order = { output_expires_after: { anchor: 'created_at', seconds: 3_600 } } as const
    const { id } = await client.batches.create({ input_file_id: file.id, endpoint, completion_window: '24h', ...order })
    const batch = await ended(client, id, clock)
    const output = await client.files.retrieve(batch.output_file_id ?? '')
    expect((output.expires_at ?? 0) - output.created_at).toBe(3_600)
    await clock.advanceAsync(3_600_000)
    await expect(client.files.retrieve(output.id)).rejects.toMatchObject({ status: 404 })
    expect((await client.files.retrieve(file.id)).id).toBe(file.id)
  })

  it('lets no more than a few lines be answered without a pause, so that others are served between', async () => {
    const clock = manualClock(1_800_000_000_000)
    const client = create(instantly, clock).v1()
    const file = await upload(
      client,
      Array.from({ length: 500 }, (_, index) => chatLine(String(index))),
    )
    const { id } = await client.batches.create({ input_file_id: file.id, endpoint, completion_window: '24h' })
    const progress: number[] = []
    for (;;) {
      const batch = await client.batches.retrieve(id)
      progress.push(batch.request_counts?.completed ?? 0)
      if (batch.status === 'completed') break
      await clock.advanceAsync(8)
    }
    const steps = progress.slice(1).map((count, index) => count - (progress[index] ?? 0))
    expect(Math.max(...steps)).toBeLessThanOrEqual(32)
    expect(Math.max(...progress)).toBe(500)
  })

  it('waits for its turn where many run at once, and comes to its end', async () => {
    const client = create().v1()
    const batches = await Promise.all(Array.from({ length: 9 }, () => run(client, [chatLine('a')])))
    expect(batches.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 'completed'))
  })

  it('is created from a file that is there, for batches, and for an endpoint that batches have', async () => {
    const client = create().v1()
    const create_ = (order: object) =>
      client.batches.create({ input_file_id: 'file-none', endpoint, completion_window: '24h', ...order })
    await expect(create_({})).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('file-none') as string,
    })
    await expect(create_({ endpoint: '/v1/images/generations' })).rejects.toMatchObject({
      status: 400,
      param: 'endpoint',
    })
    await expect(create_({ completion_window: '1h' })).rejects.toMatchObject({
      status: 400,
      param: 'completion_window',
    })
    await expect(create_({ input_file_id: undefined })).rejects.toMatchObject({ code: 'missing_required_parameter' })
    await expect(create_({ metadata: { a: 1 } })).rejects.toMatchObject({ status: 400, param: 'metadata.a' })
    const other = await client.files.create({ purpose: 'assistants', file: await toFile(Buffer.from('x'), 'x.txt') })
    await expect(create_({ input_file_id: other.id })).rejects.toMatchObject({ status: 400, param: 'input_file_id' })
    await expect(client.batches.retrieve('batch_none')).rejects.toMatchObject({ status: 404 })
  })

  it('is listed, newest first, page by page', async () => {
    const simulator = create()
    for (const client of [simulator.azure(), simulator.v1()]) {
      const made: string[] = []
      for (let count = 0; count < 5; count++) made.push((await run(client, [chatLine('a')])).id)
      const listed: string[] = []
      for await (const { id } of client.batches.list({ limit: 2 })) listed.push(id)
      expect(listed.slice(0, 5)).toEqual(made.toReversed())
    }
    await expect(simulator.v1().batches.list({ limit: 1000 })).rejects.toMatchObject({ status: 400, param: 'limit' })
  })

  it('has answers to lines that would take longer than a client is let wait', async () => {
    const latency = { chatCompletions: { interToken: '1h' } }
    const client = create({ ...instantly, latency, azure: { timeout: '1ms' } }).azure()
    expect(await run(client, [chatLine('a')])).toMatchObject({ request_counts: { completed: 1, failed: 0 } })
  })

  it('is created below a deployment, too, where the Azure client sends it', async () => {
    const client = create().azure('gpt-4o')
    expect((await run(client, [chatLine('a')])).status).toBe('completed')
  })
})

afterAll(() => {
  for (const { errors } of simulators) expect(errors).toEqual([])
})
