/** Every name of Microsoft's lists is a model of its own, with what it can do. */
import { describe, expect, it } from 'vitest'
import { findModel } from '../../src/sim/models/catalogue.ts'
import { resolveModel } from '../../src/sim/models/resolve.ts'
import { testSimulator } from '../support/simulator.ts'

type Chunk = { choices: { delta: Record<string, string | null> }[]; usage?: Usage | null }
type Usage = { completion_tokens: number; completion_tokens_details: { reasoning_tokens: number } }

describe('a model of Microsoft’s lists', () => {
  it.each([
    ['gpt-4o-audio-preview', 'chat'],
    ['gpt-4o-mini-audio-preview', 'chat'],
    ['gpt-4o-realtime-preview', 'realtime'],
    ['gpt-realtime-mini', 'realtime'],
    ['davinci-002', 'completion'],
    ['text-davinci-003', 'completion'],
    ['text-similarity-ada-001', 'embedding'],
    ['text-search-davinci-query-001', 'embedding'],
    ['dall-e-2', 'image'],
    ['o3-deep-research', 'responses'],
    ['DeepSeek-R1', 'chat'],
    ['MAI-DS-R1', 'chat'],
    ['grok-3-mini', 'chat'],
    ['Phi-4-reasoning', 'chat'],
  ] as const)('%s has an entry, which its deployments find: %s', (name, kind) => {
    expect(findModel(name)?.kinds).toContain(kind)
    expect(resolveModel(`my-${name}-prod`)?.name).toBe(name)
  })

  it('hears and speaks where it is an audio preview', async () => {
    const path = '/openai/deployments/gpt-4o-audio-preview/chat/completions?api-version=2025-01-01-preview'
    const messages = [{ role: 'user', content: 'Hi' }]
    const spoken = { messages, modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }
    expect((await testSimulator().post(path, spoken)).status).toBe(200)
    expect(await (await testSimulator().post(path, { messages })).json()).toMatchObject({
      error: { message: 'This model requires that either input content or output modality contain audio.' },
    })
  })

  it.each(['DeepSeek-R1', 'grok-3-mini'])(
    'tells what it thought where it is %s, whole and in a stream',
    async (model) => {
      const body = { model, messages: [{ role: 'user', content: 'Why?' }], seed: 3 }
      const answer = (await (await testSimulator().post('/openai/v1/chat/completions', body)).json()) as {
        choices: { message: { reasoning_content: string; content: string } }[]
        usage: { completion_tokens: number; completion_tokens_details: { reasoning_tokens: number } }
      }
      const { reasoning_content: thoughts, content } = answer.choices[0]!.message
      expect(thoughts.length).toBeGreaterThan(100)
      expect(content).not.toBe('')
      expect(answer.usage.completion_tokens_details.reasoning_tokens).toBeGreaterThan(0)
      const text = await (
        await testSimulator().post('/openai/v1/chat/completions', {
          ...body,
          stream: true,
          stream_options: { include_usage: true },
        })
      ).text()
      const events = text
        .split('\n\n')
        .filter((event) => event.startsWith('data: {'))
        .map((event) => JSON.parse(event.slice(6)) as Chunk)
      const deltas = events.map(({ choices: [choice] }) => choice?.delta ?? {})
      expect(deltas.filter((delta) => typeof delta['reasoning_content'] === 'string')).toHaveLength(
        events.findLast(({ usage }) => usage)?.usage?.completion_tokens_details.reasoning_tokens ?? 0,
      )
      const spoken = deltas.findIndex((delta) => (delta['content'] ?? '') !== '')
      expect(deltas.slice(spoken).every((delta) => delta['reasoning_content'] === undefined)).toBe(true)
    },
  )
})

describe('a limit of tokens', () => {
  const ask = async (config: Record<string, unknown>, body: object, path = 'chat/completions') => {
    const prompt = path === 'completions' ? { prompt: 'Hi' } : { messages: [{ role: 'user', content: 'Hi' }] }
    const answer = await testSimulator(config).post(`/openai/v1/${path}`, { model: 'd', seed: 1, ...prompt, ...body })
    const { choices, usage } = (await answer.json()) as {
      choices: { finish_reason: string }[]
      usage: { completion_tokens: number }
    }
    return [usage.completion_tokens, choices[0]?.finish_reason] as const
  }
  const bound = { generate: { maxTokens: 'bound' } }

  it('is what an answer has, or a bound that it may stay below', async () => {
    expect(await ask({}, { max_tokens: 4096 })).toEqual([4096, 'length'])
    const [tokens, reason] = await ask(bound, { max_tokens: 4096 })
    expect(tokens).toBeLessThan(2000)
    expect(reason).toBe('stop')
    expect(await ask(bound, { max_tokens: 3 })).toEqual([3, 'length'])
    const completions = { deployments: { d: { model: 'gpt-35-turbo-instruct' } }, ...bound }
    const [completed] = await ask(completions, { max_tokens: 3000 }, 'completions')
    expect(completed).toBeLessThan(2000)
  })

  it('may mean one thing for a deployment, and another for the rest', async () => {
    const own = { deployments: { d: { model: 'gpt-4o', maxTokens: 'bound' } } }
    expect((await ask(own, { max_tokens: 4096 }))[1]).toBe('stop')
    const exact = { ...bound, deployments: { d: { model: 'gpt-4o', maxTokens: 'exact' } } }
    expect(await ask(exact, { max_tokens: 500 })).toEqual([500, 'length'])
  })

  it('bounds thinking and answer together', async () => {
    const thinking = { ...bound, deployments: { d: { model: 'gpt-5-mini' } } }
    const [tokens] = await ask(thinking, { max_completion_tokens: 100 })
    expect(tokens).toBeLessThanOrEqual(100)
  })

  it('is spoken of once where an answer was very long', async () => {
    const lines: string[] = []
    const log = { debug() {}, info: (line: string) => lines.push(line), warn() {}, error() {} }
    const simulator = testSimulator({}, { log })
    for (const max_tokens of [10, 3000, 3000]) {
      const answer = await simulator.post('/openai/v1/chat/completions', {
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'Hi' }],
        max_tokens,
      })
      await answer.text()
    }
    expect(lines.filter((line) => line.includes('generate.maxTokens'))).toHaveLength(1)
  })
})
