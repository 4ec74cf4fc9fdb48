/** LangChain with a vector store of the service: what is cited stands in a file that was uploaded. */
import { ChatOpenAI } from '@langchain/openai'
import { toFile } from 'openai'
import { expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

it('finds what was uploaded by file search', async () => {
  const simulator = testSimulator({ files: { processTime: '0ms', indexTime: '0ms' } })
  const openai = simulator.v1()
  const store = await openai.vectorStores.create({ name: 'Fjords' })
  const text = 'The Sognefjord is the longest fjord of Norway: 205 kilometres.\n'
  const file = await toFile(Buffer.from(text), 'fjords.txt')
  await openai.vectorStores.files.uploadAndPoll(store.id, file)
  const model = new ChatOpenAI({
    apiKey: 'test-key',
    model: 'gpt-4.1',
    useResponsesApi: true,
    maxRetries: 0,
    configuration: { baseURL: 'http://sim.test/openai/v1', fetch: simulator.fetch },
  }).bindTools([{ type: 'file_search', vector_store_ids: [store.id] }])
  const answer = await model.invoke('Which fjord of Norway is the longest?')
  expect(answer.text.length).toBeGreaterThan(0)
  const told = JSON.stringify(answer)
  expect(told).toContain('file_search_call')
  expect(told).toContain('fjords.txt')
})
