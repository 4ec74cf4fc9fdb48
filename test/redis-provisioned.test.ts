/**
 * 50 PTU under three times what they do, for a minute, over three instances that count in a real Redis at the times of a test's
 * clock. What each call should have met is worked out beside it, from the documented steps alone.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Limiter } from '../src/sim/limits/limiter.ts'
import { seededRandom } from '../src/sim/random.ts'
import type { Admission, Cost, Deployment, Usage } from '../src/sim/types.ts'
import { findModel } from '../src/sim/models/catalogue.ts'
import { manualClock } from './support/manual-clock.ts'
import { isRedisMissing, type Redis, startRedis, withRedis } from './support/redis.ts'
import { newPrefix, redisLimiter, type TimedCounts, timedCounts } from './support/redis-limiter.ts'

let redis: Redis
let counts: TimedCounts
beforeAll(async () => {
  if (isRedisMissing) return
  redis = await startRedis()
  counts = await timedCounts(redis.url)
})
afterAll(async () => {
  if (isRedisMissing) return
  await counts.close()
  await redis.kill()
})

const minuteMs = 60_000
/** gpt-4o: 2,500 input tokens per minute and PTU, an output token for four of them; five seconds of it may come at once. */
const ratePerMs = (50 * 2_500) / minuteMs
const limit = ratePerMs * 5_000
const deployment: Deployment = {
  name: 'ptu',
  model: findModel('gpt-4o')!,
  tokensPerMinute: undefined,
  requestsPerMinute: undefined,
  dimensions: undefined,
  latency: undefined,
  sku: 'GlobalProvisionedManaged',
  throughput: {
    ...{ inputTokensPerMinute: 50 * 2_500, outputRatio: 4, cachedRatio: 0, maxPromptTokens: undefined },
    ...{ burstMs: 5_000, estimatedOutputTokens: 1_000 },
  },
}
const settings = { algorithm: 'leaky', charge: 'actual' } as const

/** As it is documented: it rises at once by what a call is taken to cost, is set right when it ends, and drains. */
class Bucket {
  level = 0
  atMs = 0
  /** What has drained, all in all. */
  drained = 0

  to(atMs: number): void {
    const out = Math.min(this.level, (atMs - this.atMs) * ratePerMs)
    this.level -= out
    this.drained += out
    this.atMs = atMs
  }

  take(amount: number): void {
    this.level = Math.max(0, this.level + amount)
  }
}

type Due = { readonly atMs: number; readonly settle: () => void }

describe.skipIf(isRedisMissing)(withRedis('50 PTU under three times their load, over three instances'), () => {
  it('are used to the full and never more, and tell how long to wait to 15 ms', async () => {
    const random = seededRandom(21)
    const clock = manualClock(1_800_000_000_000)
    const startMs = clock.now()
    const prefix = newPrefix()
    const instances: readonly Limiter[] = [1, 2, 3].map(() => redisLimiter(counts, { clock }, prefix))
    const bucket = new Bucket()
    bucket.to(startMs)
    const levels: { readonly atMs: number; readonly level: number; readonly drained: number }[] = []
    const dues: Due[] = []
    const late: number[] = []
    let [sent, admitted, offered] = [0, 0, 0]

    const until = async (atMs: number) => {
      dues.sort((a, b) => a.atMs - b.atMs)
      while ((dues[0]?.atMs ?? Infinity) <= atMs) {
        const due = dues.shift()!
        clock.advance(due.atMs - clock.now())
        bucket.to(clock.now())
        due.settle()
        // What was taken is sent, and done in its order.
        await redis.command('PING')
      }
      clock.advance(atMs - clock.now())
      bucket.to(atMs)
    }

    for (let atMs = startMs; atMs < startMs + minuteMs;) {
      const promptTokens = 50 + random.below(400)
      const maxTokens = 20 + random.below(130)
      const reserved = promptTokens + 4 * maxTokens
      const completionTokens = 1 + random.below(maxTokens)
      const cachedTokens = random.fraction() < 0.3 ? Math.floor(promptTokens / 2) : 0
      // Calls come as chance has it; on the mean, three times what they really cost is drained meanwhile.
      const cost = promptTokens - cachedTokens + 4 * completionTokens
      offered += cost
      atMs += Math.max(1, Math.round((-Math.log(1 - random.fraction()) * cost) / (3 * ratePerMs)))
      await until(atMs)
      sent++
      const asked: Cost = {
        promptTokens,
        promptCharacters: 4 * promptTokens,
        maxTokens,
        choices: 1,
        countsTokens: true,
      }
      const answer: Admission = await instances[sent % 3]!.admit({ deployment, cost: asked, atMs, settings })
      expect(answer.ok, `call ${sent}, at ${bucket.level} of ${limit}`).toBe(bucket.level < limit)
      if (answer.ok) {
        admitted++
        bucket.take(reserved)
        const usage: Usage = { promptTokens, completionTokens, cachedTokens }
        const settle = () => {
          answer.settle(usage)
          bucket.take(cost - reserved)
        }
        dues.push({ atMs: atMs + 200 + random.below(2_000), settle })
      } else {
        late.push(answer.retryAfterMs - (bucket.level - limit) / ratePerMs)
      }
      // Told in whole percent.
      expect(Math.abs((answer.state?.utilization ?? 0) - (100 * bucket.level) / limit)).toBeLessThanOrEqual(1)
      levels.push({ atMs, level: bucket.level, drained: bucket.drained })
    }

    expect(sent).toBeGreaterThan(500)
    expect(offered / (ratePerMs * minuteMs)).toBeGreaterThan(2.8)
    expect(late.length).toBeGreaterThan(sent / 3)
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...late)).toBeLessThanOrEqual(15)
    // In any ten seconds: what was used, of what there is.
    for (const [at, from] of levels.entries()) {
      const to = levels.slice(at).find((each) => each.atMs >= from.atMs + 10_000)
      if (!to) break
      const used = (to.drained - from.drained) / (ratePerMs * (to.atMs - from.atMs))
      expect(used).toBeLessThanOrEqual(1 + 1e-9)
      expect(used).toBeGreaterThan(0.97)
    }
    expect(admitted).toBeGreaterThan(0)
  })
})
