/** One of everything that is kept: files, batches, vector stores, conversations, containers, jobs, evaluations, videos. */
import type { Asked, Json } from './asked.ts'

const model = 'gpt-4.1-mini'
const messages = [{ role: 'user', content: 'Hello' }]
const batched = { custom_id: 'a', method: 'POST', url: '/chat/completions', body: { model, messages } }
const lines = (one: object, count = 1) => Array.from({ length: count }, () => JSON.stringify(one)).join('\n')

async function fileOf({ ask }: Asked, purpose: string, name: string, text: string): Promise<string> {
  const form = new FormData()
  form.set('purpose', purpose)
  form.set('file', new File([text], name))
  return (await ask('POST', '/files', {}, form)).id
}

export async function askFiles(asked: Asked): Promise<void> {
  const { ask } = asked
  const file = { file_id: await fileOf(asked, 'assistants', 'a.md', 'Some text of ours.') }
  await fileOf(asked, 'user_data', 'a.txt', 'Text')
  await ask('GET', '/files')
  await ask('GET', '/files/{file_id}', file)
  await ask('DELETE', '/files/{file_id}', file)
  const input = await fileOf(asked, 'batch', 'a.jsonl', lines(batched))
  await ask('GET', '/files/{file_id}/content', { file_id: input })
  const order = { input_file_id: input, endpoint: '/v1/chat/completions', completion_window: '24h' }
  const batch = { batch_id: (await ask('POST', '/batches', {}, { ...order, metadata: { a: 'b' } })).id }
  await ask('GET', '/batches')
  const done = await ask('GET', '/batches/{batch_id}', batch)
  if (done['output_file_id']) await ask('GET', '/files/{file_id}', { file_id: done['output_file_id'] as string })
  const wrong = await ask(
    'POST',
    '/batches',
    {},
    { ...order, input_file_id: await fileOf(asked, 'batch', 'b.jsonl', 'no') },
  )
  await ask('GET', '/batches/{batch_id}', { batch_id: wrong.id })

  const upload = { filename: 'a.md', purpose: 'assistants', bytes: 3, mime_type: 'text/markdown' }
  const first = { upload_id: (await ask('POST', '/uploads', {}, upload)).id }
  const form = new FormData()
  form.set('data', new File(['abc'], 'a'))
  const part = await ask('POST', '/uploads/{upload_id}/parts', first, form)
  await ask('POST', '/uploads/{upload_id}/complete', first, { part_ids: [part.id] })
  const second = { upload_id: (await ask('POST', '/uploads', {}, upload)).id }
  await ask('POST', '/uploads/{upload_id}/cancel', second)
}

export async function askStores(asked: Asked): Promise<void> {
  const { ask } = asked
  const path = '/vector_stores/{vector_store_id}'
  const file = () => fileOf(asked, 'assistants', 'a.md', 'Bread is baked in the morning.')
  await ask('POST', '/vector_stores')
  const more = { expires_after: { anchor: 'last_active_at', days: 7 }, metadata: { a: 'b' } }
  const store = { vector_store_id: (await ask('POST', '/vector_stores', {}, { name: 'a', ...more })).id }
  await ask('GET', '/vector_stores')
  await ask('GET', path, store)
  await ask('POST', path, store, { name: 'b' })
  const chunks = { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } }
  const added = { file_id: await file(), attributes: { topic: 'bread', year: 2026 }, chunking_strategy: chunks }
  const one = { ...store, file_id: (await ask('POST', `${path}/files`, store, added)).id }
  await ask('GET', `${path}/files`, store)
  await ask('GET', `${path}/files/{file_id}`, one)
  await ask('POST', `${path}/files/{file_id}`, one, { attributes: { topic: 'cake' } })
  await ask('GET', `${path}/files/{file_id}/content`, one)
  const batches = `${path}/file_batches`
  const batch = {
    ...store,
    batch_id: (await ask('POST', batches, store, { file_ids: [await file(), await file()] })).id,
  }
  await ask('GET', `${batches}/{batch_id}`, batch)
  await ask('GET', `${batches}/{batch_id}/files`, batch)
  await ask('POST', `${path}/search`, store, { query: 'When is bread baked?', max_num_results: 2 })
  const tools = [{ type: 'file_search', vector_store_ids: [store.vector_store_id] }]
  const include = ['file_search_call.results']
  await ask('POST', '/responses', {}, { model, input: 'When is bread baked?', tools, include })
  await ask('POST', '/responses', {}, { model, input: 'When is bread baked?', tools, stream: true })
  await ask('POST', `${batches}/{batch_id}/cancel`, batch)
  await ask('DELETE', `${path}/files/{file_id}`, one)
  await ask('DELETE', path, store)
}

