/** Counting a response's tokens before it is asked for. */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const count = (body: object, path = '/input_tokens') =>
  testSimulator({}).post(`/openai/v1/responses${path}`, { model: 'gpt-4.1-mini', input: 'Hello', ...body })

describe('counting the tokens of a response', () => {
  it('takes the personality of the published description, which a response does not', async () => {
    const [plain, friendly] = [await count({}), await count({ personality: 'friendly' })]
    expect(friendly.status).toBe(200)
    expect(await friendly.json()).toEqual(await plain.json())
    const long = await count({ personality: 'a'.repeat(65) })
    expect(long.status).toBe(400)
    expect(await long.json()).toMatchObject({ error: { param: 'personality', code: 'string_above_max_length' } })
    expect((await count({ personality: 1 })).status).toBe(400)
    expect(await (await count({ personality: 'friendly' }, '')).json()).toMatchObject({
      error: { message: "Unknown parameter: 'personality'." },
    })
  })
})
