/** What a model refuses of a request of the Responses API, model by model. */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const sim = testSimulator()
const send = async (model: string, body: object) => {
  const answer = await sim.post('/openai/v1/responses', { model, input: 'Hi', max_output_tokens: 16, ...body })
  return { status: answer.status, error: ((await answer.json()) as { error: unknown }).error }
}

const unsupported = (param: string) => ({
  message: `Unsupported parameter: '${param}' is not supported with this model.`,
  param,
  code: 'unsupported_parameter',
})
const value = (found: string, model: string, supported: string, param: string) => ({
  message: `Unsupported value: '${found}' is not supported with the '${model}' model. Supported values are: ${supported}.`,
  param,
  code: 'unsupported_value',
})
const picture = { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://a.test/a.png' }] }] }
const sealed = { include: ['reasoning.encrypted_content'], store: false }
const likely = { include: ['message.output_text.logprobs'] }

describe('the likelihoods of a long response', () => {
  const ask = { model: 'gpt-4.1', input: 'Hi', ...likely, top_logprobs: 2, max_output_tokens: 400 }
  type Part = { text: string; logprobs: { token: string; top_logprobs: object[] }[] }

  it.each([
    ['/openai/v1/responses', 2],
    ['/openai/responses?api-version=2025-04-01-preview', 2],
    ['/api/projects/mine/openai/v1/responses', 2],
    ['/api/projects/mine/openai/responses?api-version=2025-11-15-preview', 0],
  ])('stand where those of a short one do (%s)', async (path, spaces) => {
    const text = await (await sim.post(path, ask)).text()
    const told = JSON.parse(text) as { output: { content: Part[] }[] }
    const { text: said, logprobs } = told.output[0]!.content[0]!
    expect(logprobs).toHaveLength(400)
    expect(logprobs.map(({ token }) => token).join('')).toBe(said)
    expect(logprobs.every(({ top_logprobs: top }) => top.length === 2)).toBe(true)
    expect(text.replace(/: (\d+)\.0(?=,\n)/g, ': $1')).toBe(JSON.stringify(told, undefined, spaces))
  })

  it('are refused where there would be too many of them', async () => {
    expect(await send('gpt-4.1', { ...ask, top_logprobs: 20, max_output_tokens: 16_000 })).toMatchObject({
      status: 400,
      error: {
        param: 'top_logprobs',
        code: 'integer_above_max_value',
        message: expect.stringMatching(/a value <= 1 for an answer of 16000 tokens/) as string,
      },
    })
  })
})

describe('a response', () => {
  it.each<[string, object, object]>([
    ['gpt-5', { temperature: 0 }, { param: 'temperature', code: 'unsupported_value' }],
    ['gpt-5.1', { temperature: 0, reasoning: { effort: 'low' } }, { param: 'temperature' }],
    ['gpt-5.4', { top_p: 0.5, reasoning: { effort: 'high' } }, unsupported('top_p')],
    ['gpt-5.6-luna', { temperature: 0, reasoning: { effort: 'none' } }, { param: 'temperature' }],
    ['gpt-5-nano', { top_logprobs: 2 }, unsupported('top_logprobs')],
    ['o3', likely, { message: 'logprobs are not supported with reasoning models.', param: 'include' }],
    [
      'gpt-4.1',
      sealed,
      { message: 'Encrypted content is not supported with this model.', param: 'include', code: null },
    ],
    ['gpt-4o', { reasoning: { effort: 'low' } }, unsupported('reasoning.effort')],
    [
      'gpt-5.1',
      { reasoning: { effort: 'xhigh' } },
      value('xhigh', 'gpt-5.1-2025-11-13', "'none', 'low', 'medium', and 'high'", 'reasoning.effort'),
    ],
    ['gpt-4o', { text: { verbosity: 'low' } }, value('low', 'gpt-4o-2024-11-20', "'medium'", 'text.verbosity')],
    ['o4-mini', { text: { verbosity: 'high' } }, { param: 'text.verbosity', code: 'unsupported_value' }],
    ['gpt-5-codex', { text: { verbosity: 'low' } }, { param: 'text.verbosity' }],
    [
      'gpt-5-mini',
      { reasoning: { effort: 'minimal' }, tools: [{ type: 'web_search' }] },
      { message: "The following tools cannot be used with reasoning.effort 'minimal': web_search.", param: 'tools' },
    ],
    [
      'gpt-4o',
      { tools: [{ type: 'computer_use_preview', display_width: 9, display_height: 9, environment: 'browser' }] },
      {
        message: "Hosted tool 'computer_use_preview' is not supported with gpt-4o-2024-11-20.",
        param: 'tools',
        code: null,
      },
    ],
    [
      'gpt-4o',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'not a url' }] }] },
      { code: 'BadRequest', message: expect.stringMatching(/^Invalid image URL\./) as string },
    ],
    ['o3-mini', picture, { message: 'Invalid content type. image_url is only supported by certain models.' }],
  ])('of %s refuses %j', async (model, body, error) => {
    expect(await send(model, body)).toMatchObject({ status: 400, error })
  })

  it.each<[string, object]>([
    ['gpt-5.1', { temperature: 0.2, top_p: 0.5, top_logprobs: 2, ...likely }],
    ['gpt-5.2', { temperature: 0.2, reasoning: { effort: 'none' } }],
    ['gpt-5.4-mini', { top_p: 0.5 }],
    ['o3', { temperature: 1, top_p: 1, ...sealed }],
    ['gpt-5.2-chat', sealed],
    ['gpt-4o', { text: { verbosity: 'medium' }, temperature: 2, ...likely }],
    ['gpt-5', { text: { verbosity: 'low' }, reasoning: { effort: 'minimal' } }],
    ['model-router', { reasoning: { effort: 'high' }, text: { verbosity: 'low' } }],
    ['gpt-oss-120b', { reasoning: { effort: 'low' } }],
    ['o1', picture],
  ])('of %s takes %j', async (model, body) => {
    expect(await send(model, body)).toMatchObject({ status: 200 })
  })
})
