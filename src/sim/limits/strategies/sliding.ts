/** Tokens of the last minute and requests of the last slice, to the millisecond. */
import { SlidingWindow } from './sliding-window.ts'
import { minuteMs, minuteWaitMs, requestsLeft, sliceMs, type Strategy } from './strategy.ts'

export const sliding: Strategy = {
  counts(minuteRequests) {
    const tokens = new SlidingWindow(minuteMs)
    const slice = new SlidingWindow(sliceMs)
    return {
      waits: (ms, amount, limits) => ({
        tokensMs: limits.tokens === undefined ? 0 : tokens.waitMs(ms, amount, limits.tokens),
        requestsMs: Math.max(slice.waitMs(ms, 1, limits.sliceRequests), minuteWaitMs(minuteRequests, ms, limits)),
      }),
      admit: (ms) => slice.add(ms, 1),
      take: (ms, amount) => tokens.add(ms, amount),
      left: (ms, limits) => ({
        remainingTokens: (limits.tokens ?? 0) - tokens.used(ms),
        resetTokensMs: tokens.clearsInMs(ms),
        ...requestsLeft(limits.periodMs < minuteMs ? slice : minuteRequests, ms, limits),
      }),
      isIdle: (ms) => tokens.used(ms) === 0,
    }
  },
  script: `
do
  local tokens, sliced = slidingWindow(KEYS[2], minute), slidingWindow(KEYS[3], slice)
  strategies.sliding = {
    waits = function()
      local tokensMs = limitTokens >= 0 and slidingWait(tokens, amount, limitTokens) or 0
      return tokensMs, max(slidingWait(sliced, 1, sliceRequests), slidingWait(requests, 1, limitRequests))
    end,
    admit = function() slidingAdd(sliced, 1) end,
    take = function(taken) slidingAdd(tokens, taken) end,
    left = function() return limitTokens - slidingUsed(tokens), slidingClears(tokens), requestsLeft(slidingUsed(sliced), slidingClears(sliced)) end,
  }
end
`,
}
