import { describe, expect, it } from 'vitest'
import { indented } from '../../src/sim/base/layout.ts'

const nested = (depth: number, inner: unknown): unknown => (depth === 0 ? inner : [nested(depth - 1, inner)])

describe('indented JSON', () => {
  it('is as JSON.stringify writes it', () => {
    const value = { a: [1, { b: '{[,"' }], text: 'x,'.repeat(5_000), none: null }
    expect(indented(value)).toBe(JSON.stringify(value, undefined, 2))
    expect(indented(undefined)).toBe(undefined)
  })

  it.each([
    ['deep', nested(4_000, 1)],
    [
      'a long list in a hundred others',
      nested(
        100,
        Array.from({ length: 100_000 }, () => 1),
      ),
    ],
  ])('is in one line where its spaces would be many times what it says: %s', (_, value) => {
    expect(indented(value)).toBe(JSON.stringify(value))
  })
})
