/** Requests of up to 1 MB to every other operation: many parts, many names, odd texts, forms, what is set by the control API. */
import type { Answered, Attack, Attacked } from './attacked.ts'
import { socketCases, type WideCase } from './sockets.ts'

const megabyte = 1_000_000

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const full = (part: string, bytes = megabyte - 2_000) => part.repeat(Math.floor(bytes / Buffer.byteLength(part)))
const named = <T>(count: number, make: (index: number) => T, prefix = 'k') =>
  Object.fromEntries(many(count, (at) => [`${prefix}${at}`, make(at)]))
/** Texts that no table of tokens knows, the same each time. */
function rare(length: number, from: number, count: number): string {
  let state = 12_345
  const draw = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16
  return many(length, () => String.fromCodePoint(from + (draw() % count))).join('')
}
const parts = (make: () => string, count: number) => many(count, make).join('')

const dated = '?api-version=2025-04-01-preview'
const to = (path: string, body: object, headers?: Readonly<Record<string, string>>): Attack => ({
  path,
  body: JSON.stringify(body),
  ...(headers && { headers }),
})
const get = (path: string, headers?: Readonly<Record<string, string>>): Attack => ({
  method: 'GET',
  path,
  ...(headers && { headers }),
})
const chat = (body: object, headers?: Readonly<Record<string, string>>) =>
  to('/openai/v1/chat/completions', { model: 'gpt-4.1', max_tokens: 5, messages: says('a'), ...body }, headers)
const says = (content: unknown) => [{ role: 'user', content }]
const responses = (body: object) => to('/openai/v1/responses', { model: 'gpt-4.1', max_output_tokens: 16, ...body })
const claude = (body: object) =>
  to(
    '/anthropic/v1/messages',
    { model: 'claude-haiku-4-5', max_tokens: 16, messages: says('a'), ...body },
    { 'anthropic-version': '2023-06-01' },
  )
const inference = (path: string, body: object) => to(`/models/${path}?api-version=2024-05-01-preview`, body)
const completion = (body: object) =>
  to(`/openai/deployments/gpt-35-turbo-instruct/completions${dated}`, { max_tokens: 5, ...body })
const embeddings = (body: object) => to(`/openai/deployments/text-embedding-3-small/embeddings${dated}`, body)

