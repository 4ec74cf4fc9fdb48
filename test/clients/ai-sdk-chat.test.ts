import { createAzure } from '@ai-sdk/azure'
import { APICallError, embed, embedMany, generateObject, generateText, Output, stepCountIs, streamText, tool } from 'ai'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { all } from '../support/all.ts'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator()
const shared = { apiKey: 'test-key', fetch: simulator.fetch }
const Event = z.object({ title: z.string(), day: z.enum(['Monday', 'Tuesday']), guests: z.array(z.string()) })

/** The two forms of address that the provider has on a host that is not `*.openai.azure.com`. */
const surfaces = {
  'the v1 API': createAzure({ ...shared, baseURL: 'http://sim.test/openai/v1' }),
  'deployments with a dated version': createAzure({
    ...shared,
    baseURL: 'http://sim.test/openai',
    useDeploymentBasedUrls: true,
    apiVersion: '2024-10-21',
  }),
}

describe.each(Object.entries(surfaces))('the AI SDK for chat, over %s', (_, azure) => {
  const model = azure.chat('gpt-4o')

  it('generates a text, and tells what it cost', async () => {
    const { text, usage, finishReason } = await generateText({ model, prompt: 'Say hello.', maxOutputTokens: 12 })
    expect(text).not.toBe('')
    expect(usage).toMatchObject({ outputTokens: 12, totalTokens: (usage.inputTokens ?? 0) + 12 })
    expect(finishReason).toBe('length')
  })

  it('streams a text in many parts', async () => {
    const stream = streamText({ model, prompt: 'Say hello.', maxOutputTokens: 12 })
    const parts = await all(stream.textStream)
    expect(parts).toHaveLength(12)
    expect(parts.join('')).toBe(await stream.text)
    expect((await stream.usage).outputTokens).toBe(12)
    expect(await stream.finishReason).toBe('length')
  })

  it('runs tools in steps until there is a text, whole and streamed', async () => {
    const cities: string[] = []
    const weather = tool({
      description: 'Tells the weather.',
      inputSchema: z.object({ city: z.string() }),
      execute: ({ city }) => {
        cities.push(city)
        return '21 degrees'
      },
    })
    const ask = { model, prompt: 'Weather?', tools: { weather }, stopWhen: stepCountIs(5) }
    const whole = await generateText(ask)
    expect(whole.steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop'])
    expect(whole.text).not.toBe('')
    expect(cities).toHaveLength(1)

    const stream = streamText(ask)
    expect(await stream.text).not.toBe('')
    expect((await stream.steps).map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop'])
    expect(cities).toHaveLength(2)
  })

  it('generates objects that fit their schema, whole and streamed', async () => {
    const { object } = await generateObject({ model, schema: Event, prompt: 'Plan an event.' })
    expect(Event.parse(object)).toEqual(object)

    const stream = streamText({ model, prompt: 'Plan an event.', output: Output.object({ schema: Event }) })
    const parts = await all(stream.partialOutputStream)
    expect(Event.parse(parts.at(-1))).toEqual(await stream.output)
  })

  it('embeds one text, and many', async () => {
    const embedding = azure.embedding('text-embedding-3-small')
    const one = await embed({ model: embedding, value: 'A cat' })
    const many = await embedMany({ model: embedding, values: ['A cat', 'A dog'] })
    expect(one.embedding).toHaveLength(1536)
    expect(many.embeddings[0]).toEqual(one.embedding)
    expect(many.usage.tokens).toBe(2 * one.usage.tokens)
  })

  it('is told why it is refused', async () => {
    const ask = generateText({ model, prompt: 'Say hello.', temperature: 3, maxRetries: 0 })
    const error: unknown = await ask.catch((reason: unknown) => reason)
    expect(APICallError.isInstance(error) && [error.statusCode, error.isRetryable]).toEqual([400, false])
    expect((error as Error).message).toMatch(/temperature/)
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))
