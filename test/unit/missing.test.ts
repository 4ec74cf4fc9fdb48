import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

function create(input: Record<string, unknown> = {}) {
  const warnings: string[] = []
  const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message), error() {} }
  return { warnings, ...testSimulator(input, { log }) }
}

describe('an operation that is not simulated', () => {
  it('is answered as by a resource that lacks it, and told of once, whatever it is asked of', async () => {
    const { post, warnings } = create()
    for (const id of ['asst_1a2b', 'asst_3c4d', 'asst_1a2b']) {
      const answer = await post(`/openai/assistants/${id}/runs?api-version=2024-05-01-preview`, {})
      expect(answer.status).toBe(404)
      expect(await answer.text()).toBe('{"error":{"code":"404","message": "Resource not found"}}')
    }
    for (const deployment of ['one', 'two']) await post(`/openai/deployments/${deployment}/rerank?api-version=x`, {})
    expect(warnings).toEqual([
      expect.stringMatching(
        /^POST \/openai\/assistants\/\{name\}\/runs is retired, and answered with 404: use Responses/,
      ),
      expect.stringMatching(/^POST \/openai\/deployments\/\{name\}\/rerank is not simulated/),
    ])
  })

  it('is told of for each family, and for each method', async () => {
    const { post, request, warnings } = create()
    await post('/openai/v1/skills', {})
    await request('/openai/v1/skills')
    await post('/models/rerank?api-version=2024-05-01-preview', {})
    await post('/anthropic/v1/complete', {})
    expect(warnings.map((warning) => warning.split(' is ')[0])).toEqual([
      'POST /openai/v1/skills',
      'GET /openai/v1/skills',
      'POST /models/rerank',
      'POST /anthropic/v1/complete',
    ])
  })

  it('is not told of where the path is none of the service’s, or the key is wrong', async () => {
    const { post, warnings } = create()
    expect((await post('/wp-login.php', {})).status).toBe(404)
    expect((await post('/openai/v1/evals', {}, { 'api-key': 'wrong' })).status).toBe(401)
    expect(warnings).toEqual([])
  })

  it('fills no log, however many there are', async () => {
    const { post, warnings } = create()
    for (let index = 0; index < 300; index++)
      await post(`/openai/v1/${'abcdefghij'[index % 10] ?? ''}_${'x'.repeat(index / 10)}`, {})
    expect(warnings).toHaveLength(100)
  })
})

describe('a parameter that is taken and changes nothing', () => {
  it('is told of once', async () => {
    const { post, warnings } = create()
    const path = '/openai/deployments/gpt-4o/chat/completions?api-version=2025-04-01-preview'
    const messages = [{ role: 'user', content: 'Hi' }]
    for (const more of [{}, { web_search_options: {} }, { web_search_options: { search_context_size: 'low' } }])
      expect((await post(path, { messages, max_tokens: 1, ...more })).status).toBe(200)
    expect(warnings).toEqual([expect.stringMatching(/^web_search_options of ChatCompletions_Create is taken/)])
  })
})
