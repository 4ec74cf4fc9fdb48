/**
 * Ids that exist, in the place of those that the official suites make up, and what any service would demand in the place of
 * their zeros, empty texts and files that are no sound: the suites were written against a server that looks at nothing.
 */

import { parseForm } from '../../src/sim/base/form.ts'

type Ask = (
  path: string,
  init: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> },
) => Promise<Response>
type Asked = { readonly method: string; readonly url: string; readonly contentType: string; readonly body: Buffer }

type Json = Record<string, unknown>
const json = { 'content-type': 'application/json' }
const rows = Array.from({ length: 12 }, () =>
  JSON.stringify({
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ],
  }),
).join('\n')
const line = JSON.stringify({
  custom_id: 'a',
  method: 'POST',
  url: '/chat/completions',
  body: { model: 'gpt-4.1-mini', messages: [{ role: 'user', content: 'a' }] },
})

/** Each request gets things made for it alone, so that no test takes another's away. */
export function filler(ask: Ask): (asked: Asked) => Promise<Asked> {
  const post = async (path: string, body: Json): Promise<Json & { readonly id: string }> =>
    (await (await ask(path, { method: 'POST', headers: json, body: JSON.stringify(body) })).json()) as Json & {
      id: string
    }
  const file = async (purpose: string, name: string, text: string, path = '/files') => {
    const form = new FormData()
    form.set('purpose', purpose)
    form.set('file', new File([text], name, { type: 'application/jsonl' }))
    return ((await (await ask(path, { method: 'POST', body: form })).json()) as { id: string }).id
  }
  const made = {
    file: () => file('assistants', 'a.md', 'Some text.'),
    training: () => file('fine-tune', 'a.jsonl', rows, '/files?of=jobs'),
    lines: () => file('batch', 'a.jsonl', line),
    batch: async () =>
      (
        await post('/batches', {
          input_file_id: await made.lines(),
          endpoint: '/v1/chat/completions',
          completion_window: '24h',
        })
      ).id,
    job: async () =>
      (await post('/fine_tuning/jobs', { model: 'gpt-4.1-mini', training_file: await made.training() })).id,
    store: async () => (await post('/vector_stores', {})).id,
    chat: async () =>
      (
        await post('/chat/completions', {
          model: 'gpt-4.1-mini',
          messages: [{ role: 'user', content: 'a' }],
          store: true,
        })
      ).id,
    response: async (more: Json = {}) => {
      const body = JSON.stringify({ model: 'gpt-4.1-mini', input: 'a', ...more })
      const answer = await ask('/responses', { method: 'POST', headers: json, body })
      return /resp_[0-9a-f]+/.exec(await answer.text())?.[0] ?? ''
    },
    conversation: async () => post('/conversations', { items: [{ type: 'message', role: 'user', content: 'a' }] }),
    container: async () => (await post('/containers', { name: 'a' })).id,
    upload: async () =>
      (await post('/uploads', { filename: 'a', purpose: 'assistants', bytes: 3, mime_type: 'text/plain' })).id,
    evaluation: async () =>
      (
        await post('/evals', {
          data_source_config: { type: 'custom', item_schema: { type: 'object', properties: {} } },
          testing_criteria: [{ type: 'string_check', name: 'a', input: 'a', reference: 'a', operation: 'eq' }],
        })
      ).id,
    video: async () => (await post('/videos', { model: 'sora-2', prompt: 'a' })).id,
  }

  const inPath: readonly (readonly [RegExp, (found: RegExpExecArray, asked: Asked) => Promise<string>])[] = [
    [/^\/files\/file_id/, async () => `/files/${await made.file()}`],
    [/^\/batches\/batch_id/, async () => `/batches/${await made.batch()}`],
    [
      /^\/fine_tuning\/jobs\/ft-[^/?]+/,
      async (_, { url }) => {
        const id = await made.job()
        if (url.includes('/resume')) await post(`/fine_tuning/jobs/${id}/pause`, {})
        return `/fine_tuning/jobs/${id}`
      },
    ],
    [
      /^\/vector_stores\/(?:vector_store_id|vs_abc123)\/file_batches\/(?:vsfb_abc123|batch_id)/,
      async () => {
        const store = await made.store()
        const { id } = await post(`/vector_stores/${store}/file_batches`, { file_ids: [await made.file()] })
        return `/vector_stores/${store}/file_batches/${id}`
      },
    ],
    [
      /^\/vector_stores\/(?:vector_store_id|vs_abc123)\/files\/(?:file_id|file-abc123)/,
      async () => {
        const store = await made.store()
        const id = await made.file()
        await post(`/vector_stores/${store}/files`, { file_id: id })
        return `/vector_stores/${store}/files/${id}`
      },
    ],
    [/^\/vector_stores\/(?:vector_store_id|vs_abc123)/, async () => `/vector_stores/${await made.store()}`],
    [/^\/chat\/completions\/completion_id/, async () => `/chat/completions/${await made.chat()}`],
    [
      /^\/responses\/(?:response_id|resp_[0-9a-f]+)/,
      async (_, { url }) => {
        const isStream = url.includes('stream=true')
        const id = await made.response({
          ...(/\/cancel|stream=true/.test(url) && { background: true }),
          stream: isStream,
        })
        return `/responses/${id}`
      },
    ],
    [
      /^\/conversations\/conv_123\/items\/msg_abc/,
      async () => {
        const { id } = await made.conversation()
        const items = (await (await ask(`/conversations/${id}/items`, {})).json()) as { data: { id: string }[] }
        return `/conversations/${id}/items/${items.data[0]?.id ?? ''}`
      },
    ],
    [/^\/conversations\/conv_123/, async () => `/conversations/${(await made.conversation()).id}`],
    [
      /^\/containers\/container_id\/files\/file_id/,
      async () => {
        const container = await made.container()
        const { id } = await post(`/containers/${container}/files`, { file_id: await made.file() })
        return `/containers/${container}/files/${id}`
      },
    ],
    [/^\/containers\/container_id/, async () => `/containers/${await made.container()}`],
    [
      /^\/uploads\/upload_abc123/,
      async (_, { url }) => {
        const id = await made.upload()
        if (!url.includes('/complete')) return `/uploads/${id}`
        const form = new FormData()
        form.set('data', new File(['abc'], 'a'))
        const part = (await (await ask(`/uploads/${id}/parts`, { method: 'POST', body: form })).json()) as {
          id: string
        }
        parts.set(id, part.id)
        return `/uploads/${id}`
      },
    ],
    [
      /^\/evals\/eval_id\/runs\/run_id(\/output_items\/output_item_id)?/,
      async ([, isItem]) => {
        const id = await made.evaluation()
        const source = { type: 'jsonl', source: { type: 'file_content', content: [{ item: { a: 'a' } }] } }
        const run = await post(`/evals/${id}/runs`, { data_source: source })
        if (isItem === undefined) return `/evals/${id}/runs/${run.id}`
        const items = (await (await ask(`/evals/${id}/runs/${run.id}/output_items`, {})).json()) as {
          data: { id: string }[]
        }
        return `/evals/${id}/runs/${run.id}/output_items/${items.data[0]?.id ?? ''}`
      },
    ],
    [/^\/evals\/eval_id/, async () => `/evals/${await made.evaluation()}`],
    [/^\/videos\/video_123/, async () => `/videos/${await made.video()}`],
    [/^\/models\/[^/?]+/, () => Promise.resolve('/models/gpt-4.1-mini-2025-04-14')],
  ]
  const parts = new Map<string, string>()

  /** Models that the suites name may be none of Azure's for that use. */
  const inBody = async (url: string, body: Json): Promise<Json> => {
    const filled: Json = { ...body }
    if (url === '/batches') filled['input_file_id'] = await made.lines()
    if (url.startsWith('/batches') && typeof body['endpoint'] === 'string') filled['endpoint'] = '/v1/chat/completions'
    if (url === '/fine_tuning/jobs')
      Object.assign(filled, { training_file: await made.training(), model: 'gpt-4.1-mini' })
    if (/^\/vector_stores/.test(url)) {
      if (typeof body['file_id'] === 'string') filled['file_id'] = await made.file()
      if (Array.isArray(body['file_ids'])) filled['file_ids'] = [await made.file()]
      if (url.endsWith('/file_batches') && !body['files'] && !body['file_ids']) filled['file_ids'] = [await made.file()]
      if (body['files'] && body['file_ids']) delete filled['file_ids']
      if (Array.isArray(body['files']))
        filled['files'] = await Promise.all(
          body['files'].map(async (one: Json) => ({ ...one, file_id: await made.file() })),
        )
    }
    if (/^\/containers/.test(url)) {
      if (typeof body['file_id'] === 'string') filled['file_id'] = await made.file()
      if (Array.isArray(body['file_ids'])) filled['file_ids'] = [await made.file()]
    }
    if (url === '/evals') return JSON.parse(JSON.stringify(filled).replaceAll('"role":"role"', '"role":"user"')) as Json
    const upload = /^\/uploads\/([^/]+)\/complete/.exec(url)?.[1]
    if (upload !== undefined) {
      filled['part_ids'] = [parts.get(upload) ?? '']
      delete filled['md5']
    }
    if (/^\/responses(?:\/|$)/.test(url) || url === '/chat/completions') {
      filled['model'] = 'gpt-4.1-mini'
      for (const name of ['previous_response_id', 'conversation']) filled[name] = undefined
      if (url !== '/chat/completions' && body['input'] === undefined) filled['input'] = 'a'
      // No model takes every parameter: one that thinks takes no `logprobs`, `temperature` nor `max_tokens`. Nor are
      // there prompts to name.
      for (const name of ['reasoning_effort', 'reasoning', 'verbosity', 'prompt', 'prompt_cache_options', 'prediction'])
        Reflect.deleteProperty(filled, name)
      if (filled['max_completion_tokens'] !== undefined) delete filled['max_tokens']
      if (filled['stream'] !== true) delete filled['stream_options']
      for (const name of ['tools', 'functions']) filled[name] = (filled[name] as Json[] | undefined)?.map(withSchema)
      if (filled['text']) filled['text'] = { ...(filled['text'] as Json), verbosity: 'medium' }
    }
    if (url === '/images/generations') filled['model'] ??= 'gpt-image-1'
    if (/^\/images\//.test(url)) {
      for (const name of ['response_format', 'style', 'background']) filled[name] = undefined
      if (filled['size'] === '256x256') filled['size'] = '1024x1024'
    }
    delete filled['moderation']
    if (url === '/videos') filled['model'] ??= 'sora-2'
    for (const name of ['best_of', 'max_tokens', 'bytes', 'max_completion_tokens', 'max_tool_calls'])
      if (filled[name] === 0) filled[name] = 1
    const expires = filled['expires_after'] as Json | undefined
    if (expires?.['minutes'] === 0) filled['expires_after'] = { ...expires, minutes: 1 }
    return filled
  }

  /** The suites send a form of which the files are a few letters. */
  const inForm = async (url: string, asked: Asked): Promise<Pick<Asked, 'contentType' | 'body'>> => {
    const form = parseForm(asked.body, asked.contentType) ?? new FormData()
    if (/^\/audio\//.test(url)) {
      form.set('file', new File([sound()], 'a.wav', { type: 'audio/wav' }))
      for (const name of [...form.keys()]) if (/^known_speaker|^timestamp/.test(name)) form.delete(name)
      if (form.has('language')) form.set('language', 'en')
    }
    if (/^\/images\/|^\/videos$/.test(url) && !form.has('model'))
      form.set('model', url === '/videos' ? 'sora-2' : 'gpt-image-1')
    if (/^\/images\//.test(url)) {
      for (const name of ['response_format', 'background', 'mask']) form.delete(name)
      if (form.has('size')) form.set('size', '1024x1024')
      form.set('image', new File([picture], 'a.png', { type: 'image/png' }))
    }
    if (/\/parts$/.test(url)) form.set('data', new File(['abc'], 'a'))
    if (/^\/containers\/[^/]+\/files$/.test(url) && (!form.has('file') || form.has('file_id'))) {
      form.delete('file')
      form.set('file_id', await made.file())
    }
    const sent = new Response(form)
    return { contentType: sent.headers.get('content-type') ?? '', body: Buffer.from(await sent.arrayBuffer()) }
  }

  return async (asked) => {
    const [path = '', query] = asked.url.split('?')
    let url = path
    for (const [pattern, make] of inPath) {
      const found = pattern.exec(path)
      if (!found) continue
      url = (await make(found, asked)) + path.slice(found[0].length)
      break
    }
    const filled = query?.replace(/\blimit=0\b/, 'limit=1')
    const end = filled === undefined ? '' : `?${filled}`
    if (asked.contentType.startsWith('multipart/')) return { ...asked, url: url + end, ...(await inForm(url, asked)) }
    if (asked.method === 'POST' && /^\/containers\/[^/]+\/files$/.test(url) && asked.body.length <= 2)
      return {
        ...asked,
        url,
        contentType: 'application/json',
        body: Buffer.from(JSON.stringify({ file_id: await made.file() })),
      }
    const body = asked.contentType.startsWith('application/json')
      ? Buffer.from(JSON.stringify(await inBody(url, JSON.parse(asked.body.toString() || '{}') as Json)))
      : asked.body
    return { ...asked, url: url + end, body }
  }
}

/** What a function takes is a schema to a service that looks at it. */
function withSchema(tool: Json): Json {
  const parameters = { type: 'object', properties: {}, required: [], additionalProperties: false }
  if (tool['parameters'] !== undefined) return { ...tool, parameters }
  return tool['function'] === undefined ? tool : { ...tool, function: withSchema(tool['function'] as Json) }
}

/** One pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** A tenth of a second of silence. */
function sound(): Uint8Array<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(44 + 3_200))
  const text = (at: number, word: string) =>
    Buffer.from(word).forEach((letter, index) => bytes.setUint8(at + index, letter))
  text(0, 'RIFF')
  bytes.setUint32(4, 36 + 3_200, true)
  text(8, 'WAVEfmt ')
  for (const [at, value] of [
    [16, 16],
    [24, 16_000],
    [28, 32_000],
    [40, 3_200],
  ] as const)
    bytes.setUint32(at, value, true)
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    bytes.setUint16(at, value, true)
  text(36, 'data')
  return new Uint8Array(bytes.buffer)
}
