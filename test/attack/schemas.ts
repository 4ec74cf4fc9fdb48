/** Schemas that ask for far more than any answer can hold, each through every way in which a schema comes. */
import type { Attack } from './attacked.ts'

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const keyed = <T>(count: number, make: (index: number) => T) =>
  Object.fromEntries(many(count, (at) => [`k${at}`, make(at)]))

/** A billion of them. */
const endless = (items: unknown, more = {}) => ({
  type: 'object',
  properties: { a: { type: 'array', minItems: 1e9, items } },
  required: ['a'],
  ...more,
})

const characters = (count: number) => String.fromCodePoint(...many(count, (at) => 0x4e00 + 2 * at))

const pair = (prefix: string) => ({
  type: 'object',
  properties: Object.fromEntries(many(50, (at) => [`p${at}`, { type: 'string', description: prefix }])),
})

export const schemas: Readonly<Record<string, object>> = {
  '100 variants': endless({ anyOf: many(100, () => ({})) }),
  '5,000 variants': endless({ anyOf: many(5_000, () => ({})) }),
  '5,000 variants, one of which may fit': endless({ oneOf: many(5_000, (at) => ({ const: at })) }),
  'an enum of 1,000 objects': endless({ enum: many(1_000, (k) => ({ k })) }),
  'an enum of 1,000 texts with a length': endless({ type: 'string', maxLength: 9, enum: many(1_000, String) }),
  '1,000 properties that may not be': endless({ type: 'object', properties: keyed(1_000, () => false) }),
  '1,000 properties that must be': endless({ type: 'object', required: many(1_000, String) }),
  'a constant of 5 KB': endless({ const: 'x'.repeat(5_000) }),
  'a constant of 40 KB': endless({ const: 'x'.repeat(40_000) }),
  'a constant object of 20 KB': endless({ const: keyed(1_500, String) }),
  'a default of 20 KB': endless({ type: 'string', default: 'x'.repeat(20_000) }),
  '2,000 that depend on others': endless({
    type: 'object',
    properties: { x: {} },
    dependentRequired: keyed(2_000, () => ['x']),
  }),
  '2,000 schemas that depend on others': endless({
    type: 'object',
    properties: { x: {} },
    dependentSchemas: keyed(2_000, () => ({ required: ['x'] })),
  }),
  'a reference of 3,000 steps': endless({ $ref: `#/$defs${'/a'.repeat(3_000)}` }),
  'a text of 20,000 of 2,000 characters': {
    type: 'object',
    properties: { a: { type: 'string', pattern: `^[${characters(2_000)}]{20000}$` } },
    required: ['a'],
  },
  'a thousand anchors 20,000 times': {
    type: 'object',
    properties: { a: { type: 'string', pattern: `(?:${'^'.repeat(1_000)}){20000}` } },
    required: ['a'],
  },
  '120 references to two objects of 50 properties': {
    type: 'object',
    $defs: { a: pair('a'), b: pair('b') },
    allOf: many(120, (at) => ({ $ref: `#/$defs/${at % 2 ? 'a' : 'b'}` })),
  },
  '1,000 keys that mean nothing': endless({ type: 'integer', ...keyed(1_000, () => 1) }),
  'a number of a step that is never whole': endless({ type: 'integer', multipleOf: 0.3000001 }),
  '10,000 types': endless({ type: many(10_000, () => 'string') }),
  '1,000 patterns of names': endless({
    type: 'object',
    minProperties: 20,
    patternProperties: Object.fromEntries(many(1_000, (at) => [`^(a+)+${at}$`, {}])),
  }),
  '200 required properties that are the root': {
    type: 'object',
    properties: keyed(200, () => ({ $ref: '#' })),
    required: many(200, (at) => `k${at}`),
  },
  'a text of 100,000 characters, different each time': endless(
    { type: 'string', minLength: 100_000 },
    {
      properties: { a: { type: 'array', minItems: 1e9, uniqueItems: true, items: { type: 'string', minLength: 1e5 } } },
    },
  ),
  '2,000 items of a tuple': endless({ type: 'array', prefixItems: many(2_000, () => ({ type: 'null' })) }),
  'a condition on 1,000 names': endless({ not: { required: many(1_000, String) }, if: { enum: many(1_000, String) } }),
}

const messages = [{ role: 'user', content: 'a' }]
const dated = '?api-version=2024-10-21'

/** Each with everything that makes it dearer. */
export const ways: Readonly<Record<string, (schema: object) => Attack>> = {
  'chat, 128 choices': (schema) => ({
    path: `/openai/deployments/gpt-4o/chat/completions${dated}`,
    body: JSON.stringify({
      messages,
      n: 128,
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema } },
    }),
  }),
  'chat, 10 tokens': (schema) => ({
    path: `/openai/deployments/gpt-4o/chat/completions${dated}`,
    body: JSON.stringify({
      messages,
      max_tokens: 10,
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema } },
    }),
  }),
  'tools of chat': (schema) => ({
    path: `/openai/deployments/gpt-4o/chat/completions${dated}`,
    body: JSON.stringify({
      messages,
      n: 128,
      tool_choice: 'required',
      tools: many(8, (at) => ({
        type: 'function',
        function: { name: `f${at}`, parameters: { properties: {}, ...schema, allOf: undefined } },
      })),
    }),
  }),
  responses: (schema) => ({
    path: '/openai/v1/responses',
    body: JSON.stringify({
      model: 'gpt-4.1',
      input: 'a',
      text: { format: { type: 'json_schema', name: 'a', schema } },
    }),
  }),
  Claude: (schema) => ({
    path: '/anthropic/v1/messages',
    headers: { 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({
      model: 'claude-haiku-4-5',
      max_tokens: 4_096,
      messages,
      tool_choice: { type: 'any' },
      tools: many(4, (at) => ({ name: `f${at}`, input_schema: { properties: {}, ...schema } })),
    }),
  }),
}
