/** What is wrong of a long body is told as if all of it had been judged. */
import { expect, it } from 'vitest'
import * as z from 'zod'
import { parseBody } from '../../src/sim/http/validate.ts'

const schema = z.strictObject({
  list: z
    .array(z.union([z.string(), z.strictObject({ parts: z.array(z.strictObject({ a: z.int() })).min(2) })]))
    .optional(),
  byName: z.record(z.string(), z.strictObject({ a: z.int() })).optional(),
  short: z.array(z.strictObject({ names: z.array(z.string().max(2)) })).optional(),
})

const many = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at))
const told = (body: unknown) => {
  try {
    return parseBody(schema, body)
  } catch (error) {
    const { param, message } = error as { readonly param?: string; readonly message: string }
    return param ?? message
  }
}

it('names the place in the whole', () => {
  expect(told({ list: many(100, (at) => (at === 70 ? 1 : 'a')) })).toBe('list[70]')
  const parts = many(200, (at) => ({ a: at === 150 ? 'x' : at }))
  expect(told({ list: many(100, (at) => (at === 40 ? { parts } : 'a')) })).toBe('list[40].parts[150].a')
  expect(told({ list: many(100, (at) => (at === 40 ? { parts: [] } : 'a')) })).toBe('list[40].parts')
  expect(told({ list: many(10, (at) => (at === 4 ? { parts } : 'a')) })).toBe('list[4].parts[150].a')
  const byName = Object.fromEntries(many(100, (at) => [`k${at}`, { a: at < 60 ? at : 'x' }]))
  expect(told({ byName })).toBe('byName.k60.a')
  expect(told({ short: [{ names: [] }, { names: many(90, (at) => (at > 50 ? 'abc' : 'a')) }] })).toBe(
    'short[1].names[51]',
  )
  expect(told({ list: many(100, () => 'a'), other: 1 })).toContain('other')
})

it('finds its way through kinds of things', () => {
  const leaf = z.object({ type: z.enum(['eq', 'ne']), key: z.string() })
  const tree: z.ZodType = z.lazy(() => z.object({ type: z.literal('or'), all: z.array(z.union([leaf, tree])) }))
  const kinds = z.strictObject({
    filter: z.union([leaf, tree]).optional(),
    prompt: z
      .union([z.string(), z.array(z.string()).max(50), z.array(z.int()), z.array(z.array(z.int())).max(50)])
      .optional(),
  })
  const wrongOf = (body: unknown) => {
    try {
      return parseBody(kinds, body)
    } catch (error) {
      return (error as Error).message
    }
  }
  const leaves = many(90, (at) => (at === 60 ? { type: 'eq' } : { type: 'eq', key: 'k' }))
  expect(wrongOf({ filter: { type: 'or', all: leaves } })).toBe("Missing required parameter: 'filter.all[60].key'.")
  expect(wrongOf({ prompt: many(90, () => 'a') })).toContain('array with length 90')
  expect(wrongOf({ prompt: many(90, () => [1]) })).toContain('array with length 90')
  expect(wrongOf({ prompt: many(90, () => 1) })).toEqual({ prompt: many(90, () => 1) })
  expect(wrongOf({ prompt: many(90, (at) => (at === 70 ? 'a' : at)) })).toContain('prompt[70]')
  expect(wrongOf({ prompt: many(90, () => ({})) })).toContain('prompt')
})

it('takes what is right', () => {
  const right = { list: many(100, () => 'a'), byName: { k: { a: 1 } }, short: [] }
  expect(told(right)).toEqual(right)
})
