import { describe, expect, it } from 'vitest'
import { ClientGone, inSlicesOf, Slices, step, through, turn } from '../../src/sim/base/slices.ts'
import { countTokens } from '../../src/sim/models/tokenizer.ts'

/** A clock on which nothing takes time but what says so; and how often the others had their turn. */
function work(signal?: AbortSignal) {
  let nowMs = 0
  const slices = new Slices({ now: () => nowMs }, () => signal)
  const takes = (ms: number) => (nowMs += ms)
  return { slices, takes }
}

describe('work in slices', () => {
  it('is done at once where it fits into one', () => {
    const { slices, takes } = work()
    expect(inSlicesOf(slices, () => step(() => takes(1)) + step(() => takes(1)))).toBe(3)
    expect(step(() => 'no slices')).toBe('no slices')
  })

  it('does each step once, in its order, and lets others go on in between', async () => {
    const { slices, takes } = work()
    const done: number[] = []
    let calls = 0
    let others = 0
    const other = () => {
      others++
      if (done.length < 20) setImmediate(other)
    }
    setImmediate(other)
    const given = inSlicesOf(slices, () => {
      calls++
      return Array.from({ length: 20 }, (_, at) =>
        step(() => {
          takes(2)
          done.push(at)
          return at * at
        }),
      )
    })
    expect(await given).toEqual(Array.from({ length: 20 }, (_, at) => at * at))
    expect(done).toEqual(Array.from({ length: 20 }, (_, at) => at))
    expect(calls).toBe(7)
    expect(others).toBeGreaterThan(4)
  })

  it('goes on where it was within steps, and in what yields', async () => {
    const { slices, takes } = work()
    const seen: string[] = []
    function* counted(name: string) {
      for (let at = 0; at < 4; at++) {
        takes(3)
        seen.push(`${name}${at}`)
        yield
      }
      return name
    }
    const given = inSlicesOf(slices, () => [
      step(() => step(() => (takes(6), 'a')) + through(() => counted('b')) + step(() => (takes(6), 'c'))),
      through(() => counted('d')),
    ])
    expect(await given).toEqual(['abc', 'd'])
    expect(seen.join(' ')).toBe('b0 b1 b2 b3 d0 d1 d2 d3')
  })

  it('ends with its client', async () => {
    const client = new AbortController()
    const { slices, takes } = work(client.signal)
    let steps = 0
    const given = inSlicesOf(slices, () => {
      for (let at = 0; at < 100; at++)
        step(() => {
          takes(10)
          if (++steps === 3) client.abort()
        })
    })
    await expect(given).rejects.toBeInstanceOf(ClientGone)
    expect(steps).toBe(3)
  })

  it('tells what goes wrong, also after the first slice', async () => {
    const { slices, takes } = work()
    const given = inSlicesOf(slices, () => {
      for (let at = 0; at < 10; at++) step(() => takes(10))
      throw new Error('wrong')
    })
    await expect(given).rejects.toThrow('wrong')
  })

  it.each([
    'x'.repeat(50_000),
    ' '.repeat(30_000),
    'word '.repeat(9_000),
    `${'ab'.repeat(6_000)} 漢字 ${'é'.repeat(5_000)} 😀`,
    `${'漢'.repeat(6_000)}${'The quick brown fox. '.repeat(500)}`,
    'a'.repeat(4_095),
  ])('counts the tokens of a text as it does at once: %.9s', async (text) => {
    for (const encoding of ['cl100k_base', 'o200k_base'] as const) {
      let nowMs = 0
      // Each look at the clock is a slice's end.
      const slices = new Slices({ now: () => (nowMs += 5) }, () => undefined)
      expect(await inSlicesOf(slices, () => countTokens(text, encoding))).toBe(countTokens(text, encoding))
    }
  })

  it('is one piece of work at a time, however many wait', async () => {
    const seen: string[] = []
    const goOn = (name: string) => new Promise<void>((resolve) => turn(resolve)).then(() => seen.push(name))
    setImmediate(() => seen.push('other 1')).ref()
    const all = Promise.all([goOn('a'), goOn('b'), goOn('c')])
    setImmediate(() => {
      seen.push('other 2')
      setImmediate(() => seen.push('other 3'))
    })
    await all
    expect(seen).toEqual(['other 1', 'a', 'other 2', 'b', 'other 3', 'c'])
  })
})
