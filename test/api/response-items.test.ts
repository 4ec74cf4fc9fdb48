/** Ids of items are resolved, paired and verified, in the words that users quote of the service (2025-2026). */
import type { ResponseInput, ResponseOutputItem } from 'openai/resources/responses/responses'
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

const model = 'gpt-5-mini'
const asked = { role: 'user' as const, content: 'Why?' }
const more = { role: 'user' as const, content: 'And then?' }
const tool = {
  type: 'function' as const,
  name: 'look_up',
  strict: true,
  parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
}
const carried = { include: ['reasoning.encrypted_content' as const] }
const sent = (...items: unknown[]) => items as ResponseInput
const idOf = (item: ResponseOutputItem | undefined) => (item as { id: string }).id

async function refused(
  body: Record<string, unknown>,
  { simulator = testSimulator(), path = '/openai/v1/responses' } = {},
) {
  const answer = await simulator.post(path, { model, ...body })
  const { error } = (await answer.json()) as { error: object }
  expect(simulator.errors).toEqual([])
  return { status: answer.status, ...error }
}

const notPersisted =
  ' Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.'

describe('an item that is not there', () => {
  it.each([true, false])('is not found, with a hint where nothing is stored: store %s', async (store) => {
    const input = [asked, { type: 'item_reference', id: 'rs_0123' }]
    expect(await refused({ input, store })).toEqual({
      status: 400,
      message: `Item with id 'rs_0123' not found.${store ? '' : notPersisted}`,
      type: 'invalid_request_error',
      param: 'input',
      code: null,
    })
  })

  it('is a thought of a response that was not stored, sent back without its content', async () => {
    const simulator = testSimulator()
    const first = await simulator.v1().responses.create({ model, input: [asked], store: false })
    expect(await refused({ input: [asked, ...first.output, more], store: false }, { simulator })).toMatchObject({
      status: 400,
      message: `Item with id '${idOf(first.output[0])}' not found.${notPersisted}`,
    })
  })
})

describe('a thought', () => {
  it('is refused without what followed it, and the other way round', async () => {
    const simulator = testSimulator()
    const { output } = await simulator.v1().responses.create({ model, input: [asked] })
    const [thought, said] = output
    expect(await refused({ input: [asked, thought] }, { simulator })).toMatchObject({
      status: 400,
      message: `Item '${idOf(thought)}' of type 'reasoning' was provided without its required following item.`,
      param: 'input',
      code: null,
    })
    expect(await refused({ input: [asked, thought, more] }, { simulator })).toMatchObject({ status: 400 })
    const reference = { type: 'item_reference', id: idOf(said) }
    for (const alone of [said, reference])
      expect(await refused({ input: [asked, alone, more] }, { simulator })).toMatchObject({
        status: 400,
        message: `Item '${idOf(said)}' of type 'message' was provided without its required 'reasoning' item: '${idOf(thought)}'.`,
        param: 'input',
        code: null,
      })
    const whole = await simulator.v1().responses.create({ model, input: sent(asked, thought, reference, more) })
    expect(whole.status).toBe('completed')
    const { id: _, ...unnamed } = said as { id: string }
    const withoutIds = await simulator.v1().responses.create({ model, input: sent(asked, unnamed, more) })
    expect(withoutIds.status).toBe('completed')
  })

  it('goes with the call that followed it, and is read as long as its turn lasts', async () => {
    const { responses } = testSimulator().v1()
    const model = 'gpt-5.2'
    const reasoning = { effort: 'high' as const }
    const ask = { model, reasoning, tools: [tool], tool_choice: 'required' as const }
    const { output, usage } = await responses.create({ ...ask, input: [asked], parallel_tool_calls: false })
    const call = output.find((item) => item.type === 'function_call')!
    const result = { type: 'function_call_output', call_id: call.call_id, output: '1' }
    await expect(responses.create({ model, input: sent(asked, call, result) })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`Item '${call.id}' of type 'function_call' was provided without`) as string,
    })
    const next = await responses.create({ model, input: sent(asked, ...output, result), tools: [tool] })
    const { id: _, ...unnamed } = call
    const without = await responses.create({ model, input: sent(asked, unnamed, result), tools: [tool] })
    const thought = usage!.output_tokens_details.reasoning_tokens
    expect(next.usage!.input_tokens - without.usage!.input_tokens).toBe(thought)
    const later = await responses.create({ model, input: sent(asked, ...output, result, more), tools: [tool] })
    const laterWithout = await responses.create({ model, input: sent(asked, unnamed, result, more), tools: [tool] })
    expect(later.usage!.input_tokens).toBe(laterWithout.usage!.input_tokens)
  })
})

