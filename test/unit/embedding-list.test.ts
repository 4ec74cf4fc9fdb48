import { describe, expect, it } from 'vitest'
import { embeddingAnswer } from '../../src/sim/operations/parts/embedding-list.ts'
import { embed } from '../support/embed.ts'

type Item = { object: string; index: number; embedding: number[] }
const listOf = (list: readonly Float32Array[]) => {
  const size = Math.max(0, ...list.map(({ length }) => length))
  const vectors = { count: list.length, size, [Symbol.iterator]: () => list[Symbol.iterator]() }
  return { vectors, model: 'a "model"', promptTokens: 7 }
}
const written = (...vectors: Float32Array[]) =>
  Buffer.from(embeddingAnswer(listOf(vectors), 'float').data).toString('latin1')
const read = (text: string) => JSON.parse(text) as { data: Item[]; model: string }

describe('a list of embeddings', () => {
  it('is byte for byte what JSON with two spaces is, and a newline', () => {
    const vectors = [embed('one', { size: 256, fullSize: 1536 }), embed('two', { size: 3, fullSize: 1536 })]
    const numbers = read(written(...vectors)).data.map(({ embedding }) => embedding)
    const expected = {
      object: 'list',
      data: numbers.map((embedding, index) => ({ object: 'embedding', index, embedding })),
      model: 'a "model"',
      usage: { prompt_tokens: 7, total_tokens: 7 },
    }
    // Numbers below a millionth are the only ones that JSON.stringify would write with an exponent.
    expect(numbers.flat().every((number) => Math.abs(number) > 1e-6)).toBe(true)
    expect(written(...vectors)).toBe(`${JSON.stringify(expected, undefined, 2)}\n`)
  })

  it('says every component so that it reads back as the same 32-bit float', () => {
    for (let text = 0; text < 50; text++) {
      const vector = embed(`text ${text}`, { size: 1536, fullSize: 1536 })
      expect(Float32Array.from(read(written(vector)).data[0]!.embedding)).toEqual(vector)
    }
  })

  it.each([
    [1, '1.0'],
    [-1, '-1.0'],
    [0, '0.0'],
    [0.5, '0.5'],
    [-0.000000001, '-0.000000001'],
    [0.000012, '0.000012'],
    [0.999999999, '1.0'],
  ])('writes %d as %s', (value, text) => {
    expect(written(Float32Array.of(value))).toContain(`"embedding": [\n        ${text}\n      ]`)
  })

  it('holds in base64 the little-endian floats', () => {
    const vector = Float32Array.of(0.5, -0.25)
    expect(read(embeddingAnswer(listOf([vector]), 'base64').data as string).data[0]!.embedding).toBe('AAAAPwAAgL4=')
  })
})
