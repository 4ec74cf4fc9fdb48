/** What a simulator does while its Redis is away, slow, or comes back; and how it signs in. */
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../src/sim/clock.ts'
import { redisCounts, type RedisCountsOptions } from '../src/sim/limits/redis-counts.ts'
import type { SharedCountsEvent } from '../src/sim/limits/shared-counts.ts'
import { seededRandom } from '../src/sim/random.ts'
import { readPrometheus } from './support/prometheus.ts'
import { isRedisMissing, type Redis, startRedis, withRedis } from './support/redis.ts'
import { testSimulator } from './support/simulator.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

const started = async (...args: string[]): Promise<Redis> => {
  const redis = await startRedis(...args)
  stops.push(redis.kill)
  return redis
}

function simulatorOn(url: string, more: Record<string, unknown> = {}) {
  const events: SharedCountsEvent[] = []
  const lines: string[] = []
  const note = (message: string) => void lines.push(message)
  const simulator = testSimulator(
    { deployments: { chat: { model: 'gpt-4o', requestsPerMinute: 60 } }, redis: { url, timeout: '1s' }, ...more },
    {
      onLimiterEvent: (event) => events.push(event),
      log: { debug() {}, info: note, warn: note, error: note },
    },
  )
  stops.push(simulator.close)
  const ask = async () => {
    const answer = await simulator.post('/openai/deployments/chat/chat/completions?api-version=2024-10-21', {
      messages: [{ role: 'user', content: 'hi' }],
      max_tokens: 1,
    })
    await answer.text()
    return answer.status
  }
  return { simulator, events, lines, ask, many: (count: number) => Promise.all(Array.from({ length: count }, ask)) }
}

const until = async (isSo: () => boolean) => {
  for (let look = 0; look < 500 && !isSo(); look++) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(isSo()).toBe(true)
}
const passed = (statuses: readonly number[]) => statuses.filter((status) => status === 200).length

describe.skipIf(isRedisMissing)(withRedis('a simulator whose limits are counted in Redis'), () => {
  it('counts its first request there already, and lets pass the limit exactly, together with others', async () => {
    const { url } = await started()
    const instances = [simulatorOn(url), simulatorOn(url), simulatorOn(url)]
    const statuses = (await Promise.all(instances.map(({ many }) => many(20)))).flat()
    expect(passed(statuses)).toBe(10)
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
    for (const { simulator, events } of instances) {
      expect(simulator.limiterStatus()).toEqual({ counted: 'redis', countedAlone: 0 })
      expect(events).toEqual([
        { kind: 'shared', label: expect.stringContaining('127.0.0.1') as string, awayMs: undefined },
      ])
    }
  })

  it('loses no request when it is killed in the middle, counts alone from what it has admitted, and says so once', async () => {
    const redis = await started()
    const { simulator, events, lines, many } = simulatorOn(redis.url)
    expect(passed(await many(6))).toBe(6)
    const during = many(40)
    await redis.kill()
    const statuses = [...(await during), ...(await many(40))]
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
    // At most what this instance had left; some may have been counted there and here.
    expect(passed(statuses)).toBeLessThanOrEqual(4)
    expect(simulator.limiterStatus().counted).toBe('instance, as redis is unreachable')
    expect(simulator.limiterStatus().countedAlone).toBeGreaterThanOrEqual(40)
    expect(events.map(({ kind }) => kind)).toEqual(['shared', 'away'])
    expect(lines).toEqual([
      expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ is unreachable \(.+\): this instance counts limits locally/),
    ])

    await redis.restart()
    await until(() => simulator.limiterStatus().counted === 'redis')
    expect(events.map(({ kind }) => kind)).toEqual(['shared', 'away', 'shared'])
    expect(lines.at(-1)).toMatch(/counts limits again, after [\d.]+ s and \d+ calls counted alone\.$/)
    // It is empty, and known to be.
    expect(passed(await many(20))).toBe(10)
  })

  it('keeps nobody waiting for one that hangs, and shares again when it goes on', async () => {
    const redis = await started()
    const { simulator, many, ask } = simulatorOn(redis.url, { redis: { url: redis.url, timeout: '100ms' } })
    expect(await ask()).toBe(200)
    process.kill(redis.pid, 'SIGSTOP')
    // What comes together is one question to the server; one late answer may be a pause of it, three are not.
    for (const count of [2, 2, 1]) expect(passed(await many(count))).toBe(count)
    expect(simulator.limiterStatus().counted).toBe('instance, as redis is unreachable')
    const beginMs = performance.now()
    expect(await ask()).toBe(200)
    // Who does not answer is not asked again: not even the 100 ms are waited for.
    expect(performance.now() - beginMs).toBeLessThan(90)
    process.kill(redis.pid, 'SIGCONT')
    await until(() => simulator.limiterStatus().counted === 'redis')
  })

  it('counts in its metrics how often that was', async () => {
    const redis = await started()
    const { simulator, ask } = simulatorOn(redis.url)
    const timesAway = async () => {
      const rows = readPrometheus(await (await simulator.request('/++/metrics')).text())
      return rows.find(({ name }) => name === 'aoai_api_simulator_limiter_away_total')?.value ?? 0
    }
    await ask()
    expect(await timesAway()).toBe(0)
    for (const times of [1, 2]) {
      await redis.kill()
      await until(() => simulator.limiterStatus().counted !== 'redis')
      expect(await ask()).toBe(200)
      expect(await timesAway()).toBe(times)
      await redis.restart()
      await until(() => simulator.limiterStatus().counted === 'redis')
      expect(await timesAway()).toBe(times)
    }
  })

  it('starts where there is none, and shares as soon as there is one', async () => {
    const redis = await started()
    await redis.kill()
    const { simulator, ask } = simulatorOn(redis.url)
    expect(await ask()).toBe(200)
    expect(simulator.limiterStatus()).toEqual({ counted: 'instance, as redis is unreachable', countedAlone: 1 })
    await redis.restart()
    await until(() => simulator.limiterStatus().counted === 'redis')
  })

  it('loads its script again where the server has dropped it', async () => {
    const redis = await started()
    const { simulator, events, ask } = simulatorOn(redis.url)
    await ask()
    await redis.command('SCRIPT', 'FLUSH')
    expect(await ask()).toBe(200)
    await until(() => simulator.limiterStatus().counted === 'redis' && events.length === 3)
    expect(events[1]).toMatchObject({ kind: 'away', reason: expect.stringContaining('NOSCRIPT') as string })
  })

  it('names neither user nor password, whatever goes wrong', async () => {
    const redis = await started('--requirepass', 'right')
    const { lines, ask } = simulatorOn(`redis://somebody:wr0ng-s3cret@127.0.0.1:${redis.port}`)
    expect(await ask()).toBe(200)
    expect(lines).toEqual([expect.stringContaining('is unreachable')])
    expect(lines.join()).not.toMatch(/wr0ng|somebody/)
  })
})

