/** Answers in the form that a prompt asks for in words, as libraries and evaluators write it. */
import { describe, expect, it } from 'vitest'
import { testSimulator } from '../support/simulator.ts'

type Message = { role: string; content: string }
const answerTo = async (
  messages: readonly Message[] | string,
  body: object = {},
  config: Record<string, unknown> = {},
) => {
  const answer = await testSimulator(config).post('/openai/v1/chat/completions', {
    model: 'gpt-4o',
    messages: typeof messages === 'string' ? [{ role: 'user', content: messages }] : messages,
    ...body,
  })
  const { choices } = (await answer.json()) as { choices: { message: { content: string } }[] }
  return choices[0]!.message.content
}
const json = async (...asked: Parameters<typeof answerTo>) =>
  JSON.parse(await answerTo(...asked)) as Record<string, unknown>

const schema = JSON.stringify({
  type: 'object',
  properties: { city: { type: 'string' }, population: { type: 'integer' } },
  required: ['city', 'population'],
})
const cityShape = { city: expect.any(String) as string, population: expect.any(Number) as number }

describe('an answer takes the form that its prompt asks for', () => {
  it('between tags, with a score in its range (Microsoft.Extensions.AI.Evaluation)', async () => {
    const prompt = `# Definition
**Fluency** scores range from 1 to 5. Your output should be between the tags: <S0>your chain of thoughts</S0>, <S1>your explanation</S1>, <S2>your Score</S2>.
# Output`
    for (let seed = 1; seed < 8; seed++)
      expect(await answerTo(prompt, { seed })).toMatch(/^<S0>.{10,}<\/S0>\s*<S1>.{10,}<\/S1>\s*<S2>[1-5]<\/S2>$/s)
  })

  it('as a number alone where the prompt ends in stars:', async () => {
    expect(await answerTo('The rating value should always be an integer between 1 and 5.\nanswer: x\nstars:')).toMatch(
      /^[1-5]$/,
    )
  })

  it.each([
    [
      'pydantic-ai',
      `Always respond with a JSON object that's compatible with this schema:\n\n${schema}\n\nDon't include any text.`,
    ],
    [
      'LangChain',
      `The output should be formatted as a JSON instance that conforms to the JSON schema below.\n\nAs an example, for the schema {"properties": {"foo": {"type": "array", "items": {"type": "string"}}}, "required": ["foo"]} the object {"foo": ["bar"]} is well-formed.\n\nHere is the output schema:\n\`\`\`\n${schema}\n\`\`\`\nTell me of Rome.`,
    ],
  ])('by a JSON schema, as %s writes it', async (_, prompt) => {
    expect(await json(prompt)).toEqual(cityShape)
    expect(await json(`${prompt} In json.`, { response_format: { type: 'json_object' } })).toEqual(cityShape)
  })

  it('by a schema in the system’s message, also in Responses', async () => {
    const system = `Return json that matches the following json_schema:\n${schema}`
    expect(
      await json([
        { role: 'system', content: system },
        { role: 'user', content: 'Rome?' },
      ]),
    ).toEqual(cityShape)
    const answer = await testSimulator().post('/openai/v1/responses', { model: 'gpt-4o', input: system })
    const { output } = (await answer.json()) as { output: { content: { text: string }[] }[] }
    expect(JSON.parse(output[0]!.content[0]!.text)).toEqual(cityShape)
  })

  it('by an example, and by types in the place of values (Magentic, TypeChat)', async () => {
    expect(
      await json(
        'Respond in the following JSON format:\n```json\n{"name": "Bob", "age": 30, "tags": ["a"], "ok": true}\n```',
      ),
    ).toEqual({
      name: expect.any(String) as string,
      age: expect.any(Number) as number,
      tags: expect.arrayContaining([expect.any(String)]) as string[],
      ok: expect.any(Boolean) as boolean,
    })
    const ledger = `Please output an answer in pure JSON format according to the following schema. The JSON object must be parsable as-is. DO NOT OUTPUT ANYTHING OTHER THAN JSON:
{
    "is_request_satisfied": {
        "reason": string,
        "answer": boolean
    },
    "next_speaker": {
        "reason": string,
        "answer": string (select from: a, b)
    }
}`
    expect(await json(ledger)).toEqual({
      is_request_satisfied: { reason: expect.any(String) as string, answer: expect.any(Boolean) as boolean },
      next_speaker: { reason: expect.any(String) as string, answer: expect.any(String) as string },
    })
  })

  it('between tags that hold nothing', async () => {
    const prompt = 'Put your reasoning in <reasoning></reasoning> and the verdict (0 or 1) in <score></score> tags.'
    expect(await answerTo(prompt)).toMatch(/^<reasoning>[^<]+<\/reasoning>\n<score>[01]<\/score>$/)
  })

  it('by an example on one line, and one of those that it lists', async () => {
    const prompt = `Your output must be JSON in this exact format:
{ "done": { "reason": string, "answer": boolean }, "next": { "answer": string (select from: [ada, bob]) } }`
    expect(await json(prompt)).toEqual({
      done: { reason: expect.any(String) as string, answer: expect.any(Boolean) as boolean },
      next: { answer: expect.stringMatching(/^(ada|bob)$/) as string },
    })
  })

  it.each([
    'Answer as a JSON object with the keys title: a string, tags: a list of strings, rating: an integer between 1 and 5.',
    'Return a JSON object with these fields:\n- title (string)\n- tags (list of strings) – some\n- rating (integer): 1 to 5',
  ])('by names with their types in a sentence, or in brackets: %#', async (prompt) => {
    const answer = await json(prompt, { response_format: { type: 'json_object' } })
    expect(answer).toEqual({
      title: expect.any(String) as string,
      tags: expect.any(Array) as string[],
      rating: expect.any(Number) as number,
    })
    expect(answer['rating']).toBeGreaterThanOrEqual(1)
    expect(answer['rating']).toBeLessThanOrEqual(5)
  })

  it('by names with their types in words, where JSON is asked for', async () => {
    const prompt = `Answer as a JSON object with these fields:
- explanation: a string
- intent_resolved: true or false
- resolution_score: an integer between 1 and 5`
    const answer = await json(prompt, { response_format: { type: 'json_object' } })
    expect(Object.keys(answer)).toEqual(['explanation', 'intent_resolved', 'resolution_score'])
    expect(typeof answer['intent_resolved']).toBe('boolean')
    expect(answer['resolution_score']).toBeGreaterThanOrEqual(1)
    expect(answer['resolution_score']).toBeLessThanOrEqual(5)
  })

  it('that stands last, of whichever kind, in the last message that has any', async () => {
    const tags = 'Answer between the tags <S0>thoughts</S0> <S1>your score</S1>'
    const bySchema = `Respond with json by this schema: ${schema}`
    expect(await answerTo(`${tags}\n${bySchema}`)).toMatch(/^\{"city"/)
    expect(await answerTo(`${bySchema}\n${tags}`)).toMatch(/^<S0>/)
    const later = [
      { role: 'user', content: bySchema },
      { role: 'assistant', content: tags },
      { role: 'user', content: 'And Paris?' },
    ]
    expect(await answerTo(later)).toMatch(/^\{"city"/)
  })

  it('but not of data, nor where it is turned off, nor in the place of a native schema', async () => {
    for (const data of [
      'Here is the order: {"id": 7, "total": 12.5}. Summarise it.',
      'Answer the question using the following data: {"id": 7}',
    ])
      expect(await answerTo(data)).not.toMatch(/^\{/)
    const asked = `Respond with json by this schema: ${schema}`
    expect(await answerTo(asked, {}, { generate: { promptSchemas: 'off' } })).not.toMatch(/^\{/)
    const own = { type: 'object', properties: { own: { type: 'boolean' } }, required: ['own'] }
    const format = { type: 'json_schema', json_schema: { name: 'own', schema: own } }
    expect(Object.keys(await json(asked, { response_format: format }))).toEqual(['own'])
  })

  it('of DSPy for JSON, with and without a format of the request', async () => {
    const prompt =
      '[[ ## question ## ]]\nHow many?\n\nRespond with a JSON object in the following order of fields: `reasoning`, then `score` (must be formatted as a valid Python float), then `tags` (must be formatted as a valid Python list[str]).'
    const shape = {
      reasoning: expect.any(String) as string,
      score: expect.any(Number) as number,
      tags: expect.arrayContaining([expect.any(String)]) as string[],
    }
    expect(await json(prompt)).toEqual(shape)
    expect(await json(prompt, { response_format: { type: 'json_object' } })).toEqual(shape)
  })

  it('by types of TypeScript, as TypeChat writes them', async () => {
    const prompt = `You are a service that translates user requests into JSON objects of type "Order" according to the following TypeScript definitions:
\`\`\`
// What is sold.
export interface Item {
    name: string;
    size: "small" | "large"; // as told
    count?: number;
}
export interface Order {
    items: Item[];
    isPaid: boolean;
}
export interface Other {
    x: string;
}
\`\`\`
The following is a user request:
"""two small teas"""
The following is the user request translated into a JSON object with 2 spaces of indentation and no properties with the value undefined:`
    const order = await json(prompt)
    expect(order).toEqual({ items: expect.any(Array) as unknown[], isPaid: expect.any(Boolean) as boolean })
    const [item] = order['items'] as { size: string }[]
    expect(item).toEqual({
      name: expect.any(String) as string,
      size: expect.stringMatching(/^(?:small|large)$/) as string,
      count: expect.any(Number) as number,
    })
    expect(await answerTo('Why is this slow?\ninterface A {\n  b: string;\n}')).not.toMatch(/^\{/)
  })

  it('of DSPy, and of ReAct', async () => {
    const dspy =
      'Respond with the corresponding output fields, starting with the field `[[ ## reasoning ## ]]`, then `[[ ## score ## ]]` (must be formatted as a valid Python int), and then ending with the marker for `[[ ## completed ## ]]`.'
    expect(await answerTo(dspy)).toMatch(
      /^\[\[ ## reasoning ## \]\]\n.+\n\n\[\[ ## score ## \]\]\n\d+\n\n\[\[ ## completed ## \]\]$/s,
    )
    const react =
      'Thought: think\nAction: one of [search]\nAction Input: the input\nObservation: x\nFinal Answer: the answer\n\nQuestion: why?\nThought:'
    expect(await answerTo(react)).toMatch(/Final Answer: .+/)
  })

  it('in a moment, whatever the prompt is', async () => {
    for (const text of [
      '{'.repeat(90_000),
      '<a>'.repeat(30_000),
      '{"a": '.repeat(15_000),
      'key: '.repeat(20_000),
      '- a: b\n'.repeat(10_000),
    ]) {
      const start = performance.now()
      await answerTo(`${text} respond in the following JSON format`, { response_format: { type: 'json_object' } })
      expect(performance.now() - start).toBeLessThan(2_000)
    }
  })
})
