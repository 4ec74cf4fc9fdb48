/** Buckets of a minute's tokens and requests that are refilled all the time, and may owe. */
import type { Limits } from '../charge.ts'
import { LeakyBucket } from './leaky-bucket.ts'
import { minuteWaitMs, type Strategy } from './strategy.ts'

/**
 * It counts what it refuses: recorded answers of the service show a deployment of one request per minute with -1
 * remaining and 118 s to the reset, which is also the bound.
 */
export const leaky: Strategy = {
  counts(minuteRequests) {
    const tokens = new LeakyBucket()
    const requests = new LeakyBucket()
    const limitBuckets = (ms: number, limits: Limits) => {
      if (limits.tokens !== undefined) tokens.limitTo(ms, limits.tokens)
      requests.limitTo(ms, limits.requests)
    }
    const takeRequest = (ms: number) => {
      requests.take(ms, 1)
      requests.oweAtMostAMinute()
    }
    const waits = (ms: number, limits: Limits) => {
      limitBuckets(ms, limits)
      return {
        tokensMs: limits.tokens === undefined ? 0 : tokens.waitForAnyMs(ms),
        requestsMs: Math.max(requests.waitForOneMs(ms), minuteWaitMs(minuteRequests, ms, limits)),
      }
    }
    return {
      waits: (ms, _, limits) => waits(ms, limits),
      admit(ms, limits) {
        limitBuckets(ms, limits)
        takeRequest(ms)
      },
      take(ms, amount, isChosen) {
        tokens.take(ms, amount)
        // The others let more pass in the long run than the bucket would: it must not owe hours when its turn comes.
        if (!isChosen) tokens.oweAtMostAMinute()
      },
      refuse(ms, limits) {
        takeRequest(ms)
        return waits(ms, limits)
      },
      left: (ms) => ({
        remainingTokens: tokens.level(ms),
        resetTokensMs: tokens.fillsInMs(ms),
        remainingRequests: requests.level(ms),
        resetRequestsMs: requests.fillsInMs(ms),
      }),
      isIdle: (ms) => tokens.isFull(ms) && requests.isFull(ms),
    }
  },
  script: `
do
  -- limit, gone, at
  local tokens, asked = keep({ 0, 0, 0 }), keep({ 0, 0, 0 })
  local function refill(bucket)
    if ms <= bucket[3] then return end
    bucket[2] = max(0, bucket[2] - (ms - bucket[3]) * bucket[1])
    bucket[3] = ms
  end
  local function oweAtMostAMinute(bucket) bucket[2] = min(bucket[2], 2 * bucket[1] * minute) end
  local function limitTo(bucket, limit)
    refill(bucket)
    if limit == bucket[1] then return end
    bucket[1] = limit
    oweAtMostAMinute(bucket)
  end
  local function leak(bucket, taken)
    if bucket[1] <= 0 then return end
    refill(bucket)
    bucket[2] = bucket[2] + taken * minute
  end
  local function wait(bucket, minParts)
    if bucket[1] <= 0 then return minute end
    return max(0, ceil((bucket[2] + minParts - bucket[1] * minute) / bucket[1]))
  end
  local function level(bucket)
    refill(bucket)
    return bucket[1] - ceil(bucket[2] / minute)
  end
  local function fills(bucket)
    refill(bucket)
    return bucket[2] == 0 and 0 or ceil(bucket[2] / bucket[1])
  end
  local function limitBuckets()
    if limitTokens >= 0 then limitTo(tokens, limitTokens) end
    limitTo(asked, limitRequests)
  end
  local function takeRequest()
    leak(asked, 1)
    oweAtMostAMinute(asked)
  end
  local function waits()
    limitBuckets()
    local tokensMs = limitTokens >= 0 and wait(tokens, 1) or 0
    return tokensMs, max(wait(asked, minute), slidingWait(requests, 1, limitRequests))
  end
  strategies.leaky = {
    waits = waits,
    admit = function()
      limitBuckets()
      takeRequest()
    end,
    take = function(taken, isChosen)
      leak(tokens, taken)
      if not isChosen then oweAtMostAMinute(tokens) end
    end,
    refuse = function()
      takeRequest()
      return waits()
    end,
    left = function() return level(tokens), fills(tokens), level(asked), fills(asked) end,
    lastsMs = function() return max(fills(tokens), fills(asked)) end,
  }
end
`,
}
