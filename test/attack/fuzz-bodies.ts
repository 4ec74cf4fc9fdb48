/** A request that works for each family of the API: what the fuzzer changes. */
import type { Attack } from './attacked.ts'

const dated = '?api-version=2025-04-01-preview'
const json = (path: string, body: object, headers = {}): Attack => ({ path, body: JSON.stringify(body), headers })
const deployment = (name: string, path: string) => `/openai/deployments/${name}/${path}${dated}`
const claude = { 'anthropic-version': '2023-06-01' }

const parameters = {
  type: 'object',
  properties: { city: { type: 'string', enum: ['a', 'b'] }, n: { type: 'integer', minimum: 1 } },
  required: ['city', 'n'],
  additionalProperties: false,
}
const weather = { name: 'weather', description: 'a', parameters, strict: true }
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Eight samples of 8 bits, all of ASCII. */
const wav = 'RIFF,\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0@\x1f\0\0\x01\0\x08\0data\x08\0\0\0aaaaaaaa'

const form = (
  path: string,
  fields: Readonly<Record<string, string>>,
  file: readonly [string, string, string?],
): Attack => {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const [name, data, filename = 'a.jsonl'] = file
  const last = `--x\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: text/plain\r\n\r\n${data}\r\n--x--\r\n`
  return { path, body: parts.join('') + last, headers: { 'content-type': 'multipart/form-data; boundary=x' } }
}

export const goodRequests: readonly Attack[] = [
  json(deployment('gpt-4o', 'chat/completions'), {
    messages: [
      { role: 'system', content: 'a' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a?' },
          { type: 'image_url', image_url: { url: pixel, detail: 'low' } },
        ],
      },
      {
        role: 'assistant',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'weather', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'b' },
    ],
    tools: [{ type: 'function', function: weather }],
    tool_choice: { type: 'function', function: { name: 'weather' } },
    response_format: { type: 'json_schema', json_schema: { name: 'a', strict: true, schema: parameters } },
    max_tokens: 20,
    n: 2,
    stop: ['x'],
    logprobs: true,
    top_logprobs: 2,
    logit_bias: { 1: 5 },
    stream: false,
    stream_options: null,
    user: 'a',
    seed: 1,
    temperature: 1,
  }),
  json('/openai/v1/chat/completions', {
    model: 'gpt-4.1',
    messages: [{ role: 'user', content: 'a' }],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 5,
    store: true,
    metadata: { a: 'b' },
    prediction: { type: 'content', content: 'a b c' },
  }),
  json(deployment('gpt-4o', 'chat/completions'), {
    messages: [{ role: 'user', content: 'a' }],
    max_tokens: 5,
    data_sources: [
      {
        type: 'azure_search',
        parameters: {
          endpoint: 'https://a.example',
          index_name: 'a',
          authentication: { type: 'api_key', key: 'a' },
          fields_mapping: { content_fields: ['a'] },
        },
      },
    ],
  }),
  json('/openai/v1/responses', {
    model: 'gpt-4.1',
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'a' }] },
      { type: 'function_call', call_id: 'c', name: 'weather', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'a' },
    ],
    instructions: 'a',
    tools: [
      { type: 'function', ...weather },
      { type: 'web_search' },
      { type: 'code_interpreter', container: { type: 'auto' } },
    ],
    tool_choice: 'auto',
    text: { format: { type: 'json_schema', name: 'a', schema: parameters, strict: true }, verbosity: 'medium' },
    include: ['message.output_text.logprobs'],
    max_output_tokens: 30,
    metadata: { a: 'b' },
    truncation: 'auto',
    store: true,
  }),
  json('/openai/v1/responses', {
    model: 'o4-mini',
    input: 'a',
    stream: true,
    background: false,
    reasoning: { effort: 'low', summary: 'auto' },
  }),
  json(
    '/anthropic/v1/messages',
    {
      model: 'claude-haiku-4-5',
      max_tokens: 20,
      system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a' }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'a' }] },
      ],
      tools: [{ name: 'f', description: 'a', input_schema: parameters }],
      tool_choice: { type: 'auto' },
      stop_sequences: ['x'],
      stream: true,
    },
    claude,
  ),
  json(
    '/anthropic/v1/messages/count_tokens',
    { model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'a' }] },
    claude,
  ),
  json(deployment('text-embedding-3-small', 'embeddings'), {
    input: ['a', 'b'],
    dimensions: 8,
    encoding_format: 'base64',
    user: 'a',
  }),
  json(deployment('gpt-35-turbo-instruct', 'completions'), {
    prompt: ['a', 'b'],
    max_tokens: 5,
    n: 1,
    best_of: 1,
    echo: true,
    logprobs: 2,
    suffix: 'a',
  }),
  json(deployment('gpt-image-1', 'images/generations'), {
    prompt: 'a',
    n: 1,
    size: '1024x1024',
    quality: 'low',
    output_format: 'png',
  }),
  json(deployment('tts', 'audio/speech'), { input: 'a', voice: 'alloy', response_format: 'mp3', speed: 1 }),
  json(`/models/chat/completions?api-version=2024-05-01-preview`, {
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'a' }],
    max_tokens: 5,
  }),
  json(`/models/embeddings?api-version=2024-05-01-preview`, { model: 'text-embedding-3-small', input: ['a'] }),
  json(`/models/images/embeddings?api-version=2024-05-01-preview`, { model: 'embed-v-4-0', input: [{ image: pixel }] }),
  form(
    '/openai/v1/files',
    { purpose: 'batch', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '1209600' },
    ['file', '{"custom_id":"a"}\n'],
  ),
  form(deployment('whisper', 'audio/transcriptions'), { response_format: 'json', temperature: '0' }, [
    'file',
    wav,
    'a.wav',
  ]),
  form(deployment('gpt-image-1', 'images/edits'), { prompt: 'a', size: '1024x1024' }, ['image', 'PNG']),
  json(`/openai/batches${dated}`, { input_file_id: 'file-1', endpoint: '/chat/completions', completion_window: '24h' }),
  { method: 'GET', path: `/openai/files${dated}&limit=3&order=asc&after=file-1` },
  { method: 'GET', path: `/openai/v1/responses/resp_1?include[]=a&stream=true&starting_after=3` },
  { method: 'GET', path: '/openai/v1/models/gpt-4o' },
  { method: 'DELETE', path: '/openai/v1/responses/resp_1' },
  { method: 'PATCH', path: '/++/settings', body: JSON.stringify({ generate: { medianTokens: 100 } }) },
  { method: 'GET', path: '/++/metrics' },
]
