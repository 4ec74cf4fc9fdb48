/** Every fault on every kind of answer: it does what it says, or is refused when the rule is read. */
import { afterEach, describe, expect, it } from 'vitest'
import { faultNames } from '../../src/sim/config/fault-names.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

type Json = Record<string, unknown>
type FaultName = (typeof faultNames)[number]

const messages = [{ role: 'user', content: 'Tell me about Norwegian fjords, please, in a few sentences.' }]
const tools = [
  {
    type: 'function',
    function: {
      name: 'look',
      parameters: { type: 'object', properties: { where: { type: 'string', minLength: 20 } }, required: ['where'] },
    },
  },
]
const responseTools = tools.map(({ function: it }) => ({ type: 'function', ...it, strict: false }))
const claudeTools = tools.map(({ function: { name, parameters } }) => ({ name, input_schema: parameters }))
const claude = { model: 'claude-sonnet-4-5', max_tokens: 60, messages }
const dated = (deployment: string, path: string) =>
  `/openai/deployments/${deployment}/${path}?api-version=2025-04-01-preview`

/** Each with its name in rules, and whether it is a stream of events. */
const answers: readonly {
  readonly name: string
  readonly operation: string
  readonly path: string
  readonly body: Json
  readonly calls?: Json
  readonly isStream: boolean
  readonly headers?: Record<string, string>
}[] = [
  ...[false, true].flatMap((stream) => [
    {
      name: 'chat',
      operation: 'chatCompletions',
      path: dated('gpt-4o', 'chat/completions'),
      body: { messages, max_tokens: 40, stream },
      calls: { tools, tool_choice: 'required' },
      isStream: stream,
    },
    {
      name: 'completions',
      operation: 'completions',
      path: dated('gpt-35-turbo-instruct', 'completions'),
      body: { prompt: 'Fjords', max_tokens: 40, stream },
      isStream: stream,
    },
    {
      name: 'responses',
      operation: 'responses',
      path: '/openai/v1/responses',
      body: { model: 'gpt-4o', input: 'Fjords', max_output_tokens: 40, stream },
      calls: { tools: responseTools, tool_choice: 'required' },
      isStream: stream,
    },
    {
      name: 'claude',
      operation: 'messages',
      path: '/anthropic/v1/messages',
      body: { ...claude, stream },
      calls: { tools: claudeTools, tool_choice: { type: 'any' } },
      isStream: stream,
      headers: { 'anthropic-version': '2023-06-01' },
    },
    {
      name: 'images',
      operation: 'imagesGenerations',
      path: dated('gpt-image-1', 'images/generations'),
      body: { prompt: 'A fjord', size: '1024x1024', quality: 'low', ...(stream && { stream, partial_images: 1 }) },
      isStream: stream,
    },
  ]),
  {
    name: 'embeddings',
    operation: 'embeddings',
    path: dated('text-embedding-3-small', 'embeddings'),
    body: { input: 'Fjords', dimensions: 32 },
    isStream: false,
  },
  {
    name: 'speech',
    operation: 'audioSpeech',
    path: dated('tts', 'audio/speech'),
    body: { input: 'Fjords are deep.', voice: 'alloy' },
    isStream: false,
  },
  {
    name: 'speech, as events',
    operation: 'audioSpeech',
    path: dated('gpt-4o-mini-tts', 'audio/speech'),
    body: { input: 'Fjords are deep.', voice: 'alloy', stream_format: 'sse' },
    isStream: true,
  },
]

type Got = {
  readonly status: number
  readonly type: string
  readonly connection: string | null
  readonly bytes: Buffer
  readonly broke: boolean
}

async function ask(answer: (typeof answers)[number], rules: readonly Json[]): Promise<Got | undefined> {
  const clock = manualClock()
  const simulator = testSimulator({ seed: 5 }, { clock })
  const put = await simulator.request('/++/rules', { method: 'PUT', body: JSON.stringify(rules) })
  if (put.status !== 200) return undefined
  const state = { isDone: false }
  const asked = (async (): Promise<Got> => {
    const isOfCalls = rules.some(({ then }) => (then as Json)['fault'] === 'truncatedArguments')
    const body = { ...answer.body, ...(isOfCalls && answer.calls) }
    const none = { status: 0, type: '', connection: null, bytes: Buffer.alloc(0), broke: true }
    const response = await simulator.post(answer.path, body, answer.headers).catch(() => undefined)
    if (!response) return none
    const { status, headers } = response
    const chunks: Uint8Array[] = []
    const head = { status, type: headers.get('content-type') ?? '', connection: headers.get('connection') }
    try {
      if (response.body) for await (const chunk of response.body as AsyncIterable<Uint8Array>) chunks.push(chunk)
      return { ...head, bytes: Buffer.concat(chunks), broke: false }
    } catch {
      return { ...head, bytes: Buffer.concat(chunks), broke: true }
    }
  })().finally(() => (state.isDone = true))
  for (let step = 0; !state.isDone && step < 3000; step++) await clock.advanceAsync(step < 200 ? 20 : 1_000)
  expect(state.isDone, 'it never ended').toBe(true)
  expect(simulator.errors).toEqual([])
  return asked
}

