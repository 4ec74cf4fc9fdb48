/**
 * How much of its provisioned throughput a deployment uses: a level that rises by what calls are taken to cost, is
 * corrected when they end, and drains all the time. Who comes while it is full waits until it is not.
 */
import type { Limits } from '../charge.ts'
import { minuteMs, type Strategy } from './strategy.ts'

/** `limits.tokens` is the rate per minute, and `limits.periodMs` how long a full level takes to drain. */
export const utilization: Strategy = {
  isAlone: true,
  counts() {
    // In parts of 1/60,000 of a token, so that each millisecond drains a whole number.
    let level = 0
    let ratePerMinute = 0
    let atMs = 0
    const drain = (ms: number, rate = ratePerMinute) => {
      if (ms > atMs) {
        level = Math.max(0, level - (ms - atMs) * ratePerMinute)
        atMs = ms
      }
      ratePerMinute = rate
    }
    const drainTo = (ms: number, { tokens = 0 }: Limits) => drain(ms, tokens)
    return {
      waits(ms, _, limits) {
        drainTo(ms, limits)
        const excess = level - ratePerMinute * limits.periodMs
        return { tokensMs: excess < 0 ? 0 : Math.floor(excess / ratePerMinute) + 1, requestsMs: 0 }
      },
      admit: drainTo,
      take(ms, amount) {
        drain(ms)
        level = Math.max(0, level + Math.floor(amount * minuteMs + 0.5))
      },
      left(ms, limits) {
        drainTo(ms, limits)
        return {
          remainingTokens: Math.floor((ratePerMinute * limits.periodMs - level) / minuteMs),
          resetTokensMs: Math.ceil(level / ratePerMinute),
          remainingRequests: 0,
          resetRequestsMs: 0,
        }
      },
      isIdle(ms) {
        drain(ms)
        return level === 0
      },
    }
  },
  script: `
do
  -- level, rate, at
  local used = keep({ 0, 0, 0 })
  local function drain(rate)
    if ms > used[3] then
      used[1] = max(0, used[1] - (ms - used[3]) * used[2])
      used[3] = ms
    end
    used[2] = rate or used[2]
  end
  strategies.utilization = {
    waits = function()
      drain(limitTokens)
      local excess = used[1] - used[2] * period
      return excess < 0 and 0 or floor(excess / used[2]) + 1, 0
    end,
    admit = function() drain(limitTokens) end,
    take = function(taken)
      drain()
      used[1] = max(0, used[1] + floor(taken * minute + 0.5))
    end,
    left = function()
      drain(limitTokens)
      return floor((used[2] * period - used[1]) / minute), ceil(used[1] / used[2]), 0, 0
    end,
    lastsMs = function()
      drain()
      return used[2] > 0 and ceil(used[1] / used[2]) or 0
    end,
  }
end
`,
}
