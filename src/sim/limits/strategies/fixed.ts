/** Tokens of a minute and requests of a slice that open with their first use, and are forgotten whole when they close. */
import { FixedWindow } from './fixed-window.ts'
import type { Strategy } from './strategy.ts'
import { windowed } from './windowed.ts'

export const fixed: Strategy = {
  counts: windowed((lengthMs) => new FixedWindow(lengthMs)),
  script: `
do
  -- opened, used
  local tokens, sliced = keep({ -math.huge, 0 }), keep({ -math.huge, 0 })
  local function clears(window, length) return max(0, window[1] + length - ms) end
  local function used(window, length) return clears(window, length) > 0 and window[2] or 0 end
  local function add(window, length, added)
    if added <= 0 then return end
    window[2] = used(window, length) + added
    if clears(window, length) == 0 then window[1] = ms end
  end
  local function wait(window, length, asked, limit)
    if limit <= 0 or asked > limit then return length end
    return used(window, length) + asked <= limit and 0 or clears(window, length)
  end
  strategies.fixed = {
    waits = function()
      local tokensMs = limitTokens >= 0 and wait(tokens, minute, amount, limitTokens) or 0
      return tokensMs, max(wait(sliced, slice, 1, sliceRequests), slidingWait(requests, 1, limitRequests))
    end,
    admit = function() add(sliced, slice, 1) end,
    take = function(taken) add(tokens, minute, taken) end,
    left = function() return limitTokens - used(tokens, minute), clears(tokens, minute), requestsLeft(used(sliced, slice), clears(sliced, slice)) end,
  }
end
`,
}
