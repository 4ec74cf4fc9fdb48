import { describe, expect, test } from 'vitest'
import { FixedWindow } from '../../src/sim/limits/strategies/fixed-window.ts'
import { LeakyBucket } from '../../src/sim/limits/strategies/leaky-bucket.ts'
import { SlidingWindow } from '../../src/sim/limits/strategies/sliding-window.ts'
import { WindowsByDeployment } from '../../src/sim/limits/windows-by-deployment.ts'
import { seededRandom } from '../../src/sim/random.ts'

describe('a sliding window', () => {
  test('holds an amount for exactly its length', () => {
    const window = new SlidingWindow(60_000)
    window.add(1_000, 5)
    window.add(2_000, 7)
    expect([window.used(2_000), window.used(60_999), window.used(61_000), window.used(62_000)]).toEqual([12, 12, 7, 0])
  })

  test('waits for as many of the oldest amounts to leave as are needed', () => {
    const window = new SlidingWindow(60_000)
    for (const [ms, amount] of [
      [0, 10],
      [5, 20],
      [9, 30],
    ] as const)
      window.add(ms, amount)
    const waits = [40, 41, 50, 51, 70, 71, 100].map((amount) => window.waitMs(10, amount, 100))
    expect(waits).toEqual([0, 59_990, 59_990, 59_995, 59_995, 59_999, 59_999])
  })

  test('names its whole length for what never fits', () => {
    expect(new SlidingWindow(60_000).waitMs(0, 101, 100)).toBe(60_000)
  })

  test('agrees with a plain list of amounts', () => {
    const random = seededRandom(7)
    const window = new SlidingWindow(1_000)
    const list: { ms: number; amount: number }[] = []
    let ms = 0
    for (let step = 0; step < 5_000; step++) {
      ms += random.below(20) === 0 ? random.below(3_000) : random.below(12)
      const amount = random.below(50)
      window.add(ms, amount)
      list.push({ ms, amount })
      const live = list.filter((entry) => ms - entry.ms < 1_000 && entry.amount > 0)
      expect(window.used(ms)).toBe(live.reduce((sum, entry) => sum + entry.amount, 0))
      expect(window.clearsInMs(ms)).toBe(live.length === 0 ? 0 : live.at(-1)!.ms + 1_000 - ms)
    }
  })

  test('keeps no more entries than it has milliseconds, whatever is added', () => {
    const window = new SlidingWindow(60_000)
    let max = 0
    for (let charge = 0; charge < 1_000_000; charge++) {
      window.add(Math.floor(charge / 8), 1 + (charge % 1_000))
      max = Math.max(max, window.entries)
    }
    expect(max).toBe(60_000)
    expect(window.bytes).toBe(2 * 8 * 65_536)
    expect(window.used(124_999)).toBe(60_000 * 8 * 500.5)
  })

  test('takes as many entries for large amounts as for small ones', () => {
    const entriesFor = (amount: number) => {
      const window = new SlidingWindow(60_000)
      for (let ms = 0; ms < 1_000; ms++) window.add(ms, amount)
      return window.entries
    }
    expect(entriesFor(10_000)).toBe(entriesFor(1))
  })

  test('gives its memory back when it has emptied', () => {
    const window = new SlidingWindow(60_000)
    const before = window.bytes
    for (let ms = 0; ms < 5_000; ms++) window.add(ms, 1)
    expect(window.bytes).toBeGreaterThan(before)
    window.used(70_000)
    expect(window.bytes).toBe(before)
  })
})

describe('a fixed window', () => {
  test('opens with the first amount and closes its length later', () => {
    const window = new FixedWindow(60_000)
    window.add(1_000, 5)
    window.add(60_999, 7)
    expect([window.used(60_999), window.used(61_000)]).toEqual([12, 0])
    window.add(90_000, 1)
    expect([window.used(149_999), window.clearsInMs(149_999), window.used(150_000)]).toEqual([1, 1, 0])
  })

  test('makes whatever does not fit wait until it closes', () => {
    const window = new FixedWindow(60_000)
    window.add(1_000, 90)
    expect([10, 11, 100, 101].map((amount) => window.waitMs(2_000, amount, 100))).toEqual([0, 59_000, 59_000, 60_000])
  })
})

describe('a leaky bucket', () => {
  test('refills a sixtieth of its limit each second', () => {
    const bucket = new LeakyBucket()
    bucket.limitTo(0, 333_000)
    bucket.take(0, 360_689)
    // A recorded answer of the service: 27,689 owed at 333,000 per minute, `Retry-After: 4` (4.99 rounded down).
    expect(bucket.level(0)).toBe(-27_689)
    expect(bucket.waitForAnyMs(0)).toBe(4_990)
    expect(bucket.level(4_989)).toBeLessThan(0)
    expect([bucket.waitForAnyMs(4_989), bucket.waitForAnyMs(4_990)]).toEqual([1, 0])
  })

  test('tells when it is full', () => {
    const bucket = new LeakyBucket()
    bucket.limitTo(0, 1_500_000)
    bucket.take(0, 754_601)
    // A recorded answer of the service: 745,399 remaining of 1.5 million, reset in 30 s.
    expect(bucket.level(0)).toBe(745_399)
    expect(bucket.fillsInMs(0)).toBe(30_185)
    expect([bucket.isFull(30_184), bucket.isFull(30_185)]).toEqual([false, true])
  })

  test('owes at most a minute of a limit that was lowered', () => {
    const bucket = new LeakyBucket()
    bucket.limitTo(0, 1_000_000)
    bucket.take(0, 900_000)
    bucket.limitTo(0, 500_000)
    expect(bucket.level(0)).toBe(-400_000)
    bucket.limitTo(0, 1_000)
    expect(bucket.level(0)).toBe(-1_000)
  })
})

describe('the windows of all deployments', () => {
  const limits = { tokens: 1_000, requests: 6, sliceRequests: 1, periodMs: 60_000 }

  test('do not pile up when every request names another deployment', () => {
    const deployments = new WindowsByDeployment()
    let max = 0
    for (let call = 0; call < 10_000; call++) {
      const ms = call * 100
      const windows = deployments.of(`name-${call}`, ms)
      windows.admit(ms, 5, limits, 'sliding')
      max = Math.max(max, deployments.size)
    }
    // 600 names are in use at a time.
    expect(max).toBeLessThan(2_000)
  })

  test('are bounded in number, however many deployments are named within a minute', () => {
    const deployments = new WindowsByDeployment()
    for (let call = 0; call < 12_000; call++) deployments.of(`name-${call}`, 1_000).admit(1_000, 900, limits, 'sliding')
    expect(deployments.size).toBe(10_000)
    const remaining = (name: string) => deployments.of(name, 1_000).left(1_000, limits, 'sliding').remainingTokens
    expect([remaining('name-11999'), remaining('name-2000')]).toEqual([100, 100])
    expect(remaining('name-0')).toBe(1_000)
  })

  test('are never dropped while something is left in them', () => {
    const deployments = new WindowsByDeployment()
    deployments.of('busy', 0).admit(0, 900, limits, 'sliding')
    for (let call = 0; call < 1_000; call++) deployments.of(`name-${call}`, 59_999.5)
    expect(deployments.of('busy', 59_999.5).left(59_999, limits, 'sliding').remainingTokens).toBe(100)
    expect(deployments.size).toBeLessThan(10)
  })
})
