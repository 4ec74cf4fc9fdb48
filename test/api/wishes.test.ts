/** What one request asks for by headers of its own, and counts of rules that instances share. */
import { afterEach, describe, expect, it } from 'vitest'
import { isRedisMissing, startRedis, withRedis } from '../support/redis.ts'
import { testSimulator } from '../support/simulator.ts'

const chat = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
const hello = { messages: [{ role: 'user', content: 'Hello' }], temperature: 1 }
const ask = (headers: Record<string, string>, input: Record<string, unknown> = {}) =>
  testSimulator(input).post(chat, hello, headers)

type Answer = { choices: { message: { content: string } }[]; usage: { completion_tokens: number } }
const read = async (answer: Response) => (await answer.json()) as Answer

describe('a request’s own headers', () => {
  it('ask for an error, by its name or its status, and for a wait', async () => {
    const limited = await ask({ 'x-sim-error': 'rateLimit', 'x-sim-retry-after': '2s' })
    expect([limited.status, limited.headers.get('retry-after-ms')]).toEqual([429, '2000'])
    expect(limited.headers.get('x-sim-rule')).toBe('request-headers')
    expect((await ask({ 'x-sim-error': '503' })).status).toBe(503)
  })

  it('ask for a text, for a length and for a fault', async () => {
    const text = await read(await ask({ 'x-sim-text': encodeURIComponent('Grüße, 世界') }))
    expect(text.choices[0]?.message.content).toBe('Grüße, 世界')
    expect((await read(await ask({ 'x-sim-tokens': '50' }))).usage.completion_tokens).toBe(50)
    const broken = await (await ask({ 'x-sim-fault': 'end; tokens=5', 'x-sim-text': 'x' })).text()
    expect(broken).toHaveLength(20)
    await expect(ask({ 'x-sim-fault': 'refuse' })).rejects.toThrow('fetch failed')
  })

  it('ask for a length of so many choices that they are made while they are sent', async () => {
    const { choices, usage } = await read(
      await testSimulator().post(chat, { ...hello, n: 128 }, { 'x-sim-tokens': '800' }),
    )
    expect(choices).toHaveLength(128)
    expect(usage.completion_tokens).toBe(102_400)
    for (const { message } of choices) expect(message.content.length).toBeGreaterThan(2_000)
  })

  it('ask for the same answer by its seed', async () => {
    const said = async (seed: string) => (await read(await ask({ 'x-sim-seed': seed }))).choices[0]?.message.content
    expect(await said('7')).toBe(await said('7'))
    expect(await said('7')).not.toBe(await said('8'))
  })

  it('beat a rule, whose other changes stay', async () => {
    const rules = [{ name: 'usual', then: { text: 'Of the rule.', headers: { 'x-kept': 'yes' } } }]
    const answer = await ask({ 'x-sim-text': 'Mine.' }, { rules })
    expect([answer.headers.get('x-kept'), answer.headers.get('x-sim-rule')]).toEqual(['yes', 'usual'])
    expect((await read(answer)).choices[0]?.message.content).toBe('Mine.')
  })

  it.each<[string, string, string]>([
    ['x-sim-error', 'ratelimit', 'did you mean rateLimit?'],
    ['x-sim-sed', '7', 'x-sim-seed'],
    ['x-sim-fault', 'cut; tokens', 'a whole number'],
    ['x-sim-error', '200', '400 to 599'],
    ['x-sim-fault', 'cutt', 'cut, end'],
    ['x-sim-fault', 'cut; token=5', 'x-sim-fault'],
    ['x-sim-fault', 'cut; tokens=x', 'x-sim-fault'],
    ['x-sim-text', '%E0%A4%A', 'percent-encoded'],
    ['x-sim-tokens', '0', '1 to 1000000'],
    ['x-sim-inter-token', '5', 'with its unit'],
    ['x-sim-seed', 'x', 'whole number'],
  ])('%s: %s is a 400 that says so', async (name, value, message) => {
    const answer = await ask({ [name]: value })
    const { error } = (await answer.json()) as { error: { code: string; message: string } }
    expect([answer.status, error.code]).toEqual([400, 'InvalidSimulatorHeader'])
    expect(error.message).toContain(message)
  })

  it('are refused where one beside them is unknown', async () => {
    const answer = await ask({ 'x-sim-tokens': '5', 'x-sim-fualt': 'cut' })
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('x-sim-fualt')])
  })

  it('mean nothing where they are switched off', async () => {
    const answer = await ask({ 'x-sim-error': 'nonsense' }, { simHeaders: 'off' })
    expect([answer.status, answer.headers.get('x-sim-rule')]).toEqual([200, null])
  })
})

describe.skipIf(isRedisMissing)(withRedis('rules of several instances'), () => {
  const stops: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })

  it('count their calls together', async () => {
    const redis = await startRedis()
    stops.push(redis.kill)
    const rules = [{ id: 'first-three', when: { call: '1..3' }, then: { error: 'timeout' } }]
    const instances = [1, 2].map(() => testSimulator({ rules, redis: { url: redis.url } }))
    for (const { close } of instances) stops.push(close)
    const statuses = []
    for (let call = 0; call < 6; call++) statuses.push((await instances[call % 2]!.post(chat, hello)).status)
    expect(statuses).toEqual([408, 408, 408, 200, 200, 200])
  })
})
