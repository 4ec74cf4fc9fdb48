/** Rules that are added one by one are bounded together. */
import { expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

it('a rule that comes when all are too long together is refused, and a short one is not', async () => {
  const rule = (length: number) => ({ when: { prompt: 'a' }, then: { text: 'x'.repeat(length) } })
  const { post } = testSimulator({ rules: [rule(16_700_000)] })
  const refused = await post('/++/rules', rule(100_000))
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({ error: { code: 'TooManyRules' } })
  expect((await post('/++/rules', { when: { prompt: 'b' }, then: { text: 'y' } })).status).toBe(201)
})
