/** A schema's quick yes: whatever it says yes to, the schema takes, and takes as it is. */
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { acceptsOf } from '../../src/sim/base/accept.ts'
import { operations } from '../../src/sim/operations/index.ts'
import { seededRandom } from '../../src/sim/random.ts'

const fits = (schema: z.ZodType, value: unknown): boolean => {
  const result = schema.safeParse(value)
  if (!result.success) return false
  expect(result.data).toEqual(value)
  return true
}

describe('says yes as the schema does, to what it takes as it is', () => {
  test.each<[string, z.ZodType, readonly unknown[]]>([
    ['a text', z.string(), ['', 'a', 1, null, undefined, ['a']]],
    ['a text of bounds', z.string().min(2).max(3), ['a', 'ab', 'abc', 'abcd', { length: 2 }]],
    ['a pattern', z.string().regex(/^[a-z]+$/), ['abc', 'aBc', '', 'a b']],
    ['a number', z.number().min(0).max(1), [0, 1, 0.5, -0.1, 1.1, Infinity, NaN, '0']],
    ['a number above another', z.number().gt(0).lt(1), [0, 1, 0.5]],
    ['a whole number', z.int().min(1).max(9), [0, 1, 9, 10, 1.5, 2 ** 53, '1']],
    ['a truth', z.boolean(), [true, false, 0, 'true', null]],
    ['one of some', z.enum(['a', 'b']), ['a', 'b', 'c', 'toString', 0]],
    ['a literal', z.literal(['a', 1]), ['a', 1, '1', undefined]],
    ['what may be absent', z.string().nullish(), ['a', null, undefined, 1]],
    ['a union', z.union([z.string(), z.array(z.string()).max(2)]), ['a', [], ['a', 'b'], ['a', 'b', 'c'], [1], 1]],
    [
      'an object',
      z.strictObject({ a: z.string(), b: z.number().optional() }),
      [{ a: 'x' }, { a: 'x', b: 1 }, { a: 'x', b: 'y' }, { b: 1 }, { a: 'x', c: 1 }, {}, [], null, 'a'],
    ],
    [
      'an object with others',
      z.looseObject({ a: z.string() }),
      [{ a: 'x', c: [1] }, { a: 1 }, { c: 1 }, { a: 'x', toString: 1 }],
    ],
  ])('%s', (_, schema, values) => {
    const accepts = acceptsOf(schema)
    expect(accepts).toBeDefined()
    expect(values.map((value) => accepts?.(value))).toEqual(values.map((value) => fits(schema, value)))
  })

  test('it knows nothing of a schema that changes what it takes, or that asks more', () => {
    for (const schema of [
      z.string().trim(),
      z.string().default('a'),
      z.string().transform(Number),
      z.string().refine((text) => text === 'a'),
      z.object({ a: z.string() }),
      z.array(z.string().trim()),
      z.string().regex(/a/g),
      z.email(),
      z.union([z.string(), z.string().default('a')]),
    ])
      expect(acceptsOf(schema)).toBeUndefined()
  })

  test('a member named __proto__ is left to the schema', () => {
    const loose = acceptsOf(z.looseObject({}))
    expect(loose?.(JSON.parse('{"__proto__":{"a":1}}'))).toBe(false)
    expect(loose?.(JSON.parse('{"a":{"__proto__":{"a":1}}}'))).toBe(true)
  })
})

test('of every body that an operation reads, whatever is said yes to is taken as it is', () => {
  const random = seededRandom(7)
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T
  const names = ['role', 'content', 'type', 'text', 'name', 'id', 'function', 'arguments', 'model', 'input']
  const plain = [
    'user',
    'text',
    'function',
    '',
    'a b',
    0,
    1,
    -1,
    0.5,
    300,
    true,
    null,
    'auto',
    'gpt-4o',
    'x'.repeat(70),
  ]
  const value = (depth: number): unknown => {
    const kind = depth > 2 ? 0 : random.below(3)
    if (kind === 0) return pick(plain)
    if (kind === 1) return Array.from({ length: random.below(3) }, () => value(depth + 1))
    return Object.fromEntries(Array.from({ length: random.below(4) }, () => [pick(names), value(depth + 1)]))
  }
  let yes = 0
  for (const operation of operations) {
    if (!('accepts' in operation) || !operation.accepts.json) continue
    const schema = operation.accepts.json()
    if (!(schema instanceof z.ZodObject)) continue
    for (const type of Object.values(schema.shape) as z.ZodType[]) {
      const accepts = acceptsOf(type)
      if (!accepts) continue
      for (let round = 0; round < 60; round++) {
        const one = value(0)
        if (!accepts(one)) continue
        yes++
        expect(fits(type, one)).toBe(true)
      }
    }
  }
  expect(yes).toBeGreaterThan(1000)
})

test('the bodies of most requests are looked at in this way', () => {
  const chat = operations.find(({ name }) => name === 'ChatCompletions_Create')
  const schema = chat && 'accepts' in chat ? chat.accepts.json?.() : undefined
  expect(schema).toBeInstanceOf(z.ZodObject)
  const { shape } = schema as unknown as z.ZodObject
  for (const name of ['messages', 'max_tokens', 'temperature', 'stream', 'stop', 'tools'])
    expect([name, acceptsOf(shape[name] as z.ZodType) !== undefined]).toEqual([name, true])
})
