/** The contract of every limiter, in memory and in Redis. */
import { describe, expect, test } from 'vitest'
import type { Config, LimitAlgorithm, LimitCharge } from '../../src/sim/config/config.ts'
import type { Limiter, LimiterOptions } from '../../src/sim/limits/limiter.ts'
import type { Admission, Cost, Deployment, Model } from '../../src/sim/types.ts'
import { manualClock } from './manual-clock.ts'

export const chatModel: Model = {
  name: 'gpt-4o',
  version: '2024-11-20',
  servedName: 'gpt-4o-2024-11-20',
  kinds: ['chat'],
  encoding: 'o200k_base',
  contextWindowTokens: 128_000,
  maxInputTokens: 128_000,
  maxOutputTokens: 16_384,
  promptFormat: 'gpt-4',
  isReasoning: false,
  refuses: [],
  requestsPerThousandTokens: 6,
  createdAtSeconds: 0,
}
const embeddingModel: Model = { ...chatModel, kinds: ['embedding'], dimensions: { size: 1536, isAdjustable: true } }

const unlimitedDeployment: Deployment = {
  name: 'chat',
  model: chatModel,
  tokensPerMinute: undefined,
  requestsPerMinute: undefined,
  dimensions: undefined,
  latency: undefined,
}
export const tokenCost = (promptTokens: number, rest: Partial<Cost> = {}): Cost => ({
  promptTokens,
  promptCharacters: promptTokens * 4,
  maxTokens: undefined,
  choices: 1,
  countsTokens: true,
  ...rest,
})

export type MakeLimiter = (options: LimiterOptions) => Limiter

