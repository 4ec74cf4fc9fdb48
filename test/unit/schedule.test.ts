import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/sim/random.ts'
import { schedule, wholeMs } from '../../src/sim/timing/schedule.ts'
import type { Latency, StreamEvent } from '../../src/sim/types.ts'

const events = (...tokens: number[]): StreamEvent[] => tokens.map((count) => ({ tokens: count, data: '' }))
const times = (latency: Latency, ...tokens: number[]) =>
  Array.from(schedule(events(...tokens), latency, seededRandom(1)), ({ atMs }) => atMs)
const constant = { firstMs: { mean: 200, stdDev: 0 }, unitMs: { mean: 10, stdDev: 0 } }
const jittered = { unitMs: { mean: 20, stdDev: 15 } }

describe('schedule', () => {
  it('gives the first token its time, then one inter-token latency after another', () => {
    expect(times(constant, 0, 1, 1, 1, 0)).toEqual([200, 200, 210, 220, 220])
  })

  it('lets the first token take as long as any other where nothing else is said', () => {
    expect(times({ unitMs: { mean: 10, stdDev: 0 } }, 0, 1, 1)).toEqual([10, 10, 20])
  })

  it('never goes back, and keeps the mean, however far the draws go below zero', () => {
    const at = times(jittered, ...Array<number>(20_000).fill(1))
    expect(at.every((time, index) => index === 0 || time >= (at[index - 1] ?? 0))).toBe(true)
    expect((at.at(-1) ?? 0) / 20_000).toBeGreaterThan(19.6)
    expect((at.at(-1) ?? 0) / 20_000).toBeLessThan(20.4)
  })

  it('makes a whole answer take exactly as long as its stream', () => {
    for (const latency of [constant, jittered, { ...jittered, firstMs: { mean: 300, stdDev: 50 } }]) {
      const frames = schedule(events(...Array<number>(57).fill(1)), latency, seededRandom(5))
      const stream = Array.from(frames, ({ atMs }) => atMs).at(-1)
      expect(wholeMs(latency, 57, seededRandom(5))).toBe(stream)
    }
  })

  it('counts a part of a unit as that part', () => {
    expect(wholeMs({ unitMs: { mean: 1000, stdDev: 0 } }, 2.5, seededRandom(1))).toBe(2500)
    expect(wholeMs({ unitMs: { mean: 1000, stdDev: 0.0001 } }, 0.5, seededRandom(1))).toBeCloseTo(500, 2)
  })
})
