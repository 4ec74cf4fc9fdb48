import { describe, expect, it } from 'vitest'
import { base62Text, hexText, seededRandom, uuid, hashWords32 } from '../../src/sim/random.ts'

describe('a seeded random', () => {
  it('repeats for its seed, and for no other', () => {
    const numbers = (seed: number) => {
      const random = seededRandom(seed)
      return Array.from({ length: 20 }, () => random.uint32())
    }
    expect(numbers(5)).toEqual(numbers(5))
    expect(numbers(5)).not.toEqual(numbers(6))
    expect(numbers(5)).not.toEqual(numbers(5 + 4_294_967_296))
  })

  it('spreads evenly, and stays within its bounds', () => {
    const random = seededRandom(1)
    const counts = new Array<number>(10).fill(0)
    for (let draw = 0; draw < 100_000; draw++) {
      const value = random.below(10)
      counts[value] = (counts[value] ?? 0) + 1
    }
    expect(counts.every((count) => count > 9600 && count < 10_400)).toBe(true)
  })

  it('draws normally: mean 0, deviation 1', () => {
    const random = seededRandom(2)
    let sum = 0
    let squares = 0
    for (let draw = 0; draw < 100_000; draw++) {
      const value = random.normal()
      sum += value
      squares += value * value
    }
    expect(Math.abs(sum / 100_000)).toBeLessThan(0.02)
    expect(Math.abs(squares / 100_000 - 1)).toBeLessThan(0.02)
  })
})

describe('ids', () => {
  it('are version 4 UUIDs, all different', () => {
    const random = seededRandom(3)
    const ids = Array.from({ length: 10_000 }, () => uuid(random))
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    )
    expect(new Set(ids).size).toBe(10_000)
  })

  it('have the letters and the length that they are asked for', () => {
    expect(base62Text(seededRandom(4), 29)).toMatch(/^[0-9A-Za-z]{29}$/)
    expect(hexText(seededRandom(4), 10)).toMatch(/^[0-9a-f]{10}$/)
  })
})

describe('the hash of a whole body', () => {
  it('is another for each byte that is another, wherever it stands and however long it is', () => {
    for (const length of [0, 1, 3, 4, 15, 16, 17, 31, 32, 100]) {
      const bytes = Uint8Array.from({ length }, (_, at) => at)
      const hashes = new Set([hashWords32(bytes)])
      for (let at = 0; at < length; at++) hashes.add(hashWords32(bytes.with(at, bytes[at]! ^ 1)))
      hashes.add(hashWords32(new Uint8Array(length + 1)))
      expect(hashes.size).toBe(length + 2)
    }
  })

  it('does not depend on where the bytes lie', () => {
    const bytes = Uint8Array.from({ length: 103 }, (_, at) => at * 7)
    const shifted = new Uint8Array(110)
    shifted.set(bytes, 3)
    expect(hashWords32(shifted.subarray(3, 106))).toBe(hashWords32(bytes))
  })
})