describe.skipIf(isRedisMissing)(withRedis('signing in to Redis'), () => {
  const token = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`
  const open = (redis: RedisCountsOptions['redis'], signIn?: RedisCountsOptions['signIn']) => {
    const events: SharedCountsEvent[] = []
    const counts = redisCounts({
      redis,
      clock: systemClock(),
      random: seededRandom(1),
      onEvent: (event) => events.push(event),
      ...(signIn && { signIn }),
    })
    stops.push(counts.close)
    return { counts, events }
  }

  it('is done by the password of the address', async () => {
    const { port } = await started('--requirepass', 'p@ss word')
    const { counts } = open({ url: `redis://:p%40ss%20word@127.0.0.1:${port}`, timeoutMs: 500, auth: 'auto' })
    await counts.started
    expect(counts.state()).toBe('shared')
  })

  it('is done by an Entra token, for the user that the token names', async () => {
    const redis = await started()
    const signedIn = token({ oid: 'the-object-id' })
    await redis.command('ACL', 'SETUSER', 'the-object-id', 'on', `>${signedIn}`, '~*', '+@all')
    const { counts } = open({ url: redis.url, timeoutMs: 500, auth: 'entra' }, async () =>
      Promise.resolve({ token: signedIn, expiresOnTimestamp: Date.now() + 3_600_000 }),
    )
    await counts.started
    expect(counts.state()).toBe('shared')
    expect(String(await redis.command('CLIENT', 'LIST'))).toMatch(/name=aoai-sim .*user=the-object-id/)
  })

  it('fails with a word on what to do where the token names nobody', async () => {
    const redis = await started()
    const { counts, events } = open({ url: redis.url, timeoutMs: 500, auth: 'entra' }, async () =>
      Promise.resolve({ token: 'opaque', expiresOnTimestamp: Date.now() + 3_600_000 }),
    )
    await counts.started
    expect(events).toEqual([
      {
        kind: 'away',
        label: `127.0.0.1:${redis.port}`,
        reason: expect.stringContaining('names no object id') as string,
      },
    ])
  })
})
