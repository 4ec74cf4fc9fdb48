/** Content filters by name: a deployment's own, and one that a request chooses. */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const messages = [{ role: 'user', content: 'Tell me of a weapon.' }]
const settings = {
  contentFilters: {
    Strict: { rules: [{ pattern: 'weapon', category: 'violence', severity: 'high' }] },
    none: { mode: 'off' },
  },
  deployments: {
    guarded: { model: 'gpt-4.1-mini', contentFilter: 'strict' },
    plain: { model: 'gpt-4.1-mini' },
  },
}

describe('A content filter with a name', () => {
  const sim = testSimulator(settings)
  const chat = (model: string, headers: Record<string, string> = {}) =>
    sim.post('/openai/v1/chat/completions', { model, messages }, headers)

  it('is that of the deployment which names it', async () => {
    const refused = await chat('guarded')
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ error: { code: 'content_filter' } })
    expect((await chat('plain')).status).toBe(200)
  })

  it('is chosen by x-policy-id for one request, in chat, by the dated surface and in Responses', async () => {
    expect((await chat('plain', { 'x-policy-id': 'STRICT' })).status).toBe(400)
    const free = await chat('guarded', { 'x-policy-id': 'none' })
    expect(free.status).toBe(200)
    const off = testSimulator({ contentFilter: { mode: 'off' } })
    const told = (await free.json()) as { prompt_filter_results: object }
    const usual = await (await off.post('/openai/v1/chat/completions', { model: 'gpt-4.1-mini', messages })).json()
    expect(told.prompt_filter_results).toEqual((usual as typeof told).prompt_filter_results)
    expect((await chat('guarded', { 'x-policy-id': 'Microsoft.DefaultV2' })).status).toBe(200)
    const dated = '/openai/deployments/plain/chat/completions?api-version=2024-10-21'
    expect((await sim.post(dated, { messages }, { 'x-policy-id': 'Strict' })).status).toBe(400)
    const asked = { model: 'plain', input: 'Tell me of a weapon.' }
    expect((await sim.post('/openai/v1/responses', asked, { 'x-policy-id': 'Strict' })).status).toBe(400)
    expect((await sim.post('/openai/v1/responses', asked)).status).toBe(200)
  })

  it('must be there: a name that is none’s is refused, and so is a setting', async () => {
    expect((await chat('plain', { 'x-policy-id': '' })).status).toBe(200)
    const refused = await chat('plain', { 'x-policy-id': 'other' })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ error: { code: 'invalid_policy_id' } })
    expect(() => testSimulator({ deployments: { a: { model: 'gpt-4o', contentFilter: 'missing' } } })).toThrow(
      /found "missing", which is none of contentFilters/,
    )
  })

  it('is not looked for where none is configured', async () => {
    const plain = testSimulator().post(
      '/openai/v1/chat/completions',
      { model: 'gpt-4o', messages },
      { 'x-policy-id': 'x' },
    )
    expect((await plain).status).toBe(200)
  })
})
