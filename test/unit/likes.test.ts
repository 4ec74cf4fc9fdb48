import { describe, expect, it } from 'vitest'
import { Likes, shapedBy } from '../../src/sim/http/likes.ts'
import type { Deployment } from '../../src/sim/types.ts'

const alike = { operation: {}, config: {}, kind: {}, shape: 3 }

describe('headers that are copied', () => {
  it('are made once for all that are alike', () => {
    const likes = new Likes<{ made: number }>()
    const deployment = {} as Deployment
    let made = 0
    const ask = (other: Partial<typeof alike> = {}, of = deployment) =>
      likes.of(of, { ...alike, ...other }, () => ({ made: ++made })).made
    expect([ask(), ask(), ask({ shape: 2 }), ask({ kind: {} }), ask()]).toEqual([1, 1, 2, 3, 1])
    expect([ask({}, {} as Deployment), ask()]).toEqual([4, 1])
  })

  it.each(['operation', 'config'])('are forgotten with the %s that they were made for', (name) => {
    const likes = new Likes<number>()
    const deployment = {} as Deployment
    let made = 0
    const ask = (other = {}) => likes.of(deployment, { ...alike, ...other }, () => ++made)
    expect([ask(), ask({ [name]: {} }), ask()]).toEqual([1, 2, 3])
  })

  it('have a shape for each set of answers', () => {
    const all = [0, 1, 2, 3, 4, 5, 6, 7].map((at) =>
      [4, 2, 1].reduce((shape, bit) => shapedBy(shape, (at & bit) > 0), 0),
    )
    expect(all).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })
})