type Part = { readonly name: string; readonly data: string | Uint8Array; readonly file?: string }
const form = (path: string, fields: readonly Part[], method = 'POST'): Attack => {
  const chunks = fields.flatMap(({ name, data, file }) => [
    `--x\r\nContent-Disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"\r\nContent-Type: text/plain`}\r\n\r\n`,
    data,
    '\r\n',
  ])
  const body = Buffer.concat([...chunks, '--x--\r\n'].map((chunk) => Buffer.from(chunk)))
  return { method, path, body, headers: { 'content-type': 'multipart/form-data; boundary=x' } }
}

const object = (properties: object) => ({ type: 'object', properties })
const tool = (at: number, parameters: object) => ({
  type: 'function',
  function: { name: `f${at}`, description: 'a', parameters },
})
const nested = (depth: number): object => (depth === 0 ? {} : { type: 'object', properties: { a: nested(depth - 1) } })
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const pixel = `data:image/png;base64,${png.toString('base64')}`
const bigPicture = `data:image/png;base64,${Buffer.concat([png, Buffer.alloc(740_000)]).toString('base64')}`
const wav = (bytes: number) => {
  const head = Buffer.alloc(44)
  head.write('RIFF')
  head.writeUInt32LE(bytes + 36, 4)
  head.write('WAVEfmt ', 8)
  for (const [value, at] of [
    [16, 16],
    [1_000, 28],
  ] as const)
    head.writeUInt32LE(value, at)
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [1, 32],
    [8, 34],
  ] as const)
    head.writeUInt16LE(value, at)
  head.writeUInt32LE(1_000, 24)
  head.write('data', 36)
  head.writeUInt32LE(bytes, 40)
  return Buffer.concat([head, Buffer.alloc(bytes)])
}

const cyrillic = rare(480_000, 0x430, 32)
const yi = parts(() => rare(3_000, 0xa000, 1_100), 110)
const emoji = parts(() => rare(2_000, 0x1f300, 700), 120)

export const wideAttacks: Readonly<Record<string, Attack>> = {
  'an unbroken word of rare letters': chat({ messages: says(cyrillic) }),
  'an unbroken word of rare ideographs': chat({ messages: says(yi) }),
  'rare pictographs without a break': responses({ input: emoji }),
  'random letters without a break': responses({ input: rare(990_000, 97, 26) }),
  'random letters without a break for Claude': claude({ messages: says(rare(990_000, 97, 26)) }),
  'random marks': chat({ messages: says(rare(900_000, 33, 15).replaceAll('"', '!')) }),
  'lone surrogates': {
    ...chat({}),
    body:
      chat({})
        .body?.toString()
        .replace('"a"', `"${full('\\ud800')}"`) ?? '',
  },
  'escaped letters': {
    ...chat({}),
    body:
      chat({})
        .body?.toString()
        .replace('"a"', `"${full('\\u0061')}"`) ?? '',
  },
  'combining marks': chat({ messages: says(full('a\u0301\u0302')) }),
  'a key of 1 MB': chat({ [full('k')]: 1 }),
  'a metadata of 60,000 keys': chat({ metadata: named(60_000, () => 'a'), store: true }),
  'a list of lists': chat({ messages: says(many(330_000, () => [])) }),
  'depth of 400,000 in a value nobody reads': {
    ...chat({}),
    body: `{"model":"gpt-4.1","messages":[{"role":"user","content":"a"}],"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  },
  'depth of 1,000 as arguments of a tool': chat({
    messages: says('a'),
    tools: [tool(0, nested(1_000))],
  }),
  numbers: chat({ messages: says('a'), stop: many(300_000, (at) => at) }),
  '128 tools of 100 properties': chat({
    tools: many(128, (at) => tool(at, object(named(100, () => ({ type: 'string', description: 'one of them' }))))),
  }),
  'a tool of 12,000 properties': chat({
    tools: [tool(0, object(named(12_000, () => ({ type: 'string', description: 'a b' }))))],
  }),
  'a tool with enums of 100,000 texts': chat({
    tools: [tool(0, object({ a: { type: 'string', enum: many(100_000, (at) => `e${at}`) } }))],
    tool_choice: 'required',
  }),
  'a tool of Responses with 12,000 properties': responses({
    input: 'a',
    tools: [
      { type: 'function', name: 'f', parameters: object(named(12_000, () => ({ type: 'number', title: 'number' }))) },
    ],
    tool_choice: 'required',
  }),
  '10,000 tools of Claude': claude({
    tools: many(10_000, (at) => ({ name: `f${at}`, description: 'a', input_schema: { type: 'object' } })),
  }),
  'a tool of Claude with 12,000 properties': claude({
    tools: [{ name: 'f', input_schema: object(named(12_000, () => ({ type: 'string', description: 'a b' }))) }],
    tool_choice: { type: 'any' },
  }),
  '5,000 pictures': chat({ messages: says(many(5_000, () => ({ type: 'image_url', image_url: { url: pixel } }))) }),
  '20,000 addresses of pictures': chat({
    messages: says(many(14_000, (at) => ({ type: 'image_url', image_url: { url: `https://a.example/${at}` } }))),
  }),
  'a picture of 1 MB': chat({ messages: says([{ type: 'image_url', image_url: { url: bigPicture } }]) }),
  'a picture of 1 MB for Responses': responses({
    input: [{ role: 'user', content: [{ type: 'input_image', image_url: bigPicture }] }],
  }),
  'a picture of 1 MB for Claude': claude({
    messages: says([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: bigPicture.slice(22) } },
    ]),
  }),
  '9,000 parts of Claude': claude({
    messages: says(many(9_000, () => ({ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }))),
  }),
  '20,000 parts of Claude': claude({ messages: says(many(25_000, (at) => ({ type: 'text', text: `part ${at}` }))) }),
  '6,000 uses of tools of Claude': claude({
    messages: many(6_000, (at) =>
      at % 2
        ? { role: 'user', content: [{ type: 'tool_result', tool_use_id: `t${at - 1}`, content: 'a' }] }
        : { role: 'assistant', content: [{ type: 'tool_use', id: `t${at}`, name: 'f', input: {} }] },
    ),
  }),
  'a result of 1 MB': chat({
    messages: [
      {
        role: 'assistant',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: full('{"a":1}', 480_000) } }],
      },
      { role: 'tool', tool_call_id: 'c', content: full('result ', 480_000) },
    ],
  }),
  '2,000 messages of 480 letters': chat({
    messages: many(2_000, (at) => ({ role: 'user', content: full(`w${at} `, 440) })),
  }),
  'a sound of 1 MB': chat({
    messages: says([{ type: 'input_audio', input_audio: { data: wav(740_000).toString('base64'), format: 'wav' } }]),
    model: 'gpt-4o-audio-preview',
  }),
  'a PDF of 1 MB': responses({
    input: [
      {
        role: 'user',
        content: [
          {
            type: 'input_file',
            filename: 'a.pdf',
            file_data: `data:application/pdf;base64,${Buffer.from(`%PDF-1.4\n${full('1 0 obj <</Type /Page>> endobj\n', 740_000)}`).toString('base64')}`,
          },
        ],
      },
    ],
  }),
  'a PDF of 1 MB that unfolds': responses({
    input: [
      {
        role: 'user',
        content: [
          {
            type: 'input_file',
            filename: 'a.pdf',
            file_data: `data:application/pdf;base64,${Buffer.from(`%PDF-1.4\n${full('(word) Tj ', 740_000)}`).toString('base64')}`,
          },
        ],
      },
    ],
  }),
  'inference: a text of 1 MB': inference('chat/completions', { model: 'gpt-4o', messages: says(full('x')) }),
  'inference: 15,000 parts': inference('chat/completions', {
    model: 'gpt-4o',
    messages: says(many(15_000, (at) => ({ type: 'text', text: `part ${at}` }))),
  }),
  'inference: extra parameters': inference('chat/completions', {
    model: 'gpt-4o',
    messages: says('a'),
    ...named(80_000, () => 1),
  }),
  'inference: 2,048 embeddings': inference('embeddings', {
    model: 'text-embedding-3-small',
    input: many(2_048, (at) => `text ${at}`),
  }),
  'inference: 5,000 pictures to embed': inference('images/embeddings', {
    model: 'embed-v-4-0',
    input: many(5_000, () => ({ image: pixel })),
  }),
  'an embedding of 8,000 token ids': embeddings({ input: many(8_000, (at) => at) }),
  'an embedding of 200,000 token ids': embeddings({ input: many(200_000, () => 1_234) }),
  '20 embeddings of 8,000 token ids': embeddings({ input: many(20, () => many(8_000, (at) => at)) }),
  '300,000 empty embeddings': embeddings({ input: many(300_000, () => '') }),
  'a completion of 200,000 token ids': completion({ prompt: many(200_000, () => 1_234) }),
  '2,000 completions of 100 token ids': completion({ prompt: many(2_000, () => many(90, (at) => 1_000 + at)) }),
  'a completion with a suffix of 1 MB': completion({ prompt: 'a', suffix: full('x') }),
  'a completion that echoes 4,000 tokens 128 times': completion({
    prompt: full('word ', 15_000),
    n: 128,
    echo: true,
    logprobs: 5,
  }),
  'a completion, best of 128': completion({ prompt: 'a', n: 1, best_of: 128, max_tokens: 4_000 }),
  'input tokens of 1 MB': to('/openai/v1/responses/input_tokens', { model: 'gpt-4.1', input: full('x') }),
  'input tokens of 15,000 items': to('/openai/v1/responses/input_tokens', {
    model: 'gpt-4.1',
    input: many(15_000, (at) => ({ role: 'user', content: `item ${at}` })),
  }),
  '9,000 items, cut to fit': responses({
    truncation: 'auto',
    input: many(9_000, (at) => ({ role: 'user', content: full(`item ${at} `, 60) })),
  }),
  'items of 20,000 parts': responses({
    input: [{ role: 'user', content: many(20_000, (at) => ({ type: 'input_text', text: `p${at}` })) }],
  }),
  'items that are named': responses({ input: many(20_000, (at) => ({ type: 'item_reference', id: `msg_${at}` })) }),
  '15,000 thoughts': responses({ input: many(12_000, (at) => ({ type: 'reasoning', id: `rs_${at}`, summary: [] })) }),
  'a response that is compacted': to('/openai/v1/responses/compact', {
    model: 'gpt-4.1',
    input: many(15_000, (at) => ({ role: 'user', content: `item ${at}` })),
  }),
  'a conversation of 15,000 items': to('/openai/v1/conversations', {
    items: many(15_000, (at) => ({ type: 'message', role: 'user', content: `item ${at}` })),
  }),
  'a conversation of a text of 1 MB': to('/openai/v1/conversations', {
    items: [{ type: 'message', role: 'user', content: full('x') }],
  }),
  'a transcription with a prompt of 1 MB': form(`/openai/deployments/whisper/audio/transcriptions${dated}`, [
    { name: 'prompt', data: full('x') },
    { name: 'file', data: wav(100), file: 'a.wav' },
  ]),
  'a transcription of 1 MB': form(`/openai/deployments/whisper/audio/transcriptions${dated}`, [
    { name: 'response_format', data: 'verbose_json' },
    { name: 'timestamp_granularities[]', data: 'word' },
    { name: 'file', data: wav(970_000), file: 'a.wav' },
  ]),
  'a transcription of 1 MB of MP3 frames': form(`/openai/deployments/whisper/audio/transcriptions${dated}`, [
    { name: 'file', data: Buffer.alloc(970_000, Buffer.from([0xff, 0xfb, 0x10, 0xc4])), file: 'a.mp3' },
  ]),
  'a transcription of a form of 10,000 parts': form(
    `/openai/deployments/whisper/audio/transcriptions${dated}`,
    many(10_000, (at) => ({ name: `timestamp_granularities[]`, data: `w${at}` })),
  ),
  'a form of dashes': {
    ...form(`/openai/deployments/whisper/audio/transcriptions${dated}`, []),
    body: `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${full('\r\n--')}`,
  },
  'a form of one long header': {
    ...form(`/openai/deployments/whisper/audio/transcriptions${dated}`, []),
    body: `--x\r\n${full('a: b\r\n')}`,
  },
  'pictures of a form of 4,000 parts': form(
    `/openai/deployments/gpt-image-1/images/edits${dated}`,
    many(4_000, () => ({ name: 'image[]', data: png, file: 'a.png' })),
  ),
  'an edit with a prompt of 1 MB': form(`/openai/deployments/gpt-image-1/images/edits${dated}`, [
    { name: 'prompt', data: full('a cat ') },
    { name: 'image', data: png, file: 'a.png' },
  ]),
  'a file of 500,000 lines': form('/openai/v1/files', [
    { name: 'purpose', data: 'batch' },
    { name: 'file', data: full('{}\n').slice(0, 900_000), file: 'a.jsonl' },
  ]),
  'a file of brackets': form('/openai/v1/files', [
    { name: 'purpose', data: 'batch' },
    { name: 'file', data: full('['), file: 'a.jsonl' },
  ]),
  'a file for fine-tuning of 20,000 lines': form('/openai/v1/files', [
    { name: 'purpose', data: 'fine-tune' },
    {
      name: 'file',
      data: full('{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n'),
      file: 'a.jsonl',
    },
  ]),
  'a file of words': form('/openai/v1/files', [
    { name: 'purpose', data: 'assistants' },
    { name: 'file', data: full('some words of a text. '), file: 'a.txt' },
  ]),
  '60,000 files of a vector store': to('/openai/v1/vector_stores', { file_ids: many(60_000, (at) => `file-${at}`) }),
  'a vector store of a name of 1 MB': to('/openai/v1/vector_stores', { name: full('n') }),
  'a fine-tuning of a suffix of 1 MB': to('/openai/v1/fine_tuning/jobs', {
    model: 'gpt-4o-mini-2024-07-18',
    training_file: 'file-1',
    suffix: full('s'),
    metadata: named(20_000, () => 'a'),
  }),
  'own data of 1 MB': chat({
    model: 'gpt-4o',
    data_sources: [
      {
        type: 'azure_search',
        parameters: {
          endpoint: 'https://a.example',
          index_name: 'a',
          authentication: { type: 'api_key', key: 'a' },
          role_information: full('x'),
          fields_mapping: { content_fields: many(10, () => 'a') },
        },
      },
    ],
  }),
  'a query of 15 KB': get(
    `/openai/v1/responses/resp_1?${many(1_500, (at) => `a${at}=%C3`).join('&')}`.slice(0, 15_000),
  ),
  'a path of 15 KB': get(`/openai/${full('a/', 15_000)}`),
  'a path of 15 KB of escapes': get(`/openai/deployments/${full('%20', 15_000)}/chat/completions${dated}`),
  '900 headers': chat(
    {},
    named(900, () => 'a', 'x-h'),
  ),
  'a wish of a text of 14 KB': chat({ max_tokens: 16_000 }, { 'x-sim-text': full('%20', 14_000) }),
  'a wish of a million tokens': chat({ max_tokens: undefined }, { 'x-sim-tokens': '1000000' }),
  'rules of 1 MB': to(
    '/++/rules',
    many(9_000, (at) => ({ name: `rule ${at}`, when: { prompt: `never said ${at}` }, then: { text: 'a' } })),
  ),
  '5,000 rules with patterns': to(
    '/++/rules',
    many(9_000, (at) => ({ when: { prompt: `/never.*${at}/i` }, then: { text: 'a' } })),
  ),
  'a rule of a text of 1 MB': to('/++/rules', { when: { prompt: 'never said' }, then: { text: full('text ') } }),
  '9,000 rules that are wrong in three ways': to(
    '/++/rules',
    many(9_000, (at) => ({ when: { promt: `a${at}` }, then: { txt: 'a' } })),
  ),
  'a rule of 9,000 calls': to('/++/rules', {
    then: { toolCalls: many(9_000, (at) => ({ name: `f${at}`, arguments: { a: at } })) },
  }),
  'a rule by 20,000 parts of a body': to('/++/rules', {
    when: { body: { messages: many(20_000, (at) => ({ content: `x${at}` })) } },
    then: { text: 'a' },
  }),
  'a rule of 40,000 values': to('/++/rules', { then: { json: named(40_000, (at) => at) } }),
  '15,000 deployments with a name that no setting has': {
    ...to('/++/settings', { deployments: named(15_000, () => ({ model: 'gpt-4o', tokensPerMinut: 5 })) }),
    method: 'PATCH',
  },
  '20,000 deployments of no model': {
    ...to('/++/settings', { deployments: named(20_000, () => ({ model: 'gtp-4o' })) }),
    method: 'PATCH',
  },
  'a grader that looks for a text that is hard to find': to('/openai/v1/fine_tuning/alpha/graders/run', {
    grader: {
      ...{ type: 'string_check', name: 'g', operation: 'like' },
      input: full('a', 400_000),
      reference: `b${full('a', 200_000)}`,
    },
    item: {},
    model_sample: '',
  }),
  'a grader of texts that hold an item 50,000 times': to('/openai/v1/fine_tuning/alpha/graders/run', {
    grader: { type: 'string_check', name: 'g', operation: 'eq', input: full('{{item.a}}', 500_000), reference: 'x' },
    item: { a: full('x', 400_000) },
    model_sample: '',
  }),
  '20,000 graders that are wrong': to('/openai/v1/fine_tuning/alpha/graders/validate', {
    grader: {
      ...{ type: 'multi', name: 'm', calculate_output: 'a' },
      graders: named(20_000, () => ({ type: 'string_check' })),
    },
  }),
  '9,000 criteria': to('/openai/v1/evals', {
    data_source_config: { type: 'custom', item_schema: {} },
    testing_criteria: many(9_000, (at) => ({
      ...{ type: 'string_check', name: `c${at}`, input: 'a', reference: 'b', operation: 'eq' },
    })),
  }),
  '60,000 prompts': completion({ prompt: many(60_000, (at) => `p${at}`) }),
  '16,384 texts of completions': completion({ prompt: many(128, (at) => `p${at}`), n: 128, max_tokens: 100 }),
  'a batch with 30,000 pairs': to('/openai/v1/batches', {
    input_file_id: 'file-1',
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    metadata: named(30_000, () => 'a'),
  }),
  'likelihoods of 1,500 tokens, with 20 others each': responses({
    input: 'a',
    include: ['message.output_text.logprobs'],
    top_logprobs: 20,
    max_output_tokens: 1_500,
  }),
  'a stream of likelihoods of 1,500 tokens, with 20 others each': responses({
    input: 'a',
    include: ['message.output_text.logprobs'],
    top_logprobs: 20,
    max_output_tokens: 1_500,
    stream: true,
  }),
  'a stream of likelihoods of 16,000 tokens, with another each': responses({
    input: 'a',
    include: ['message.output_text.logprobs'],
    top_logprobs: 1,
    max_output_tokens: 16_000,
    stream: true,
  }),
  'likelihoods of 128 choices of 110 tokens, with 20 others each': chat({
    logprobs: true,
    top_logprobs: 20,
    max_tokens: 110,
    n: 128,
  }),
  'stored likelihoods of 900 tokens, with 20 others each': chat({
    logprobs: true,
    top_logprobs: 20,
    max_tokens: 900,
    store: true,
  }),
  'a stored chat of 128 choices': chat({ n: 128, max_tokens: 16_000, store: true }),
  'a stored chat of a text of 400 KB': chat({ messages: says(full('w ', 400_000)), store: true }),
  'likelihoods of 16,000 tokens, with 20 others each': chat({ logprobs: true, top_logprobs: 20, max_tokens: 16_000 }),
  'a spoken answer of a quarter of an hour': chat({
    model: 'gpt-4o-audio-preview',
    modalities: ['text', 'audio'],
    audio: { voice: 'alloy', format: 'wav' },
    max_tokens: 16_000,
  }),
  'a wish of 30,000 tokens for each of 128 choices': chat(
    { n: 128, max_tokens: undefined },
    { 'x-sim-tokens': '30000' },
  ),
  'a default of 30,000 keys in a schema': responses({
    input: 'a',
    text: {
      format: { type: 'json_schema', name: 'a', schema: object({ a: { default: named(30_000, (at) => at) } }) },
    },
  }),
  'a rule with a body of 100,000 keys': to('/++/rules', {
    when: { body: named(70_000, () => 1) },
    then: { text: 'a' },
  }),
  'expectations of 1 MB': to('/++/requests/expect', {
    expect: many(9_000, (at) => ({ where: { prompt: `a${at}` }, times: 1 })),
  }),
  'a session of 1 MB of rules': to('/++/sessions', {
    rules: many(8_000, (at) => ({ name: `rule ${at}`, when: { prompt: `never said ${at}` }, then: { text: 'a' } })),
  }),
  'resources of 1 MB': to(
    '/++/resources',
    named(5_000, () => ({ region: 'eastus', deployments: { a: { model: 'gpt-4o' } } })),
  ),
  'settings of 100,000 keys': {
    ...to(
      '/++/settings',
      named(70_000, () => 1),
    ),
    method: 'PATCH',
  },
  '3,000 patterns of the content filter': {
    ...to('/++/settings', {
      contentFilter: { rules: many(9_000, (at) => ({ pattern: `never.*${at}`, category: 'hate' })) },
    }),
    method: 'PATCH',
  },
  'a path of the control API of 15 KB': get(`/++/${full('a', 14_000)}`),
  'MCP of 1 MB': to('/++/rules', {
    when: { prompt: 'never said' },
    then: {
      mcp: [
        {
          server: 'a',
          tools: many(9_000, (at) => ({
            name: `t${at}`,
            description: 'a',
            inputSchema: { type: 'object' },
            result: 'a',
          })),
        },
      ],
    },
  }),
}

