/** Clients that leave before they are answered. */
import { describe, expect, it } from 'vitest'
import type { Observation } from '../../src/sim/metrics/observation.ts'
import { testSimulator } from '../support/simulator.ts'

/** A request whose client leaves while its body arrives, which then has `body`. */
async function leaveBefore(body: string) {
  const observations: Observation[] = []
  const simulator = testSimulator({}, { onObservation: (observation) => observations.push(observation) })
  const leaving = new AbortController()
  const answer = await simulator.handle({
    method: 'POST',
    url: '/openai/v1/chat/completions',
    headers: new Headers({ 'api-key': 'test-key', 'content-type': 'application/json' }),
    bytes: () => {
      leaving.abort()
      return Promise.resolve(Buffer.from(body))
    },
    signal: leaving.signal,
  })
  return { observations, answer }
}

describe('a client that leaves', () => {
  it.each([
    ['before its request is refused for its JSON', '{'],
    ['before its request is refused for its members', '{"model":"gpt-4o"}'],
  ])('%s is observed once, with 499', async (_, body) => {
    const { observations } = await leaveBefore(body)
    expect(observations.map(({ status }) => status)).toEqual([499])
  })

  it('has no more done for it of a long request', async () => {
    const content = 'word '.repeat(10_000)
    const { observations } = await leaveBefore(
      JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
    )
    expect(observations.map(({ status, cost, usage }) => ({ status, cost, usage }))).toEqual([
      { status: 499, cost: undefined, usage: undefined },
    ])
  })
})
