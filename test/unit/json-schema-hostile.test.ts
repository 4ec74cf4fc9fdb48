import { describe, expect, it } from 'vitest'
import { drawJson } from '../../src/sim/generators/json/schema.ts'
import { fitsPattern } from '../../src/sim/generators/json/pattern.ts'
import { newWork } from '../../src/sim/generators/json/work.ts'
import { seededRandom } from '../../src/sim/random.ts'

const nested = (levels: number, wrap: (inner: object) => object) => {
  let schema: object = { type: 'string' }
  for (let level = 0; level < levels; level++) schema = wrap(schema)
  return schema
}

/** Thirty definitions, each of which names the next one twice. */
const doubling = (wrap: (next: object) => object) => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [
      `d${at}`,
      at === 29 ? { type: 'string' } : wrap({ $ref: `#/$defs/d${at + 1}` }),
    ]),
  ),
})

const endless = { type: 'array', minItems: 1e9 }

const hostile: Record<string, object> = {
  'a billion items': { ...endless, items: { type: 'integer' } },
  'a billion characters': { type: 'string', minLength: 1e9 },
  'a billion properties': { type: 'object', minProperties: 1e9 },
  'a billion long texts': { ...endless, items: { type: 'string', minLength: 1e9 } },
  'a billion different items': { ...endless, uniqueItems: true, items: { type: 'integer' } },
  'a pattern of a billion characters': { type: 'string', pattern: '^(((a{1000}){1000}){1000})$' },
  'patterns that backtrack without end': {
    ...endless,
    items: { type: 'string', pattern: '^(?=(a|b|aa)*$)((a*)*)*c(a+b+)+$', minLength: 500 },
  },
  'a thousand names by pattern': {
    type: 'object',
    minProperties: 50,
    patternProperties: Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`^(a+)+${at}$`, true])),
    additionalProperties: false,
  },
  'a reference to itself': { $ref: '#' },
  'references to itself, twice': { allOf: [{ $ref: '#' }, { $ref: '#' }] },
  'a value without end': { type: 'object', properties: { a: { $ref: '#' } }, required: ['a'] },
  'a billion joined schemas': doubling((next) => ({ allOf: [next, next] })),
  'a billion branches': doubling((next) => ({ oneOf: [next, next] })),
  'a billion values': doubling((next) => ({
    type: 'object',
    properties: { x: next, y: next },
    required: ['x', 'y'],
  })),
  'arrays three thousand deep': nested(3000, (items) => ({ type: 'array', items, minItems: 1 })),
  'conditions three thousand deep': nested(3000, (not) => ({ not })),
  'branches three thousand deep': nested(3000, (inner) => ({ anyOf: [inner] })),
  'what nothing fits': { allOf: [{ type: 'string' }, { type: 'integer' }, { not: {} }] },
}

describe('a schema that asks for too much', () => {
  it.each(Object.entries(hostile))('is given what can be given: %s', (_, schema) => {
    const json = JSON.stringify(drawJson(schema, seededRandom(1), newWork()))
    expect(json.length).toBeGreaterThan(0)
    expect(json.length).toBeLessThan(2_000_000)
  })

  it.each([
    { type: 5, enum: 'x', required: 'y', properties: [1], items: 7, pattern: '(', minLength: -3, anyOf: 'q' },
    { $ref: '#/nowhere', allOf: [1, null] },
    { $ref: 'https://example.com/other.json' },
    { type: 'number', multipleOf: 0 },
    { type: 'number', minimum: 5, maximum: 1 },
    { type: 'array', items: { type: 'boolean' }, uniqueItems: true, minItems: 5 },
  ])('is not taken amiss where it makes no sense: %j', (schema) => {
    expect(() => JSON.stringify(drawJson(schema, seededRandom(1), newWork()))).not.toThrow()
  })

  it('keeps names that mean something to JavaScript', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"const":1},"constructor":{"const":2}},"required":["__proto__","constructor","toString"]}',
    ) as object
    expect(JSON.stringify(drawJson(schema, seededRandom(1), newWork()))).toMatch(
      /^\{"__proto__":1,"constructor":2,"toString":".*"\}$/,
    )
    expect(({} as Record<string, unknown>)['1']).toBeUndefined()
  })
})

describe('matching a pattern', () => {
  const fits = (pattern: string, text: string) => fitsPattern(pattern, text, newWork())

  it.each([
    ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
    ['b', ['abc', 'b'], ['', 'ac']],
    ['^(ab|cd)*$', ['', 'abcd'], ['abc']],
    ['^[^a-c\\d]+$', ['xyz'], ['xay', 'x1', '']],
    ['\\bcat\\b', ['a cat!', 'cat'], ['concat', 'cats']],
    ['^(?!foo)\\w+$', ['bar'], ['foobar']],
    ['(?<=\\$)\\d+', ['$5'], ['5']],
    ['^.{2}$', ['ab', '😀x'], ['a', 'a\n']],
    ['^x{0,}?y$', ['y', 'xxy'], ['x']],
    ['^\\S+@\\S+\\.\\S+$', ['a@b.c'], ['a@b', 'a b@c.d']],
  ])('%s does as a regular expression does', (pattern, right, wrong) => {
    for (const text of [...right, ...wrong]) {
      expect([text, fits(pattern, text)]).toEqual([text, new RegExp(pattern, 'u').test(text)])
      expect([text, fits(pattern, text)]).toEqual([text, right.includes(text)])
    }
  })

  it('ends where a regular expression does not', () => {
    expect(fits('^(a+)+$', `${'a'.repeat(60)}!`)).toBe(false)
  })
})
