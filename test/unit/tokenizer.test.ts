import { fileURLToPath } from 'node:url'
import { get_encoding, type Tiktoken } from 'tiktoken'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTables } from '../../scripts/make-tables.mjs'
import { countTokens, encodeTokens, loadEncoding, tokenTexts } from '../../src/sim/models/tokenizer.ts'
import { TextCounts } from '../../src/sim/models/text-counts.ts'
import { seededRandom, type Random } from '../../src/sim/random.ts'

// tiktoken, in WebAssembly, is the judge: what OpenAI's own library makes of a text is right.

const english =
  "The quick brown fox can't jump over the lazy dog's 12,345 fences; it wouldn't, shouldn't and WON'T try. (See p. 7!)"
const code =
  'export const add = (a: number, b: number): number => {\n\treturn a + b // sum\r\n}\n\n\n    if (x_1 !== y) {}'

/** What texts are made of: single characters, and pieces that only together mean something. */
const alphabets: readonly (readonly string[])[] = [
  Array.from('abcdefghij ABC'),
  Array.from("aAbB'sStTdDmMlLrReEvV\u017f -"),
  Array.from(' \t\n\r\v\f\u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u3000\u180e\u200b\ufeffa./'),
  Array.from(' \n\r/a!'),
  Array.from('0123456789٣५Ⅷ½²a .,-'),
  Array.from('\u0000\u0001\u001b\u007f\u009fa \n'),
  Array.from('日本語中文字符的是一、。 \n한국어ひらカター々ａＡ１'),
  Array.from("éÉüßñŁøÐǅǈʰªºͅ\u0301\u0308\u20dd\u093fАбВгαΩאبת '"),
  ['😀', '👩‍👩‍👧', '🇩🇪', '👍🏽', '❤️', '\u200d', '\ufe0f', ' ', 'a', '!', '𝒜', '𠮷', '𐐀', '𐐨', '\n'],
  ['\ud800', '\udc00', '\udbff', '\udfff', 'a', ' ', '😀', '\ufffd', "'"],
  ['<|endoftext|>', '<|im_start|>', '<|endofprompt|>', '<|fim_prefix|>', '<', '|', '>', ' ', 'a', '\n'],
  ['the', ' the', 'ing', ' a', 'Tokenizer', ' HTTP', 'getValue', '_id', ' 2024', "'s", "'LL", "n't", '. ', ',', '\n\n'],
  Array.from('{}[]()<>=+-*/&|^%$#@!~`"\'\\;:,.?_ \n\ta0'),
  ['a', 'A', '1', ' ', '\n', '\r', '.', '/', "'", 's', 'é', 'É', '日', '\u0301', '\u00a0', '٣', '€', '😀', '\ufeff'],
]

/** A character of any kind that Unicode 16 knows, or none. */
/** More of them run at night. */
const samples = Number(process.env['FUZZ_SAMPLES'] ?? 1_000)

function anyCharacter(random: Random): string {
  return String.fromCodePoint(random.below([0x250, 0x3000, 0x10000, 0x110000][random.below(4)] ?? 0))
}

function randomText(random: Random): string {
  const alphabet = alphabets[random.below(alphabets.length + 1)]
  const longest = [4, 12, 40, 120][random.below(4)] ?? 0
  let text = ''
  for (let left = random.below(longest) + 1; left > 0; left--) {
    const next = alphabet?.[random.below(alphabet.length)] ?? anyCharacter(random)
    // Runs of one character are where splitting and merging are hardest.
    text += random.below(8) === 0 ? next.repeat(random.below(longest)) : next
  }
  return text
}

