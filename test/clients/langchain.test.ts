import { HumanMessage, type BaseMessage, type ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { AzureChatOpenAI, AzureOpenAIEmbeddings } from '@langchain/openai'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { all } from '../support/all.ts'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator()
const shared = {
  azureOpenAIApiKey: 'test-key',
  azureOpenAIEndpoint: 'http://sim.test',
  azureOpenAIApiVersion: '2024-10-21',
  maxRetries: 0,
  configuration: { fetch: simulator.fetch },
}
const chat = (more: { maxTokens?: number } = {}) =>
  new AzureChatOpenAI({ ...shared, model: 'gpt-4o', azureOpenAIApiDeploymentName: 'gpt-4o', ...more })

const cities: string[] = []
const weather = tool(
  ({ city }) => {
    cities.push(city)
    return '21 degrees'
  },
  { name: 'weather', description: 'Tells the weather.', schema: z.object({ city: z.string() }) },
)

describe('LangChain for Azure', () => {
  it('gets a message, and what it cost', async () => {
    const answer = await chat({ maxTokens: 12 }).invoke('Hello')
    expect(answer.text).not.toBe('')
    expect(answer).toMatchObject({
      usage_metadata: { input_tokens: 8, output_tokens: 12, total_tokens: 20 },
      response_metadata: { finish_reason: 'length', model_name: expect.stringMatching(/^gpt-4o-/) as string },
    })
  })

  it('streams one message in many parts', async () => {
    const parts = await all(await chat({ maxTokens: 12 }).stream('Hello'))
    expect(parts.filter(({ text }) => text !== '')).toHaveLength(12)
    const whole = parts.reduce((sum, part) => sum.concat(part))
    expect(whole).toMatchObject({
      usage_metadata: { output_tokens: 12 },
      response_metadata: { finish_reason: 'length' },
    })
  })

  it('calls tools, and answers in words once it has their results', async () => {
    const model = chat().bindTools([weather])
    const messages: BaseMessage[] = [new HumanMessage('Weather?')]
    const asked = await model.invoke(messages)
    expect(asked.tool_calls?.map(({ name }) => name)).toEqual(['weather'])
    const [call] = asked.tool_calls ?? []
    if (call === undefined) throw new Error('No call')
    const result: ToolMessage = await weather.invoke({ ...call, type: 'tool_call' })
    expect(cities).toEqual([call.args['city']])
    const answer = await model.invoke([...messages, asked, result])
    expect(answer.tool_calls).toEqual([])
    expect(answer.text).not.toBe('')
  })

  it('streams the calls of tools', async () => {
    const parts = await all(await chat().bindTools([weather]).stream('Weather?'))
    const { tool_calls: calls } = parts.reduce((sum, part) => sum.concat(part))
    expect(calls?.map(({ name, args }) => [name, typeof args['city']])).toEqual([['weather', 'string']])
  })

  it.each(['jsonSchema', 'functionCalling', 'jsonMode'] as const)('gets structured output by %s', async (method) => {
    const Event = z.object({ title: z.string(), day: z.enum(['Monday', 'Tuesday']), guests: z.array(z.string()) })
    const anything = z.looseObject({})
    const schema = method === 'jsonMode' ? anything : Event
    const answer = await chat()
      .withStructuredOutput(schema, { method, name: 'event' })
      .invoke('Plan an event, as JSON.')
    expect(schema.parse(answer)).toEqual(answer)
  })

  it('embeds texts, the same as one and as many', async () => {
    const embeddings = new AzureOpenAIEmbeddings({
      ...shared,
      azureOpenAIBasePath: 'http://sim.test/openai/deployments',
      azureOpenAIApiEmbeddingsDeploymentName: 'text-embedding-3-small',
    })
    const one = await embeddings.embedQuery('A cat')
    expect(one).toHaveLength(1536)
    expect(await embeddings.embedDocuments(['A dog', 'A cat'])).toMatchObject({ length: 2, 1: one })
  })

  it('asks for responses, where it is told to', async () => {
    const model = new AzureChatOpenAI({
      ...shared,
      azureOpenAIApiVersion: '2025-04-01-preview',
      azureOpenAIApiDeploymentName: 'gpt-4.1',
      useResponsesApi: true,
    })
    const answer = await model.invoke('Hello')
    expect(answer.text).not.toBe('')
    expect(answer.response_metadata).toMatchObject({ object: 'response', status: 'completed' })
  })

  it('is told why it is refused', async () => {
    const model = new AzureChatOpenAI({ ...shared, azureOpenAIApiDeploymentName: 'gpt-4o', temperature: 3 })
    await expect(model.invoke('Hello')).rejects.toMatchObject({ status: 400, message: /temperature/ })
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))
