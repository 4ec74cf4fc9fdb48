/** The same with the test runner of Node: `node --test`. */
/* eslint-disable @typescript-eslint/no-floating-promises -- the runner waits for them */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Simulator, startSimulator } from 'aoai-simulated-api/testing'
import { AzureOpenAI } from 'openai'

const messages = [{ role: 'user' as const, content: 'What are your opening hours?' }]

describe('the help desk', () => {
  let simulator: Simulator
  before(async () => {
    simulator = await startSimulator()
  })
  after(() => simulator.stop())

  it('has a canned answer', async () => {
    const session = await simulator.session({ rules: [{ then: { text: 'From nine to five.' } }] })
    const { choices } = await new AzureOpenAI(session.azure).chat.completions.create({ model: 'gpt-4o', messages })
    assert.equal(choices[0]?.message.content, 'From nine to five.')
    await session.expect({ when: { prompt: 'opening hours' }, count: 1 })
  })

  it('is throttled twice, then answered', async () => {
    const session = await simulator.session()
    await session.rules.add({ when: { call: '1..2' }, then: { error: 'rateLimit', retryAfter: '5ms' } })
    await new AzureOpenAI(session.azure).chat.completions.create({ model: 'gpt-4o', messages })
    await session.expect([{ status: 429, count: 2 }, { status: 200 }], { inOrder: true })
  })
})
