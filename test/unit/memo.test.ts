import { describe, expect, it } from 'vitest'
import { Memo } from '../../src/sim/base/memo.ts'

describe('what is remembered within bounds', () => {
  it('keeps what is asked for again, however much else comes by', () => {
    const memo = new Memo<number, string>(10)
    memo.set(-1, 'asked for')
    memo.set(-2, 'not asked for')
    for (let n = 0; n < 1000; n++) {
      memo.set(n, 'other')
      expect(memo.get(-1)).toBe('asked for')
    }
    expect(memo.get(-2)).toBeUndefined()
  })

  it('keeps half of its bound at least, and the bound at most', () => {
    for (let count = 1; count < 40; count++) {
      const memo = new Memo<number, number>(10)
      const keys = Array.from({ length: count }, (_, at) => at)
      for (const key of keys) memo.set(key, key)
      const latest = keys.toReversed()
      expect(latest.slice(0, 5).map((key) => memo.get(key))).toEqual(latest.slice(0, 5))
      expect(latest.slice(10).map((key) => memo.get(key))).toEqual(latest.slice(10).map(() => undefined))
    }
  })

  it('makes a value once as long as it is kept', () => {
    const memo = new Memo<string, number>(4)
    let made = 0
    for (let n = 0; n < 5; n++) expect(memo.of('a', () => ++made)).toBe(1)
    memo.delete('a')
    expect(memo.of('a', () => ++made)).toBe(2)
  })
})
