import { describe, expect, it } from 'vitest'
import { embed } from '../support/embed.ts'

const length = { size: 1536, fullSize: 1536 }
const vector = (input: string | readonly number[]) => embed(input, length)

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * b[at]!, 0)
const nearness = (a: string | readonly number[], b: string | readonly number[]) => dot(vector(a), vector(b))

describe('a vector', () => {
  it('is the same for the same text, whatever was embedded before', () => {
    const before = vector('Tell me a joke about opentelemetry')
    embed('something else', { size: 3072, fullSize: 3072 })
    vector('and another')
    expect(vector('Tell me a joke about opentelemetry')).toEqual(before)
  })

  it.each(['a', 'Hello, world', '漢字', '!?', '😄', '\ud800', ' ', 'the cat '.repeat(20_000)])(
    'has length 1: %.20s',
    (text) => {
      for (const size of [1536, 256, 2, 1]) {
        const made = embed(text, { size, fullSize: 1536 })
        expect(made.length).toBe(size)
        expect(Math.abs(dot(made, made) - 1)).toBeLessThan(1e-6)
      }
    },
  )

  it('has components that nine decimals say exactly', () => {
    for (const value of vector('nine decimals')) expect(Math.fround(Number(value.toFixed(9)))).toBe(value)
  })

  it('is not what a neighbouring text or another order of its words has', () => {
    const made = vector('dog bites man')
    for (const other of ['man bites dog', 'Dog bites man', 'dog bites man.', 'dog  bites man', 'dog bites men'])
      expect(vector(other)).not.toEqual(made)
  })

  it('is different for each of ten thousand short texts', () => {
    const seen = new Set<string>()
    for (let number = 0; number < 5_000; number++) {
      for (const text of [String(number), `${'ab'.charAt(number % 2)} ${(number >> 1).toString(36)}!`])
        seen.add(Buffer.from(embed(text, { size: 16, fullSize: 1536 }).buffer).toString('base64'))
    }
    expect(seen.size).toBe(10_000)
  })

  it('is made of token ids as well, and of their order', () => {
    const ids = [9906, 1917, 374, 220, 50256]
    expect(vector(ids)).toEqual(vector([...ids]))
    expect(Math.abs(dot(vector(ids), vector(ids)) - 1)).toBeLessThan(1e-6)
    expect(vector([1917, 9906, 374, 220, 50256])).not.toEqual(vector(ids))
    expect(nearness(ids, [9906, 1917, 374, 220, 11])).toBeGreaterThan(0.6)
    expect(Math.abs(nearness(ids, [1, 2, 3, 4, 5]))).toBeLessThan(0.2)
  })
})

describe('texts that share words are nearer than texts that do not', () => {
  it.each([
    ['How do I reset my password?', 'Steps to reset a forgotten password', 'The weather in Paris is mild'],
    ['A cat sleeps on the sofa', 'The sofa has a sleeping cat: a CAT!', 'Quarterly revenue grew by nine percent'],
    ['Grüße aus München', 'münchen: viele grüße', 'Rezept für Apfelkuchen'],
    ['東京の天気', '天気は東京', '株価が上昇'],
  ])('%s', (text, near, far) => {
    expect(nearness(text, near)).toBeGreaterThan(nearness(text, far) + 0.2)
    expect(Math.abs(nearness(text, far))).toBeLessThan(0.25)
  })

  it('the more they share, the nearer they are', () => {
    const words = ['alpha', 'bravo', 'charlie', 'delta', 'echos', 'foxtrot', 'hotel', 'india']
    const others = ['kilos', 'limas', 'mikes', 'november', 'oscar', 'papas', 'quebec', 'romeo']
    const nearnesses = [0, 2, 4, 6, 8].map((shared) =>
      nearness(words.join(' '), [...words.slice(0, shared), ...others.slice(shared)].join(' ')),
    )
    expect(nearnesses).toEqual(nearnesses.toSorted((a, b) => a - b))
    expect(nearnesses.at(-1)).toBeCloseTo(1, 6)
  })

  it('also when they are shortened', () => {
    const short = (text: string) => embed(text, { size: 256, fullSize: 3072 })
    const text = short('How do I reset my password?')
    const near = dot(text, short('Steps to reset a forgotten password'))
    expect(near).toBeGreaterThan(dot(text, short('The weather in Paris is mild')) + 0.2)
  })
})

describe('a shortened vector', () => {
  it.each([1, 2, 255, 256, 1024, 3071])('is the start of the full one, brought back to length 1: %d', (size) => {
    const full = embed('shorten me', { size: 3072, fullSize: 3072 }).slice(0, size)
    const norm = Math.sqrt(dot(full, full))
    const short = embed('shorten me', { size, fullSize: 3072 })
    for (const [at, value] of short.entries()) expect(Math.abs(value - full[at]! / norm)).toBeLessThan(2e-7)
  })
})
