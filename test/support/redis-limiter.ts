/** A limiter that counts in a real Redis, but at the times of a test's clock in place of the server's own. */
import { systemClock } from '../../src/sim/clock.ts'
import type { LimiterOptions } from '../../src/sim/limits/limiter.ts'
import type { RunOne } from '../../src/sim/limits/redis-pipelining.ts'
import { redisCounts } from '../../src/sim/limits/redis-counts.ts'
import type { SharedCounts, SharedCountsEvent } from '../../src/sim/limits/shared-counts.ts'
import { createSharedLimiter } from '../../src/sim/limits/shared-limiter.ts'
import { windowScript } from '../../src/sim/limits/script.ts'
import { seededRandom } from '../../src/sim/random.ts'

const serverTime = "redis.call('TIME')"
if (!windowScript.includes(serverTime)) throw new Error('The script does not ask for the time as this test expects')
const script = windowScript.replace(serverTime, '{ ARGV[#ARGV - 1], ARGV[#ARGV] }')

const clock = systemClock()

export type TimedCounts = SharedCounts & { readonly events: readonly SharedCountsEvent[] }

/** One connection; the time goes with each call as two more arguments. */
export async function timedCounts(url: string): Promise<TimedCounts> {
  const events: SharedCountsEvent[] = []
  const counts = redisCounts({
    redis: { url, timeoutMs: 10_000, auth: 'auto' },
    clock,
    random: seededRandom(1),
    onEvent: (event) => events.push(event),
    script,
  })
  await counts.started
  return { ...counts, events }
}

let limiters = 0
export const newPrefix = () => `test-${process.pid}-${++limiters}`

/** Keys of its own, or those of other instances. */
export function redisLimiter(counts: SharedCounts, options: LimiterOptions, prefix = newPrefix()) {
  // One by one, as each has a time of its own.
  const run: RunOne = async (keys, command) => {
    const micros = Math.floor(options.clock.now() * 1_000)
    const args = [...command, String(Math.floor(micros / 1e6)), String(micros % 1e6)]
    const [reply] = (await counts.run(keys, args)) as unknown[]
    return reply
  }
  return createSharedLimiter({ ...options, counts, run, prefix })
}