export async function askConversations({ ask }: Asked): Promise<void> {
  const path = '/conversations/{conversation_id}'
  const message = { type: 'message', role: 'user', content: 'Hello' }
  const made = await ask('POST', '/conversations', {}, { items: [message], metadata: { topic: 'a' } })
  const conversation = { conversation_id: made.id }
  await ask('GET', path, conversation)
  await ask('POST', path, conversation, { metadata: { topic: 'b' } })
  const call = { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' }
  const items = [message, call, { type: 'function_call_output', call_id: 'call_1', output: 'done' }]
  const added = (await ask('POST', `${path}/items`, conversation, { items }))['data'] as Json[] | undefined
  await ask('POST', '/responses', {}, { model, input: 'And now?', conversation: made.id })
  await ask('GET', `${path}/items`, conversation, undefined, '?limit=100')
  const item = { ...conversation, item_id: added?.[0]?.id ?? '' }
  await ask('GET', `${path}/items/{item_id}`, item)
  await ask('DELETE', `${path}/items/{item_id}`, item)
  await ask('DELETE', path, conversation)

  const stored = { completion_id: (await ask('POST', '/chat/completions', {}, { model, messages, store: true })).id }
  const chat = '/chat/completions/{completion_id}'
  await ask('GET', '/chat/completions')
  await ask('GET', chat, stored)
  await ask('POST', chat, stored, { metadata: { a: 'b' } })
  await ask('GET', `${chat}/messages`, stored)
  await ask('DELETE', chat, stored)
}

export async function askContainers(asked: Asked): Promise<void> {
  const { ask } = asked
  const path = '/containers/{container_id}'
  const container = { container_id: (await ask('POST', '/containers', {}, { name: 'a' })).id }
  await ask('GET', '/containers')
  await ask('GET', path, container)
  const form = new FormData()
  form.set('file', new File(['a,b'], 'a.csv'))
  const file = { ...container, file_id: (await ask('POST', `${path}/files`, container, form)).id }
  await ask('GET', `${path}/files`, container)
  await ask('GET', `${path}/files/{file_id}`, file)
  await ask('GET', `${path}/files/{file_id}/content`, file)
  await ask('DELETE', `${path}/files/{file_id}`, file)
  await ask('DELETE', path, container)
}

export async function askJobs(asked: Asked): Promise<void> {
  const { ask } = asked
  const path = '/fine_tuning/jobs/{fine_tuning_job_id}'
  const rows = lines({ messages: [...messages, { role: 'assistant', content: 'Hi' }] }, 12)
  const training_file = await fileOf(asked, 'fine-tune', 'a.jsonl', rows)
  const method = { type: 'supervised', supervised: { hyperparameters: { n_epochs: 2 } } }
  const make = async (more = {}) => ({
    fine_tuning_job_id: (await ask('POST', '/fine_tuning/jobs', {}, { model, training_file, ...more })).id,
  })
  const done = await make({ method, suffix: 'mine', seed: 1 })
  await ask('GET', '/fine_tuning/jobs')
  await ask('GET', path, done)
  await ask('GET', `${path}/events`, done)
  await ask('GET', `${path}/checkpoints`, done)
  const check = { type: 'string_check', name: 'a', input: '{{sample.output_text}}', reference: 'a', operation: 'eq' }
  const judge = { type: 'score_model', name: 'b', model, input: [{ role: 'user', content: 'Score it.' }] }
  const both = { type: 'multi', name: 'c', graders: { a: check, b: judge }, calculate_output: '(a + b) / 2' }
  for (const grader of [check, judge, both]) {
    await ask('POST', '/fine_tuning/alpha/graders/validate', {}, { grader })
    await ask('POST', '/fine_tuning/alpha/graders/run', {}, { grader, item: {}, model_sample: 'a' })
  }
}

/** What can be done alone to what still runs. */
export async function askRunning(asked: Asked): Promise<void> {
  const { ask } = asked
  const path = '/fine_tuning/jobs/{fine_tuning_job_id}'
  const rows = lines({ messages: [...messages, { role: 'assistant', content: 'Hi' }] }, 12)
  const training_file = await fileOf(asked, 'fine-tune', 'a.jsonl', rows)
  const job = { fine_tuning_job_id: (await ask('POST', '/fine_tuning/jobs', {}, { model, training_file })).id }
  for (const verb of ['pause', 'resume', 'cancel']) await ask('POST', `${path}/${verb}`, job)
  const input = await fileOf(asked, 'batch', 'a.jsonl', lines(batched))
  const order = { input_file_id: input, endpoint: '/v1/chat/completions', completion_window: '24h' }
  await ask('POST', '/batches/{batch_id}/cancel', { batch_id: (await ask('POST', '/batches', {}, order)).id })
  const background = {
    response_id: (await ask('POST', '/responses', {}, { model, input: 'Hello', background: true })).id,
  }
  await ask('POST', '/responses/{response_id}/cancel', background)
}

export async function askEvaluations({ ask }: Asked): Promise<void> {
  const source = { type: 'custom', item_schema: { type: 'object', properties: { a: { type: 'string' } } } }
  const check = { type: 'string_check', name: 'a', input: '{{item.a}}', reference: 'a', operation: 'eq' }
  const made = await ask('POST', '/evals', {}, { name: 'a', data_source_config: source, testing_criteria: [check] })
  const evaluation = { eval_id: made.id }
  const path = '/evals/{eval_id}'
  await ask('GET', '/evals')
  await ask('GET', path, evaluation)
  await ask('POST', path, evaluation, { name: 'b' })
  const content = [{ item: { a: 'a' } }, { item: { a: 'b' } }]
  const data_source = { type: 'jsonl', source: { type: 'file_content', content } }
  const run = { ...evaluation, run_id: (await ask('POST', `${path}/runs`, evaluation, { name: 'r', data_source })).id }
  await ask('GET', `${path}/runs`, evaluation)
  await ask('GET', `${path}/runs/{run_id}`, run)
  const items = (await ask('GET', `${path}/runs/{run_id}/output_items`, run))['data'] as Json[] | undefined
  const item = { ...run, output_item_id: items?.[0]?.id ?? '' }
  await ask('GET', `${path}/runs/{run_id}/output_items/{output_item_id}`, item)
  await ask('POST', `${path}/runs/{run_id}`, run)
  await ask('DELETE', `${path}/runs/{run_id}`, run)
  await ask('DELETE', path, evaluation)
}

export async function askVideos({ ask }: Asked): Promise<void> {
  const video = { video_id: (await ask('POST', '/videos', {}, { model: 'sora-2', prompt: 'A cat.', seconds: '4' })).id }
  await ask('GET', '/videos')
  await ask('GET', '/videos/{video_id}', video)
  await ask('GET', '/videos/{video_id}/content', video)
  await ask('POST', '/videos/{video_id}/remix', video, { prompt: 'A dog.' })
  await ask('DELETE', '/videos/{video_id}', video)
}
