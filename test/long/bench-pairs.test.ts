import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { changeOf, tell, verdictOf } from '../../bench/pairs.ts'
import { digits, median, quantile } from '../../bench/report.ts'

const costs = (pairs: readonly (readonly [number | undefined, number | undefined])[]) =>
  changeOf(
    pairs.map(([before, now]) => ({ before, now })),
    (value) => value,
  )

describe('two builds compared', () => {
  it('by the median of the rounds’ ratios, and by their middle half', () => {
    const change = costs([
      [100, 101],
      [200, 204],
      [100, 103],
      [50, 52],
      [10, 90],
    ])
    expect(tell(change)).toBe('+3.0 % (+2.0 to +4.0)')
    expect(tell(costs([[100, 98]]))).toBe('-2.0 % (-2.0 to -2.0)')
  })

  it('says what is to be made of it', () => {
    expect(verdictOf({ low: -0.01, median: 0.01, high: 0.02 })).toBe('no dearer')
    expect(verdictOf({ low: 0.04, median: 0.05, high: 0.06 })).toBe('DEARER')
    expect(verdictOf({ low: -0.01, median: 0.05, high: 0.06 })).toBe('unclear: run it again')
    expect(verdictOf({ low: -0.2, median: 0, high: 0.2 })).toBe('unclear: run it again')
    expect(verdictOf(undefined)).toBe('not measured')
  })

  it('leaves out rounds in which nothing was answered', () => {
    expect(
      tell(
        costs([
          [0, 1],
          [1, undefined],
          [undefined, 1],
          [100, 110],
        ]),
      ),
    ).toBe('+10.0 % (+10.0 to +10.0)')
    expect(tell(costs([[0, 0]]))).toBe('?')
    expect(tell(costs([]))).toBe('?')
  })
})

it('tells no number that is none', () => {
  expect([NaN, Infinity, -Infinity, undefined].map((value) => digits(value, 1))).toEqual(['?', '?', '?', '?'])
  expect([median([]), median([NaN]), quantile([1, Infinity, 3], 0.5)]).toEqual([undefined, undefined, 2])
})

it('measures this build beside itself', { timeout: 120_000 }, () => {
  const root = join(import.meta.dirname, '../..')
  const app = join(root, 'dist/cli/main.js')
  const args = [join(root, 'bench/main.ts'), '--before', app, '--quick', '--only', 'embeddings']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^embeddings, .* CPU a request [+-]\d+\.\d % \([+-]\d+\.\d to [+-]\d+\.\d\) /m)
  expect(stdout).not.toMatch(/NaN|Infinity|undefined|\?/)
})
