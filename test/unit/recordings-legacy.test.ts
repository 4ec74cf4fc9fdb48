import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { copyRecordings } from '../../src/sim/recordings/copy.ts'
import { convertRecordings } from '../../src/sim/recordings/convert.ts'
import { memoryStore } from '../support/memory-store.ts'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import type { RecordingStore } from '../../src/sim/recordings/store.ts'
import { answerText, exampleInteraction, exampleSought, toSought } from '../support/interactions.ts'
import { manualClock } from '../support/manual-clock.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

const chat = '{"messages": [{"role": "user", "content": "What is the meaning of life?"}]}'
const long = JSON.stringify({ messages: [{ role: 'user', content: 'long '.repeat(300) }] })
const audioPath = '/openai/deployments/whisper/audio/translations'
const speechPath = '/openai/deployments/tts/audio/speech'

const formOf = (boundary: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\nsound\r\n--${boundary}--\r\n`
const audioMd5 = md5(formOf('AOAI-API-SIMULATOR-BOUNDARY'))

/** As PyYAML wrote them: sorted, lists in headers, long texts folded, bytes as `!!binary`. */
const files: Readonly<Record<string, string>> = {
  'openai_deployments_gpt-35-turbo_chat_completions.yaml': `interactions:
- context_values:
    Deployment-Name: gpt-35-turbo
    Limiter: openai-tokens
    Operation-Name: chat_completions
    X-OpenAI-Tokens-Completion: 17
    X-OpenAI-Tokens-Prompt: 14
    X-OpenAI-Tokens-Total: 31
  request:
    body: '${chat}'
    body_hash: ${md5(chat)}
    headers:
      accept:
      - application/json
      content-type:
      - application/json
    method: POST
    uri: http://localhost:8000/openai/deployments/gpt-35-turbo/chat/completions?api-version=2023-05-15&api-key=s3cr3t
  response:
    body:
      string: '{"choices":[{"message":{"content":"Forty-two, \\n of course,
        it is.","role":"assistant"}}],"usage":{"prompt_tokens":14,"completion_tokens":17}}

        '
    duration_ms: 1234
    headers:
      Content-Type:
      - application/json
      Set-Cookie:
      - s3cr3t
      x-ms-region:
      - East US
    status:
      code: 200
- context_values: {}
  request:
    body: null
    body_hash: ${md5(long)}
    headers: {content-type: [application/json]}
    method: POST
    uri: http://localhost:8000/openai/deployments/gpt-35-turbo/chat/completions?api-version=2023-05-15
  response:
    body: {string: '{"choices":[{"message":{"content":"A long story"}}],"usage":{"prompt_tokens":300,"completion_tokens":4}}'}
    duration_ms: 5
    headers: {content-type: [application/json]}
    status: {code: 200}
version: 1
`,
  'openai_deployments_whisper_audio_translations.yaml': `interactions:
- context_values: {}
  request:
    body: !!binary |
      ${Buffer.from(formOf('recorded')).toString('base64')}
    headers:
      content-type:
      - multipart/form-data; boundary=recorded
    method: POST
    uri: http://localhost:8000${audioPath}
  response:
    body:
      string: Guten Tag
    headers:
      content-type: [text/plain]
    status:
      code: 200
- request:
    body: null
    body_hash: ${audioMd5.replace(/^./, 'x')}
    headers: {}
    method: POST
    uri: http://localhost:8000${audioPath}
  response: {body: {string: null}, headers: {}, status: {code: 200}}
version: 1
`,
  'openai_deployments_tts_audio_speech.yaml': `interactions:
- request:
    body: '{"input": "Hello"}'
    headers: {content-type: [application/json]}
    method: POST
    uri: http://localhost:8000${speechPath}
  response:
    body:
      string: !!binary |
        /wABAgM=
    headers: {content-type: [audio/mpeg]}
    status: {code: 200}
version: 1
`,
}

const oldPath = '/openai/deployments/gpt-35-turbo/chat/completions'
const chatSought = toSought(chat, { path: oldPath })
const longSought = toSought(long, { path: oldPath })
const audioSought = (boundary: string) =>
  toSought(formOf(boundary), { path: audioPath, contentType: `multipart/form-data; boundary=${boundary}` })

async function oldStore(): Promise<RecordingStore> {
  const store = memoryStore()
  for (const [name, text] of Object.entries(files)) await store.create(name, new TextEncoder().encode(text))
  return store
}

const open = (store: RecordingStore, told: string[] = []) =>
  createRecordings({
    store,
    clock: manualClock(),
    log: { debug() {}, info() {}, warn: (message) => void told.push(message), error() {} },
  })

async function allText(store: RecordingStore): Promise<string> {
  let text = ''
  for await (const { name } of store.list()) {
    const found = await store.read(name)
    if (typeof found === 'object') text += `${name}\n${Buffer.from(found.bytes).toString()}\n`
  }
  return text
}

const ways = [
  { way: 'as they are', open: oldStore },
  {
    way: 'converted',
    open: async () => {
      const to = memoryStore()
      expect(await convertRecordings({ from: await oldStore(), to })).toEqual({
        converted: 5,
        copied: 0,
        skipped: 0,
        problems: [],
      })
      return to
    },
  },
]

describe.each(ways)('Files of the Python simulator, $way,', ({ open: openStore }) => {
  it('answer a request by its body, spelled in any way', async () => {
    const recordings = open(await openStore())
    for (const body of [chat, JSON.stringify(JSON.parse(chat))]) {
      const [found] = await recordings.find(toSought(body, { path: oldPath }))
      expect(answerText(found!)).toBe(
        '{"choices":[{"message":{"content":"Forty-two, \\n of course, it is.","role":"assistant"}}],"usage":{"prompt_tokens":14,"completion_tokens":17}}\n',
      )
      expect(found).toMatchObject({
        durationMs: 1234,
        usage: { promptTokens: 14, completionTokens: 17 },
        response: { status: 200, headers: { 'content-type': 'application/json', 'x-ms-region': 'East US' } },
      })
    }
  })

  it('answer a request whose body was left out by the md5 of its bytes', async () => {
    const recordings = open(await openStore())
    const [found] = await recordings.find(longSought)
    expect(answerText(found!)).toContain('A long story')
    expect(found).toMatchObject({ durationMs: 5, usage: { promptTokens: 300, completionTokens: 4 } })
    expect(await recordings.find(toSought(`${long} `, { path: oldPath }))).toEqual([])
  })

  it('answer a form with another boundary', async () => {
    const recordings = open(await openStore())
    for (const boundary of ['recorded', 'another']) {
      expect((await recordings.find(audioSought(boundary))).map(answerText)).toEqual(['Guten Tag'])
    }
  })

  it('answer with bytes that are no text', async () => {
    const [found] = await open(await openStore()).find(toSought('{"input":"Hello"}', { path: speechPath }))
    expect(found?.response).toMatchObject({ headers: { 'content-type': 'audio/mpeg' } })
    expect(answerText(found!)).toBe('/wABAgM=')
  })

  it('answer no other request', async () => {
    const recordings = open(await openStore())
    expect(await recordings.find(toSought(chat, { path: oldPath, method: 'PUT' }))).toEqual([])
    expect(
      await recordings.find(toSought(chat, { path: '/openai/deployments/gpt-35/turbo_chat/completions' })),
    ).toEqual([])
  })

  it('are named as the nearest', async () => {
    const recordings = open(await openStore())
    const sought = toSought(chat.replace('life', 'love'), { path: oldPath })
    expect((await recordings.miss(sought)).nearest?.difference).toBe('messages[0].content')
  })
})

describe('Files of the Python simulator', () => {
  const name = 'openai_deployments_embedding_embeddings.yaml'
  const path = '/openai/deployments/embedding/embeddings'
  const interaction = (input: string, more = '') => `- context_values:
    X-OpenAI-Tokens-Completion: null
    X-OpenAI-Tokens-Prompt: 3
    Deployment-Name: null
  request:
    body: '{"input": "${input}"}'
    headers: {content-type: [application/json]}
    method: POST
    uri: http://localhost:8000${path}?api-version=2024-02-01
  response: {body: {string: '{"data":[]}'}, headers: {content-type: [application/json]}, status: {code: 200}${more}}
`
  const storeOf = async (text: string) => {
    const store = memoryStore()
    await store.create(name, Buffer.from(text))
    return store
  }
  const asking = (input: string) => toSought({ input }, { path })

  it('answer with an embedding, whose context has null among its values', async () => {
    const nothing = interaction('nothing').replace(/context_values:[^]*?request/, 'context_values: null\n  request')
    const recordings = open(
      await storeOf(`interactions:\n${interaction('Hi', ', duration_ms: null')}${nothing}version: 1\n`),
    )
    expect(await recordings.find(asking('Hi'))).toMatchObject([{ usage: { promptTokens: 3, completionTokens: 0 } }])
    expect(await recordings.find(asking('nothing'))).toHaveLength(1)
  })

  it.each([
    ['no mapping', '- 7\n'],
    ['without a request', '- response: {status: {code: 200}, headers: {}, body: {string: x}}\n'],
    ['with a request of no address', interaction('x').replace(/uri: .*/, 'uri: "http://["')],
    ['with a status that is none', interaction('x').replace('code: 200', 'code: fine')],
    ['with a body of its request that is a list', interaction('x').replace(/body: '.*'/, 'body: [1]')],
    ['that is empty', '- {}\n'],
  ])('answer from all interactions but one that is %s, which is named', async (_, broken) => {
    const store = await storeOf(`interactions:\n${interaction('one')}${broken}${interaction('two')}version: 1\n`)
    const told: string[] = []
    const recordings = open(store, told)
    for (const input of ['one', 'two']) expect(await recordings.find(asking(input))).toHaveLength(1)
    expect(told).toEqual([
      expect.stringMatching(
        /^A part of the recording openai_deployments_embedding_embeddings.yaml in .* interactions\[1\]: /,
      ),
    ])
    expect(await recordings.find(asking('three'))).toEqual([])
    const { unreadable } = await recordings.miss(asking('three'))
    expect(unreadable).toEqual([{ name, reason: expect.stringMatching(/^interactions\[1\]: ./) as string }])
    const converted = await convertRecordings({ from: store, to: memoryStore() })
    expect(converted).toMatchObject({ converted: 2, problems: [`${name}: ${unreadable[0]!.reason}`] })
  })

  it('that are edited answer with the change', async () => {
    const store = await oldStore()
    const recordings = open(store)
    await recordings.find(chatSought)
    const [name, text] = Object.entries(files)[0]!
    await store.remove(name)
    await store.create(name, new TextEncoder().encode(text.replace('Forty-two', 'Forty-three')))
    expect(answerText((await recordings.find(chatSought))[0]!)).toContain('Forty-three')
  })

  it('stand back behind a recording of the new form', async () => {
    const recordings = open(await oldStore())
    await recordings.add(exampleInteraction(), chatSought)
    expect((await recordings.find(chatSought)).map(answerText)).toEqual([answerText(exampleInteraction())])
  })

  it('that are broken are named and leave the others alone', async () => {
    const store = await oldStore()
    const name = 'openai_deployments_gpt-35-turbo_chat_completions.yaml'
    await store.remove(name)
    await store.create(
      name,
      new TextEncoder().encode('interactions:\n- request: {method: POST, uri: /a}\n  response: {}\n'),
    )
    const told: string[] = []
    const recordings = open(store, told)
    expect(await recordings.find(chatSought)).toEqual([])
    expect(told[0]).toContain(
      `${name} in memory cannot be read and is passed over: interactions[0]: neither body nor body_hash`,
    )
    expect(await recordings.find(audioSought('x'))).toHaveLength(1)
    const { converted, problems } = await convertRecordings({ from: store, to: memoryStore() })
    expect(converted).toBe(3)
    expect(problems).toEqual([`${name}: interactions[0]: neither body nor body_hash is there`])
  })

  it('lose their secrets when they are converted', async () => {
    const to = memoryStore()
    await convertRecordings({ from: await oldStore(), to })
    const text = await allText(to)
    expect(text).toContain('East US')
    expect(text).not.toContain('s3cr3t')
  })

  it('are converted once, beside documents of the new form', async () => {
    const from = await oldStore()
    await open(from).add(exampleInteraction(), exampleSought())
    const to = memoryStore()
    expect(await convertRecordings({ from, to })).toMatchObject({ converted: 5, copied: 1, skipped: 0 })
    expect(await convertRecordings({ from, to })).toMatchObject({ converted: 0, copied: 0, skipped: 6 })
  })
})

describe('A copy', () => {
  it('brings what is missing, and all that differs if asked to', async () => {
    const [from, to] = [memoryStore(), memoryStore()]
    const recordings = open(from)
    await recordings.add(exampleInteraction({ kind: 'bytes', bytes: Uint8Array.of(0, 1) }), exampleSought())
    for (let count = 0; count < 20; count++) await recordings.add(exampleInteraction(), exampleSought(`${count}`))
    expect(await copyRecordings(from, to, { overwrite: false })).toEqual({ copied: 21, skipped: 0 })
    expect(await allText(to)).toBe(await allText(from))

    const names: string[] = []
    for await (const { name } of to.list()) names.push(name)
    await to.remove(names[0]!)
    await to.remove(names[1]!)
    await to.create(names[1]!, new TextEncoder().encode('mine'))
    expect(await copyRecordings(from, to, { overwrite: false })).toEqual({ copied: 1, skipped: 20 })
    expect(await allText(to)).toContain('mine')
    expect(await copyRecordings(from, to, { overwrite: true })).toEqual({ copied: 1, skipped: 20 })
    expect(await allText(to)).toBe(await allText(from))
  })
})
