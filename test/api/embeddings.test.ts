import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const simulator = testSimulator({
  deployments: {
    large: { model: 'text-embedding-3-large' },
    ada: { model: 'text-embedding-ada-002' },
    short: { model: 'text-embedding-3-large', dimensions: 64 },
  },
})
const azure = simulator.azure()
const openai = simulator.v1()
const send = simulator.request
const path = (deployment: string) => `/openai/deployments/${deployment}/embeddings?api-version=2024-10-21`
const post = (body: unknown, deployment = 'large') =>
  send(path(deployment), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const refusal = async (body: unknown, deployment?: string) => {
  const answer = await post(body, deployment)
  const { error } = (await answer.json()) as { error: Record<string, unknown> }
  return { status: answer.status, ...error }
}

/** Recorded February and March 2024. */
const notInput = "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference."

describe('an embeddings answer', () => {
  it('reaches the SDK as a unit vector with its usage, on both surfaces', async () => {
    const request = { model: 'large', input: 'Tell me a joke about opentelemetry' }
    const answer = await azure.embeddings.create(request)
    const [{ embedding } = { embedding: [] }] = answer.data
    expect(embedding).toHaveLength(3072)
    expect(embedding.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 6)
    expect(answer).toMatchObject({
      object: 'list',
      data: [{ object: 'embedding', index: 0 }],
      model: 'text-embedding-3-large',
      usage: { prompt_tokens: 8, total_tokens: 8 },
    })
    expect(await openai.embeddings.create(request)).toEqual(answer)
  })

  it('has the same vector in both formats', async () => {
    const request = { model: 'large', input: ['one', 'two words'] }
    const plain = await azure.embeddings.create({ ...request, encoding_format: 'float' })
    const packed = await azure.embeddings.create({ ...request, encoding_format: 'base64' })
    for (const [index, { embedding }] of plain.data.entries()) {
      const bytes = Buffer.from(packed.data[index]!.embedding as unknown as string, 'base64')
      expect(bytes.length).toBe(embedding.length * 4)
      for (const [at, value] of embedding.entries()) expect(Math.fround(value)).toBe(bytes.readFloatLE(at * 4))
    }
  })

  it('is laid out as the service does it, but for the vector', async () => {
    const answer = await post({ input: 'Tell me a joke about opentelemetry', encoding_format: 'base64' })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect((await answer.text()).replace(/"embedding": ".*"/, '"embedding": "…"')).toBe(
      readFileSync(new URL('./embeddings-recorded.json', import.meta.url), 'utf8'),
    )
  })

  it('gives each of several inputs its own vector, in their order, and sums their tokens', async () => {
    const together = await azure.embeddings.create({ model: 'large', input: ['first', 'second text'] })
    const alone = await azure.embeddings.create({ model: 'large', input: 'second text' })
    expect(together.data.map(({ index }) => index)).toEqual([0, 1])
    expect(together.data[1]!.embedding).toEqual(alone.data[0]!.embedding)
    expect(together.usage.prompt_tokens).toBe(3)
  })

  it('takes token ids, of one text and of several', async () => {
    const one = await azure.embeddings.create({ model: 'large', input: [9906, 1917] })
    expect(one.data).toHaveLength(1)
    expect(one.usage).toEqual({ prompt_tokens: 2, total_tokens: 2 })
    const two = await azure.embeddings.create({ model: 'large', input: [[9906, 1917], [5]] })
    expect(two.data).toHaveLength(2)
    expect(two.data[0]!.embedding).toEqual(one.data[0]!.embedding)
    expect(two.usage.total_tokens).toBe(3)
  })

  it('is as long as asked for, else as its deployment has it, else as its model does', async () => {
    const lengthOf = async (deployment: string, dimensions?: number) => {
      const { data } = await azure.embeddings.create({
        model: deployment,
        input: 'x',
        ...(dimensions && { dimensions }),
      })
      return data[0]!.embedding.length
    }
    expect(await lengthOf('large', 256)).toBe(256)
    expect(await lengthOf('short')).toBe(64)
    expect(await lengthOf('short', 1)).toBe(1)
    expect(await lengthOf('ada')).toBe(1536)
    expect(await lengthOf('nobody-configured-this')).toBe(1536)
  })

  it('ignores the model of a body on the dated surface', async () => {
    for (const model of [null, 'gpt-4o', 3]) expect((await post({ model, input: 'x', user: 'me' })).status).toBe(200)
  })
})

describe('an embeddings request is refused', () => {
  it.each([
    ['without an input', {}, { param: 'input', code: 'missing_required_parameter' }],
    [
      'with an empty text',
      { input: '' },
      { message: "Invalid 'input': input cannot be an empty string.", param: 'input' },
    ],
    ['with an empty text among others', { input: ['a', ''] }, { param: 'input[1]' }],
    ['with an empty array', { input: [] }, { param: 'input', code: 'empty_array' }],
    ['with no token ids', { input: [[]] }, { param: 'input[0]', code: 'empty_array' }],
    ['with null', { input: null }, { message: notInput, param: null, code: null }],
    ['with an object', { input: {} }, { message: notInput, param: null, code: null }],
    ['with an item of another type', { input: ['a', 1] }, { param: 'input[1]', code: 'invalid_type' }],
    ['with a part of a token', { input: [1, 1.5] }, { param: 'input[1]', code: 'invalid_type' }],
    ['with a token below zero', { input: [[1], [-1]] }, { param: 'input[1][0]', code: 'integer_below_min_value' }],
    [
      'with an unknown format',
      { input: 'a', encoding_format: 'hex' },
      { message: "Invalid value for 'encoding_format' = hex. Supported values: ['float', 'base64'].", param: null },
    ],
    [
      'with a format that is no text',
      { input: 'a', encoding_format: 7 },
      { message: "Invalid value for 'encoding_format' = 7. Supported values: ['float', 'base64'].", param: null },
    ],
    ['with no dimensions', { input: 'a', dimensions: 0 }, { param: 'dimensions', code: 'integer_below_min_value' }],
    [
      'with more dimensions than the model has',
      { input: 'a', dimensions: 3073 },
      { message: "Invalid value for 'dimensions' = 3073. Must be less than or equal to 3072." },
    ],
    [
      'with more than 2048 texts',
      { input: new Array(2049).fill('a') },
      {
        message:
          "Invalid 'input': array too long. Expected an array with maximum length 2048, but got an array with length 2049 instead.",
        code: 'array_above_max_length',
      },
    ],
    [
      'with a text that is too long',
      { input: 'a '.repeat(9000) },
      {
        message:
          "This model's maximum context length is 8192 tokens, however you requested 9001 tokens (9001 in your prompt; 0 for the completion). Please reduce your prompt; or completion length.",
      },
    ],
    [
      'with more than 300,000 tokens in all',
      { input: new Array(40).fill(new Array(7501).fill(5)) },
      { message: 'Requested 300040 tokens, max 300000 tokens per request', code: 'max_tokens_per_request' },
    ],
  ])('%s', async (_, body, error) => {
    expect(await refusal(body)).toMatchObject({ status: 400, ...error })
  })

  it('with dimensions where the model has but one length', async () => {
    expect(await refusal({ input: 'a', dimensions: 8 }, 'ada')).toMatchObject({
      status: 400,
      message: 'This model does not support specifying dimensions.',
    })
  })

  it('but not at the limits themselves', async () => {
    expect((await post({ input: new Array(2048).fill('a'), dimensions: 1 })).status).toBe(200)
    expect((await post({ input: new Array(8192).fill(5), dimensions: 1 })).status).toBe(200)
    expect((await post({ input: new Array(40).fill(new Array(7500).fill(5)), dimensions: 1 })).status).toBe(200)
  })

  it('by a deployment of another kind of model', async () => {
    expect(await refusal({ input: 'a' }, 'gpt-4o')).toMatchObject({
      status: 400,
      code: 'OperationNotSupported',
      message: expect.stringContaining(
        'The embeddings operation does not work with the specified model, gpt-4o.',
      ) as string,
    })
  })
})

afterAll(() => expect(simulator.errors).toEqual([]))

describe('an embeddings request of a dated version', () => {
  it('may say what its input is for, and more that nobody knows: its description is open (2024-10-21)', async () => {
    expect((await post({ input: 'a', input_type: 'anything at all', truncate: 'END' })).status).toBe(200)
    const onV1 = await testSimulator().post('/openai/v1/embeddings', { model: 'large', input: 'a', truncate: 'END' })
    expect(await onV1.json()).toMatchObject({
      error: { message: 'Unrecognized request argument supplied: truncate', param: null, code: null },
    })
  })
})
