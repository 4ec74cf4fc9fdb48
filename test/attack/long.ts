/** Requests of up to 1 MB that ask for much work: long texts, long lists, many answers, long sounds. */
import type { Attack } from './attacked.ts'

const megabyte = 1_000_000

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const full = (part: string, bytes = megabyte - 1_000) => part.repeat(Math.floor(bytes / Buffer.byteLength(part)))

const texts: Readonly<Record<string, string>> = {
  'one letter': full('x'),
  spaces: full(' '),
  'line breaks': full('\n'),
  'one ideograph': full('漢'),
  pictographs: full('😀'),
  'one mark': full('!'),
  words: full('The quick brown fox jumps over the lazy dog. '),
  'letters without a break': full('thequickbrownfoxjumpsoverthelazydog'),
  digits: full('1234567890'),
  brackets: full('{"a":['),
  'lines that look like a form': full('key: value\n- item\n# head\n'),
  tags: full('<a>b</a>'),
}

const dated = '?api-version=2024-10-21'
const to = (path: string, body: object, headers?: Readonly<Record<string, string>>): Attack => ({
  path,
  body: JSON.stringify(body),
  ...(headers && { headers }),
})
const chat = (body: object, model = 'gpt-4o') => to(`/openai/deployments/${model}/chat/completions${dated}`, body)
const says = (content: unknown) => [{ role: 'user', content }]
const responses = (body: object, model = 'gpt-4.1') => to('/openai/v1/responses', { model, ...body })
const claude = (body: object, path = '/anthropic/v1/messages') =>
  to(path, { model: 'claude-haiku-4-5', max_tokens: 100, ...body }, { 'anthropic-version': '2023-06-01' })
const embeddings = (body: object, model = 'text-embedding-3-small') =>
  to(`/openai/deployments/${model}/embeddings${dated}`, body)
const speech = (body: object, model = 'gpt-4o-mini-tts') =>
  to(`/openai/deployments/${model}/audio/speech?api-version=2025-04-01-preview`, { voice: 'alloy', ...body })
const images = (body: object, model = 'gpt-image-1') =>
  to(`/openai/deployments/${model}/images/generations?api-version=2025-04-01-preview`, { prompt: 'a cat', ...body })

const where: Readonly<Record<string, (text: string) => Attack>> = {
  'a message': (text) => chat({ messages: says(text), max_tokens: 5 }),
  'a message to a model of a long window': (text) => responses({ input: text, max_output_tokens: 16 }),
  'a message of parts': (text) =>
    chat({ messages: says(many(10, (at) => ({ type: 'text', text: text.slice(at * 90_000, (at + 1) * 90_000) }))) }),
  'a message to Claude': (text) => claude({ messages: says(text) }),
  'tokens to count for Claude': (text) =>
    claude({ messages: says(text), max_tokens: undefined }, '/anthropic/v1/messages/count_tokens'),
  'an embedding': (text) => embeddings({ input: text }),
  'a completion': (text) =>
    to(`/openai/deployments/gpt-35-turbo-instruct/completions${dated}`, { prompt: text, max_tokens: 5 }),
}

const long: Record<string, Attack> = {}
for (const [what, text] of Object.entries(texts))
  for (const [place, attack] of Object.entries(where)) long[`1 MB of ${what} as ${place}`] = attack(text)

const words = texts['words'] ?? ''
const letters = texts['one letter'] ?? ''

