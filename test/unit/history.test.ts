import { describe, expect, it } from 'vitest'
import { History } from '../../src/sim/metrics/history.ts'
import type { Observation } from '../../src/sim/metrics/observation.ts'
import { percentileOf, timeBucketOf, timeBuckets } from '../../src/sim/metrics/time-buckets.ts'

const seen = (endedAtMs: number, more: Partial<Observation> = {}) =>
  ({
    status: 200,
    deployment: 'chat',
    requestId: 'id',
    receivedAtMs: endedAtMs - 100,
    firstAtMs: endedAtMs - 80,
    endedAtMs,
    ...more,
  }) as Observation

const sum = (numbers: readonly number[] = []) => numbers.reduce((all, each) => all + each, 0)

describe('the history of a run', () => {
  it('keeps as many moments as it may, each twice as long whenever there are too many, and loses no request', () => {
    const history = new History(() => 10)
    for (let second = 0; second < 1000; second++) {
      const limits = { limitTokens: 100, remainingTokens: second === 500 ? 10 : 60 } as Observation['limits']
      history.add(seen(1_000_000 + second * 1000, { limits }), second)
    }
    const { rows, momentMs, inFlight, fromMs } = history.tell()
    expect(momentMs).toBe(128_000)
    expect(fromMs).toBe(1_000_000)
    expect(inFlight).toEqual([127, 255, 383, 511, 639, 767, 895, 999])
    expect(rows[0]?.sums.ok).toEqual([128, 128, 128, 128, 128, 128, 128, 104])
    expect(rows[0]?.totals).toMatchObject({ requests: 1000, ok: 1000, utilization: 90 })
    expect(rows[0]?.sums.utilization.map(Math.round)).toEqual([40, 40, 40, 90, 40, 40, 40, 40])
    expect(rows[0]?.firstByteMs[0]?.p50).toBeGreaterThan(18)
    expect(rows[0]?.firstByteMs[0]?.p99).toBeLessThan(22.5)
  })

  it('tells how requests ended, and what refused them', () => {
    const history = new History(() => 300)
    history.add(seen(5_000, { usage: { promptTokens: 3, completionTokens: 4 } }), 1)
    history.add(seen(5_100, { status: 429, refusedBy: 'tokens' }), 1)
    history.add(seen(5_200, { status: 429, refusedBy: 'requests' }), 1)
    history.add(seen(5_300, { status: 429, rule: 'busy', error: { code: '429', message: 'Busy' } }), 1)
    history.add(seen(5_400, { status: 404, deployment: undefined, error: { code: '404', message: 'None' } }), 1)
    history.add(seen(5_500, { status: 500 }), 1)
    history.add(seen(5_600, { status: 499 }), 1)
    const { rows, errors } = history.tell()
    expect(rows[0]?.totals).toMatchObject({
      ...{ requests: 6, ok: 1, limitedByTokens: 1, limitedByRequests: 1, limitedOtherwise: 1, failed: 1, left: 1 },
      ...{ promptTokens: 3, completionTokens: 4, refused: 0 },
    })
    expect(rows[1]?.totals).toMatchObject({ requests: 1, refused: 1, firstByteMs: null })
    expect(errors).toContainEqual(expect.objectContaining({ status: 429, rule: 'busy', message: 'Busy', count: 1 }))
    history.clear()
    expect(history.tell()).toMatchObject({ rows: [], inFlight: [], errors: [] })
  })

  it('counts deployments beyond twenty as one, and holds errors and phases within bounds', () => {
    const history = new History(() => 300)
    for (let index = 0; index < 500; index++)
      history.add(
        seen(1000 + index, { deployment: `d${index}`, status: 400, phase: `p${index}`, rule: `r${index}` }),
        0,
      )
    const { rows, errors, phases } = history.tell()
    expect(rows).toHaveLength(21)
    expect(rows[0]).toMatchObject({ deployment: '(other)', totals: { requests: 480 } })
    expect(sum(rows.map(({ totals }) => totals.requests))).toBe(500)
    expect(errors).toHaveLength(40)
    expect(phases).toHaveLength(200)
  })

  it('tells when each phase was, though answers of the one before end in the next', () => {
    const history = new History(() => 300)
    history.add(seen(1_000, { phase: 'calm' }), 0)
    history.add(seen(2_000, { phase: 'storm' }), 0)
    history.add(seen(2_500, { phase: 'calm', receivedAtMs: 900 }), 0)
    history.add(seen(3_000, { phase: 'storm' }), 0)
    expect(history.tell().phases).toEqual([
      { name: 'calm', fromMs: 900, toMs: 1_000 },
      { name: 'storm', fromMs: 1_900, toMs: 3_000 },
    ])
  })

  it('keeps nothing where it is off', () => {
    const history = new History(() => 0)
    history.add(seen(1_000), 1)
    expect(history.tell()).toMatchObject({ rows: [], inFlight: [] })
  })

  it.each([0.2, 1, 7, 43, 250, 3_900, 61_000])('knows %d ms within an eighth', (ms) => {
    const counts = new Array<number>(timeBuckets).fill(0)
    counts[timeBucketOf(ms)] = 9
    const found = percentileOf(counts, 0.5) ?? 0
    expect(Math.abs(found - ms) / Math.max(ms, 0.5)).toBeLessThan(0.125)
  })
})