const send = (make: (id: string, at: Attacked) => Attack, id: () => string) => (attacked: Attacked) =>
  attacked.send(make(id(), attacked))
/** Of an answer of which the beginning is kept. */
const idIn = ({ text }: Answered) =>
  /"id": ?"((?:file|vs|eval|evalrun|resp|batch|conv)[-_][^"]+)"/.exec(text)?.[1] ?? ''

function after(first: Attack, then: (id: string) => Attack): WideCase {
  let id = ''
  return {
    before: async (attacked) => {
      id = idIn(await attacked.send(first))
    },
    attack: send(then, () => id),
  }
}

const line = (at: number) =>
  JSON.stringify({
    custom_id: `r${at}`,
    method: 'POST',
    url: '/chat/completions',
    body: { model: 'gpt-4o', messages: says('a'), max_tokens: 1 },
  })
const lines = (count: number) =>
  form('/openai/v1/files', [
    { name: 'purpose', data: 'batch' },
    { name: 'file', data: many(count, line).join('\n'), file: 'a.jsonl' },
  ])

/** One letter that the patterns end with, and then letters in no order. */
const changing = `c${rare(400_000, 97, 2)}`
const pattern = (source: string) => ({ rules: [{ when: { prompt: `/${source}/` }, then: { text: 'a' } }] })
const filter = (source: string) => ({ contentFilter: { rules: [{ pattern: source, category: 'hate' }] } })