describe('an id', () => {
  it.each([
    [{ type: 'function_call', id: 'call_1', call_id: 'c', name: 'f', arguments: '{}' }, 'fc'],
    [{ type: 'message', role: 'assistant', id: '__fake_id__', content: 'a' }, 'msg'],
    [{ role: 'user', id: 'user_1', content: 'a' }, 'msg'],
    [{ type: 'reasoning', id: 'item_1', summary: [] }, 'rs'],
    [{ type: 'web_search_call', id: 'msg_1', status: 'completed', action: {} }, 'ws'],
    [{ type: 'custom_tool_call', id: 'fc_1', call_id: 'c', name: 'f', input: '' }, 'ctc'],
  ])('begins as its type demands: %j', async (item, prefix) => {
    expect(await refused({ input: [asked, item] })).toEqual({
      status: 400,
      message: `Invalid 'input[1].id': '${item.id}'. Expected an ID that begins with '${prefix}'.`,
      type: 'invalid_request_error',
      param: 'input[1].id',
      code: 'invalid_value',
    })
  })

  it('has letters, digits, underscores and dashes, and not too many', async () => {
    expect(await refused({ input: [{ ...asked, id: 'msg_a b' }] })).toMatchObject({
      message:
        "Invalid 'input[0].id': 'msg_a b'. Expected an ID that contains letters, numbers, underscores, or dashes, but this value contained additional characters.",
      code: 'invalid_value',
    })
    expect(await refused({ input: [{ ...asked, id: `msg_${'a'.repeat(61)}` }] })).toMatchObject({
      param: 'input[0].id',
      code: 'string_above_max_length',
    })
    expect(await refused({ input: 'a', previous_response_id: 'abc' })).toMatchObject({
      message: "Invalid 'previous_response_id': 'abc'. Expected an ID that begins with 'resp'.",
    })
  })

  it('keeps the digits of its thread', async () => {
    const { responses } = testSimulator().v1()
    const digits = (id: string) => id.slice(id.indexOf('_') + 1).slice(0, 18)
    const first = await responses.create({ model, input: [asked] })
    const second = await responses.create({ model, input: [more], previous_response_id: first.id })
    expect([second.id, ...second.output.map(idOf)].map(digits)).toEqual(Array(3).fill(digits(first.id)))
    expect((await responses.retrieve(first.id)).output_text).toBe(first.output_text)
    expect((await responses.retrieve(second.id)).output_text).toBe(second.output_text)
    const apart = await responses.create({ model, input: [asked], store: false, ...carried })
    const next = await responses.create({ model, input: sent(asked, ...apart.output, more), store: false })
    expect(digits(next.id)).toBe(digits(apart.id))
    expect(digits(next.id)).toMatch(/01$/)
  })
})

describe('encrypted content', () => {
  it('is taken by any instance with the same key, and by no other', async () => {
    const [one, other, stranger] = [testSimulator(), testSimulator(), testSimulator({ apiKey: 'another-key' })]
    const first = await one.v1().responses.create({ model, input: [asked], store: false, ...carried })
    const input = sent(asked, ...first.output, more)
    expect((await other.v1().responses.create({ model, input, store: false })).status).toBe('completed')
    const [thought] = first.output
    const content = (thought as { encrypted_content: string }).encrypted_content
    const answer = await stranger.post(
      '/openai/v1/responses',
      { model, input, store: false },
      { 'api-key': 'another-key' },
    )
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({
      error: {
        message: `The encrypted content gAAA...${content.slice(-4)} could not be verified.`,
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_encrypted_content',
      },
    })
  })

  it.each([
    [
      'changed',
      (content: string) => `${content.slice(0, 100)}${content[100] === 'A' ? 'B' : 'A'}${content.slice(101)}`,
    ],
    ['cut', (content: string) => content.slice(0, 200)],
    ['made up', () => 'gAAAAABsecret=='],
    ['empty', () => ''],
    ['no base64', () => 'ééé !'],
  ])('is refused where it is %s', async (_, change) => {
    const simulator = testSimulator()
    const first = await simulator.v1().responses.create({ model, input: [asked], store: false, ...carried })
    const [thought, said] = first.output as unknown as [{ encrypted_content: string }, object]
    const wrong = { ...thought, encrypted_content: change(thought.encrypted_content) }
    expect(await refused({ input: [asked, wrong, said, more], store: false }, { simulator })).toMatchObject({
      status: 400,
      param: null,
      code: 'invalid_encrypted_content',
    })
    const summary = { type: 'compaction', encrypted_content: wrong.encrypted_content }
    expect(await refused({ input: [summary, more] }, { simulator })).toMatchObject({
      code: 'invalid_encrypted_content',
    })
  })

  it('is not looked into, nor are ids, where items are not to be checked', async () => {
    const { responses } = testSimulator({ responses: { checkItems: 'off' } }).v1()
    const thought = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAABsecret==' }
    const unknown = { type: 'reasoning', id: 'rs_2', summary: [] }
    expect((await responses.create({ model, input: sent(asked, unknown, thought) })).status).toBe('completed')
  })
})

