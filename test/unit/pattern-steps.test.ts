/** A long text is looked through step by step for the same patterns that the library finds in one go. */
import { RE2JS, RE2Set } from 're2js'
import { describe, expect, it } from 'vitest'
import { matchInSteps } from '../../src/sim/base/pattern-steps.ts'
import { expressionProblem } from '../../src/sim/base/patterns.ts'
import { TextSearch } from '../../src/sim/base/text-search.ts'
import { seededRandom } from '../../src/sim/random.ts'

const patterns = [
  'a[ab]{1,8}c',
  '\\bfoo\\b',
  '^b',
  'b$',
  '(?m)^x.*y$',
  '(?i)SECRET.*key',
  'a.{3}c',
  '[^a-z]+z',
  'é+',
].concat(['\\p{L}{3}😀', '(?s)a.b', '', '\\Bx', 'x{3,}', '(a|ab)(c|bcd)', '\\d{1,3}\\.\\d', '^$', 'a*?b', '(?i)ſ'])
const pieces = ['a', 'b', 'c', 'x', 'y', '\n', ' ', 'é', '😀', '1', '.', 'foo', 'secret', 'KEY', 'z', '\ud800', 'S']

function drawn(seed: number): string {
  const random = seededRandom(seed)
  return Array.from({ length: random.below(40) }, () => pieces[random.below(pieces.length)]).join('')
}

function setOf(given: readonly string[]): RE2Set {
  const set = new RE2Set()
  for (const pattern of given) set.add(pattern)
  set.compile()
  return set
}

function ran<T>(steps: Generator<undefined, T>): { readonly value: T; readonly steps: number } {
  for (let count = 1; ; count++) {
    const next = steps.next()
    if (next.done === true) return { value: next.value, steps: count }
  }
}

describe('patterns step by step', () => {
  const compiled = patterns.map((pattern) => RE2JS.compile(pattern))

  it.each([['by the automaton', false] as const, ['by all states', true] as const])(
    'finds what RE2 finds: %s',
    (_, fails) => {
      const set = setOf(patterns)
      // As it is with a look-behind, which the automaton does not know.
      set.dfa.failed = fails
      for (let seed = 0; seed < 400; seed++) {
        const text = drawn(seed)
        const expected = compiled.flatMap((pattern, at) => (pattern.test(text) ? [at] : []))
        expect(
          [...ran(matchInSteps(set, text)).value].sort((one, other) => one - other),
          JSON.stringify(text),
        ).toEqual(expected)
      }
    },
  )

  it('takes many steps for a text that asks for ever new states', () => {
    const random = seededRandom(3)
    const text = `c${Array.from({ length: 5_000 }, () => 'ab'[random.below(2)]).join('')}`
    const { value, steps } = ran(matchInSteps(setOf(['a[ab]{1,400}c']), text))
    expect(value.size).toBe(0)
    expect(steps).toBeGreaterThan(50)
    expect(ran(matchInSteps(setOf(['a[ab]{1,400}c']), `${text}c`)).value.size).toBe(1)
  })

  it('refuses a pattern of too many states where it is set', () => {
    expect(expressionProblem({ source: 'a[ab]{1,500}c', flags: '' })).toContain('this one has 1003')
    expect(expressionProblem({ source: '(?:\\d[ -]*?){13,16}', flags: '' })).toBeUndefined()
  })
})

describe('a search that looked ahead', () => {
  it('tells the same afterwards, of patterns with and without a word', () => {
    const search = new TextSearch()
    const finds = ['/sec.*key/', '/(?:a|b)+c/', '/never.*said/', '/(?:x|y)z/', 'plain'].map((wanted) =>
      search.add(wanted),
    )
    const texts = ['a secret key', 'abababc', 'xz is plain', 'never, he said', 'nothing']
    const before = texts.map((text) => finds.map((one) => one.in(text)))
    const other = new TextSearch()
    const same = ['/sec.*key/', '/(?:a|b)+c/', '/never.*said/', '/(?:x|y)z/', 'plain'].map((wanted) =>
      other.add(wanted),
    )
    for (const text of texts) ran(other.ahead(text))
    expect(texts.map((text) => same.map((one) => one.in(text)))).toEqual(before)
    expect(before.map((row) => row.filter(Boolean).length)).toEqual([1, 1, 2, 1, 0])
  })
})
