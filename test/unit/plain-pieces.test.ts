import { expect, it } from 'vitest'
import { classifyBytes } from '../../src/sim/models/character-class.ts'
import { plainEnd } from '../../src/sim/models/plain-pieces.ts'
import { splitters } from '../../src/sim/models/split.ts'
import { seededRandom } from '../../src/sim/random.ts'

/** Every place where a piece may begin, by the rules in full. */
function pieces(text: string, encoding: 'cl100k_base' | 'o200k_base') {
  const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(1)])
  const length = bytes.length - 1
  const classes = new Uint8Array(bytes.length)
  classifyBytes(bytes, length, classes)
  const classified = { bytes, classes, length, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
  const found: { plain: number; full: number }[] = []
  for (let start = 0, end: number; start < length; start = end) {
    end = splitters[encoding](classified, start)
    found.push({ plain: plainEnd(bytes, length, start), full: end })
  }
  return found
}

const alphabet = Array.from(` \n\r\t\v'/.,:;!?-_("aabcdefgstmlrvABCSTLD0123456789\0é日\u0301\u00a0½Ⅷ😀`)
const random = seededRandom(7)
const texts = Array.from({ length: 20_000 }, () =>
  Array.from({ length: 1 + random.below(12) }, () => alphabet[random.below(alphabet.length)]).join(''),
)

it.each(['cl100k_base', 'o200k_base'] as const)('cuts plain pieces as the rules of %s in full do', (encoding) => {
  const wrong = texts.filter((text) => pieces(text, encoding).some(({ plain, full }) => plain !== 0 && plain !== full))
  expect(wrong).toEqual([])
})

it('knows nearly all pieces of English', () => {
  const english = 'The report of 2024 is there, and all of it is right: "it" may not be. What is\nnew, then?\nNothing. '
  const all = pieces(english.repeat(20), 'o200k_base')
  expect(all.filter(({ plain }) => plain === 0).length / all.length).toBeLessThan(0.15)
})
