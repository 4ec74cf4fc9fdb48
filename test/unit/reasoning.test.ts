import { describe, expect, it } from 'vitest'
import { findModel } from '../../src/sim/models/catalogue.ts'
import { defaultEffort, isThinking, planReasoning } from '../../src/sim/measure/reasoning.ts'
import { seededRandom, type Random } from '../../src/sim/random.ts'
import type { Model } from '../../src/sim/types.ts'

const model = (name: string) => findModel(name) as Model

/** Draws this from the normal distribution, whatever is asked. */
const always = (normal: number): Random => Object.assign(seededRandom(1), { normal: () => normal })
const never: Random = Object.assign(seededRandom(1), {
  normal: () => {
    throw new Error('nothing is to be drawn here')
  },
})

type Wish = { name?: string; effort?: string; maxTokens?: number; random?: Random }
const plan = ({ name = 'gpt-5-nano', effort, maxTokens, random = always(0) }: Wish = {}) =>
  planReasoning({ model: model(name), effort, maxTokens, random })

describe('how much a model thinks', () => {
  it.each([
    ['low', 192],
    ['medium', 640],
    ['high', 2_048],
    ['xhigh', 4_096],
  ])('is around its effort: %s is %d tokens', (effort, reasoningTokens) => {
    expect(plan({ effort })).toEqual({ reasoningTokens, toldTokens: reasoningTokens, visibleMaxTokens: undefined })
    expect(plan({ effort, random: always(1) }).reasoningTokens).toBeGreaterThan(reasoningTokens)
  })

  it('is medium where nothing is said, and nothing from gpt-5.1 to gpt-5.4', () => {
    const thinking = [
      'gpt-5',
      'gpt-5-mini',
      'o1',
      'o3-mini',
      'o4-mini',
      'gpt-5.1-codex',
      'gpt-5-pro',
      'gpt-5.5',
      'gpt-6-sol',
    ]
    for (const name of thinking) expect([name, defaultEffort(model(name))]).toEqual([name, 'medium'])
    for (const name of ['gpt-5.1', 'gpt-5.2', 'gpt-5.4', 'gpt-5.4-mini'])
      expect([name, defaultEffort(model(name))]).toEqual([name, 'none'])
    expect(plan({ name: 'o3' }).reasoningTokens).toBe(120)
    expect(plan({ name: 'gpt-5.1', random: never }).reasoningTokens).toBe(0)
    expect(plan({ name: 'gpt-5.1', effort: 'low' }).reasoningTokens).toBe(30)
  })

  it('is told in whole steps of 64, rounded down, of models before gpt-5.1', () => {
    const random = seededRandom(7)
    const drawn = Array.from({ length: 200 }, () => plan({ name: 'gpt-5-mini', random }))
    expect(drawn.filter((one) => one.toldTokens !== one.reasoningTokens - (one.reasoningTokens % 64))).toEqual([])
    const told = drawn.map(({ toldTokens }) => toldTokens)
    // Recorded of gpt-5-mini: 0, 0, 0, 64, 64, 64, 128, 192, 192, 448, 640.
    expect(told.filter((tokens) => tokens === 0).length).toBeGreaterThan(20)
    expect(told.toSorted((a, b) => a - b)[100]).toBe(64)
    expect(plan({ effort: 'low', random: always(-9) })).toMatchObject({ reasoningTokens: 1, toldTokens: 0 })
  })

  it('is told to the token of later ones, and is brief', () => {
    const random = seededRandom(7)
    const drawn = Array.from({ length: 200 }, () => plan({ name: 'gpt-5.2', effort: 'high', random }))
    expect(drawn.every((one) => one.toldTokens === one.reasoningTokens)).toBe(true)
    // Recorded with `high`: 67, 84, 106, 115, 148, 191, 215.
    const median = drawn.map(({ toldTokens }) => toldTokens).toSorted((a, b) => a - b)[100]!
    expect(median).toBeGreaterThan(90)
    expect(median).toBeLessThan(150)
  })

  it.each(['gpt-5-nano', 'gpt-5-mini', 'o3', 'gpt-5.2', 'DeepSeek-R1'])('grows with the effort: %s', (name) => {
    const tokens = ['low', 'medium', 'high'].map((effort) => plan({ name, effort }).reasoningTokens)
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b))
    expect(new Set(tokens).size).toBe(3)
  })

  it('leaves half of what the model can write to the answer', () => {
    expect(plan({ effort: 'high', random: always(9) }).reasoningTokens).toBe(64_000)
    expect(plan({ name: 'o3', effort: 'high', random: always(9) }).reasoningTokens).toBe(50_000)
  })

  it('is taken from the budget, and may take all of it', () => {
    expect(plan({ maxTokens: 1_000 })).toEqual({ reasoningTokens: 640, toldTokens: 640, visibleMaxTokens: 360 })
    expect(plan({ maxTokens: 640 })).toEqual({ reasoningTokens: 640, toldTokens: 640, visibleMaxTokens: 0 })
    expect(plan({ maxTokens: 100 })).toEqual({ reasoningTokens: 100, toldTokens: 100, visibleMaxTokens: 0 })
  })

  it.each([
    ['gpt-5-nano', 'none'],
    ['gpt-5-nano', 'minimal'],
    ['gpt-4o', 'high'],
    ['gpt-5-chat', 'high'],
  ])('is nothing, and draws nothing, on %s with %s', (name, effort) => {
    expect(plan({ name, effort, maxTokens: 10, random: never })).toEqual({
      reasoningTokens: 0,
      toldTokens: 0,
      visibleMaxTokens: 10,
    })
    expect(isThinking(model(name), effort)).toBe(false)
  })

  it('is the same for the same seed', () => {
    const run = () => {
      const random = seededRandom(3)
      return Array.from({ length: 5 }, () => plan({ random }).reasoningTokens)
    }
    expect(run()).toEqual(run())
  })
})
