/** Rules in front of the real service, on what was recorded, and in the words of other APIs. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/sim/clock.ts'
import { createRecordings } from '../../src/sim/recordings/recordings.ts'
import { type Backend, startBackend } from '../support/backend.ts'
import { memoryStore } from '../support/memory-store.ts'
import { testSimulator } from '../support/simulator.ts'

type Json = Record<string, unknown>

let backend: Backend
beforeEach(async () => {
  backend = await startBackend()
})
afterEach(() => backend.stop())

const chat = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
const hello = { messages: [{ role: 'user', content: 'Hi' }] }

function recorder() {
  const clock = systemClock()
  const recordings = createRecordings({ store: memoryStore(), clock })
  const simulator = testSimulator(
    { mode: 'record', forward: { endpoint: backend.url, key: 'service-key' }, replay: { speed: 0 } },
    { recordings, clock },
  )
  return {
    ...simulator,
    setRules: (...rules: Json[]) => simulator.request('/++/rules', { method: 'PUT', body: JSON.stringify(rules) }),
    async replay() {
      await simulator.post('/++/save-recordings', {})
      simulator.patch({ simulator_mode: 'replay' })
    },
  }
}

describe('a rule before the real service', () => {
  it('breaks the copy of the client alone: the recording is what the service said', async () => {
    const simulator = recorder()
    await simulator.setRules({ then: { fault: 'end', after: { events: 1 } } })
    const broken = await (await simulator.post(chat, { ...hello, stream: true })).text()
    await simulator.setRules()
    await simulator.replay()
    const kept = await (await simulator.post(chat, { ...hello, stream: true })).text()
    expect(kept.startsWith(broken) && broken !== '').toBe(true)
    expect([broken.includes('[DONE]'), kept.includes('[DONE]')]).toEqual([false, true])
    expect(backend.requests).toHaveLength(1)
  })

  it.each<[string, Json, number]>([
    ['an error', { error: 'serviceUnavailable' }, 503],
    ['a text', { text: 'Of the rule.' }, 200],
    ['bytes', { raw: { status: 200, body: 'raw' } }, 200],
  ])('answers with %s without asking it, and keeps nothing', async (_what, then, status) => {
    const simulator = recorder()
    await simulator.setRules({ when: { prompt: 'hi' }, then })
    const answer = await simulator.post(chat, hello)
    expect([answer.status, answer.headers.get('x-sim-rule')]).toEqual([status, expect.stringMatching(/^rule-/)])
    if (then.text !== undefined) expect(await answer.text()).toContain('Of the rule.')
    expect(backend.requests).toHaveLength(0)
    await simulator.setRules()
    await simulator.replay()
    expect((await simulator.post(chat, hello)).status).not.toBe(200)
  })

  it('changes headers of what the service answers, and what is kept has none of them', async () => {
    const simulator = recorder()
    await simulator.setRules({ then: { headers: { 'x-chaos': 'yes' } } })
    expect((await simulator.post(chat, hello)).headers.get('x-chaos')).toBe('yes')
    await simulator.setRules()
    await simulator.replay()
    const replayed = await simulator.post(chat, hello)
    expect([replayed.status, replayed.headers.get('x-chaos'), replayed.headers.get('x-sim-rule')]).toEqual([
      200,
      null,
      null,
    ])
  })
})

describe('a rule on what was recorded', () => {
  it('breaks it, or answers in its place', async () => {
    const simulator = recorder()
    const recorded = await (await simulator.post(chat, hello)).text()
    await simulator.replay()
    await simulator.setRules(
      { when: { call: 1 }, then: { fault: 'malformed' } },
      { when: { call: 2 }, then: { text: 'x' } },
    )
    expect(await (await simulator.post(chat, hello)).text()).toHaveLength(recorded.length - 1)
    expect(await (await simulator.post(chat, hello)).text()).toContain('"content":"x"')
    expect(await (await simulator.post(chat, hello)).text()).toBe(recorded)
  })
})

const claude = '/anthropic/v1/messages'
const ask: Record<string, { path: string; body: Json; headers?: Record<string, string> }> = {
  chat: { path: chat, body: { ...hello, stream: true } },
  responses: { path: '/openai/v1/responses', body: { model: 'gpt-4o', input: 'Hi', stream: true } },
  claude: {
    path: claude,
    body: { model: 'claude-sonnet-4-5', max_tokens: 100, stream: true, ...hello },
    headers: { 'anthropic-version': '2023-06-01' },
  },
}

describe('a fault in the words of', () => {
  const answerOf = async (name: string, then: Json) => {
    const simulator = testSimulator({ rules: [{ then }] })
    const { path, body, headers = {} } = ask[name]!
    const text = await (await simulator.post(path, body, headers)).text()
    expect(simulator.errors).toEqual([])
    return text
  }
  it.each<[string, RegExp]>([
    ['chat', /\ndata: \{"error":\{"message":"The server had an error[^\n]*\n\n$/],
    ['responses', /\nevent: error\ndata: \{"type":"error","code":"server_error",[^\n]*\n\n$/],
    ['claude', /\nevent: error\ndata: \{"type":"error","error":\{"type":"api_error",[^\n]*\n\n$/],
  ])('%s tells an error within a stream', async (name, expected) => {
    const text = await answerOf(name, { text: 'One two three four five.', fault: 'errorEvent', after: { tokens: 2 } })
    expect(text).toMatch(expected)
    expect(text).not.toContain('five')
  })

  it.each(['chat', 'responses', 'claude'])('%s ends without an end, after so many tokens', async (name) => {
    const said = { text: 'One two three four five.' }
    const [all, part] = [
      await answerOf(name, said),
      await answerOf(name, { ...said, fault: 'end', after: { tokens: 2 } }),
    ]
    expect(part.includes(' two') && !part.includes('five')).toBe(true)
    expect(part.length).toBeLessThan(all.length)
  })

  it.each(['chat', 'responses', 'claude'])('%s cuts the arguments of a tool off, and ends as usual', async (name) => {
    const then = { toolCalls: [{ name: 'refund', arguments: { order: 12345, reason: 'late' } }] }
    const [all, part] = [await answerOf(name, then), await answerOf(name, { ...then, fault: 'truncatedArguments' })]
    expect([all.includes('late'), part.includes('late'), part.includes('refund')]).toEqual([true, false, true])
    expect(part.split('\n\n').length).toBe(all.split('\n\n').length)
  })

  it.each<[string, Json, string]>([
    ['a duplicate for embeddings', { fault: 'duplicate' }, 'then.fault'],
    ['a place of no fault', { text: 'x', after: { tokens: 1 } }, 'then.after'],
    ['two places', { fault: 'cut', after: { tokens: 1, bytes: 1 } }, 'then.after'],
    ['a length of a cut', { fault: 'cut', for: '1s' }, 'then.for'],
    ['a name', { fault: 'cutt' }, 'then.fault'],
  ])('nobody is %s: it is refused', async (_what, then, path) => {
    const when = path === 'then.fault' ? { operation: 'embeddings' } : {}
    const answer = await testSimulator().request('/++/rules', { method: 'POST', body: JSON.stringify({ when, then }) })
    const { error } = (await answer.json()) as { error: { details: { path: string }[] } }
    expect([answer.status, error.details.map((detail) => detail.path)]).toEqual([400, [path]])
  })
})