let lastId = ''

const compares = (at: number, input: string, operation = 'eq') => ({
  ...{ type: 'string_check', name: `c${at}`, input, reference: 'x', operation },
})
/** An evaluation and its run: what comes of it is asked. */
function evaluated(criteria: readonly object[], items: readonly object[]): WideCase {
  let path = ''
  const source = { type: 'jsonl', source: { type: 'file_content', content: items } }
  return {
    config: { jobs: { queueTime: '0s', runTime: '0s' } },
    before: async ({ send: ask }) => {
      const of = { data_source_config: { type: 'custom', item_schema: {} }, testing_criteria: criteria }
      const evaluation = `/openai/v1/evals/${idIn(await ask(to('/openai/v1/evals', of)))}`
      path = `${evaluation}/runs/${idIn(await ask(to(`${evaluation}/runs`, { data_source: source })))}`
    },
    attack: ({ send: ask }) => ask(get(path)),
  }
}
const readFor = (name: string, data: string, ask: object): WideCase => {
  let store = ''
  return {
    before: async ({ send: send }) => {
      const file = idIn(
        await send(
          form('/openai/v1/files', [
            { name: 'purpose', data: 'assistants' },
            { name: 'file', data, file: name },
          ]),
        ),
      )
      const chunking_strategy = { type: 'static', static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 50 } }
      store = idIn(await send(to('/openai/v1/vector_stores', { file_ids: [file], chunking_strategy })))
      for (let left = 100; left > 0; left--) {
        const told = await send(get(`/openai/v1/vector_stores/${store}`))
        if (!told.text.includes('"in_progress": 1') && !told.text.includes('"in_progress":1')) return
      }
    },
    attack: ({ send }) => send(to(`/openai/v1/vector_stores/${store}/search`, ask)),
  }
}

