/**
 * Good requests to what is kept and to the control API, for the fuzzer: `{file}` and the like stand for the ids of what
 * `prepare` makes first.
 */
import type { Attack } from './attacked.ts'

const v1 = '/openai/v1'
const project = '/api/projects/p'
const json = (path: string, body: object, method = 'POST'): Attack => ({ method, path, body: JSON.stringify(body) })
const get = (path: string): Attack => ({ method: 'GET', path })
const form = (
  path: string,
  fields: Readonly<Record<string, string>>,
  [file, data, filename = 'a.jsonl']: readonly [string, string, string?],
): Attack => ({
  path,
  headers: { 'content-type': 'multipart/form-data; boundary=x' },
  body:
    Object.entries(fields)
      .map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('') +
    `--x\r\nContent-Disposition: form-data; name="${file}"; filename="${filename}"\r\nContent-Type: text/plain\r\n\r\n${data}\r\n--x--\r\n`,
})

const line = (id: string) =>
  JSON.stringify({
    custom_id: id,
    method: 'POST',
    url: '/chat/completions',
    body: { model: 'gpt-4o', messages: [{ role: 'user', content: 'a' }], max_tokens: 3 },
  })
const message = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'a' }] }
const evaluation = {
  name: 'a',
  metadata: { a: 'b' },
  data_source_config: {
    type: 'custom',
    item_schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
    include_sample_schema: true,
  },
  testing_criteria: [
    { type: 'string_check', name: 'same', input: '{{sample.output_text}}', operation: 'eq', reference: '{{item.a}}' },
    {
      type: 'text_similarity',
      name: 'near',
      input: '{{item.a}}',
      reference: '{{item.a}}',
      evaluation_metric: 'bleu',
      pass_threshold: 0.5,
    },
  ],
}
const run = {
  name: 'a',
  data_source: {
    type: 'completions',
    model: 'gpt-4o',
    source: { type: 'file_content', content: [{ item: { a: 'b' } }] },
    input_messages: { type: 'template', template: [{ role: 'user', content: '{{item.a}}' }] },
    sampling_params: { max_completions_tokens: 5, temperature: 1 },
  },
}
const agent = {
  definition: {
    kind: 'prompt',
    model: 'gpt-4.1',
    instructions: 'a',
    tools: [{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }],
  },
  description: 'a',
  metadata: { a: 'b' },
}
const grader = {
  type: 'string_check',
  name: 'a',
  input: '{{sample.output_text}}',
  reference: '{{item.a}}',
  operation: 'eq',
}
const storedChat = {
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'a' }],
  store: true,
  metadata: { a: 'b' },
  max_tokens: 3,
}
const storeBody = {
  name: 'a',
  file_ids: ['{text}'],
  metadata: { a: 'b' },
  expires_after: { anchor: 'last_active_at', days: 1 },
  chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
}
const realtimeSession = {
  type: 'realtime',
  model: 'gpt-realtime',
  instructions: 'a',
  audio: { input: { turn_detection: { type: 'server_vad', threshold: 0.5 } }, output: { voice: 'alloy', speed: 1 } },
  tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }],
}

/** What is made first, by the name that stands for its id. */
const made: readonly (readonly [string, Attack])[] = [
  ['file', form(`${v1}/files`, { purpose: 'batch' }, ['file', line('a')])],
  ['text', form(`${v1}/files`, { purpose: 'assistants' }, ['file', 'a b c', 'a.txt'])],
  ['training', form(`${v1}/files`, { purpose: 'fine-tune' }, ['file', '{"messages":[]}\n'.repeat(10)])],
  ['response', json(`${v1}/responses`, { model: 'gpt-4.1', input: [message], store: true, max_output_tokens: 16 })],
  ['conversation', json(`${v1}/conversations`, { metadata: { a: 'b' }, items: [message] })],
  ['store', json(`${v1}/vector_stores`, storeBody)],
  ['filebatch', json(`${v1}/vector_stores/{store}/file_batches`, { file_ids: ['{text}'] })],
  ['eval', json(`${v1}/evals`, evaluation)],
  ['run', json(`${v1}/evals/{eval}/runs`, run)],
  ['container', json(`${v1}/containers`, { name: 'a' })],
  ['containerfile', form(`${v1}/containers/{container}/files`, {}, ['file', 'a'])],
  ['video', json(`${v1}/videos`, { model: 'sora-2', prompt: 'a' })],
  [
    'batch',
    json(`${v1}/batches`, { input_file_id: '{file}', endpoint: '/chat/completions', completion_window: '24h' }),
  ],
  ['upload', json(`${v1}/uploads`, { filename: 'a', purpose: 'user_data', bytes: 2, mime_type: 'text/plain' })],
  ['part', form(`${v1}/uploads/{upload}/parts`, {}, ['data', 'ab'])],
  ['job', json(`${v1}/fine_tuning/jobs`, { model: 'gpt-4o-2024-08-06', training_file: '{training}' })],
  ['chat', json(`${v1}/chat/completions`, storedChat)],
  [
    'endpoint',
    json(`${v1}/dashboard/webhook_endpoints`, {
      name: 'a',
      url: 'http://127.0.0.1:9/a',
      event_types: ['response.completed'],
    }),
  ],
  ['agent', json(`${project}/agents?api-version=v1`, { name: 'agent', ...agent })],
  ['session', json('/++/sessions', { name: 'a' })],
]

