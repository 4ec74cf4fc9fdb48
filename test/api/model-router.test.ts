/** A deployment of model-router: which model answers, and that it answers as that one would. */
import { describe, expect, it } from 'vitest'
import { findModel } from '../../src/sim/models/catalogue.ts'
import { timedSimulator } from '../support/arrivals.ts'
import { testSimulator } from '../support/simulator.ts'

const path = '/openai/v1/chat/completions'
const easy = [{ role: 'user', content: 'Hi' }]
const hard = [
  {
    role: 'user',
    content: `Prove step by step why this algorithm is optimal, and debug it. ${'It sorts numbers. '.repeat(300)}`,
  },
]
type Answer = { readonly model: string; readonly error?: { readonly code: string | null; readonly message: string } }

const router = (routing: object | undefined, more: object = {}) => {
  const simulator = testSimulator({
    deployments: { route: { model: 'model-router', ...(routing && { routing }), ...more } },
  })
  const ask = async (messages: object, body: object = {}) => {
    const answer = await simulator.post(path, { model: 'route', messages, ...body })
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer }
  }
  return { simulator, ask, model: async (messages: object, body?: object) => (await ask(messages, body)).body.model }
}

describe('a model router', () => {
  it('answers with the name of the model that it chose, the same for the same prompt', async () => {
    const { model } = router(undefined)
    const [first, second, third] = [await model(easy), await model(hard), await model(easy)]
    expect(first).toBe(third)
    expect(first).not.toBe(second)
    for (const name of [first, second]) expect(name).toMatch(/^[a-zA-Z].*/)
    expect(findModel(second)?.name).toMatch(/^gpt-5/)
  })

  it.each([
    // Quality: the best whatever it costs. Cost takes cheaper ones than balanced does.
    ['quality', 'gpt-5.2', 'gpt-5.2'],
    ['balanced', 'gpt-5-nano', 'gpt-5'],
    ['cost', 'gpt-5-nano', 'gpt-5-mini'],
  ] as const)('goes by its mode %s', async (mode, forEasy, forHard) => {
    const models = ['gpt-5-nano', 'gpt-5-mini', 'gpt-5', 'gpt-5.2']
    const { model } = router({ mode, models })
    expect(findModel(await model(easy))?.name).toBe(forEasy)
    expect(findModel(await model(hard))?.name).toBe(forHard)
  })

  it('chooses from its subset, and else from the models of its version', async () => {
    expect(await router({ models: ['gpt-4.1'] }).model(easy)).toBe('gpt-4.1-2025-04-14')
    for (const mode of ['balanced', 'cost', 'quality'])
      for (const messages of [easy, hard]) {
        const name = findModel(await router({ mode }, { model: 'model-router@2025-05-19' }).model(messages))?.name
        expect(['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano', 'o4-mini']).toContain(name)
      }
  })

  it('takes dearer models the harder a prompt is, by its length, its words and the effort that is asked for', async () => {
    const models = ['gpt-4.1-nano', 'gpt-4.1-mini', 'gpt-5-mini', 'gpt-5']
    const { model } = router({ models })
    const of = async (content: string, body?: object) =>
      models.indexOf(findModel(await model([{ role: 'user', content }], { max_tokens: 3, ...body }))?.name ?? '')
    const medium = 'tell me more '.repeat(30)
    expect(await of('Hi')).toBe(0)
    expect(await of(medium)).toBeGreaterThan(0)
    expect(await of(`why? ${medium}`)).toBeGreaterThan(await of(medium))
    expect(await of('Hi', { reasoning_effort: 'high' })).toBeGreaterThan(0)
    expect(await of([medium, medium, medium].join(' why prove debug '))).toBe(3)
  })

  it('refuses what is no request as it does elsewhere', async () => {
    for (const messages of [null, 4, [], [[[]]], [{ role: 'user', content: 7 }]])
      expect((await router(undefined).ask(messages as never)).status).toBe(400)
  })

  it('leaves out what the chosen model does not take', async () => {
    const thinking = router({ models: ['gpt-5-mini'] })
    const sampled = { temperature: 0.2, top_p: 0.5, presence_penalty: 1, max_tokens: 50, logit_bias: { 5: 1 } }
    expect((await thinking.ask(easy, sampled)).status).toBe(200)
    const plain = router({ models: ['gpt-4.1'] })
    expect((await plain.ask(easy, { reasoning_effort: 'high', verbosity: 'low', temperature: 0.2 })).status).toBe(200)
    // What no model takes is refused.
    expect((await plain.ask(easy, { reasoning_effort: 'wild' })).status).toBe(400)
    expect((await thinking.ask(easy, { verbosity: 'endless' })).status).toBe(400)
    const respond = (body: object) =>
      thinking.simulator.post('/openai/v1/responses', { model: 'route', input: 'Hi', ...body })
    expect((await respond({ temperature: 0.2, reasoning: { effort: 'xhigh' } })).status).toBe(200)
  })

  it('refuses what the chosen model refuses, in its words', async () => {
    const { ask } = router({ models: ['gpt-5-chat'] })
    const { status, body } = await ask([{ role: 'user', content: 'word '.repeat(130_000) }])
    expect([status, body.error?.code]).toEqual([400, 'context_length_exceeded'])
    expect(body.error?.message).toContain('128000 tokens')
    const large = router({ models: ['gpt-4.1'] })
    expect((await large.ask([{ role: 'user', content: 'a '.repeat(210_000) }], { max_tokens: 5 })).status).toBe(200)
    // A picture for one that sees none.
    const picture = [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,aaaa' } }] },
    ]
    expect((await router({ models: ['gpt-oss-120b'] }).ask(picture)).status).toBe(400)
  })

  it('keeps the limits of its own', async () => {
    const { ask } = router({ models: ['gpt-5'] }, { sku: 'GlobalStandard', capacity: 50 })
    const { headers } = await ask(easy, { max_tokens: 3 })
    expect([headers.get('x-ratelimit-limit-tokens'), headers.get('x-ratelimit-limit-requests')]).toEqual([
      '50000',
      '50',
    ])
    const plain = await router({ models: ['gpt-5'] }, { tokensPerMinute: 7_000 }).ask(easy, { max_tokens: 3 })
    // One request for each thousand is the router's; gpt-5 has ten.
    expect(plain.headers.get('x-ratelimit-limit-requests')).toBe('7')
  })

  it('takes as long as the chosen model does', async () => {
    const took = async (model: string) => {
      const deployments = { route: { model: 'model-router', routing: { models: [model] } }, one: { model } }
      const { ask } = timedSimulator({ latency: 'measured-2026', deployments, seed: 4 })
      const request = { messages: easy, max_completion_tokens: 400, reasoning_effort: 'none' }
      return (await ask(path, { model: 'route', ...request })).endedAtMs
    }
    expect(await took('gpt-5.2')).toBeGreaterThan(1.5 * (await took('gpt-5.4-mini')))
  })

  it('names the chosen model in streams, responses, headers and the journal', async () => {
    const { simulator } = router({ models: ['gpt-4.1-mini'] })
    const stream = await (await simulator.post(path, { model: 'route', messages: easy, stream: true })).text()
    expect(stream).toContain('"model":"gpt-4.1-mini-2025-04-14"')
    const response = await simulator.post('/openai/v1/responses', { model: 'route', input: 'Hi' })
    expect(((await response.json()) as Answer).model).toBe('gpt-4.1-mini-2025-04-14')
    const told = (await (await simulator.request('/++/capacity')).json()) as { deployments: object[] }
    expect(told.deployments).toEqual([
      expect.objectContaining({ deployment: 'route', model: 'gpt-4.1-mini-2025-04-14', requests: 2 }),
    ])
  })

  it.each([
    [{ model: 'gpt-4.1', routing: { mode: 'cost' } }, 'found a choice of models for gpt-4.1'],
    [{ model: 'model-router', routing: { models: ['gpt-99'] } }, 'found "gpt-99"'],
    [{ model: 'model-router', routing: { models: ['whisper'] } }, 'found "whisper"; allowed: models that chat'],
    [{ model: 'model-router', routing: { mode: 'fast' } }, 'balanced, cost, quality'],
  ])('is refused at the start as %o', (given, problem) => {
    expect(() => testSimulator({ deployments: { route: given } })).toThrow(problem)
  })
})
