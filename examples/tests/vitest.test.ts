/** How an application is tested with vitest: each test has a session, a simulated resource that no other test meets. */
import { type Session, type Simulator, simulatorFixtures } from 'aoai-simulated-api/testing'
import { AzureOpenAI } from 'openai'
import { describe, expect, test as plain } from 'vitest'
import { answer, streamed } from './application.ts'

const test = plain.extend<{ aoaiSimulator: Simulator; aoaiSession: Session }>(simulatorFixtures())

test('a canned answer', async ({ aoaiSession: session }) => {
  await session.rules.add({ when: { prompt: 'opening hours' }, then: { text: 'From nine to five.' } })
  expect(await answer(new AzureOpenAI(session.azure), 'What are your opening hours?')).toEqual({
    text: 'From nine to five.',
  })
})

test('a tool call with its arguments', async ({ aoaiSession: session }) => {
  await session.rules.add({ then: { toolCalls: [{ name: 'refund', arguments: { order: 7 } }] } })
  expect(await answer(new AzureOpenAI(session.azure), 'I want my money back')).toEqual({ refund: 7 })
})

test('throttled twice, then answered, by the retries of the SDK', async ({ aoaiSession: session }) => {
  await session.rules.add({ when: { call: '1..2' }, then: { error: 'rateLimit', retryAfter: '5ms' } })
  await answer(new AzureOpenAI(session.azure), 'Hello')
  await session.expect(
    [
      { status: 429, count: 2 },
      { status: 200, count: 1 },
    ],
    { inOrder: true },
  )
})

test('a 500 to the end of all retries', async ({ aoaiSession: session }) => {
  await session.rules.add({ then: { error: 'serverError', retryAfter: '5ms' } })
  await expect(answer(new AzureOpenAI(session.azure), 'Hello')).rejects.toMatchObject({ status: 500 })
  await session.expect({ status: 500, count: 3 })
})

test('a stream that is cut in the middle', async ({ aoaiSession: session }) => {
  await session.rules.add({ then: { text: 'One two three four five six.', fault: 'cut', after: { tokens: 3 } } })
  expect(await streamed(new AzureOpenAI(session.azure), 'Count')).toEqual({ text: 'One two three', isWhole: false })
})

test('a first token that is too slow for the application', async ({ aoaiSession: session }) => {
  await session.rules.add({ then: { latency: { timeToFirstToken: '1min' } } })
  const client = new AzureOpenAI({ ...session.azure, timeout: 100, maxRetries: 0 })
  await expect(answer(client, 'Hello')).rejects.toThrow('timed out')
})

describe.concurrent('two tests side by side', () => {
  test.for(['red', 'blue'])('do not meet: %s', async (colour, { aoaiSession: session, expect }) => {
    await session.rules.add({ then: { text: colour } })
    expect(await answer(new AzureOpenAI(session.azure), 'Which colour?')).toEqual({ text: colour })
    await session.expect({ count: 1 })
  })
})

test('what was asked', async ({ aoaiSession: session }) => {
  await answer(new AzureOpenAI(session.azure), 'Where is order 7?')
  await session.expect({
    when: { prompt: /order 7/.toString(), system: 'help desk', body: { model: 'gpt-4o' } },
    count: 1,
  })
})
