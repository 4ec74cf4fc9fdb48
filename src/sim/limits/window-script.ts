/**
 * The windows of one deployment as `windows.ts` and its parts keep them, in Redis: one script decides on a call or
 * takes what it used after all, on the server's own clock, so that any number of instances count as one. A contract
 * test holds the two to the same results.
 *
 * KEYS  numbers of all windows; tokens of a minute, requests of a slice, requests of a minute
 * ARGV  of each command: `admit` or `take`; algorithm; tokens; tokens per minute, -1 for no limit; requests per minute
 *
 * Commands are done in their order, at one moment, and each is answered: `admit` with what was decided, `take` with 0.
 *
 * A sliding window is a sorted set with a member for each millisecond that anything was added in, and as its score the
 * sum of all that was added up to then. So amounts leave from the front, and the moment at which enough of them will
 * have left is found by score. The numbers are packed doubles: they are as exact as they are in memory.
 */
import { minuteMs, sliceMs } from './windows.ts'

export const windowScript = `
local minute, slice = ${minuteMs}, ${sliceMs}
local algorithm, amount, limitTokens, limitRequests
local time = redis.call('TIME')
local ms = math.floor((time[1] * 1000000 + time[2]) / 1000)
local max, min, ceil = math.max, math.min, math.ceil

-- added, left, head, tail of each sliding window; opened, used of each fixed one; limit, gone of each bucket
local form = '>' .. string.rep('d', 22)
local lastMs, keptUntil, a, b, c
local fixedTokens, fixedRequests, leakyTokens, leakyRequests
local packed = redis.call('GET', KEYS[1])
if packed then
  a, b, c = { KEYS[2], minute }, { KEYS[3], slice }, { KEYS[4], minute }
  fixedTokens, fixedRequests, leakyTokens, leakyRequests = { minute }, { slice }, {}, {}
  lastMs, keptUntil, a[3], a[4], a[5], a[6], b[3], b[4], b[5], b[6], c[3], c[4], c[5], c[6],
    fixedTokens[2], fixedTokens[3], fixedRequests[2], fixedRequests[3],
    leakyTokens[1], leakyTokens[2], leakyRequests[1], leakyRequests[2] = struct.unpack(form, packed)
else
  redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4])
  a, b, c = { KEYS[2], minute, 0, 0, 0, 0 }, { KEYS[3], slice, 0, 0, 0, 0 }, { KEYS[4], minute, 0, 0, 0, 0 }
  fixedTokens, fixedRequests = { minute, -math.huge, 0 }, { slice, -math.huge, 0 }
  leakyTokens, leakyRequests = { 0, 0 }, { 0, 0 }
  lastMs, keptUntil = ms, 0
end

-- The system's clock may be set back.
ms = max(ms, lastMs)
local refilled = ms - lastMs
lastMs = ms
leakyTokens[2] = max(0, leakyTokens[2] - refilled * leakyTokens[1])
leakyRequests[2] = max(0, leakyRequests[2] - refilled * leakyRequests[1])

local function expire(window)
  local edge = ms - window[2]
  if window[3] == 0 or window[5] > edge then return end
  if window[6] <= edge then
    redis.call('UNLINK', window[1])
    window[3], window[4] = 0, 0
    return
  end
  repeat
    local entries = redis.call('ZRANGE', window[1], 0, 15, 'WITHSCORES')
    local gone = 0
    for at = 1, #entries, 2 do
      window[5] = tonumber(entries[at])
      if window[5] > edge then break end
      window[4] = tonumber(entries[at + 1])
      gone = gone + 1
    end
    if gone > 0 then redis.call('ZREMRANGEBYRANK', window[1], 0, gone - 1) end
  until gone < 16
end

local function add(window, added)
  if added <= 0 then return end
  if window[3] == 0 then
    -- A key that comes into being has no expiry yet.
    window[5], keptUntil = ms, 0
  end
  window[3], window[6] = window[3] + added, ms
  redis.call('ZADD', window[1], window[3], ms)
end

local function slidingWait(window, asked, limit)
  if asked > limit then return window[2] end
  local excess = window[3] - window[4] + asked - limit
  if excess <= 0 then return 0 end
  local first = redis.call('ZRANGEBYSCORE', window[1], window[4] + excess, '+inf', 'LIMIT', 0, 1)[1]
  return (tonumber(first) or window[6]) + window[2] - ms
end

local function slidingClears(window)
  return window[3] == 0 and 0 or window[6] + window[2] - ms
end

local function fixedClears(window)
  return max(0, window[2] + window[1] - ms)
end

local function fixedUsed(window)
  return fixedClears(window) > 0 and window[3] or 0
end

local function fixedAdd(window, added)
  if added <= 0 then return end
  window[3] = fixedUsed(window) + added
  if fixedClears(window) == 0 then window[2] = ms end
end

local function fixedWait(window, asked, limit)
  if asked > limit then return window[1] end
  return fixedUsed(window) + asked <= limit and 0 or fixedClears(window)
end

local function oweAtMostAMinute(bucket)
  bucket[2] = min(bucket[2], 2 * bucket[1] * minute)
end

local function limitTo(bucket, limit)
  if limit == bucket[1] then return end
  bucket[1] = limit
  oweAtMostAMinute(bucket)
end

local function leak(bucket, taken)
  if bucket[1] > 0 then bucket[2] = bucket[2] + taken * minute end
end

local function leakyWait(bucket, minParts)
  if bucket[1] <= 0 then return minute end
  return max(0, ceil((bucket[2] + minParts - bucket[1] * minute) / bucket[1]))
end

local function fills(bucket)
  return bucket[2] == 0 and 0 or ceil(bucket[2] / bucket[1])
end

local function take(tokens)
  add(a, tokens)
  fixedAdd(fixedTokens, tokens)
  leak(leakyTokens, tokens)
  if algorithm ~= 'leaky' then oweAtMostAMinute(leakyTokens) end
end

local function takeRequest()
  leak(leakyRequests, 1)
  oweAtMostAMinute(leakyRequests)
end

expire(a)
expire(b)
expire(c)

local function admit()
  local isLimited = limitTokens >= 0
  local function limitBuckets()
    if isLimited then limitTo(leakyTokens, limitTokens) end
    limitTo(leakyRequests, limitRequests)
  end

  local tokensMs, requestsMs = 0, 0
  local function leakyWaits()
    if isLimited then tokensMs = leakyWait(leakyTokens, 1) end
    requestsMs = max(leakyWait(leakyRequests, minute), slidingWait(c, 1, limitRequests))
  end
  if algorithm == 'leaky' then
    limitBuckets()
    leakyWaits()
  elseif algorithm == 'sliding' then
    if isLimited then tokensMs = limitTokens == 0 and minute or slidingWait(a, amount, limitTokens) end
    requestsMs = max(slidingWait(b, 1, ceil(limitRequests / (minute / slice))), slidingWait(c, 1, limitRequests))
  else
    if isLimited then tokensMs = limitTokens == 0 and minute or fixedWait(fixedTokens, amount, limitTokens) end
    requestsMs = max(fixedWait(fixedRequests, 1, ceil(limitRequests / (minute / slice))), slidingWait(c, 1, limitRequests))
  end

  local isAdmitted = tokensMs == 0 and requestsMs == 0
  if isAdmitted then
    limitBuckets()
    add(b, 1)
    fixedAdd(fixedRequests, 1)
    add(c, 1)
    takeRequest()
    take(amount)
  elseif algorithm == 'leaky' then
    takeRequest()
    leakyWaits()
  end

  local remainingTokens, resetTokensMs = 0, 0
  if isLimited then
    if algorithm == 'leaky' then
      remainingTokens, resetTokensMs = limitTokens - ceil(leakyTokens[2] / minute), fills(leakyTokens)
    elseif algorithm == 'sliding' then
      remainingTokens, resetTokensMs = limitTokens - (a[3] - a[4]), slidingClears(a)
    else
      remainingTokens, resetTokensMs = limitTokens - fixedUsed(fixedTokens), fixedClears(fixedTokens)
    end
  end
  local remainingRequests, resetRequestsMs
  if algorithm == 'leaky' then
    remainingRequests, resetRequestsMs = limitRequests - ceil(leakyRequests[2] / minute), fills(leakyRequests)
  else
    remainingRequests, resetRequestsMs = max(0, limitRequests - (c[3] - c[4])), slidingClears(c)
  end
  return {
    isAdmitted and 1 or 0, tokensMs, requestsMs,
    remainingTokens, resetTokensMs, remainingRequests, resetRequestsMs
  }
end

local replies = {}
for at = 1, #ARGV - 4, 5 do
  algorithm = ARGV[at + 1]
  amount, limitTokens, limitRequests = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  if ARGV[at] == 'take' then
    take(amount)
    replies[#replies + 1] = 0
  else
    replies[#replies + 1] = admit()
  end
end

-- All windows are kept until the last of them is empty, and set to expire anew once in a while only.
local needed = ms + max(minute, fills(leakyTokens), fills(leakyRequests))
if needed > keptUntil then
  keptUntil = needed + minute
  for key = 2, 4 do redis.call('PEXPIRE', KEYS[key], keptUntil - ms) end
end
redis.call('SET', KEYS[1], struct.pack(form, lastMs, keptUntil, a[3], a[4], a[5], a[6], b[3], b[4], b[5], b[6],
  c[3], c[4], c[5], c[6], fixedTokens[2], fixedTokens[3], fixedRequests[2], fixedRequests[3],
  leakyTokens[1], leakyTokens[2], leakyRequests[1], leakyRequests[2]), 'PX', keptUntil - ms)
return replies
`
