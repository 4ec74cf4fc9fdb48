import { describe, expect, test } from 'vitest'
import type { LimitAlgorithm, LimitCharge } from '../../src/sim/config/config.ts'
import { createLimiter } from '../../src/sim/limits/limiter.ts'
import type { Admission, Cost } from '../../src/sim/types.ts'
import { type History, randomHistory } from '../support/limit-history.ts'
import { manualClock } from '../support/manual-clock.ts'

/** Runs the first `count` steps of a history on a limiter of its own. Gives the last admission and what goes on. */
function replay(
  { deployment, steps }: History,
  count: number,
  settings: { algorithm: LimitAlgorithm; charge: LimitCharge },
) {
  const clock = manualClock(1_700_000_000_000.25)
  const limiter = createLimiter({ clock })
  const admit = (cost: Cost) => limiter.admit({ deployment, cost, atMs: clock.now(), settings })
  const running: Extract<Admission, { ok: true }>[] = []
  let last: Admission | undefined
  for (const step of steps.slice(0, count)) {
    clock.advance(step.afterMs)
    if (step.kind === 'settle') {
      running.pop()?.settle({ promptTokens: 0, completionTokens: step.completionTokens })
      continue
    }
    last = admit(step.cost)
    if (last.ok) running.push(last)
  }
  return { last, admitAfter: (ms: number, cost: Cost) => (clock.advance(ms), admit(cost).ok) }
}

const charges: LimitCharge[] = ['actual', 'reserve', 'python']
const cases = (['sliding', 'fixed', 'leaky'] as const).flatMap((algorithm) =>
  charges.map((charge) => ({ algorithm, charge })),
)

describe('the wait that a refusal names', () => {
  test.each(cases)('is true to the millisecond and to the second ($algorithm, $charge)', (settings) => {
    let refusals = { tokens: 0, requests: 0 }
    for (let seed = 1; seed <= 60; seed++) {
      const history = randomHistory(seed)
      for (const [index, step] of history.steps.entries()) {
        if (step.kind !== 'call') continue
        const { last } = replay(history, index + 1, settings)
        if (!last || last.ok) continue
        refusals = { ...refusals, [last.reason]: refusals[last.reason] + 1 }
        const passesAfter = (ms: number) => replay(history, index + 1, settings).admitAfter(ms, step.cost)
        const neededMs = last.retryAfterMs - 10
        const seconds = Math.ceil(neededMs / 1_000)
        const where = `seed ${seed}, step ${index}, wait ${last.retryAfterMs} ms`
        expect(Number.isInteger(last.retryAfterMs) && last.retryAfterMs > 0, where).toBe(true)
        const probes = [neededMs - 1, neededMs, (seconds - 1) * 1_000, seconds * 1_000]
        expect(probes.map(passesAfter), where).toEqual(
          isHopeless(settings, history, step.cost) ? [false, false, false, false] : [false, true, false, true],
        )
      }
    }
    expect(Math.min(refusals.tokens, refusals.requests)).toBeGreaterThan(20)
  })
})

/** A charge above the whole limit never passes a window, and is told a full one. */
function isHopeless(
  { algorithm, charge }: { algorithm: LimitAlgorithm; charge: LimitCharge },
  { deployment }: History,
  cost: Cost,
) {
  if (algorithm === 'leaky' || deployment.tokensPerMinute === undefined) return false
  const reserved = (cost.maxTokens ?? 16) * cost.choices
  const estimated = Math.ceil(cost.promptCharacters / 4)
  const tokens = { actual: cost.promptTokens, reserve: cost.promptTokens + reserved, estimated, python: reserved }[
    charge
  ]
  return tokens > deployment.tokensPerMinute
}

describe('the sliding algorithm', () => {
  test('decides as a plain list of what was used does', () => {
    let refusals = 0
    for (let seed = 100; seed < 160; seed++) {
      const history = randomHistory(seed)
      const { tokensPerMinute, requestsPerMinute } = history.deployment
      const requests = requestsPerMinute ?? Math.ceil(((tokensPerMinute ?? 0) * 6) / 1_000)
      const used: { ms: number; tokens: number }[] = []
      let ms = 1_700_000_000_000.25
      for (const [index, step] of history.steps.entries()) {
        ms += step.afterMs
        if (step.kind !== 'call') continue
        const within = (lengthMs: number) => used.filter((entry) => Math.floor(ms) - Math.floor(entry.ms) < lengthMs)
        const tokens = within(60_000).reduce((sum, entry) => sum + entry.tokens, 0) + step.cost.promptTokens
        const isOk =
          tokens <= (tokensPerMinute ?? Infinity) &&
          within(10_000).length < Math.ceil(requests / 6) &&
          within(60_000).length < requests
        const withoutEnds = { ...history, steps: history.steps.map((each) => ({ ...each, completionTokens: 0 })) }
        const { last } = replay(withoutEnds, index + 1, { algorithm: 'sliding', charge: 'actual' })
        expect(last?.ok, `seed ${seed}, step ${index}`).toBe(isOk)
        if (isOk) used.push({ ms, tokens: step.cost.promptTokens })
        else refusals++
      }
    }
    expect(refusals).toBeGreaterThan(100)
  })
})
