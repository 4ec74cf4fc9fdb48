/**
 * The same with Playwright: the page or the server under test is started with the variables of `aoaiSession.env`, or
 * asks the endpoint itself, as here.
 */
import { expect, test as plain } from '@playwright/test'
import { type Session, type Simulator, simulatorFixtures } from 'aoai-simulated-api/testing'

const test = plain.extend<{ aoaiSession: Session }, { aoaiSimulator: Simulator }>(simulatorFixtures())

for (const colour of ['red', 'blue'])
  test(`answers ${colour}`, async ({ aoaiSession: session, request }) => {
    await session.rules.add({ then: { text: colour } })
    const answer = await request.post(`${session.endpoint}/openai/v1/chat/completions`, {
      headers: { 'api-key': session.apiKey },
      data: { model: 'gpt-4o', messages: [{ role: 'user', content: 'Which colour?' }] },
    })
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: colour } }] })
    await session.expect({ when: { prompt: 'colour' }, count: 1 })
  })
