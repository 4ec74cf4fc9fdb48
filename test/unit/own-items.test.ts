import { describe, expect, it } from 'vitest'
import { OwnItems } from '../../src/sim/base/own-items.ts'

type Item = { readonly number: number }

class Numbers extends OwnItems<Item> implements Item {
  number = 0
  isClosed = false

  protected advance(): Item | undefined {
    if (this.number === 3) return undefined
    this.number++
    return this.number === 2 ? { number: 20 } : this
  }

  protected override close(): void {
    this.isClosed = true
  }
}

describe('an iterator that is its own items', () => {
  it('gives itself for each, or another in its place, and ends', () => {
    const numbers = new Numbers()
    expect(Array.from(numbers, ({ number }) => number)).toEqual([1, 20, 3])
    expect([numbers.next(), numbers.isClosed]).toEqual([{ done: true, value: undefined }, false])
  })

  it('lets go when the rest is not asked for', () => {
    const numbers = new Numbers()
    for (const { number } of numbers) if (number === 20) break
    expect(numbers.isClosed).toBe(true)
  })
})
