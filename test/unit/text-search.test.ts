import { describe, expect, it } from 'vitest'
import { TextSearch } from '../../src/sim/base/text-search.ts'
import { wordIn, Words } from '../../src/sim/base/words.ts'
import { seededRandom } from '../../src/sim/random.ts'

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

  it('are found where they lie over each other, whatever they share, and in steps', () => {
    const random = seededRandom(7)
    const drawn = (letters: string, length: number) =>
      Array.from({ length }, () => letters[random.below(letters.length)]).join('')
    for (let round = 0; round < 200; round++) {
      const letters = ['ab', 'abc ', 'aé\u00dfſ'][round % 3]!
      const wanted = Array.from({ length: 20 }, () => drawn(letters, 2 + random.below(6)).toLowerCase())
      const words = new Words()
      const ids = wanted.map((word) => words.add(word.replaceAll('ſ', 's')))
      const text = drawn(letters.toUpperCase(), random.below(60))
      for (const steps = words.inSteps(text); steps.next().done !== true;);
      const lower = text.toLowerCase().replaceAll('ſ', 's')
      expect(ids.map((id) => words.has(id))).toEqual(wanted.map((word) => lower.includes(word.replaceAll('ſ', 's'))))
    }
  })

  it('are told of the last text, though another is looked through in between', () => {
    const words = new Words()
    const id = words.add('end')
    const long = words.inSteps(`${'x'.repeat(200_000)}end`)
    long.next()
    words.look('no')
    expect(words.has(id)).toBe(false)
    while (long.next().done !== true);
    expect(words.has(id)).toBe(true)
  })
})
