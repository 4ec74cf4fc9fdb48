import { describe, expect, it } from 'vitest'
import { workQueue } from '../../src/sim/operations/batches/work-queue.ts'

/** Work that is told of when it begins, and ended by hand. */
function works(take: (work: () => Promise<void>) => void) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const add = (name: string) => {
    take(() => {
      begun.push(name)
      return new Promise((resolve) => ends.set(name, resolve))
    })
  }
  const end = async (name: string) => {
    ends.get(name)!()
    await new Promise(setImmediate)
  }
  return { begun, add, end }
}

describe('work in turns', () => {
  it('begins when there is room, in the order in which it came', async () => {
    const { begun, add, end } = works(workQueue(2, () => 10))
    for (const name of ['a', 'b', 'c', 'd']) add(name)
    expect(begun).toEqual(['a', 'b'])
    await end('b')
    expect(begun).toEqual(['a', 'b', 'c'])
    await end('a')
    await end('c')
    await end('d')
    add('e')
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('takes no more than its places where some comes as other work ends', async () => {
    const { begun, add, end } = works(workQueue(1, () => 10))
    add('a')
    add('b')
    const ending = end('a')
    add('c')
    await ending
    expect(begun).toEqual(['a', 'b'])
  })

  it('is dropped, the oldest first, where more waits than may', async () => {
    const { begun, add, end } = works(workQueue(1, () => 2))
    for (const name of ['a', 'b', 'c', 'd']) add(name)
    for (const name of ['a', 'c', 'd']) await end(name)
    expect(begun).toEqual(['a', 'c', 'd'])
  })
})