describe.each(['cl100k_base', 'o200k_base'] as const)('tokens of %s', (encoding) => {
  let judge: Tiktoken
  const expected = (text: string) => [...judge.encode_ordinary(text)]

  beforeAll(async () => {
    await makeTables(fileURLToPath(new URL('../../dist/tables', import.meta.url)))
    loadEncoding(encoding)
    judge = get_encoding(encoding)
  })
  afterAll(() => judge.free())

  const texts: Readonly<Record<string, string>> = {
    nothing: '',
    English: english,
    code: code,
    'special tokens as plain text': '<|endoftext|> a<|im_start|>user<|im_end|><|endofprompt|>',
    'a byte order mark': '\ufeffHello \ufeff \ufeff\n\ufeffA',
    'lone surrogates': 'a\ud800b \udc00\udc00 \ud83d',
    'contractions in all cases': "I'M you'Re he'S we'lL they'VE don'T I'd x'ſ'string 'ſ 'l 're'' 'sa 'tis rock'n'roll'",
    'contractions cut short': "a'",
    'blanks before a word': 'a   b  \t c\u00a0\u00a0d\u3000e',
    'blanks and line breaks': ' \n\n  a \r\n \r  b\n  ',
    'blanks at the end': 'a \t  ',
    'line breaks after symbols': '!!\n\n/\n/ //\r\nx/\n',
    'capitals and marks': "ABCdEF aBC\u0301D \u0301ABC \u0301's ǅxǅ ʰAʰB 日A本b",
    'digits of all scripts': '1234567 ٣٣٣٣ ½²³¹ ⅧⅧⅧⅧ 12a',
    'letters that came with Unicode 17': '\u088fa \u0c5c1 \u{323b0}an \u{1e6e3}b A\u1acfa',
    'a very long word': 'pneumonoultramicroscopicsilicovolcanoconiosis'.repeat(20),
  }
  it.each(Object.entries(texts))('are right for %s', (_, text) => {
    expect(encodeTokens(text, encoding)).toEqual(expected(text))
    expect(countTokens(text, encoding)).toBe(expected(text).length)
  })

  it('are right for every character below U+3000', () => {
    for (let code = 0; code < 0x3000; code++) {
      const character = String.fromCharCode(code)
      const text = `${character}an ${character}${character} x${character}'sa  ${character}.${character}1A${character}Aan`
      expect(encodeTokens(text, encoding), `U+${code.toString(16)}`).toEqual(expected(text))
    }
  })

  it('are right for random texts of many alphabets', () => {
    const random = seededRandom(encoding.length)
    for (let sample = 0; sample < samples; sample++) {
      const text = randomText(random)
      const ids = expected(text)
      expect(encodeTokens(text, encoding), JSON.stringify(text)).toEqual(ids)
      expect(countTokens(text, encoding), JSON.stringify(text)).toBe(ids.length)
      // The second count comes from what is remembered.
      expect(countTokens(text, encoding), JSON.stringify(text)).toBe(ids.length)
    }
  })

  it('are right for pieces of every length around the one from which merging is done another way', () => {
    const random = seededRandom(7)
    for (let length = 1; length < 200; length++) {
      for (const letters of ['a', 'ab', 'etaoinshrdlu', '-=', ' ', '\n', '日本語中']) {
        let text = ''
        while (text.length < length) text += letters.charAt(random.below(letters.length))
        expect(encodeTokens(text, encoding), text).toEqual(expected(text))
      }
    }
  })

  it('are right for texts cut anywhere', () => {
    const text = `${english}\n${code} 日本語の文 👩‍👩‍👧 Ünïcödé\n\n`
    for (let start = 0; start < text.length; start += 3)
      for (let end = start; end <= text.length; end += 7) {
        const slice = text.slice(start, end)
        expect(countTokens(slice, encoding), slice).toBe(expected(slice).length)
      }
  })

  it('are right for texts too long to be remembered', () => {
    for (const text of [`${english} 日本語 `.repeat(1000), 'x é'.repeat(30_000)])
      expect(countTokens(text, encoding)).toBe(expected(text).length)
  })

  it('are counted where a long text has no break at all', () => {
    // 200,000 bytes and more of each: a way that is quadratic in that would take minutes.
    for (const unit of ['a', 'A', ' ', '\n', ' \n', '-', "'", '7', '日', '😀', '\u0301', '\u3000', 'aA']) {
      const textOf = (characters: number) => unit.repeat(characters / unit.length)
      const fiftieth = expected(textOf(4000)).length
      const share = countTokens(textOf(200_000), encoding) / (50 * fiftieth)
      expect(share, JSON.stringify(unit)).toBeGreaterThan(0.95)
      expect(share, JSON.stringify(unit)).toBeLessThan(1.05)
    }
  })

  it('come with texts that make up the whole, one for each token', () => {
    const random = seededRandom(11)
    for (let sample = 0; sample < 1000; sample++) {
      const text = randomText(random)
      const pieces = tokenTexts(text, encoding)
      expect(pieces.join('')).toBe(text)
      expect(pieces).toHaveLength(expected(text).length)
    }
  })

  it('give each text the characters that its token completes', () => {
    const text = 'Hello wörld 😀 日本語 𐐀𠮷 ok'
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    const streamed = expected(text).map((id) => decoder.decode(judge.decode_single_token_bytes(id), { stream: true }))
    expect(streamed).toContain('')
    expect(tokenTexts(text, encoding)).toEqual(streamed)
  })
})

describe('what is remembered of a text', () => {
  it('is kept apart by encoding', () => {
    const text = '日本語の長い文章はここにあります。'.repeat(10)
    const first = countTokens(text, 'cl100k_base')
    const second = countTokens(text, 'o200k_base')
    expect(first).toBe(encodeTokens(text, 'cl100k_base').length)
    expect(second).toBe(encodeTokens(text, 'o200k_base').length)
    expect(first).not.toBe(second)
    expect(countTokens(text, 'cl100k_base')).toBe(first)
  })

  it('is not taken for that of another text', () => {
    // Two pieces of one length whose 32-bit FNV-1a hashes are the same, found by trying; 4 and 3 tokens.
    expect(countTokens(' tbbtlob', 'o200k_base')).toBe(4)
    expect(countTokens(' hxhorbj', 'o200k_base')).toBe(3)
    expect(countTokens(' tbbtlob', 'o200k_base')).toBe(4)
  })

  it('is kept when it comes a second time, and forgotten before it takes more than a few megabytes', () => {
    const counts = new TextCounts()
    const textOf = (number: number) => `${number} `.padEnd(16_000, 'word ')
    expect(counts.find(textOf(0))).toBeUndefined()
    expect(counts.isWorthKeeping()).toBe(false)
    expect(counts.find(textOf(0))).toBeUndefined()
    expect(counts.isWorthKeeping()).toBe(true)
    for (let number = 0; number < 500; number++) {
      counts.find(textOf(number))
      counts.add(textOf(number), number)
      expect(counts.find(textOf(number))).toBe(number)
    }
    expect(counts.find(textOf(0))).toBeUndefined()
  })

  it('stays right when more texts come than are remembered', () => {
    const textOf = (number: number) => `${number} ${'word '.repeat(2000)}`
    const first = countTokens(textOf(1), 'o200k_base')
    for (let number = 1; number <= 700; number++) {
      const digitTokens = Math.ceil(String(number).length / 3)
      expect(countTokens(textOf(number), 'o200k_base')).toBe(first - 1 + digitTokens)
    }
    expect(countTokens(textOf(1), 'o200k_base')).toBe(first)
  })
})
