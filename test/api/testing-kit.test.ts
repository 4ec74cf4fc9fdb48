import { AzureOpenAI, OpenAI } from 'openai'
import { describe, expect, it, test as plain } from 'vitest'
import {
  connect,
  ControlError,
  ExpectationError,
  type Session,
  type Simulator,
  simulatorFixtures,
  startSimulator,
} from '../../src/testing/index.ts'

const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]
const ask = (client: OpenAI, more = {}) => client.chat.completions.create({ model: 'gpt-4o', messages, ...more })

it('tells how the callers of a session behaved', async () => {
  await using simulator = await startSimulator({}, { port: 'none' })
  await using session = await simulator.session({
    rules: [{ when: { call: '1' }, then: { error: 'rateLimit', retryAfter: '10s' } }],
  })
  // It comes back at once, whatever it is told.
  for (let attempt = 0; attempt < 2; attempt++)
    await ask(new AzureOpenAI({ ...session.azure, maxRetries: 0 })).catch(() => undefined)
  const { level, attempts, marks } = await session.verdict()
  expect([level, attempts]).toEqual(['fail', 2])
  expect(marks.filter((mark) => mark.level === 'fail').map(({ name }) => name)).toEqual(['retryAfterHonoured'])
})

describe.each([
  ['on a free port', 0],
  ['as a fetch', 'none'],
] as const)('a simulator in the process of the test, %s', (_, port) => {
  it('answers at once, in sessions that do not meet, and tells what was asked', async () => {
    await using simulator = await startSimulator({ seed: 1 }, { port })
    await using one = await simulator.session({ name: 'one', rules: [{ then: { text: 'First' } }] })
    await using other = await simulator.session()
    await other.rules.add({ name: 'twice', when: { call: '1..2' }, then: { error: 'rateLimit', retryAfter: '1ms' } })
    await other.rules.add({
      when: { prompt: 'refund' },
      then: { toolCalls: [{ name: 'refund', arguments: { order: 7 } }] },
    })
    const [said, called] = await Promise.all([ask(new AzureOpenAI(one.azure)), ask(new OpenAI(other.openai))])
    expect(said.choices[0]?.message.content).toBe('First')
    expect(called.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { arguments: '{"order":7}' } })

    expect(one).toMatchObject({ name: 'one', env: { AZURE_OPENAI_ENDPOINT: one.endpoint } })
    expect(await one.requests()).toMatchObject([{ status: 200, request: { body: { messages } } }])
    expect(await other.requests({ rule: 'twice' })).toHaveLength(2)
    const seen = await other.expect(
      [
        { status: 429, count: 2 },
        { when: { prompt: 'refund' }, status: 200, count: 1 },
      ],
      {
        inOrder: true,
      },
    )
    expect(seen).toMatchObject({ met: true, requests: 3 })
    const missed = other.expect({ when: { prompt: 'weather' }, count: 1 }, { within: '0s' })
    await expect(missed).rejects.toThrow(ExpectationError)
    await expect(missed).rejects.toThrow(/expected 1, seen 0[^]*nearest to expectation 1: .* differs in when.prompt/)
    expect(await simulator.requests()).toEqual([])
    await other.forget()
    expect(await other.requests()).toEqual([])
    expect(await other.end()).toMatchObject({ calls: 3, statuses: { 200: 1, 429: 2 } })
    await expect(ask(new OpenAI({ ...other.openai, maxRetries: 0 }))).rejects.toThrow()
  })

  it('changes rules, settings and the timeline while it runs', async () => {
    await using simulator = await startSimulator(
      {
        timeline: {
          start: 'manual',
          phases: [
            { name: 'a', for: '1h' },
            { name: 'b', for: '1h' },
          ],
        },
      },
      { port },
    )
    const rule = await simulator.rules.add({ then: { text: 'one' } })
    await simulator.rules.addFirst({ id: 'first', then: { text: 'two' } })
    await simulator.rules.change(rule.id, { then: { text: 'three' } })
    await simulator.rules.remove('first')
    expect(await simulator.rules.list()).toMatchObject([{ id: rule.id, applied: 0 }])
    expect((await ask(new OpenAI(simulator.openai))).choices[0]?.message.content).toBe('three')
    expect(await simulator.rules.set([{ then: { text: 'x' } }])).toHaveLength(1)
    expect(await simulator.rules.reset()).toEqual([])
    await simulator.change({ azure: { region: 'Norway East' } })
    const { response } = await new OpenAI(simulator.openai).chat.completions
      .create({ model: 'gpt-4o', messages })
      .withResponse()
    expect(response.headers.get('x-ms-region')).toBe('Norway East')
    expect(await simulator.timeline.position()).toMatchObject({ state: 'waiting' })
    expect(await simulator.timeline.start()).toMatchObject({ phase: 'a' })
    expect(await simulator.timeline.skip()).toMatchObject({ phase: 'b' })
    expect(await simulator.timeline.stop()).toMatchObject({ state: 'stopped' })
  })

  it('tells every problem of what it is given', async () => {
    await expect(startSimulator({ mod: 'generate', logLevel: 'loud' }, { port })).rejects.toThrow(
      /logLevel[^]*mod: .*mode/,
    )
    await using simulator = await startSimulator({}, { port })
    const bad = simulator.rules.add({ when: { promt: 'x' }, then: { fault: 'explode' } } as never)
    await expect(bad).rejects.toThrow(ControlError)
    await expect(bad).rejects.toThrow(/when.promt: .*prompt[^]*then.fault/)
    await expect(simulator.session({ lifetime: 'long' })).rejects.toThrow(/lifetime/)
  })
})

describe('a simulator elsewhere', () => {
  it('is reached by its address and key, and left alone at the end', async () => {
    await using simulator = await startSimulator({ apiKey: 'key' })
    {
      await using same = connect(`${simulator.endpoint}/`, 'key')
      await using session = await same.session({ rules: [{ then: { text: 'there' } }] })
      expect((await ask(new OpenAI(session.openai))).choices[0]?.message.content).toBe('there')
    }
    expect((await fetch(`${simulator.endpoint}/`)).status).toBe(200)
  })
})

const test = plain.extend<{ aoaiSimulator: Simulator; aoaiSession: Session }>(simulatorFixtures({ seed: 3 }))

describe('fixtures', () => {
  const endpoints = new Set<string>()
  test.for([1, 2])('give each test a session of its own: %i', async (number, { aoaiSession, expect }) => {
    await aoaiSession.rules.add({ then: { text: `answer ${number}` } })
    expect((await ask(new OpenAI(aoaiSession.openai))).choices[0]?.message.content).toBe(`answer ${number}`)
    expect(await aoaiSession.requests()).toHaveLength(1)
    endpoints.add(aoaiSession.endpoint)
    expect(endpoints.size).toBe(number)
  })
})