/** Makes it all; `keep` learns each id. */
export async function prepare(
  ask: (attack: Attack) => Promise<{ readonly status: number; readonly text: string }>,
): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = {}
  for (const [name, attack] of made) {
    const { status, text } = await ask(withIds(attack, ids))
    if (status >= 300) throw new Error(`${name}: ${status} ${text}`)
    ids[name] = (JSON.parse(text) as { readonly id: string }).id
  }
  return ids
}

const put = (text: string, ids: Readonly<Record<string, string>>) =>
  text.replaceAll(/\{(\w+)\}/g, (all, name: string) => (Object.hasOwn(ids, name) ? (ids[name] as string) : all))

/** With the ids in place of the names that stand for them. */
export const withIds = (attack: Attack, ids: Readonly<Record<string, string>>): Attack => ({
  ...attack,
  path: put(attack.path, ids),
  ...(typeof attack.body === 'string' && { body: put(attack.body, ids) }),
})

export const keptRequests: readonly Attack[] = [
  ...made.map(([, attack]) => attack),
  get(`${v1}/chat/completions?limit=3&order=desc&model=gpt-4o&metadata[a]=b`),
  json(`${v1}/chat/completions/{chat}`, { metadata: { a: 'c' } }),
  get(`${v1}/chat/completions/{chat}`),
  get(`${v1}/chat/completions/{chat}/messages?limit=2`),
  get(`${v1}/responses/{response}?include[]=message.output_text.logprobs`),
  get(`${v1}/responses/{response}/input_items?limit=2&order=asc&include[]=reasoning.encrypted_content`),
  json(`${v1}/responses`, {
    model: 'gpt-4.1',
    previous_response_id: '{response}',
    input: [
      message,
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'a' }] },
    ],
    background: true,
    tools: [
      { type: 'file_search', vector_store_ids: ['{store}'], filters: { type: 'eq', key: 'a', value: 'b' } },
      {
        type: 'mcp',
        server_label: 'a',
        server_url: 'https://a.example',
        allowed_tools: ['f'],
        require_approval: 'never',
      },
      { type: 'image_generation', size: '1024x1024' },
      { type: 'custom', name: 'g', format: { type: 'grammar', syntax: 'regex', definition: 'a' } },
      { type: 'shell' },
      { type: 'apply_patch' },
    ],
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'shell' }] },
  }),
  json(`${v1}/responses`, {
    model: 'gpt-4.1',
    input: 'a',
    conversation: { id: '{conversation}' },
    prompt_cache_key: 'a',
    safety_identifier: 'a',
    service_tier: 'auto',
    top_logprobs: 2,
    max_tool_calls: 3,
    parallel_tool_calls: true,
    stream_options: { include_obfuscation: false },
    stream: true,
  }),
  json(`${v1}/responses/input_tokens`, { model: 'gpt-4.1', input: [message], tools: [], instructions: 'a' }),
  json(`${v1}/responses/compact`, { model: 'gpt-4.1', input: [message], instructions: 'a' }),
  json(`${v1}/responses/{response}/cancel`, {}),
  get(`${v1}/conversations/{conversation}`),
  json(`${v1}/conversations/{conversation}`, { metadata: { a: 'c' } }),
  json(`${v1}/conversations/{conversation}/items`, { items: [message] }),
  get(`${v1}/conversations/{conversation}/items?limit=2&order=asc&after=msg_1`),
  get(`${v1}/vector_stores?limit=2&after=vs_1&before=vs_2`),
  json(`${v1}/vector_stores/{store}`, { name: 'b', metadata: { a: 'b' } }),
  json(`${v1}/vector_stores/{store}/search`, {
    query: ['a'],
    max_num_results: 5,
    filters: {
      type: 'and',
      filters: [
        { type: 'gt', key: 'a', value: 1 },
        { type: 'in', key: 'b', value: ['a'] },
      ],
    },
    ranking_options: { ranker: 'auto', score_threshold: 0 },
    rewrite_query: true,
  }),
  json(`${v1}/vector_stores/{store}/files`, { file_id: '{text}', attributes: { a: 1, b: 'a', c: true } }),
  json(`${v1}/vector_stores/{store}/files/{text}`, { attributes: { a: 1 } }),
  get(`${v1}/vector_stores/{store}/files?filter=completed&limit=2`),
  get(`${v1}/vector_stores/{store}/files/{text}/content`),
  get(`${v1}/vector_stores/{store}/file_batches/{filebatch}/files?filter=failed`),
  get(`${v1}/files?purpose=batch&limit=2`),
  get(`${v1}/files/{file}/content`),
  get(`${v1}/batches?limit=2&after=batch_1`),
  get(`${v1}/batches/{batch}`),
  json(`${v1}/uploads/{upload}/complete`, { part_ids: ['{part}'] }),
  json(`${v1}/evals/{eval}`, { name: 'b', metadata: { a: 'b' } }),
  get(`${v1}/evals?limit=2&order=desc&order_by=created_at`),
  get(`${v1}/evals/{eval}/runs?status=completed&limit=2`),
  get(`${v1}/evals/{eval}/runs/{run}/output_items?status=pass&limit=2`),
  json(`${v1}/fine_tuning/alpha/graders/run`, { grader, model_sample: 'a', item: { a: 'a' } }),
  json(`${v1}/fine_tuning/alpha/graders/validate`, { grader }),
  get(`${v1}/fine_tuning/jobs/{job}/events?limit=2`),
  get(`${v1}/fine_tuning/jobs/{job}/checkpoints?limit=2`),
  json(`${v1}/containers`, {
    name: 'a',
    expires_after: { anchor: 'last_active_at', minutes: 10 },
    file_ids: ['{file}'],
    memory_limit: '1g',
  }),
  json(`${v1}/containers/{container}/files`, { file_id: '{file}' }),
  get(`${v1}/containers/{container}/files/{containerfile}/content`),
  get(`${v1}/videos?limit=2&order=asc`),
  get(`${v1}/videos/{video}/content?variant=thumbnail`),
  json(`${v1}/videos/{video}/remix`, { prompt: 'a' }),
  json(`${v1}/dashboard/webhook_endpoints/{endpoint}`, { name: 'b' }),
  json(`${v1}/realtime/client_secrets`, {
    expires_after: { anchor: 'created_at', seconds: 60 },
    session: realtimeSession,
  }),
  get(`${project}/agents?api-version=v1&limit=2&kind=prompt`),
  json(`${project}/agents/agent/versions?api-version=v1`, agent),
  json(`${project}/openai/responses?api-version=2025-11-15-preview`, {
    input: 'a',
    agent: { type: 'agent_reference', name: 'agent', version: '1' },
  }),
  get(`${project}/deployments?api-version=v1&modelPublisher=OpenAI&deploymentType=ModelDeployment`),
  json('/++/sessions', {
    name: 'a',
    lifetime: '1min',
    deployments: { a: { model: 'gpt-4o', tokensPerMinute: 1000 } },
    rules: [{ when: { call: '1..2', chance: '5%' }, then: { error: 'rateLimit', retryAfter: '2s' } }],
  }),
  json('/++/sessions/{session}', { seed: 1, name: 'b' }, 'PATCH'),
  json('/++/rules', {
    name: 'a',
    when: {
      operation: 'chatCompletions',
      deployment: ['never'],
      prompt: '/zz.*/i',
      body: { messages: [{ role: 'user' }] },
      headers: { a: 'b' },
      turn: '1..2',
      stream: false,
    },
    then: {
      toolCalls: [{ name: 'f', arguments: { a: 1 } }],
      latency: { timeToFirstToken: '1ms' },
      headers: { a: 'b' },
    },
  }),
  json('/++/rules', {
    when: { deployment: 'never' },
    then: { error: { status: 400, code: 'a', message: 'b', headers: { a: 'b' } } },
  }),
  json('/++/rules', {
    when: { deployment: 'never' },
    then: { raw: { status: 200, headers: { a: 'b' }, body: 'a' } },
  }),
  json('/++/requests/expect', {
    expectations: [{ when: { deployment: 'gpt-4o', prompt: 'a' }, status: 200, count: { min: 1 } }],
    inOrder: false,
    within: '1ms',
  }),
  json(
    '/++/settings',
    {
      deployments: { z: { model: 'gpt-4o', tokensPerMinute: 1000, latency: { interToken: '1ms' } } },
      contentFilter: { rules: [{ pattern: 'zzz', category: 'hate', severity: 'high', source: 'prompt' }] },
      quota: { '*': { 'OpenAI.GlobalStandard.gpt-4o': 100_000 } },
    },
    'PATCH',
  ),
  json('/++/config', { latency: { open_ai_embeddings: { mean: 1 } } }, 'PATCH'),
  json('/++/sign-in', { code: 'a' }),
  get('/++/resources'),
  get('/++/requests?limit=3&status=200&deployment=gpt-4o&operation=a&since=2026-01-01T00:00:00Z'),
  get('/++/settings?wait=1&timeout=1ms'),
  get('/++/settings/schema?of=sim.yaml'),
  get('/++/capacity?deployment=gpt-4o'),
  get('/++/verdict?since=2026-01-01T00:00:00Z'),
  get('/++/timeline'),
  get('/++/recordings?limit=2'),
  get('/++/report'),
]
