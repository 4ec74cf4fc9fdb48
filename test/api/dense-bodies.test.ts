/** Bodies of more keys, lists, objects or parts than any that the service takes are refused before they are read. */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const keyed = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'a']))
const headers = { 'api-key': 'test-key' }

async function ask(body: string, path = '/openai/v1/chat/completions') {
  const answer = await testSimulator().fetch(`http://sim.test${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  })
  return { status: answer.status, text: await answer.text() }
}

const chat = (more: object) =>
  JSON.stringify({ model: 'gpt-4.1', max_tokens: 5, messages: [{ role: 'user', content: 'a' }], ...more })

describe('a body that is dense beyond any that is meant', () => {
  it.each([
    ['keys', chat(keyed(70_000))],
    ['lists', chat({ messages: Array.from({ length: 70_000 }, () => []) })],
    ['objects', chat({ messages: Array.from({ length: 70_000 }, () => ({})) })],
  ])('is no JSON that is read: 70,000 %s', async (_, body) => {
    const { status, text } = await ask(body)
    expect(status).toBe(400)
    expect(text).not.toContain('k0')
    expect(text).toContain('"type": "invalid_request_error"')
  })

  it('is read where the marks stand in texts, and where it is long for them', async () => {
    const marks = '{"a":['.repeat(30_000)
    expect((await ask(chat({ messages: [{ role: 'user', content: marks }] }))).status).toBe(200)
    const long = Array.from({ length: 70_000 }, (_, at) => ({ type: 'text', text: `a longer part ${at}` }))
    const { status, text } = await ask(chat({ messages: [{ role: 'user', content: long }] }))
    expect([status, text.slice(0, 40)]).toEqual([200, expect.stringContaining('choices')])
  })

  it('tells how many notes there are before it looks at each', async () => {
    for (const [path, body] of [
      ['/openai/v1/chat/completions', chat({ metadata: keyed(1_500) })],
      ['/openai/v1/responses', JSON.stringify({ model: 'gpt-4.1', input: 'a', metadata: keyed(1_500) })],
      ['/openai/v1/conversations', JSON.stringify({ metadata: keyed(1_500) })],
    ] as const) {
      const { status, text } = await ask(body, path)
      expect(status).toBe(400)
      expect(text).toContain('an object with 1500 properties instead')
    }
  })

  it('is a form of no more than a thousand parts', async () => {
    const asked = async (count: number) => {
      const body = new FormData()
      for (let at = 0; at < count; at++) body.append('timestamp_granularities[]', 'word')
      const answer = await testSimulator().fetch(
        'http://sim.test/openai/deployments/whisper/audio/transcriptions?api-version=2025-04-01-preview',
        { method: 'POST', headers, body },
      )
      return { status: answer.status, text: await answer.text() }
    }
    expect(await asked(900)).toMatchObject({ status: 400, text: expect.stringContaining("'file'") as unknown })
    expect(await asked(1_100)).toMatchObject({
      status: 400,
      text: expect.stringContaining('Invalid request body') as unknown,
    })
  })
})