const places: Readonly<Record<string, Attack>> = {
  'a tool of 1 MB': chat({
    messages: says('a'),
    tools: [
      {
        type: 'function',
        function: { name: 'f', description: letters, parameters: { type: 'object', properties: {} } },
      },
    ],
  }),
  '2,000 tools': chat({
    messages: says('a'),
    tools: many(2_000, (at) => ({
      type: 'function',
      function: { name: `f${at}`, description: full('a tool ', 200), parameters: { type: 'object', properties: {} } },
    })),
  }),
  'instructions of 1 MB': responses({ input: 'a', instructions: letters, max_output_tokens: 16 }),
  'a system prompt of 1 MB for Claude': claude({ messages: says('a'), system: letters }),
  'a prediction of 1 MB': to('/openai/v1/chat/completions', {
    model: 'gpt-4o',
    messages: says('a'),
    prediction: { type: 'content', content: words },
  }),
  'a schema that is described in 1 MB': chat({
    messages: says('a'),
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'a',
        schema: { type: 'object', properties: { a: { type: 'string', description: letters } } },
      },
    },
  }),
  'a picture prompt of 1 MB': images({ prompt: letters }),
  'an instruction of 1 MB for speech': speech({ input: 'a', instructions: letters }),
  '28,000 messages': chat({ messages: many(28_000, () => ({ role: 'user', content: 'a' })), max_tokens: 5 }),
  '15,000 input items': responses({ input: many(15_000, (at) => ({ role: 'user', content: `item ${at}` })) }),
  '15,000 input items that are calls and outputs': responses({
    input: many(7_500, (at) => [
      { type: 'function_call', call_id: `c${at}`, name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: `c${at}`, output: 'a' },
    ]).flat(),
  }),
  '15,000 messages for Claude': claude({
    messages: many(15_000, (at) => ({ role: at % 2 ? 'assistant' : 'user', content: `message ${at}` })),
  }),
  '15,000 parts of a message': chat({ messages: says(many(15_000, (at) => ({ type: 'text', text: `part ${at}` }))) }),
  '9,000 calls of tools': chat({
    messages: [
      {
        role: 'assistant',
        tool_calls: many(9_000, (at) => ({ id: `c${at}`, type: 'function', function: { name: 'f', arguments: '{}' } })),
      },
    ],
  }),
  'a bias for 60,000 tokens': chat({
    messages: says('a'),
    logit_bias: Object.fromEntries(many(60_000, (at) => [String(at), 1])),
  }),
  '200,000 stops': chat({ messages: says('a'), stop: many(200_000, () => 'x') }),
  'a million brackets': { ...chat({}), body: '['.repeat(megabyte) },
  'an object of 100,000 keys': chat(Object.fromEntries(many(100_000, (at) => [`k${at}`, 1]))),
}

const lists: Readonly<Record<string, Attack>> = {
  '2,048 embeddings': embeddings({ input: many(2_048, (at) => `text ${at}`) }),
  '2,048 embeddings of 3,072 numbers': embeddings(
    { input: many(2_048, (at) => `text ${at}`) },
    'text-embedding-3-large',
  ),
  '2,048 embeddings as base64': embeddings({
    input: many(2_048, (at) => `text ${at}`),
    encoding_format: 'base64',
  }),
  '2,048 embeddings of 480 letters': embeddings({ input: many(2_048, (at) => full('lazy dog ', 470) + String(at)) }),
  'embeddings of 200,000 token ids': embeddings({ input: many(2_000, () => many(100, (id) => id)) }),
  '2,048 prompts of a completion': to(`/openai/deployments/gpt-35-turbo-instruct/completions${dated}`, {
    prompt: many(2_048, () => 'a'),
    max_tokens: 16,
  }),
  '200 completions of 1,000 tokens, echoed, with 5 logprobs': to(
    `/openai/deployments/gpt-35-turbo-instruct/completions${dated}`,
    {
      prompt: many(20, () => full('word ', 5_000)),
      max_tokens: 100,
      n: 10,
      echo: true,
      logprobs: 5,
    },
  ),
}

const answers: Readonly<Record<string, Attack>> = {
  '128 choices of 16,000 tokens': chat({ messages: says('a'), n: 128, max_tokens: 16_000 }),
  '40 choices of 1,000 tokens, with 20 logprobs': chat({
    messages: says('a'),
    n: 40,
    max_tokens: 1_000,
    logprobs: true,
    top_logprobs: 20,
  }),
  'a stream of 128 choices of 100 tokens': chat({ messages: says('a'), n: 128, max_tokens: 100, stream: true }),
  'an answer of 32,000 tokens': responses({ input: 'a', max_output_tokens: 32_000 }),
  'an answer of 60,000 tokens of Claude': claude({ messages: says('a'), max_tokens: 60_000 }),
  'thoughts of 100,000 tokens': responses(
    { input: 'a', max_output_tokens: 100_000, reasoning: { effort: 'high', summary: 'detailed' } },
    'o4-mini',
  ),
  'ten pictures': images({ n: 10, size: '1536x1024', quality: 'high' }),
  'ten pictures as JPEG': images({ n: 10, size: '1536x1024', output_format: 'jpeg' }),
  'ten pictures in parts': images({ n: 10, size: '1024x1536', stream: true, partial_images: 3 }),
  'a sentence that is repeated': chat({ messages: says(`Repeat: ${full('yes ', 100_000)}`), max_tokens: 16_000 }),
}

const sounds: Record<string, Attack> = {
  'speech of 1 MB': speech({ input: letters }),
  'speech of 1 MB of words': speech({ input: words }),
}
for (const response_format of ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'])
  sounds[`speech of 4,096 characters as ${response_format}`] = speech(
    {
      input: full('word ', 4_096),
      response_format,
      speed: 0.25,
    },
    'tts-1',
  )

export const longAttacks: Readonly<Record<string, Attack>> = { ...long, ...places, ...lists, ...answers, ...sounds }
