import { describe, expect, it } from 'vitest'
import { embeddingAnswer } from '../../src/sim/operations/parts/embedding-list.ts'
import { embed } from '../support/embed.ts'

type Item = { object: string; index: number; embedding: number[] }
const listOf = (list: readonly Float32Array[]) => {
  const size = Math.max(0, ...list.map(({ length }) => length))
  const vectors = { count: list.length, size, [Symbol.iterator]: () => list[Symbol.iterator]() }
  return { vectors, model: 'a "model"', promptTokens: 7 }
}
const textOf = (answer: ReturnType<typeof embeddingAnswer>) =>
  'pieces' in answer ? [...answer.pieces].join('') : Buffer.from(answer.data).toString('latin1')
const written = (...vectors: Float32Array[]) => textOf(embeddingAnswer(listOf(vectors), 'float'))
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

  it.each(['float', 'base64'] as const)('is in pieces, as %s, what it is in one', (format) => {
    const vectors = Array.from({ length: 90 }, (_, at) => embed(`text ${at}`, { size: 3072, fullSize: 3072 }))
    const long = embeddingAnswer(listOf(vectors), format)
    expect(long).toHaveProperty('pieces')
    const items = (all: readonly Float32Array[]) => read(textOf(embeddingAnswer(listOf(all), format))).data
    const each = [vectors.slice(0, 45), vectors.slice(45)].flatMap(items)
    expect(read(textOf(long))).toMatchObject({ model: 'a "model"', usage: { prompt_tokens: 7, total_tokens: 7 } })
    expect(items(vectors)).toEqual(each.map((item, index) => ({ ...item, index })))
  })

  it('holds in base64 the little-endian floats', () => {
    const vector = Float32Array.of(0.5, -0.25)
    expect(read(textOf(embeddingAnswer(listOf([vector]), 'base64'))).data[0]!.embedding).toBe('AAAAPwAAgL4=')
  })
})
