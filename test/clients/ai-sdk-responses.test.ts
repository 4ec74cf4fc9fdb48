import { createAzure } from '@ai-sdk/azure'
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from 'ai'
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

describe("the AI SDK's Azure provider, which asks for responses", () => {
  it.each(['http://sim.test/openai/v1', 'http://sim.test/openai/v1/'])('gets a text at %s', async (baseURL) => {
    const simulator = testSimulator()
    const azure = createAzure({ baseURL, apiKey: 'test-key', fetch: simulator.fetch })
    const { text, usage, finishReason } = await generateText({ model: azure('gpt-4.1'), prompt: 'Say hello.' })
    expect(text).not.toBe('')
    expect(usage.outputTokens).toBeGreaterThan(0)
    expect(finishReason).toBe('stop')
    expect(simulator.errors).toEqual([])
  })

  it('runs tools in steps, each naming the items of those before, and streams', async () => {
    const simulator = testSimulator()
    const azure = createAzure({ baseURL: 'http://sim.test/openai/v1', apiKey: 'test-key', fetch: simulator.fetch })
    const cities: string[] = []
    const weather = tool({
      description: 'Tells the weather.',
      inputSchema: jsonSchema<{ city: string }>({
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
        additionalProperties: false,
      }),
      execute: ({ city }) => {
        cities.push(city)
        return '21 degrees'
      },
    })
    const ask = { model: azure('gpt-5-mini'), prompt: 'Weather?', tools: { weather }, stopWhen: stepCountIs(5) }
    const whole = await generateText(ask)
    expect(whole.steps).toHaveLength(2)
    expect(whole.text).not.toBe('')
    expect(cities).toHaveLength(1)

    const stream = streamText(ask)
    let text = ''
    for await (const part of stream.textStream) text += part
    expect(text).toBe(await stream.text)
    expect(await stream.steps).toHaveLength(2)
    expect(cities).toHaveLength(2)
    expect(simulator.errors).toEqual([])
  })

  it('gets an object that fits a schema', async () => {
    const simulator = testSimulator()
    const azure = createAzure({ baseURL: 'http://sim.test/openai/v1', apiKey: 'test-key', fetch: simulator.fetch })
    const schema = jsonSchema<{ name: string }>({
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name'],
      additionalProperties: false,
    })
    const { output } = await generateText({
      model: azure('gpt-4o'),
      prompt: 'A name.',
      output: Output.object({ schema }),
    })
    expect(output.name).toBeTypeOf('string')
  })
})
