import { encode as cl100k } from 'gpt-tokenizer/encoding/cl100k_base'
import { describe, expect, it } from 'vitest'
import { lorem, loremText } from '../../src/sim/generators/text/lorem.ts'
import { words } from '../../src/sim/generators/text/words.ts'
import { countTokens } from '../../src/sim/models/tokenizer.ts'
import { seededRandom } from '../../src/sim/random.ts'

const encodings = ['cl100k_base', 'o200k_base'] as const
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

describe('words', () => {
  it.each(encodings)('are one token each in %s, in all three forms', (encoding) => {
    const forms = words.flatMap((word) => [` ${word}`, ` ${capital(word)}`, capital(word), word])
    const wrong = forms
      .filter((form) => form.startsWith(' ') || form !== form.toLowerCase())
      .filter((form) => countTokens(form, encoding) !== 1)
    expect(wrong).toEqual([])
    expect(words.length).toBeGreaterThan(300)
  })
})

describe('lorem', () => {
  it.each(encodings)('has exactly as many tokens as asked for in %s, and token i is item i', (encoding) => {
    const random = seededRandom(7)
    for (let sample = 0; sample < 1500; sample++) {
      const count = sample < 300 ? sample % 30 : random.below(sample % 100 === 0 ? 20_000 : 600)
      const made = lorem(count, random, sample % 2 === 0)
      const text = made.text()
      const items = Array.from({ length: count }, (_, index) => made.at(index))
      expect(items.join('')).toBe(text)
      expect(countTokens(text, encoding)).toBe(count)
      if (sample % 50 === 0) expect(items.every((item) => countTokens(item, encoding) === 1)).toBe(true)
    }
  })

  it('agrees with another tokenizer', () => {
    const random = seededRandom(8)
    for (let sample = 0; sample < 200; sample++) expect(cl100kCount(loremText(200, random))).toBe(200)
  })

  it('begins with a capital, and ends with a full stop or a word', () => {
    const random = seededRandom(9)
    for (let sample = 0; sample < 500; sample++)
      expect(lorem(2 + sample, random, true).text()).toMatch(/^[A-Z].*[.a-z]$/)
  })

  it('says the same for the same seed, and something else for another', () => {
    expect(loremText(50, seededRandom(1))).toBe(loremText(50, seededRandom(1)))
    expect(loremText(50, seededRandom(1))).not.toBe(loremText(50, seededRandom(2)))
  })
})

const cl100kCount = (text: string) => cl100k(text).length
