import { expect, test } from 'vitest'
import { byName, isNamed } from '../../src/sim/models/by-name.ts'

test('what a name says is asked once, however the models take turns', () => {
  const asked: string[] = []
  const lengthOf = byName((name) => (asked.push(name), name.length))
  const names = ['gpt-4o', 'o1', 'gpt-4o', 'gpt-4o', 'o1', 'gpt-5']
  expect(names.map((name) => lengthOf({ name }))).toEqual([6, 2, 6, 6, 2, 5])
  expect(asked).toEqual(['gpt-4o', 'o1', 'gpt-5'])
})

test('that nothing is known of it is remembered, too', () => {
  let asked = 0
  const of = byName((): string | undefined => {
    asked++
    return undefined
  })
  for (const name of ['a', 'a', 'b', 'a']) expect(of({ name })).toBeUndefined()
  expect(asked).toBe(2)
})

test('a name fits a pattern or does not', () => {
  const isOld = isNamed(/^gpt-3/)
  expect([isOld({ name: 'gpt-35-turbo' }), isOld({ name: 'gpt-4o' })]).toEqual([true, false])
})
