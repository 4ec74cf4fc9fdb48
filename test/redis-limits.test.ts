/** Limits counted in a real Redis: the same results as in memory, together, and alone where it is away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LimitAlgorithm, LimitCharge } from '../src/sim/config/config.ts'
import { createLimiter, type LimitedCall, type Limiter } from '../src/sim/limits/limiter.ts'
import type { Admission } from '../src/sim/types.ts'
import { randomHistory, type Step } from './support/limit-history.ts'
import { describeLimiter } from './support/limits-contract.ts'
import { manualClock } from './support/manual-clock.ts'
import { isRedisMissing, type Redis, startRedis, withRedis } from './support/redis.ts'
import { redisLimiter, type TimedCounts, timedCounts } from './support/redis-limiter.ts'

let redis: Redis
let counts: TimedCounts

beforeAll(async () => {
  if (isRedisMissing) return
  redis = await startRedis()
  counts = await timedCounts(redis.url)
})

afterAll(async () => {
  if (isRedisMissing) return
  expect(counts.events).toEqual([expect.objectContaining({ kind: 'shared' })])
  await counts.close()
  await redis.kill()
})

describeLimiter(withRedis('a limiter that counts in Redis'), (options) => redisLimiter(counts, options), isRedisMissing)

const algorithms: LimitAlgorithm[] = ['sliding', 'fixed', 'leaky']
const charges: LimitCharge[] = ['actual', 'reserve', 'python']
const cases = algorithms.flatMap((algorithm) => charges.map((charge) => ({ algorithm, charge })))

describe.skipIf(isRedisMissing)(withRedis('counting in Redis and in memory'), () => {
  it.each(cases)('comes to the same, call by call ($algorithm, $charge)', async (settings) => {
    let refusals = 0
    for (let seed = 1; seed <= 25; seed++) {
      const { deployment, steps } = randomHistory(seed)
      const clock = manualClock(1_700_000_000_000.25)
      const options = { clock }
      const both: readonly { limiter: Limiter; running: Extract<Admission, { ok: true }>[] }[] = [
        { limiter: createLimiter(options), running: [] },
        { limiter: redisLimiter(counts, options), running: [] },
      ]
      for (const [index, step] of steps.entries()) {
        clock.advance(step.afterMs)
        if (step.kind === 'settle') {
          for (const { running } of both) running.pop()?.settle({ promptTokens: 0, ...step })
          continue
        }
        const call = { deployment, cost: step.cost, atMs: clock.now(), settings }
        const [inMemory, inRedis] = await admit(
          both.map(({ limiter }) => limiter),
          call,
        )
        expect(plain(inRedis!), `seed ${seed}, step ${index}`).toEqual(plain(inMemory!))
        if (!inMemory!.ok) refusals++
        for (const [at, admission] of [inMemory!, inRedis!].entries())
          if (admission.ok) both[at]!.running.push(admission)
      }
    }
    expect(refusals).toBeGreaterThan(20)
  })

  it('comes to the same while algorithm, limits and charge change on the way', async () => {
    const changes = randomHistory(7).steps.length
    for (let seed = 200; seed < 225; seed++) {
      const { steps } = randomHistory(seed)
      const clock = manualClock(1_700_000_000_000)
      let settings = cases[0]!
      const options = { clock }
      const limiters = [createLimiter(options), redisLimiter(counts, options)]
      for (let index = 0; index < changes; index++) {
        const step: Step = steps[index]!
        clock.advance(step.afterMs)
        settings = cases[(seed * 7 + index) % cases.length]!
        const { deployment } = randomHistory(seed + (index % 3))
        if (step.kind === 'settle') continue
        const call = { deployment, cost: step.cost, atMs: clock.now(), settings }
        const [inMemory, inRedis] = await admit(limiters, call)
        expect(plain(inRedis!), `seed ${seed}, step ${index}`).toEqual(plain(inMemory!))
        for (const admission of [inMemory!, inRedis!])
          if (admission.ok && index % 2) admission.settle({ promptTokens: 0, completionTokens: 50 * index })
      }
    }
  })

  it('keeps a full window exactly while single milliseconds leave it', async () => {
    const clock = manualClock(1_700_000_000_000)
    const settings = { algorithm: 'sliding', charge: 'actual' } as const
    const options = { clock }
    const { deployment } = randomHistory(3)
    const limited = { ...deployment, name: 'busy', tokensPerMinute: 3_000, requestsPerMinute: 60_000 }
    const limiters = [createLimiter(options), redisLimiter(counts, options)]
    for (let call = 0; call < 2_500; call++) {
      clock.advance(call % 500 === 499 ? 20_000 : 7)
      const cost = { promptTokens: 1 + (call % 5), promptCharacters: 0, maxTokens: 1, choices: 1, countsTokens: true }
      const [inMemory, inRedis] = await admit(limiters, { deployment: limited, cost, atMs: clock.now(), settings })
      expect(plain(inRedis!), `call ${call}`).toEqual(plain(inMemory!))
    }
  })

  it('leaves nothing in Redis that does not expire', async () => {
    const keys = (await redis.command('KEYS', 'test-*')) as string[]
    expect(keys.length).toBeGreaterThan(0)
    const lives = await Promise.all(keys.map((key) => redis.command('PTTL', key)))
    expect(lives.filter((ms) => Number(ms) <= 0)).toEqual([])
  })

  it('takes names of deployments as they come', async () => {
    const clock = manualClock(1_700_000_000_000)
    const limiter = redisLimiter(counts, { clock })
    const { deployment, steps } = randomHistory(3)
    const cost = {
      ...(steps.find(({ kind }) => kind === 'call') as Extract<Step, { kind: 'call' }>).cost,
      promptTokens: 1,
    }
    for (const name of ['}', '{', 'ä b', '\ud800', '%', 'x'.repeat(5_000)]) {
      const call = {
        deployment: { ...deployment, name, requestsPerMinute: 6 },
        cost,
        atMs: clock.now(),
        settings: cases[0]!,
      }
      expect((await limiter.admit(call)).ok, name.slice(0, 9)).toBe(true)
      expect((await limiter.admit(call)).ok, name.slice(0, 9)).toBe(false)
    }
    expect(limiter.countedAlone()).toBe(0)
  })
})

const plain = (admission: Admission) => (admission.ok ? { ...admission, settle: undefined } : admission)

const admit = (limiters: readonly Limiter[], call: LimitedCall) =>
  Promise.all(limiters.map(async (limiter) => limiter.admit(call)))
