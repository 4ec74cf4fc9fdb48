/** `GET /++/live`: what happened in each second, and the page's files and sign-in. */
import { describe, expect, it } from 'vitest'
import type { LiveSecond } from '../../src/sim/metrics/live.ts'
import { manualClock } from '../support/manual-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const chat = { model: 'a', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5 }
const path = '/openai/v1/chat/completions'

/** The next second that is told. */
async function nextSecond(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<LiveSecond> {
  for (;;) {
    const { value } = await reader.read()
    const text = new TextDecoder().decode(value)
    if (text.startsWith('data: ')) return JSON.parse(text.slice(6)) as LiveSecond
  }
}

describe('GET /++/live', () => {
  it('sums up each second by deployment, and counts what has not ended', async () => {
    const clock = manualClock()
    const simulator = testSimulator(
      { deployments: { a: { model: 'gpt-4o', tokensPerMinute: 20, requestsPerMinute: 1000 } } },
      { clock },
    )
    const answer = await simulator.request('/++/live')
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    const reader = answer.body!.getReader()
    const statuses: number[] = []
    for (let n = 0; n < 4; n++) statuses.push((await simulator.post(path, chat)).status)
    await simulator.post(path, { ...chat, model: 'b', messages: [] })
    clock.advance(1000)
    const second = await nextSecond(reader)
    const limited = statuses.filter((status) => status === 429).length
    expect(limited).toBeGreaterThan(0)
    expect(second.atMs).toBe(clock.now())
    expect(second.inFlight).toBe(0)
    expect(second.rows).toEqual([
      {
        deployment: 'a',
        model: 'gpt-4o',
        requests: 4,
        answers: { ok: 4 - limited, limited, refused: 0, failed: 0, left: 0 },
        limitedBy: { tokens: limited, requests: 0, provisioned: 0, rule: 0, other: 0 },
        spilled: 0,
        tokens: { prompt: 8 * (4 - limited), completion: 5 * (4 - limited) },
        firstByteMs: [0, 0, 0],
        totalMs: [0, 0, 0],
      },
      expect.objectContaining({ answers: { ok: 0, limited: 0, refused: 1, failed: 0, left: 0 } }),
    ])
    expect(second.errors.map(({ status }) => status)).toContain(429)
    clock.advance(1000)
    expect((await nextSecond(reader)).rows).toEqual([])
    await reader.cancel()
  })

  it('says by what each 429 was caused, how much of provisioned throughput is used, and what went to another deployment', async () => {
    const clock = manualClock()
    const simulator = testSimulator(
      {
        deployments: {
          ptu: { model: 'gpt-4o', sku: 'ProvisionedManaged', capacity: 50, spilloverDeploymentName: 'standard' },
          alone: { model: 'gpt-4o', sku: 'ProvisionedManaged', capacity: 50 },
          standard: { model: 'gpt-4o' },
        },
        provisioned: { burst: '1ms' },
        rules: [{ name: 'throttled', when: { deployment: 'ruled' }, then: { error: 'rateLimit' } }],
      },
      { clock },
    )
    const reader = (await simulator.request('/++/live')).body!.getReader()
    const ask = (model: string) => simulator.post(path, { ...chat, model })
    for (const model of ['ptu', 'ptu', 'alone', 'alone', 'ruled']) await ask(model)
    clock.advance(1000)
    const { rows, errors } = await nextSecond(reader)
    const row = (name: string) => rows.find(({ deployment }) => deployment === name)
    expect(row('alone')?.limitedBy).toEqual({ tokens: 0, requests: 0, provisioned: 1, rule: 0, other: 0 })
    expect(row('alone')?.utilization).toBeGreaterThanOrEqual(100)
    expect(row('standard')?.spilled).toBe(1)
    expect(row('ruled')?.limitedBy.rule).toBe(1)
    expect(errors.map(({ deployment, message }) => [deployment, typeof message])).toEqual([
      ['alone', 'string'],
      ['ruled', 'string'],
    ])
    await reader.cancel()
  })

  it('tells who comes next of the seconds before, also a while after all have left', async () => {
    const clock = manualClock()
    const simulator = testSimulator({ timeline: { start: 'start', phases: [{ name: 'calm' }] } }, { clock })
    const first = (await simulator.request('/++/live')).body!.getReader()
    await simulator.post(path, chat)
    clock.advance(1000)
    expect((await nextSecond(first)).phase).toBe('calm')
    await first.cancel()
    await simulator.post(path, chat)
    clock.advance(1000)
    const next = (await simulator.request('/++/live')).body!.getReader()
    expect((await nextSecond(next)).atMs).toBe(1000)
    await next.cancel()
    clock.advance(120_000)
    expect(clock.waiting).toBe(0)
  })

  it('needs the key', async () => {
    expect((await testSimulator().request('/++/live', { headers: { 'api-key': 'wrong' } })).status).toBe(401)
  })
})

describe('the page', () => {
  it('is three files of its own, without a key, under a strict policy', async () => {
    const simulator = testSimulator()
    for (const [name, type] of [
      ['', 'text/html; charset=utf-8'],
      ['page.js', 'text/javascript; charset=utf-8'],
      ['page.css', 'text/css; charset=utf-8'],
    ]) {
      const answer = await simulator.request(`/++/${name}`, { headers: { 'api-key': '' } })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type])
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/)
    }
    expect((await simulator.request('/++/page.map')).status).toBe(404)
  })

  it('signs in with the code of the link, once, and with no other', async () => {
    const simulator = testSimulator({}, { signInCode: 'once-only' })
    const ask = (code: unknown) => simulator.post('/++/sign-in', { code }, { 'api-key': '' })
    expect((await ask('wrong')).status).toBe(401)
    expect((await ask(7)).status).toBe(400)
    const answer = await ask('once-only')
    expect([answer.status, await answer.json()]).toEqual([200, { key: 'test-key' }])
    expect((await ask('once-only')).status).toBe(401)
    const later = testSimulator({}, { signInCode: 'once-only' })
    const drawn = await later.post('/++/resources/default/regenerate-key', { keyName: 'Key1' })
    const { key1 } = (await drawn.json()) as { key1: string }
    const signedIn = await later.post('/++/sign-in', { code: 'once-only' }, { 'api-key': '' })
    expect(await signedIn.json()).toEqual({ key: key1 })
    expect((await testSimulator().post('/++/sign-in', { code: '' }, { 'api-key': '' })).status).toBe(401)
  })
})
