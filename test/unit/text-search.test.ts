import { describe, expect, it } from 'vitest'
import { TextSearch } from '../../src/sim/base/text-search.ts'
import { wordIn, Words } from '../../src/sim/base/words.ts'

describe('the word that stands in all that a pattern finds', () => {
  it.each([
    ['refunds?', 'refund'],
    ['(?i)^First q', 'first q'],
    ['order \\d+', 'order '],
    ['a{2}bc+d', 'bc'],
    ['colou?r', 'colo'],
    ['[abc]def[ghi]+', 'def'],
    ['\\bword\\b', 'word'],
    ['one|two', ''],
    ['(?i)(maybe)?yes', ''],
    ['.*', ''],
    ['x', ''],
    ['\\.ab?', ''],
  ])('%s: %s', (expression, word) => {
    expect(wordIn(expression)).toBe(word)
  })

  it('hides nothing that the pattern finds', () => {
    const texts = ['a REFUND', 'refunds', 'colour', 'color', 'order 7', 'aabccd', 'bdef', 'ſecret sauce', 'K']
    for (const pattern of ['/refunds?/i', '/colou?r/', '/order \\d+/', '/a{2}bc+d/', '/[abc]def/', '/SECRET s/i'])
      for (const text of texts) {
        const [, source = '', flags = ''] = /^\/(.*)\/(\w*)$/.exec(pattern) ?? []
        const isThere = new RegExp(source, `${flags}u`).test(text)
        expect(new TextSearch().add(pattern).in(text), `${pattern} in ${text}`).toBe(isThere)
      }
  })
})

describe('many words', () => {
  it('are found in one pass, and forgotten with the next text', () => {
    const words = new Words()
    const ids = ['paris', 'ar', 'is', 'rome', 'aris'].map((word) => words.add(word))
    const found = (text: string) => {
      words.look(text)
      return ids.filter((id) => words.has(id))
    }
    expect(found('In PARIS.')).toEqual([0, 1, 2, 4])
    expect(found('Rome')).toEqual([3])
    expect(found('')).toEqual([])
    expect(found('x')).toEqual([])
  })
})
