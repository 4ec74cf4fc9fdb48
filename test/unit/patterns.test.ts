import { describe, expect, it } from 'vitest'
import { PatternFinder } from '../../src/sim/base/patterns.ts'

const sentence = 'The quick brown fox jumps over the lazy dog. '

describe('where a pattern stands', () => {
  const text = sentence.repeat(400)
  const put = (at: number, part: string) => text.slice(0, at) + part + text.slice(at)

  it.each([
    ['secret', put(0, 'SECRET')],
    ['secret', put(8_190, ' Secret ')],
    ['sec.{1,300}ret', put(16_300, ` sec${'-'.repeat(200)}ret `)],
    ['secret$', `${put(8_186, 'secret')}secret`],
    ['\\bsecret\\b', put(8_150, ' secrets secret ')],
    ['(?:s|.){3}ecret', put(9_000, ' 123ecret')],
    ['[\\s\\S]*secret', put(15_000, 'secret')],
    ['nowhere', text],
    ['x*', text],
    ['a', ''],
  ])('is the place that JavaScript finds, however long the text: %s', (source, all) => {
    const match = new RegExp(source, 'iu').exec(all)
    const expected = match ? { start: match.index, end: match.index + match[0].length } : undefined
    expect(new PatternFinder({ source, flags: 'i' }).find(all)).toEqual(expected)
  })
})