describe('what a request may hold', () => {
  it.each([
    ['messages', 'input'],
    ['response_format', 'text.format'],
    ['max_tokens', 'max_output_tokens'],
    ['max_completion_tokens', 'max_output_tokens'],
    ['reasoning_effort', 'reasoning.effort'],
    ['functions', 'tools'],
  ])('is told to have moved: %s', async (name, to) => {
    expect(await refused({ [name]: [] })).toEqual({
      status: 400,
      message: `Unsupported parameter: '${name}'. In the Responses API, this parameter has moved to '${to}'. Try again with the new parameter. See the API documentation for more information: https://platform.openai.com/docs/api-reference/responses/create.`,
      type: 'invalid_request_error',
      param: null,
      code: 'unsupported_parameter',
    })
  })

  const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`k${at}`, 'v']))
  it.each([
    [{ input: [{ ...call, name: 'a b' }] }, 'input[0].name', 'invalid_value'],
    [{ input: [{ ...call, name: 'a'.repeat(65) }] }, 'input[0].name', 'string_above_max_length'],
    [{ input: [{ ...call, call_id: 'a'.repeat(65) }] }, 'input[0].call_id', 'string_above_max_length'],
    [{ input: [{ ...call, call_id: '' }] }, 'input[0].call_id', 'empty_string'],
    [
      { input: [{ type: 'function_call_output', call_id: 'a'.repeat(65), output: '' }] },
      'input[0].call_id',
      'string_above_max_length',
    ],
    [{ input: 'a', tools: [{ ...tool, name: 'a.b' }] }, 'tools[0].name', 'invalid_value'],
    [{ input: 'a', tools: [{ type: 'custom', name: 'a'.repeat(65) }] }, 'tools[0].name', 'string_above_max_length'],
    [{ input: 'a', metadata: many }, 'metadata', 'object_above_max_properties'],
    [{ input: 'a', metadata: { a: 'v'.repeat(513) } }, 'metadata.a', 'string_above_max_length'],
    [
      { input: 'a', metadata: { ['a'.repeat(65)]: 'v' } },
      `metadata.${'a'.repeat(65)}`,
      'property_name_above_max_length',
    ],
  ])('is bounded: %j', async (body, param, code) => {
    expect(await refused(body)).toMatchObject({ status: 400, param, code })
  })

  it.each(['oneOf', 'anyOf', 'allOf', 'enum', 'const', 'not'])(
    'has no %s at the top of a function, of models before gpt-5',
    async (key) => {
      const parameters = { type: 'object', properties: {}, [key]: key === 'not' ? {} : [] }
      const body = { input: 'a', tools: [{ type: 'function', name: 'f', strict: false, parameters }] }
      for (const old of ['gpt-4.1', 'o3'])
        expect(await refused({ ...body, model: old })).toMatchObject({
          status: 400,
          message:
            "Invalid schema for function 'f': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'const'/'not' at the top level.",
          param: 'tools[0].parameters',
          code: 'invalid_function_parameters',
        })
      const answer = await testSimulator().post('/openai/v1/responses', { model, ...body })
      expect(answer.status).toBe(200)
    },
  )
})
