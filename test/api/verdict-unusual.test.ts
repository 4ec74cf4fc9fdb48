/** Clients that do nothing wrong in a way that is not the usual one: no mark may catch them. */
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startNodeHost } from '../../src/host/node.ts'
import type { Verdict } from '../../src/sim/index.ts'
import { world } from '../support/callers.ts'
import { serverLimits } from '../support/hosts.ts'
import { testSimulator } from '../support/simulator.ts'

type Asked = { readonly request: (path: string) => Promise<Response> }

const verdictOf = async (asked: Asked, query = '') =>
  (await (await asked.request(`/++/verdict${query}`)).json()) as Verdict

const caughtBy = ({ marks }: Verdict) =>
  Object.fromEntries(marks.flatMap(({ name, level }) => (level === 'warn' || level === 'fail' ? [[name, level]] : [])))

describe('nobody is accused', () => {
  it('who speaks HTTP/1.0, as a proxy does that keeps no connection, of making a connection each time', async () => {
    const simulator = testSimulator()
    const host = await startNodeHost(simulator, { port: 0, host: '127.0.0.1', server: serverLimits })
    const { port } = new URL(host.url)
    const body = (n: number) => JSON.stringify({ messages: [{ role: 'user', content: `Hi ${n}` }], max_tokens: 2 })
    const ask = (n: number) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1')
        let text = ''
        socket.on('data', (part) => (text += part.toString()))
        socket.on('close', () => resolve(text)).on('error', reject)
        const head = [
          'POST /openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21 HTTP/1.0',
          'host: sim.test',
          'connection: close',
          'api-key: test-key',
          'content-type: application/json',
          `content-length: ${body(n).length}`,
        ]
        socket.write(`${head.join('\r\n')}\r\n\r\n${body(n)}`)
      })
    for (let n = 0; n < 25; n++) expect(await ask(n)).toMatch(/^HTTP\/1\.\d 200 /)
    const verdict = await verdictOf(simulator)
    await host.stop()
    expect(verdict.calls).toBe(25)
    expect(caughtBy(verdict)).toEqual({})
    expect(verdict.marks.find(({ name }) => name === 'keepAlive')?.level).toBe('unknown')
  })

  it('of coming back too early, where another asks the same with a key of its own', async () => {
    const keys = ['key-of-one-team', 'key-of-another']
    // By its keys the resource is found.
    const busy = { when: { headers: { 'x-fate': 'busy' } }, then: { error: 'rateLimit', retryAfter: '2s' } }
    const asked = world({ resources: { gateway: { apiKeys: keys, rules: [busy] } } })
    await asked.ask(30, { headers: { 'api-key': keys[0] ?? '' } })
    // Each team asks once, is told to wait, and does: the gateway has one connection for all of them.
    for (const key of keys) {
      expect((await asked.attempt('busy', 0, { headers: { 'api-key': key } })).status).toBe(429)
      await asked.sleep(100)
    }
    await asked.sleep(2_000)
    for (const key of keys) {
      expect((await asked.attempt('busy', 1, { headers: { 'api-key': key } })).status).toBe(200)
      await asked.sleep(110)
    }
    const verdict = await verdictOf(asked, '?resource=gateway')
    expect(caughtBy(verdict)).toEqual({})
    expect(verdict).toMatchObject({ calls: 32, attempts: 34, ambiguous: 0 })
  })

  it('of a storm or of waste, whose users stop streams and have them answered anew', async () => {
    const asked = world()
    await asked.ask(100)
    for (let tries = 0; tries < 12; tries++) {
      const stopped = asked.attempt('tell', 0, { stream: true, maxTokens: 40, leavesAfter: 900 })
      for (let step = 0; step < 60; step++) await asked.sleep(10)
      await stopped
      await asked.sleep(3_000)
    }
    await asked.ask(30, { stream: true })
    // That they were left is so, and told by its own mark.
    expect(caughtBy(await verdictOf(asked))).toEqual({ abandonedStreams: 'fail' })
  })

  it('of anything, who calls tools turn by turn, each question longer than the one before', async () => {
    const asked = world()
    for (let run = 0; run < 10; run++) {
      const messages: object[] = [{ role: 'user', content: 'What is the weather in all towns?' }]
      for (let turn = 0; turn < 6; turn++) {
        const answer = await asked.fetch(
          'http://sim.test/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
          {
            method: 'POST',
            headers: { 'api-key': 'test-key', 'content-type': 'application/json', 'x-stainless-retry-count': '0' },
            body: JSON.stringify({ messages, max_tokens: 20 }),
          },
        )
        expect(answer.status).toBe(200)
        await answer.text()
        messages.push(
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: `call_${turn}`, type: 'function', function: { name: 'weather', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: `call_${turn}`, content: 'It rains.' },
        )
        await asked.sleep(5)
      }
      await asked.sleep(2_000)
    }
    const verdict = await verdictOf(asked)
    expect(caughtBy(verdict)).toEqual({})
    expect(verdict).toMatchObject({ calls: 60, attempts: 60, ambiguous: 0 })
  })
})
