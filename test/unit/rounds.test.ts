import { expect, it } from 'vitest'
import { createRounds } from '../../src/host/rounds.ts'

function setUp() {
  const ends: (() => void)[] = []
  const done: number[] = []
  const rounds = createRounds((run) => void ends.push(run))
  const add = (...numbers: number[]) => {
    for (const number of numbers) rounds.add(() => void done.push(number))
  }
  /** The end of a round: what it asks for comes at the end of the next one. */
  const end = () => {
    for (const run of ends.splice(0)) run()
    return done.splice(0)
  }
  return { rounds, add, end, ends }
}

it('does what came in one round together at its end, in its order', () => {
  const { add, end } = setUp()
  add(1, 2)
  add(3)
  expect(end()).toEqual([1, 2, 3])
  expect(end()).toEqual([])
})

it('keeps what comes while it works for the next round', () => {
  const { rounds, add, end } = setUp()
  rounds.add(() => add(2))
  add(1)
  expect(end()).toEqual([1])
  expect(end()).toEqual([2])
})

it('does no more than 64 at once, and the rest in the rounds after', () => {
  const { add, end, ends } = setUp()
  const numbers = Array.from({ length: 150 }, (_, number) => number)
  add(...numbers)
  const rounds = [end(), end(), end()]
  expect(rounds.map(({ length }) => length)).toEqual([64, 64, 22])
  expect(rounds.flat()).toEqual(numbers)
  expect(ends).toEqual([])
})
