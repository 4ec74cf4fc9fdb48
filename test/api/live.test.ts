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
        limitedBy: { tokens: limited, requests: 0 },
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
    expect((await testSimulator().post('/++/sign-in', { code: '' }, { 'api-key': '' })).status).toBe(401)
  })
})
