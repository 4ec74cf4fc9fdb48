import { describe, expect, it } from 'vitest'
import { Slices } from '../../src/sim/base/slices.ts'
import { parseLongJson } from '../../src/sim/http/long-json.ts'
import { type Random, seededRandom } from '../../src/sim/random.ts'

let nowMs = 0
/** A clock that runs on by a millisecond a look, so that there are many slices. */
const slices = () => new Slices({ now: () => nowMs++ }, () => undefined)
const read = (text: string) => parseLongJson(Buffer.from(text), slices())

function parsed(text: string): unknown {
  try {
    // A lone half of a pair is sent as U+FFFD.
    return JSON.parse(Buffer.from(text).toString())
  } catch {
    return undefined
  }
}

const texts = [
  '',
  'a',
  'model',
  'größer',
  '漢字',
  '😀',
  'a"b',
  'line\nbreak',
  '\u2028',
  '__proto__',
  'constructor',
  '0',
  '12',
]
const numbers = [0, -0, 7, 123_456_789, 1_234_567_890_123_456, 1.5, -2.25e-7, 6.02e23, 2 ** 53]

function drawn(random: Random, depth: number): unknown {
  const of = <T>(list: readonly T[]) => list[random.below(list.length)] as T
  switch (random.below(depth > 0 ? 6 : 4)) {
    case 0:
      return of(numbers)
    case 1:
      return of([true, false, null])
    case 2:
    case 3:
      return of(texts)
    case 4:
      return Array.from({ length: random.below(5) }, () => drawn(random, depth - 1))
    default:
      return Object.fromEntries(Array.from({ length: random.below(5) }, () => [of(texts), drawn(random, depth - 1)]))
  }
}

describe('JSON of a long body', () => {
  it('says what it says when it is read at a stretch', async () => {
    const random = seededRandom(17)
    for (let time = 0; time < 500; time++) {
      const text = JSON.stringify(drawn(random, 5), undefined, random.below(3))
      expect(await read(text)).toEqual(parsed(text))
    }
    const many = JSON.stringify(Array.from({ length: 5_000 }, (_, at) => ({ role: 'user', content: `part ${at}`, at })))
    expect(await read(many)).toEqual(parsed(many))
  })

  it('is refused where it is none, as at a stretch', async () => {
    const random = seededRandom(18)
    const marks = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      ' ',
      '\n',
      '\t',
      '\u0000',
      '0',
      '-',
      '.',
      'e',
      't',
      'null',
      'ü',
    ]
    for (let time = 0; time < 3_000; time++) {
      const text = JSON.stringify(drawn(random, 4))
      const at = random.below(text.length + 1)
      const wrong = text.slice(0, at) + (marks[random.below(marks.length)] ?? '') + text.slice(at + random.below(3))
      expect([wrong, await read(wrong)]).toEqual([wrong, parsed(wrong)])
    }
  })

  it.each([
    '01',
    '1.',
    '.5',
    '-',
    '1e',
    '+1',
    '0x1',
    'NaN',
    'tru',
    'nul',
    '"\\x"',
    '"\\u12"',
    '"a',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '',
  ])('takes no %s', async (text) => {
    expect(parsed(text)).toBeUndefined()
    expect(await read(text)).toBeUndefined()
  })

  it('keeps a key that is the name of a prototype, and the last of those that are there twice', async () => {
    const value = await read('{"__proto__":{"a":1},"b":1,"b":2,"1":0,"0":0}')
    expect(Object.keys(value as object)).toEqual(
      Object.keys(JSON.parse('{"__proto__":{"a":1},"b":1,"b":2,"1":0,"0":0}') as object),
    )
    expect(value).toMatchObject({ b: 2 })
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  it('is not read where it is deeper than any body, or no UTF-8', async () => {
    expect(await read('['.repeat(200_000))).toBeUndefined()
    expect(await parseLongJson(Uint8Array.of(0x22, 0xff, 0x22), slices())).toBeUndefined()
  })
})
