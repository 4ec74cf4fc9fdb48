/** What rules and expectations ask of a long request is looked up in slices, and is the same for it. */
import { expect, it } from 'vitest'
import { hurriedClock } from '../support/hurried-clock.ts'
import { testSimulator } from '../support/simulator.ts'

const long = 'word '.repeat(20_000)
const body = (content: string) =>
  JSON.stringify({ model: 'gpt-4.1', max_tokens: 5, messages: [{ role: 'user', content }] })

it('takes no rule for a long request that has no such part', async () => {
  const when = { body: { metadata: { kind: 'never' } }, conversation: '/wor[d]/' }
  const simulator = testSimulator({ rules: [{ when, then: { text: 'Ruled.' } }] }, { clock: hurriedClock() })
  const response = await simulator.post('/openai/v1/chat/completions', body(long))
  expect(response.status).toBe(200)
  expect(await response.text()).not.toContain('Ruled.')
})

it('judges expectations of long requests', async () => {
  const simulator = testSimulator({ journal: { bodies: 'on' } }, { clock: hurriedClock() })
  await simulator.post('/openai/v1/chat/completions', body(long))
  await simulator.post('/openai/v1/chat/completions', body('short'))
  const expectations = [
    { when: { conversation: '/wor[d]/', body: { model: 'gpt-4.1' } } },
    { when: { prompt: 'short' } },
  ]
  const response = await simulator.post('/++/requests/expect', { expectations })
  expect(await response.json()).toMatchObject({ met: true, expectations: [{ seen: 1 }, { seen: 1 }] })
})

it('finds in a first answer what the last of many patterns finds', async () => {
  const pattern = (at: number) => ({ pattern: `(?:z{3}|q{4})${at}`, category: 'hate' })
  const rules = [...Array.from({ length: 11 }, (_, at) => pattern(at)), { pattern: '[a-z]', category: 'violence' }]
  const simulator = testSimulator({ contentFilter: { rules } }, { clock: hurriedClock() })
  const asked = { model: 'gpt-4.1', max_tokens: 300, messages: [{ role: 'user', content: '1 '.repeat(10_000) }] }
  const response = await simulator.post('/openai/v1/chat/completions', JSON.stringify(asked))
  expect(await response.json()).toMatchObject({ choices: [{ finish_reason: 'content_filter' }] })
})