const wishes: Record<FaultName, Json> = {
  cut: { after: { bytes: 60 } },
  end: { after: { bytes: 60 } },
  stall: { after: { bytes: 20 }, for: '5s' },
  errorEvent: { after: { events: 1 } },
  malformed: {},
  truncatedArguments: {},
  duplicate: { after: { events: 1 } },
  reorder: { after: { events: 0 } },
  splitCharacter: {},
  trickle: { every: '1ms' },
  slowHeaders: { for: '3s' },
  wrongType: {},
  noKeepAlive: {},
  refuse: {},
  close: { after: { bytes: 60 }, code: 1001 },
  expire: {},
}

/** Faults of which an answer of this kind has nothing. */
const senseless = ({ operation, isStream }: (typeof answers)[number], fault: FaultName): boolean => {
  const isTeller = ['chatCompletions', 'responses', 'messages'].includes(operation)
  if (fault === 'truncatedArguments') return !isTeller
  // Of live connections.
  if (fault === 'close') return operation !== 'responses'
  if (fault === 'expire') return true
  // Sound may come as events, which a rule does not know before.
  return !isStream && operation !== 'audioSpeech' && ['errorEvent', 'duplicate', 'reorder'].includes(fault)
}

const events = (bytes: Buffer) =>
  bytes
    .toString('utf8')
    .split('\n\n')
    .filter((event) => event !== '')
const dataOf = (event: string) => /^data: (.*)$/m.exec(event)?.[1] ?? ''
const isJson = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function judge(fault: FaultName, good: Got, got: Got, isStream: boolean): void {
  const { bytes } = got
  switch (fault) {
    case 'cut':
    case 'close':
    case 'expire':
    case 'end':
      expect(bytes.length).toBeLessThan(good.bytes.length)
      if (isStream || bytes.length > 0) expect(good.bytes.subarray(0, bytes.length).equals(bytes)).toBe(true)
      expect(got.broke).toBe(fault !== 'end')
      return
    case 'errorEvent':
      expect(events(bytes).at(-1)).toMatch(/error/)
      expect(bytes.length).toBeLessThan(good.bytes.length)
      return
    case 'malformed':
      if (isStream)
        expect(
          events(bytes)
            .map(dataOf)
            .filter((data) => data !== '[DONE]' && data !== '')
            .some((data) => !isJson(data)),
        ).toBe(true)
      else expect(bytes.equals(good.bytes)).toBe(false)
      if (!isStream && /json/.test(good.type)) expect(isJson(bytes.toString('utf8'))).toBe(false)
      return
    case 'duplicate':
      expect(events(bytes)).toHaveLength(events(good.bytes).length + 1)
      return
    case 'reorder':
      expect(events(bytes)).not.toEqual(events(good.bytes))
      expect(events(bytes).toSorted()).toEqual(events(good.bytes).toSorted())
      return
    case 'truncatedArguments':
      expect(bytes.equals(good.bytes)).toBe(false)
      expect(got.status).toBe(200)
      return
    case 'wrongType':
      expect(got).toMatchObject({ status: 502, type: expect.stringContaining('html') as string })
      return
    case 'refuse':
      expect(got).toMatchObject({ status: 0, broke: true })
      return
    case 'stall':
    case 'splitCharacter':
    case 'trickle':
    case 'slowHeaders':
    case 'noKeepAlive':
      expect(bytes.equals(good.bytes)).toBe(true)
      expect(got.broke).toBe(false)
  }
}

describe.each(answers.map((answer) => [`${answer.name}${answer.isStream ? ', as a stream' : ''}`, answer] as const))(
  '%s',
  (_, answer) => {
    const good = new Map<string, Promise<Got | undefined>>()
    afterEach(() => good.clear())

    it.each(faultNames)('%s', { timeout: 30_000 }, async (fault) => {
      const then = { fault, ...wishes[fault] }
      const when = {
        operation: answer.operation,
        ...(!answer.isStream && answer.operation !== 'audioSpeech' && { stream: false }),
      }
      const got = await ask(answer, [{ when, then }])
      if (senseless(answer, fault)) {
        expect(got, 'the rule is refused').toBeUndefined()
        return
      }
      // A rule that changes nothing, so that the same is drawn.
      const plain = await ask(
        { ...answer, ...(fault === 'truncatedArguments' && { body: { ...answer.body, ...answer.calls } }) },
        [{ when, then: { headers: { 'x-a': 'b' } } }],
      )
      if (!got || !plain) throw new Error('the rule was refused')
      const isBytes = !answer.isStream && answer.operation === 'audioSpeech'
      if (isBytes && ['errorEvent', 'duplicate', 'reorder', 'malformed'].includes(fault))
        expect(got.bytes.equals(plain.bytes)).toBe(true)
      else judge(fault, plain, got, answer.isStream)
    })
  },
)