export const wideCases: Readonly<Record<string, WideCase>> = {
  'a list of 20 stored chats of a megabyte each': {
    before: async ({ send: ask }) => {
      for (let at = 0; at < 20; at++) await ask(chat({ n: 16, max_tokens: 14_000, store: true }))
    },
    attack: ({ send: ask }) => ask({ method: 'GET', path: '/openai/v1/chat/completions?limit=100' }),
  },
  'a run of 10,000 items by 100 criteria': evaluated(
    many(100, (at) => compares(at, '{{item.a}}')),
    many(10_000, (at) => ({ item: { a: `a${at}` } })),
  ),
  'a run of texts that hold an item 90,000 times': evaluated(
    [compares(0, full('{{item.a}}', 900_000))],
    [{ item: { a: full('x', 20_000) } }],
  ),
  'a search of 100 questions': readFor('a.txt', full('some words of a text. ', 400_000), {
    query: many(100, (at) => `question ${at}`),
  }),
  'a search by 15,000 comparisons': readFor('a.txt', 'some words', {
    query: 'a',
    filters: { type: 'or', filters: many(15_000, (at) => ({ type: 'eq', key: `k${at}`, value: 'v' })) },
  }),
  'a search by 20,000 comparisons that are none': readFor('a.txt', 'some words', {
    query: 'a',
    filters: { type: 'or', filters: many(20_000, () => ({ type: 'zz', key: 'k' })) },
  }),
  'a page that has no end': {
    ...after(
      form('/openai/v1/files', [
        { name: 'purpose', data: 'assistants' },
        { name: 'file', data: full('<a><!--<b '), file: 'a.html' },
      ]),
      (id) => to('/openai/v1/vector_stores', { file_ids: [id] }),
    ),
  },
  'a short response after 96,000 items': {
    before: async ({ send: ask }) => {
      let id: string | undefined
      for (let left = 8; left > 0; left--)
        id = idIn(
          await ask(
            responses({
              ...(id && { previous_response_id: id }),
              truncation: 'auto',
              input: many(12_000, (at) => ({ role: 'user', content: `m${at}` })),
            }),
          ),
        )
      lastId = id ?? ''
    },
    attack: ({ send: ask }) => ask(responses({ previous_response_id: lastId, truncation: 'auto', input: 'a' })),
  },
  'a batch of 7,000 lines': after(lines(7_000), (id) =>
    to('/openai/v1/batches', { input_file_id: id, endpoint: '/chat/completions', completion_window: '24h' }),
  ),
  'a response after 15,000 items': after(
    responses({ input: many(15_000, (at) => ({ role: 'user', content: `item ${at}` })) }),
    (id) => responses({ input: 'b', previous_response_id: id }),
  ),
  'input items of 15,000': after(
    responses({ input: many(15_000, (at) => ({ role: 'user', content: `item ${at}` })) }),
    (id) => get(`/openai/v1/responses/${id}/input_items?limit=100`),
  ),
  'a file of words that is read for a vector store': after(
    form('/openai/v1/files', [
      { name: 'purpose', data: 'assistants' },
      { name: 'file', data: full('some words of a text. '), file: 'a.txt' },
    ]),
    (id) => to('/openai/v1/vector_stores', { file_ids: [id] }),
  ),
  'a fine-tuning of 11,000 lines': after(
    form('/openai/v1/files', [
      { name: 'purpose', data: 'fine-tune' },
      {
        name: 'file',
        data: full('{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n'),
        file: 'a.jsonl',
      },
    ]),
    (id) => to('/openai/v1/fine_tuning/jobs', { model: 'gpt-4o-mini-2024-07-18', training_file: id }),
  ),
  ...socketCases,
  'a pattern of ever new states as a rule': {
    config: pattern('a[ab]{1,240}c'),
    attack: ({ send: ask }) => ask(chat({ messages: says(changing) })),
  },
  'a pattern of ever new states as a filter': {
    config: filter('a[ab]{1,240}c'),
    attack: ({ send: ask }) => ask(chat({ messages: says(changing) })),
  },
  'a pattern of ever new states as a filter of 2,000 texts': {
    config: filter('a[ab]{1,240}c'),
    attack: ({ send: ask }) =>
      ask(
        chat({ messages: many(2_000, (at) => ({ role: 'user', content: changing.slice(at * 200, at * 200 + 200) })) }),
      ),
  },
  'a pattern of ever new states as a filter of a response': {
    config: filter('[ab]*a[ab]{24}c.*d'),
    attack: ({ send: ask }) => ask(responses({ input: changing })),
  },
  'a pattern of ever new states as a filter of prompts': {
    config: filter('a[ab]{1,240}c'),
    attack: ({ send: ask }) =>
      ask(completion({ prompt: many(40, (at) => changing.slice(at * 3_000, at * 3_000 + 3_000)) })),
  },
  'a pattern of ever new states as a filter of answers': {
    config: filter('a[ab]{1,240}c'),
    attack: ({ send: ask }) =>
      ask(chat({ messages: says('a'), max_tokens: 16_000 }, { 'x-sim-text': changing.slice(0, 14_000) })),
  },
  '200 rules with patterns, on 1 MB': {
    config: { rules: many(200, (at) => ({ when: { prompt: `/(?:a|b)+${at}.*c/i` }, then: { text: 'a' } })) },
    attack: ({ send: ask }) => ask(chat({ messages: says(full('ab ')) })),
  },
  '1,000 rules with words, on 1 MB': {
    config: { rules: many(1_000, (at) => ({ when: { conversation: `never said ${at}` }, then: { text: 'a' } })) },
    attack: ({ send: ask }) => ask(chat({ messages: says(full('ab ')) })),
  },
  'words to filter, on 1 MB': {
    config: { contentFilter: { rules: many(1_000, (at) => ({ pattern: `never said ${at}`, category: 'hate' })) } },
    attack: ({ send: ask }) => ask(chat({ messages: says(full('never said ')) })),
  },
  'words that begin alike, where each place may begin one': {
    config: { rules: many(300, (at) => ({ when: { prompt: `${'a'.repeat(at + 50)}b` }, then: { text: 'a' } })) },
    attack: ({ send: ask }) => ask(chat({ messages: says(full('a')) })),
  },
  'patterns to filter, on 15,000 parts': {
    config: { contentFilter: { rules: many(1_000, (at) => ({ pattern: `never said ${at}`, category: 'hate' })) } },
    attack: ({ send: ask }) =>
      ask(chat({ messages: says(many(15_000, (at) => ({ type: 'text', text: `part ${at}` }))) })),
  },
  'patterns without a word to filter, on 15,000 parts': {
    config: { contentFilter: { rules: many(300, (at) => ({ pattern: `n(e|a)ver ${at}`, category: 'hate' })) } },
    attack: ({ send: ask }) =>
      ask(chat({ messages: says(many(15_000, (at) => ({ type: 'text', text: `part ${at}` }))) })),
  },
  'words to filter in 2,000 messages': {
    config: { contentFilter: { rules: many(1_000, (at) => ({ pattern: `never said ${at}`, category: 'hate' })) } },
    attack: ({ send: ask }) =>
      ask(chat({ messages: many(2_000, (at) => ({ role: 'user', content: `never said ${at}`.repeat(20) })) })),
  },
  'a rule by a body, on 15,000 parts': {
    config: {
      rules: [
        { when: { body: { messages: [{ content: [{ text: 'never' }, { text: 'said' }] }] } }, then: { text: 'a' } },
      ],
    },
    attack: ({ send: ask }) =>
      ask(chat({ messages: says(many(15_000, (at) => ({ type: 'text', text: `part ${at}` }))) })),
  },
}
