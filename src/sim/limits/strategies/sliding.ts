/** Tokens of the last minute and requests of the last slice, to the millisecond. */
import { SlidingWindow } from './sliding-window.ts'
import type { Strategy } from './strategy.ts'
import { windowed } from './windowed.ts'

export const sliding: Strategy = {
  counts: windowed((lengthMs) => new SlidingWindow(lengthMs)),
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
