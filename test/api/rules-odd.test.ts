/** A rule whose text has an odd length is refused as any other, however many rules there are. */
import { expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

it.each([1, 100, 1_000])('is refused beside %i rules', async (count) => {
  const sim = testSimulator({})
  const ask = (method: string, body: object) =>
    sim.fetch('http://sim.test/++/rules', { method, headers: { 'api-key': 'test-key' }, body: JSON.stringify(body) })
  const rule = (at: number) => ({ when: { prompt: `word ${at}` }, then: { text: 'a' } })
  await ask('PUT', { rules: Array.from({ length: count }, (_, at) => rule(at)) })
  const odd = { length: { toString: 1, valueOf: 1 } }
  expect((await ask('POST', { when: { deployment: odd }, then: { text: 'a' } })).status).toBe(400)
  expect((await ask('POST', { when: { headers: { a: odd } }, then: { text: 'a' } })).status).toBe(400)
})