export function describeLimiter(name: string, make: MakeLimiter, isSkipped = false): void {
  describe.skipIf(isSkipped)(name, () => {
    /** A limiter on a manual clock, whose settings and deployment a test may change as it goes. */
    function setUp(limits: Partial<Deployment>, settings: Partial<Config['limits']> = {}) {
      const clock = manualClock(1_000_000)
      const sim = {
        clock,
        deployment: { ...unlimitedDeployment, ...limits },
        settings: { algorithm: 'sliding' as LimitAlgorithm, charge: 'actual' as LimitCharge, ...settings },
        admit: async (cost: Cost = tokenCost(1)): Promise<Admission> =>
          limiter.admit({ deployment: sim.deployment, cost, atMs: clock.now(), settings: sim.settings }),
      }
      const limiter = make({ clock })
      return sim
    }

    const completed = (admission: Admission, completionTokens: number) => {
      if (!admission.ok) throw new Error('expected to be admitted')
      admission.settle({ promptTokens: 0, completionTokens })
    }

    const algorithms: LimitAlgorithm[] = ['sliding', 'fixed', 'leaky']

    describe('a deployment without limits', () => {
      test('admits everything and has no state', async () => {
        const sim = setUp({})
        for (let call = 0; call < 100; call++) {
          const admission = await sim.admit(tokenCost(1_000_000))
          expect(admission).toMatchObject({ ok: true, state: undefined })
          completed(admission, 1_000)
        }
      })
    })

    describe('requests per minute', () => {
      test.each([
        { tokensPerMinute: 10_000, ratio: 6, requests: 60 },
        { tokensPerMinute: 1_100, ratio: 6, requests: 7 },
        { tokensPerMinute: 100, ratio: 1, requests: 1 },
        { tokensPerMinute: 1, ratio: 0, requests: 1 },
        { tokensPerMinute: 50_000, ratio: 1.1, requests: 55 },
        { tokensPerMinute: 42_000, ratio: 1 / 6, requests: 7 },
      ])(
        'are $requests for $tokensPerMinute tokens at $ratio per thousand',
        async ({ tokensPerMinute, ratio, requests }) => {
          const sim = setUp({ tokensPerMinute, model: { ...chatModel, requestsPerThousandTokens: ratio } })
          expect((await sim.admit()).state).toMatchObject({ limitTokens: tokensPerMinute, limitRequests: requests })
        },
      )

      test('limit alone where they alone are given', async () => {
        const sim = setUp({ requestsPerMinute: 6 })
        const first = await sim.admit(tokenCost(1_000_000))
        expect(first).toMatchObject({
          ok: true,
          state: { limitTokens: undefined, limitRequests: 6, remainingRequests: 5 },
        })
        expect(await sim.admit()).toMatchObject({ ok: false, reason: 'requests', retryAfterMs: 10_010 })
      })

      test('limit alone the operations that count no tokens', async () => {
        const sim = setUp({ tokensPerMinute: 1_000 })
        const audio = tokenCost(5_000, { countsTokens: false })
        const first = await sim.admit(audio)
        completed(first, 9_000)
        expect(first).toMatchObject({ ok: true, state: { limitTokens: undefined, limitRequests: 6 } })
        expect(await sim.admit(audio)).toMatchObject({ ok: false, reason: 'requests' })
        sim.clock.advance(10_000)
        expect(await sim.admit(tokenCost(1_000))).toMatchObject({ ok: true, state: { remainingTokens: 0 } })
      })
    })

    describe.each(algorithms)('any minute of %s', (algorithm) => {
      test.each([1, 10, 13, 60])('lets pass no more than its limit of %i requests', async (requestsPerMinute) => {
        const sim = setUp({ requestsPerMinute }, { algorithm })
        const passedAt: number[] = []
        for (let step = 0; step < 3_000; step++) {
          if ((await sim.admit()).ok) passedAt.push(sim.clock.now())
          sim.clock.advance(step % 100 === 99 ? 61_000 : 97)
        }
        const busiest = passedAt.map((from) => passedAt.filter((at) => at >= from && at < from + 60_000).length)
        // The leaky algorithm counts what it refuses, so that one who never waits may get no more than one burst.
        expect(passedAt.length).toBeGreaterThanOrEqual(requestsPerMinute)
        expect(Math.max(...busiest)).toBeLessThanOrEqual(requestsPerMinute)
      })

      test.each([{ requestsPerMinute: 0 }, { tokensPerMinute: 0 }, { tokensPerMinute: 0, requestsPerMinute: 10 }])(
        'lets nothing pass with %o',
        async (limits) => {
          const sim = setUp(limits, { algorithm })
          for (const cost of [tokenCost(0), tokenCost(5), tokenCost(0, { countsTokens: false })])
            expect(await sim.admit(cost)).toMatchObject({ ok: false, retryAfterMs: 60_010 })
        },
      )
    })

    describe('the sliding algorithm', () => {
      test('passes a sixth of the requests per minute, rounded up, in any ten seconds', async () => {
        const sim = setUp({ requestsPerMinute: 13 })
        await sim.admit()
        sim.clock.advance(4_000)
        await sim.admit()
        await sim.admit()
        sim.clock.advance(1_000)
        expect(await sim.admit()).toMatchObject({ ok: false, reason: 'requests', retryAfterMs: 5_010 })
        sim.clock.advance(5_000)
        expect((await sim.admit()).ok).toBe(true)
        expect(await sim.admit()).toMatchObject({ ok: false, retryAfterMs: 4_010 })
      })

      test('passes all requests of a minute at once where a deployment says so', async () => {
        const sim = setUp({ requestsPerMinute: 3, requestsAtOnce: true })
        for (let call = 0; call < 3; call++) expect((await sim.admit()).ok).toBe(true)
        expect(await sim.admit()).toMatchObject({ ok: false, reason: 'requests', retryAfterMs: 60_010 })
      })

      test('tells what is left after each call', async () => {
        const sim = setUp({ tokensPerMinute: 1_000, requestsPerMinute: 60 })
        const first = await sim.admit(tokenCost(300))
        expect(first.state).toEqual({
          limitTokens: 1_000,
          remainingTokens: 700,
          resetTokensMs: 60_000,
          limitRequests: 60,
          remainingRequests: 59,
          resetRequestsMs: 60_000,
          takenTokens: 300,
        })
        sim.clock.advance(20_000)
        expect((await sim.admit(tokenCost(100))).state).toMatchObject({ remainingTokens: 600, remainingRequests: 58 })
        sim.clock.advance(50_000)
        const refused = await sim.admit(tokenCost(901))
        expect(refused).toMatchObject({ ok: false, reason: 'tokens', retryAfterMs: 10_010 })
        expect(refused.state).toMatchObject({
          remainingTokens: 900,
          resetTokensMs: 10_000,
          remainingRequests: 59,
          resetRequestsMs: 10_000,
        })
      })

      test('has nothing left of the requests where it refuses for them, and never less than nothing', async () => {
        const sim = setUp({ requestsPerMinute: 1 })
        expect((await sim.admit()).state?.remainingRequests).toBe(0)
        sim.clock.advance(10_000)
        sim.deployment.requestsPerMinute = 60
        for (let call = 0; call < 10; call++) await sim.admit()
        const refused = await sim.admit()
        expect(refused).toMatchObject({ ok: false, reason: 'requests', state: { remainingRequests: 0 } })
      })

      test('names the longer of the two waits', async () => {
        const sim = setUp({ tokensPerMinute: 1_000, requestsPerMinute: 6 })
        await sim.admit(tokenCost(1_000))
        expect(await sim.admit()).toMatchObject({ ok: false, reason: 'tokens', retryAfterMs: 60_010 })
        sim.clock.advance(59_000)
        sim.deployment.tokensPerMinute = 2_000
        await sim.admit()
        sim.deployment.tokensPerMinute = 1_000
        expect(await sim.admit()).toMatchObject({ ok: false, reason: 'requests', retryAfterMs: 10_010 })
      })
    })

    describe('the fixed algorithm', () => {
      test('forgets a minute whole, counted from its first use', async () => {
        const sim = setUp({ tokensPerMinute: 1_000, requestsPerMinute: 600 }, { algorithm: 'fixed' })
        await sim.admit(tokenCost(100))
        sim.clock.advance(59_000)
        expect((await sim.admit(tokenCost(900))).state).toMatchObject({ remainingTokens: 0, resetTokensMs: 1_000 })
        expect(await sim.admit()).toMatchObject({ ok: false, reason: 'tokens', retryAfterMs: 1_010 })
        sim.clock.advance(1_000)
        expect((await sim.admit(tokenCost(1_000))).state).toMatchObject({ remainingTokens: 0, resetTokensMs: 60_000 })
      })

      test('counts requests in slices of ten seconds, and what is left over the last minute', async () => {
        const sim = setUp({ requestsPerMinute: 12 }, { algorithm: 'fixed' })
        await sim.admit()
        sim.clock.advance(9_000)
        expect((await sim.admit()).state).toMatchObject({ remainingRequests: 10, resetRequestsMs: 60_000 })
        expect(await sim.admit()).toMatchObject({ ok: false, retryAfterMs: 1_010, state: { remainingRequests: 0 } })
        sim.clock.advance(1_000)
        expect((await sim.admit()).ok).toBe(true)
        expect((await sim.admit()).state?.remainingRequests).toBe(8)
      })
    })

    describe('the leaky algorithm', () => {
      test('admits while anything is left, however large the call, and refills all the time', async () => {
        const sim = setUp({ tokensPerMinute: 6_000, requestsPerMinute: 600 }, { algorithm: 'leaky' })
        const first = await sim.admit(tokenCost(5_999))
        expect(first.state).toMatchObject({ remainingTokens: 1, resetTokensMs: 59_990 })
        const second = await sim.admit(tokenCost(201))
        expect(second.state).toMatchObject({ remainingTokens: -200, resetTokensMs: 62_000 })
        expect(await sim.admit()).toMatchObject({ ok: false, reason: 'tokens', retryAfterMs: 2_011 })
        sim.clock.advance(2_001)
        expect((await sim.admit()).ok).toBe(true)
      })

      test('refills requests one by one', async () => {
        const sim = setUp({ requestsPerMinute: 60 }, { algorithm: 'leaky' })
        for (let call = 0; call < 60; call++) expect((await sim.admit()).ok).toBe(true)
        sim.clock.advance(60_000)
        for (let call = 0; call < 60; call++) expect((await sim.admit()).ok).toBe(true)
      })

      test('counts what it refuses against the requests, and names the wait after that', async () => {
        const sim = setUp({ requestsPerMinute: 1 }, { algorithm: 'leaky' })
        await sim.admit()
        sim.clock.advance(2_000)
        // As recorded from the service: one request per minute, -1 remaining, 118 s to the reset.
        expect(await sim.admit()).toMatchObject({
          ok: false,
          reason: 'requests',
          retryAfterMs: 118_010,
          state: { remainingRequests: -1, resetRequestsMs: 118_000 },
        })
      })

      test('owes no more than a minute of requests, however many it refuses', async () => {
        const sim = setUp({ requestsPerMinute: 10 }, { algorithm: 'leaky' })
        for (let call = 0; call < 1_000; call++) await sim.admit()
        expect(await sim.admit()).toMatchObject({ ok: false, retryAfterMs: 66_010, state: { remainingRequests: -10 } })
      })
    })

    describe('provisioned throughput', () => {
      const throughput = {
        inputTokensPerMinute: 60_000,
        outputRatio: 4,
        cachedRatio: 0,
        maxPromptTokens: undefined,
        burstMs: 5_000,
        estimatedOutputTokens: 1_000,
      }

      test('rises by what a call is taken to cost, drains, and refuses while it is full', async () => {
        const sim = setUp({ throughput })
        expect((await sim.admit(tokenCost(1_000, { maxTokens: 500 }))).state).toMatchObject({ utilization: 60 })
        expect((await sim.admit(tokenCost(1_000, { maxTokens: 500 }))).state).toMatchObject({ utilization: 120 })
        expect(await sim.admit()).toMatchObject({ ok: false, reason: 'tokens', retryAfterMs: 1_011 })
        sim.clock.advance(1_000)
        expect(await sim.admit()).toMatchObject({ ok: false, retryAfterMs: 11, state: { utilization: 100 } })
        sim.clock.advance(1)
        expect((await sim.admit(tokenCost(0, { maxTokens: 0 }))).ok).toBe(true)
      })

      test('is corrected in both directions by what was cached, and by what was used', async () => {
        const sim = setUp({ throughput })
        const first = await sim.admit(tokenCost(2_000, { maxTokens: 500 }))
        if (!first.ok) throw new Error('expected to be admitted')
        first.deduct?.(1_500)
        expect((await sim.admit(tokenCost(0, { maxTokens: 0 }))).state?.utilization).toBe(50)
        first.settle({ promptTokens: 2_000, completionTokens: 100, cachedTokens: 1_500 })
        expect((await sim.admit(tokenCost(0, { maxTokens: 0 }))).state?.utilization).toBe(18)
        const second = await sim.admit(tokenCost(0, { maxTokens: 100 }))
        if (second.ok) second.settle({ promptTokens: 0, completionTokens: 500 })
        expect((await sim.admit(tokenCost(0, { maxTokens: 0 }))).state?.utilization).toBe(58)
      })

      test('is on average never used by more than there is', async () => {
        const sim = setUp({ throughput })
        let used = 0
        for (let step = 0; step < 600; step++) {
          const admission = await sim.admit(tokenCost(300, { maxTokens: 25 }))
          if (admission.ok) {
            admission.settle({ promptTokens: 300, completionTokens: 25 })
            used += 400
          }
          sim.clock.advance(100)
        }
        // A minute's worth, and what may come at once.
        expect(used).toBeGreaterThan(60_000)
        expect(used).toBeLessThanOrEqual(60_000 + 5_000 + 400)
      })
    })

    describe('what a call is charged', () => {
      const chat = { tokensPerMinute: 10_000, requestsPerMinute: 600 }
      const left = async (sim: ReturnType<typeof setUp>) => {
        const admission = await sim.admit(tokenCost(0, { promptCharacters: 0, maxTokens: 0 }))
        return admission.state?.remainingTokens
      }

      test('is by default the prompt at once and the completion when it ends', async () => {
        const sim = setUp(chat)
        const first = await sim.admit(tokenCost(100, { maxTokens: 5_000, choices: 2 }))
        expect(first.state?.remainingTokens).toBe(9_900)
        sim.clock.advance(30_000)
        completed(first, 400)
        expect(await left(sim)).toBe(9_500)
        sim.clock.advance(30_000)
        expect(await left(sim)).toBe(9_600)
        sim.clock.advance(29_999)
        expect(await left(sim)).toBe(9_600)
        sim.clock.advance(1)
        expect(await left(sim)).toBe(10_000)
      })

      test('may overshoot, which a later call has to wait for', async () => {
        const sim = setUp(chat)
        completed(await sim.admit(tokenCost(100)), 12_000)
        expect(await sim.admit()).toMatchObject({
          ok: false,
          reason: 'tokens',
          retryAfterMs: 60_010,
          state: { remainingTokens: -2_100 },
        })
      })

      test('is with `reserve` the prompt and all that may be completed, and nothing later', async () => {
        const sim = setUp(chat, { charge: 'reserve' })
        const first = await sim.admit(tokenCost(100, { maxTokens: 300, choices: 2 }))
        completed(first, 10)
        expect(first.state?.remainingTokens).toBe(9_300)
        expect((await sim.admit(tokenCost(100, { choices: 3 }))).state?.remainingTokens).toBe(9_300 - 100 - 48)
      })

      test('never reserves more than an answer of the model can have', async () => {
        const sim = setUp({ ...chat, tokensPerMinute: 200_000 }, { charge: 'reserve', algorithm: 'leaky' })
        const first = await sim.admit(tokenCost(0, { maxTokens: Number.MAX_SAFE_INTEGER }))
        expect(first.state?.remainingTokens).toBe(72_000)
      })

      test('is with `python` what may be completed, without the prompt', async () => {
        const sim = setUp(chat, { charge: 'python' })
        const first = await sim.admit(tokenCost(5_000))
        completed(first, 500)
        expect(first.state?.remainingTokens).toBe(9_984)
        expect((await sim.admit(tokenCost(0, { maxTokens: 84, choices: 2 }))).state?.remainingTokens).toBe(9_816)
      })

      test('is with `python` a quarter of the characters for embeddings, rounded up', async () => {
        const sim = setUp({ ...chat, model: embeddingModel }, { charge: 'python' })
        const first = await sim.admit(tokenCost(7, { promptCharacters: 34 }))
        expect(first.state?.remainingTokens).toBe(9_991)
      })

      test.each(['sliding', 'fixed'] as const)(
        'is never admitted by %s where it is more than the limit',
        async (algorithm) => {
          const sim = setUp(chat, { algorithm })
          expect(await sim.admit(tokenCost(10_001))).toMatchObject({
            ok: false,
            reason: 'tokens',
            retryAfterMs: 60_010,
          })
          expect((await sim.admit(tokenCost(10_000))).ok).toBe(true)
        },
      )

      test.each(['sliding', 'fixed'] as const)('is nothing where %s refuses', async (algorithm) => {
        const sim = setUp({ tokensPerMinute: 1_000, requestsPerMinute: 12 }, { algorithm })
        for (let call = 0; call < 100; call++) await sim.admit(tokenCost(1_001))
        const first = await sim.admit(tokenCost(1_000))
        expect(first).toMatchObject({ ok: true, state: { remainingTokens: 0, remainingRequests: 11 } })
      })
    })

    describe('a change while it runs', () => {
      test.each(algorithms)('of the limits forgets nothing (%s)', async (algorithm) => {
        const sim = setUp({ tokensPerMinute: 1_000, requestsPerMinute: 600 }, { algorithm })
        await sim.admit(tokenCost(900))
        sim.deployment.tokensPerMinute = 2_000
        expect((await sim.admit(tokenCost(100))).state).toMatchObject({ limitTokens: 2_000, remainingTokens: 1_000 })
        sim.deployment.tokensPerMinute = 500
        const refused = await sim.admit()
        expect(refused).toMatchObject({ ok: false, reason: 'tokens', state: { remainingTokens: -500 } })
      })

      const pairs = algorithms.flatMap((from) => algorithms.filter((to) => to !== from).map((to) => ({ from, to })))
      test.each(pairs)('from $from to $to forgets nothing', async ({ from, to }) => {
        const sim = setUp({ tokensPerMinute: 1_000, requestsPerMinute: 60 }, { algorithm: from })
        completed(await sim.admit(tokenCost(300)), 600)
        sim.settings.algorithm = to
        expect((await sim.admit(tokenCost(0))).state).toMatchObject({ remainingTokens: 100, remainingRequests: 58 })
        await sim.admit(tokenCost(100))
        expect(await sim.admit()).toMatchObject({ ok: false, reason: 'tokens' })
      })

      test('to the leaky algorithm makes nobody wait for much more than a minute', async () => {
        const sim = setUp({ tokensPerMinute: 1_000, requestsPerMinute: 6 })
        for (let minute = 0; minute < 10; minute++) {
          completed(await sim.admit(), 50_000)
          sim.clock.advance(60_000)
        }
        completed(await sim.admit(), 50_000)
        sim.settings.algorithm = 'leaky'
        expect(await sim.admit()).toMatchObject({ ok: false, reason: 'tokens', retryAfterMs: 60_011 })
      })

      test.each(algorithms)(
        'of the limits, the algorithm or the charge leaves running calls to be settled (%s)',
        async (to) => {
          const sim = setUp({ tokensPerMinute: 10_000, requestsPerMinute: 60 })
          const running = await sim.admit(tokenCost(100))
          sim.deployment = { ...sim.deployment, tokensPerMinute: undefined, requestsPerMinute: undefined }
          sim.settings = { algorithm: to, charge: 'python' }
          completed(running, 400)
          sim.deployment = { ...sim.deployment, tokensPerMinute: 10_000, requestsPerMinute: 60 }
          expect((await sim.admit(tokenCost(0, { maxTokens: 0 }))).state?.remainingTokens).toBe(9_500)
        },
      )
    })
  })
}
