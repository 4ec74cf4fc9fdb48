import { describe, expect, it } from 'vitest'
import { inBatches } from '../../src/sim/limits/redis-pipelining.ts'

/** A server that answers each command with its first argument, and what it was asked. */
function setUp(answer = (args: readonly string[]): unknown => args.filter((_, at) => at % 2 === 0)) {
  const asked: { keys: readonly string[]; args: readonly string[] }[] = []
  const run = inBatches((keys, args) => {
    asked.push({ keys, args: [...args] })
    return Promise.resolve(answer(args))
  })
  return { asked, run }
}

describe('commands that come in one turn', () => {
  it('go in one run for each deployment, in their order, and each gets its own answer', async () => {
    const { asked, run } = setUp()
    const answers = await Promise.all([
      run(['a'], ['a1', '1']),
      run(['b'], ['b1', '2']),
      run(['a'], ['a2', '3']),
      Promise.resolve().then(() => run(['a'], ['a3', '4'])),
    ])
    expect(answers).toEqual(['a1', 'b1', 'a2', 'a3'])
    expect(asked[0]).toEqual({ keys: ['a'], args: ['a1', '1', 'a2', '3'] })
    expect(asked[1]).toEqual({ keys: ['b'], args: ['b1', '2'] })
  })

  it('are no more than 64 a run', async () => {
    const { asked, run } = setUp()
    const answers = await Promise.all(Array.from({ length: 150 }, (_, index) => run(['a'], [String(index), '0'])))
    expect(answers).toEqual(Array.from({ length: 150 }, (_, index) => String(index)))
    expect(asked.map(({ args }) => args.length / 2)).toEqual([64, 64, 22])
  })
})

describe('where the run fails', () => {
  it.each([
    ['rejects', () => Promise.reject(new Error('away'))],
    ['answers with something else', () => 'OK'],
    ['answers with too little', () => ['one']],
  ])('each of its commands fails, and the next ones are asked anew: it %s', async (_, answer) => {
    let isGood = false
    const { run } = setUp((args) => (isGood ? args.filter((_, at) => at % 2 === 0) : answer()))
    const both = await Promise.allSettled([run(['a'], ['1', '0']), run(['a'], ['2', '0'])])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    isGood = true
    expect(await run(['a'], ['3', '0'])).toBe('3')
  })
})
