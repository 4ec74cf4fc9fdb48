import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { operations } from '../src/sim/operations/index.ts'
import { testSimulator } from './support/simulator.ts'

type Described = {
  readonly openapi: string
  readonly paths: Record<
    string,
    Record<string, { operationId: string; parameters: { name: string; in: string }[]; requestBody?: object }>
  >
  readonly components: { readonly schemas: Record<string, object> }
}

const simulator = testSimulator()
const description = (await (await simulator.request('/++/openapi.json')).json()) as Described
const all = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, told]) => ({ path, method: method.toUpperCase(), ...told })),
)

it('is behind the key, as all of the control API is', async () => {
  expect((await simulator.request('/++/openapi.json', { headers: { 'api-key': 'wrong' } })).status).toBe(401)
})

it('describes every operation at each of its places, once', () => {
  expect(description.openapi).toBe('3.1.0')
  const names = new Set(
    all.map(({ operationId }) => operationId.replace(/_(dated|v1|project|inference|claude|own)(_\d+)?$/, '')),
  )
  const forClients = operations.filter(({ isInner }) => !isInner)
  expect(forClients.length).toBe(operations.length - 1)
  expect([...names].sort()).toEqual([...new Set(forClients.map(({ name }) => name))].sort())
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length)
  const paths = ['/openai/deployments/{deployment}/chat/completions', '/openai/v1/responses', '/anthropic/v1/messages']
  expect(Object.keys(description.paths)).toEqual(expect.arrayContaining(paths))
})

it('says what is in each path', () => {
  for (const { path, parameters } of all) {
    const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name)
    expect(inPath).toEqual([...path.matchAll(/\{([\w.]+)\}/g)].map(([, name]) => name))
  }
})

/** What only acts, and has no body. */
const bodiless = /_(Cancel|Pause|Resume)$|^FileBatches_Cancel$|CancelFileBatch/

it('says what the body of each operation is that has one', () => {
  const without = all.filter(({ method, requestBody }) => method === 'POST' && !requestBody)
  expect(
    without
      .map(({ operationId }) => operationId.replace(/_(dated|v1|project)(_\d+)?$/, ''))
      .filter((name) => !bodiless.test(name)),
  ).toEqual([])
})

it('has schemas that hold what clients send, and refuse what is refused', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'sim', ...description })
  const fits = (name: string, body: object) => ajv.validate({ $ref: `sim#/components/schemas/${name}Json` }, body)
  for (const name of Object.keys(description.components.schemas))
    expect(() => ajv.compile({ $ref: `sim#/components/schemas/${name}` })).not.toThrow()
  const messages = [{ role: 'user', content: 'Hi' }]
  expect(fits('ChatCompletions_Create', { messages, temperature: 1, stream: true })).toBe(true)
  expect(fits('ChatCompletions_Create', { messages, temperature: 'warm' })).toBe(false)
  expect(fits('ChatCompletions_Create', { messages: 'Hi' })).toBe(false)
  expect(fits('Responses_Create', { model: 'gpt-4o', input: 'Hi' })).toBe(true)
  expect(fits('Responses_Create', { model: 'gpt-4o', input: 'Hi', unknown: 1 })).toBe(false)
  expect(fits('Messages_Create', { model: 'claude-sonnet-5-5', max_tokens: 5, messages })).toBe(true)
  expect(fits('Messages_Create', { model: 'claude-sonnet-5-5', messages })).toBe(false)
  expect(fits('Embeddings_Create', { input: ['a', 'b'], dimensions: 2 })).toBe(true)
})
