/** The same with Jest, which runs modules with `NODE_OPTIONS=--experimental-vm-modules`. */
import { afterAll, expect, test } from '@jest/globals'
import { startSimulator } from 'aoai-simulated-api/testing'
import { AzureOpenAI } from 'openai'

const simulator = await startSimulator()
afterAll(() => simulator.stop())

const messages = [{ role: 'user' as const, content: 'What are your opening hours?' }]

test('a canned answer', async () => {
  const session = await simulator.session({ rules: [{ then: { text: 'From nine to five.' } }] })
  const { choices } = await new AzureOpenAI(session.azure).chat.completions.create({ model: 'gpt-4o', messages })
  expect(choices[0]?.message.content).toBe('From nine to five.')
  await session.expect({ when: { prompt: 'opening hours' }, count: 1 })
})
