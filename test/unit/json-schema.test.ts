import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { drawJson } from '../../src/sim/generators/json/schema.ts'
import { newWork } from '../../src/sim/generators/json/work.ts'
import { seededRandom } from '../../src/sim/random.ts'

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
// The library's own asks for an offset, which most types refuse.
ajv.addFormat('time', /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/)

type Properties = Record<string, unknown>
const object = (properties: Properties, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const array = (items: unknown, more = {}) => ({ type: 'array', items, ...more })
const text = { type: 'string' }
const integer = { type: 'integer' }
const node = { $ref: '#/$defs/node' }

const schemas: Record<string, object> = {
  'nested objects and arrays': object({
    name: text,
    address: object({ street: { ...text, minLength: 5, maxLength: 12 }, lines: array(text, { maxItems: 2 }) }),
    tags: array(text, { minItems: 2, maxItems: 4, uniqueItems: true }),
    matrix: array(array({ type: 'number' }, { minItems: 3, maxItems: 3 }), { minItems: 2 }),
  }),
  'optional properties': object({ id: integer, note: text, tags: array(text), done: { type: 'boolean' } }, ['id']),
  'enums, constants and null': object({
    colour: { enum: ['red', 'green', 7, null, { a: 1 }] },
    kind: { const: 'x' },
    count: { type: ['integer', 'null'], minimum: 3, maximum: 5 },
    label: { type: ['string', 'null'] },
    level: { type: 'string', enum: ['a', 'bb', 'ccc'], maxLength: 2 },
  }),
  'bounds of numbers': object({
    a: { type: 'number', minimum: 0.5, exclusiveMaximum: 0.75 },
    b: { type: 'number', multipleOf: 0.01, minimum: 1, maximum: 2 },
    c: { ...integer, multipleOf: 7, minimum: -100, maximum: -50 },
    d: { ...integer, exclusiveMinimum: 4, exclusiveMaximum: 6 },
    e: { type: 'number', minimum: 1e15 },
    f: { ...integer, maximum: -5 },
    g: { ...integer, multipleOf: 1.5, minimum: 1 },
    h: { type: 'number', exclusiveMinimum: 0, maximum: 0.001 },
  }),
  formats: object(
    Object.fromEntries(
      'date-time,date,time,email,uri,uuid,ipv4,ipv6,hostname,duration,json-pointer'
        .split(',')
        .map((format) => [format, { type: 'string', format }]),
    ),
  ),
  'formats with lengths': object({
    email: { ...text, format: 'email', minLength: 40, maxLength: 80 },
    uri: { ...text, format: 'uri', minLength: 60 },
    host: { ...text, format: 'hostname', maxLength: 20 },
  }),
  patterns: object({
    hex: { ...text, pattern: '^#[0-9a-f]{6}$' },
    version: { ...text, pattern: '^v\\d+\\.\\d+\\.\\d+$' },
    code: { ...text, pattern: '[A-Z]{2,3}' },
    phone: { ...text, pattern: '^\\+?[1-9]\\d{1,14}$' },
    either: { ...text, pattern: '^(?:foo|bar)-[^\\s@]+$', minLength: 8, maxLength: 12 },
    capital: { ...text, pattern: '^\\p{Lu}\\w*$' },
    password: { ...text, pattern: '^(?=.*\\d)(?=.*[a-z])[a-zA-Z\\d]{8,}$' },
    words: { ...text, pattern: '^\\w+(?:\\s\\w+){2,4}$', maxLength: 60 },
    twice: { ...text, pattern: '^(a|b)\\1$' },
    open: { ...text, pattern: '^S_', minLength: 6 },
    escapes: { ...text, pattern: '^\\[\\u0041\\x42\\t\\]\\/[\\w.-]+$' },
  }),
  'a schema that refers to itself': {
    $defs: { node: object({ value: integer, children: array(node), next: { anyOf: [node, { type: 'null' }] } }) },
    ...object({ root: node }),
  },
  'a root that refers to itself': object({ value: text, children: array({ $ref: '#' }) }),
  'a chain of references': {
    $ref: '#/definitions/a~1b',
    definitions: { 'a/b': { $ref: '#/definitions/c%20d' }, 'c d': object({ x: integer }) },
  },
  'any of several': object({
    shape: {
      anyOf: [
        object({ kind: { const: 'circle' }, radius: { type: 'number', minimum: 0 } }),
        object({ kind: { const: 'square' }, side: { type: 'number' } }),
      ],
    },
    either: { type: 'object', properties: { a: text, b: text }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  }),
  'one of several, which overlap': object({
    x: { oneOf: [integer, { type: 'number', minimum: 2 }] },
    y: {
      oneOf: [
        { ...text, format: 'date' },
        { ...text, format: 'email' },
      ],
    },
  }),
  'all of several': {
    allOf: [
      { type: 'object', properties: { a: { ...text, maxLength: 9 } }, required: ['a'] },
      { type: 'object', properties: { a: { minLength: 9 }, b: { ...integer, minimum: 4 } }, required: ['b'] },
      { properties: { b: { maximum: 4 } } },
    ],
  },
  'conditions and negation': {
    ...object({ country: { enum: ['US', 'NL'] }, code: text, other: { not: { type: 'string' } } }),
    if: { properties: { country: { const: 'US' } } },
    then: { properties: { code: { pattern: '^\\d{5}$' } } },
    else: { properties: { code: { pattern: '^\\d{4} [A-Z]{2}$' } } },
  },
  'maps and further properties': object({
    scores: { type: 'object', additionalProperties: { ...integer, minimum: 0 }, minProperties: 2, maxProperties: 4 },
    typed: {
      type: 'object',
      patternProperties: { '^S_': text, '^I_': integer },
      additionalProperties: false,
      minProperties: 2,
    },
    named: { type: 'object', propertyNames: { pattern: '^[a-z]{3}$' }, minProperties: 2, additionalProperties: text },
    card: { type: 'object', properties: { a: text, b: text }, dependentRequired: { a: ['b'] } },
  }),
  'arrays of unique members, tuples and contents': object({
    all: array({ enum: ['a', 'b', 'c'] }, { uniqueItems: true, minItems: 3 }),
    flags: array({ type: 'boolean' }, { uniqueItems: true }),
    pair: { type: 'array', prefixItems: [text, integer], minItems: 2, items: false },
    five: array(integer, { contains: { const: 5 } }),
  }),
  'defaults and examples': object({
    unit: { ...text, default: 'celsius', examples: ['kelvin'] },
    size: { ...integer, minimum: 1, maximum: 3, default: 9 },
  }),
}

const draw = (schema: object, seed: number): unknown =>
  JSON.parse(JSON.stringify(drawJson(schema, seededRandom(seed), newWork())))

describe('JSON drawn from a schema', () => {
  it.each(Object.entries(schemas))('is valid in 500 draws of 500: %s', (_, schema) => {
    const validate = ajv.compile(schema)
    const wrong: unknown[] = []
    for (let seed = 1; seed <= 500; seed++) {
      const value = draw(schema, seed)
      if (!validate(value)) wrong.push({ seed, value, errors: validate.errors })
    }
    expect(wrong.slice(0, 1)).toEqual([])
  })

  it('is the same for the same seed, and differs for others', () => {
    const schema = schemas['nested objects and arrays'] as object
    expect(draw(schema, 7)).toEqual(draw(schema, 7))
    const many = new Set(Array.from({ length: 50 }, (_, seed) => JSON.stringify(draw(schema, seed))))
    expect(many.size).toBe(50)
  })

  it('has its keys in the order of the schema', () => {
    const schema = object({ zebra: text, apple: integer, mango: { type: 'boolean' } }, ['mango', 'apple', 'zebra'])
    for (let seed = 1; seed <= 20; seed++)
      expect(Object.keys(draw(schema, seed) as object)).toEqual(['zebra', 'apple', 'mango'])
  })

  it('leaves what is optional out at times, and has it at others', () => {
    const seen = new Set<boolean>()
    for (let seed = 1; seed <= 50; seed++)
      seen.add('note' in (draw(schemas['optional properties'] as object, seed) as object))
    expect(seen).toEqual(new Set([true, false]))
  })

  /** What the types of .NET, Java and Python can read of each. */
  it.each<[pattern: string, readable: RegExp]>([
    ['^-?(\\d+\\.)?\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,7})?$', /^-?(?:\d{1,3}\.)?([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?$/],
    ['^\\d{2}:\\d{2}$', /^([01]\d|2[0-3]):[0-5]\d$/],
    ['^\\d{1,2}:\\d{2}:\\d{2}\\.\\d{3}$', /^([01]?\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}$/],
    ['^\\d{2}:\\d{2}-\\d{2}:\\d{2}$', /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/],
    ['^\\d{1,2}:\\d{2} ?(AM|PM)$', /^(0?[1-9]|1[0-2]):[0-5]\d ?[AP]M$/],
    ['^\\d{2}:\\d{2} [ap]\\.m\\.$', /^(0[1-9]|1[0-2]):[0-5]\d [ap]\.m\.$/],
    ['^\\d{1,2}(am|pm)$', /^(0?[1-9]|1[0-2])[ap]m$/],
    [
      '^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([+-]\\d{2}:\\d{2}|Z)$',
      /^(19[7-9]|20\d)\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([+-](0\d|1[0-3]):[0-5]\d|Z)$/,
    ],
    ['^\\d{8}T\\d{6}Z$', /^(19[7-9]|20\d)\d(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3])[0-5]\d[0-5]\dZ$/],
    ['^\\d{2}/\\d{2}/\\d{4}$', /^(0[1-9]|1[0-2])\/(0[1-9]|1[0-2])\/(19[7-9]|20\d)\d$/],
    ['^\\d{4}-\\d{2}$', /^(19[7-9]|20\d)\d-(0[1-9]|1[0-2])$/],
    [
      '^P(\\d+Y)?(\\d+M)?(\\d+D)?(T(\\d+H)?(\\d+M)?(\\d+S)?)?$',
      /^P(?=\d|T\d)(\dY|\d\dY)?(\d{1,2}M)?(\d{1,2}D)?(T(?=\d)([01]?\dH|2[0-3]H)?([0-5]?\dM)?([0-5]?\dS)?)?$/,
    ],
    ['^PT\\d+H\\d+M$', /^PT([01]?\d|2[0-3])H[0-5]?\dM$/],
  ])('tells a time that types can read: %s', (pattern, readable) => {
    const validate = ajv.compile({ ...text, pattern })
    for (let seed = 1; seed <= 300; seed++) {
      const value = draw({ ...text, pattern }, seed)
      expect(value).toMatch(readable)
      expect(validate(value)).toBe(true)
    }
  })

  it('leaves what only looks like a time as its pattern has it', () => {
    for (let seed = 1; seed <= 50; seed++) {
      expect(draw({ ...text, pattern: '^([0-9A-F]{2}:){5}[0-9A-F]{2}$' }, seed)).toMatch(
        /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/,
      )
      expect(draw({ ...text, pattern: '^9\\d:\\d{2}$' }, seed)).toMatch(/^9\d:\d{2}$/)
    }
  })

  it.each<[form: string, schema: object]>([
    ['a list of types', { type: ['string', 'null'] }],
    ['either of two schemas', { anyOf: [{ $ref: '#/$defs/a' }, { type: 'null' }], $defs: { a: integer } }],
    ['a default', { anyOf: [text, { type: 'null' }], default: null }],
    ['an enum', { enum: ['a', 'b', null] }],
    ['a list of types beside an enum', { type: ['string', 'null'], enum: ['a', null] }],
    ['one of two constants', { oneOf: [{ const: 'x' }, { const: null }] }],
  ])('is null in 5 to 10 %% where %s allows it', (_, schema) => {
    let nulls = 0
    for (let seed = 1; seed <= 2_000; seed++) if (draw(schema, seed) === null) nulls++
    expect(nulls).toBeGreaterThanOrEqual(100)
    expect(nulls).toBeLessThanOrEqual(200)
  })

  it('has what is optional in nine cases of ten, or as often as it is told to', () => {
    const count = (share?: number) => {
      let given = 0
      for (let seed = 1; seed <= 1_000; seed++) {
        const value = drawJson(schemas['optional properties'], seededRandom(seed), newWork(share))
        if (Object.hasOwn(value as object, 'note')) given++
      }
      return given
    }
    expect(count()).toBeGreaterThan(870)
    expect(count()).toBeLessThan(930)
    expect(count(1)).toBe(1_000)
    expect(count(0)).toBe(0)
  })

  it('reaches every branch, every member and null', () => {
    const seen = new Set<unknown>()
    const schema = { anyOf: [{ enum: ['a', 'b'] }, { type: 'null' }, { type: 'boolean' }] }
    for (let seed = 1; seed <= 200; seed++) seen.add(draw(schema, seed))
    expect(seen).toEqual(new Set(['a', 'b', null, true, false]))
  })

  it('takes from the examples and the default, and only where they fit', () => {
    const seen = Array.from({ length: 100 }, (_, seed) => draw(schemas['defaults and examples'] as object, seed + 1))
    expect(seen).toContainEqual(expect.objectContaining({ unit: 'celsius' }))
    expect(seen).toContainEqual(expect.objectContaining({ unit: 'kelvin' }))
    expect(seen).not.toContainEqual(expect.objectContaining({ size: 9 }))
  })

  it('says what suits a name', () => {
    const value = draw(object({ email: text, userId: text, summary: text, startDate: text }), 3)
    expect(value).toEqual({
      email: expect.stringMatching(/^[\w.]+@[\w.]+\.example\.com$/) as string,
      userId: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
      summary: expect.stringMatching(/^[A-Z].*\.$/) as string,
      startDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
    })
  })
})
