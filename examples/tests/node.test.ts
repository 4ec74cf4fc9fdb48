/** The same with the test runner of Node: `node --test`. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from 'aoai-simulated-api/testing'
import { AzureOpenAI } from 'openai'

const simulator = await startSimulator()
after(() => simulator.stop())

const messages = [{ role: 'user' as const, content: 'What are your opening hours?' }]

await test('a canned answer', async () => {
  const session = await simulator.session({ rules: [{ then: { text: 'From nine to five.' } }] })
  const { choices } = await new AzureOpenAI(session.azure).chat.completions.create({ model: 'gpt-4o', messages })
  assert.equal(choices[0]?.message.content, 'From nine to five.')
  await session.expect({ when: { prompt: 'opening hours' }, count: 1 })
})

await test('throttled twice, then answered', async () => {
  const session = await simulator.session()
  await session.rules.add({ when: { call: '1..2' }, then: { error: 'rateLimit', retryAfter: '5ms' } })
  await new AzureOpenAI(session.azure).chat.completions.create({ model: 'gpt-4o', messages })
  await session.expect([{ status: 429, count: 2 }, { status: 200 }], { inOrder: true })
})
