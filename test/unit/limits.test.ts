import { describe, expect, test } from 'vitest'
import { billOf } from '../../src/sim/limits/charge.ts'
import { createLimiter } from '../../src/sim/limits/limiter.ts'
import type { Deployment } from '../../src/sim/types.ts'
import { chatModel, describeLimiter, tokenCost } from '../support/limits-contract.ts'
import { manualClock } from '../support/manual-clock.ts'

describeLimiter('a limiter that counts in memory', createLimiter)

const deployment: Deployment = {
  name: 'chat',
  model: chatModel,
  tokensPerMinute: 1_000,
  requestsPerMinute: 600,
  dimensions: undefined,
  latency: undefined,
}

const settings = { algorithm: 'sliding', charge: 'actual' } as const

function setUp() {
  const clock = manualClock(1_000_000)
  const limiter = createLimiter({ clock })
  const admit = (promptTokens: number, atMs = clock.now()) =>
    limiter.admit({ deployment, cost: tokenCost(promptTokens), atMs, settings })
  return { clock, limiter, admit }
}

describe('time', () => {
  test('does not go back for a call that arrived before one that was admitted', () => {
    const { admit } = setUp()
    admit(600, 5_000.7)
    admit(400, 2_000.2)
    expect(admit(1, 2_000.3)).toMatchObject({ ok: false, retryAfterMs: 60_010 })
    expect(admit(1, 65_000).ok).toBe(true)
  })
})

describe('a call that was admitted elsewhere', () => {
  test('counts here as if it had been admitted here', () => {
    const { clock, limiter, admit } = setUp()
    const call = { deployment, cost: tokenCost(300), atMs: clock.now(), settings }
    const take = limiter.note(call, billOf(call, 0)!)
    take(200)
    expect(admit(100)).toMatchObject({ ok: true, state: { remainingTokens: 400, remainingRequests: 598 } })
  })
})
