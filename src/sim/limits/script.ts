/**
 * The windows of one deployment as `windows.ts` and its strategies keep them, in Redis: one script decides on a call or
 * takes what it used after all, on the server's own clock, so that any number of instances count as one. A contract
 * test holds the two to the same results.
 *
 * KEYS  numbers of all windows; tokens of a minute, requests of a slice, requests of a minute
 * ARGV  of each command: `admit` or `take`; strategy; amount; tokens per minute, -1 for no limit; requests per minute;
 *       requests per slice; the period that requests are told of
 *
 * Commands are done in their order, at one moment, and each is answered: `admit` with what was decided, `take` with 0.
 *
 * A sliding window is a sorted set with a member for each millisecond that anything was added in, and as its score the
 * sum of all that was added up to then. So amounts leave from the front, and the moment at which enough of them will
 * have left is found by score. The numbers are packed doubles: they are as exact as they are in memory.
 */
import { type StrategyName, strategies } from './strategies/index.ts'
import { minuteMs, sliceMs } from './strategies/strategy.ts'

const names = Object.keys(strategies) as StrategyName[]
const alone = names.filter((name) => strategies[name].isAlone)

export const windowScript = `
local minute, slice = ${minuteMs}, ${sliceMs}
local time = redis.call('TIME')
local ms = math.floor((time[1] * 1000000 + time[2]) / 1000)
local max, min, ceil, floor = math.max, math.min, math.ceil, math.floor

-- Of the command that is being done.
local amount, limitTokens, limitRequests, sliceRequests, period

-- Lists of numbers that last from run to run.
local kept, total = {}, 0
local function keep(values)
  kept[#kept + 1] = values
  total = total + #values
  return values
end

-- last moment, kept until
local clock = keep({ 0, 0 })
local strategies, windows = {}, {}

-- added, left, head, tail
local function slidingWindow(key, length)
  local window = keep({ 0, 0, 0, 0 })
  window.key, window.length = key, length
  windows[#windows + 1] = window
  return window
end

local function slidingAdd(window, added)
  if added <= 0 then return end
  if window[1] == 0 then
    -- A key that comes into being has no expiry yet.
    window[3], clock[2] = ms, 0
  end
  window[1], window[4] = window[1] + added, ms
  redis.call('ZADD', window.key, window[1], ms)
end

local function slidingUsed(window)
  return window[1] - window[2]
end

local function slidingWait(window, asked, limit)
  if limit <= 0 or asked > limit then return window.length end
  local excess = window[1] - window[2] + asked - limit
  if excess <= 0 then return 0 end
  local first = redis.call('ZRANGEBYSCORE', window.key, window[2] + excess, '+inf', 'LIMIT', 0, 1)[1]
  return (tonumber(first) or window[4]) + window.length - ms
end

local function slidingClears(window)
  return window[1] == 0 and 0 or window[4] + window.length - ms
end

local function expire(window)
  local edge = ms - window.length
  if window[1] == 0 or window[3] > edge then return end
  if window[4] <= edge then
    redis.call('UNLINK', window.key)
    window[1], window[2] = 0, 0
    return
  end
  repeat
    local entries = redis.call('ZRANGE', window.key, 0, 15, 'WITHSCORES')
    local gone = 0
    for at = 1, #entries, 2 do
      window[3] = tonumber(entries[at])
      if window[3] > edge then break end
      window[2] = tonumber(entries[at + 1])
      gone = gone + 1
    end
    if gone > 0 then redis.call('ZREMRANGEBYRANK', window.key, 0, gone - 1) end
  until gone < 16
end

local requests = slidingWindow(KEYS[4], minute)
-- Of a slice, what was used and when that will be gone; where limits are told of a minute it is not asked for.
local function requestsLeft(used, clears)
  if period < minute then return max(0, sliceRequests - used), clears end
  return max(0, limitRequests - slidingUsed(requests)), slidingClears(requests)
end
${names.map((name) => strategies[name].script).join('')}
local isAlone = { ${alone.map((name) => `${name} = true`).join(', ')} }

local packed = redis.call('GET', KEYS[1])
local form = '>' .. string.rep('d', total)
if packed and #packed == 8 * total then
  local numbers, at = { struct.unpack(form, packed) }, 0
  for _, values in ipairs(kept) do
    for each = 1, #values do values[each] = numbers[at + each] end
    at = at + #values
  end
else
  redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4])
end

-- The system's clock may be set back.
ms = max(ms, clock[1])
clock[1] = ms
for _, window in ipairs(windows) do expire(window) end

local function take(chosen)
  for name, strategy in pairs(strategies) do
    if name == chosen or not (isAlone[name] or isAlone[chosen]) then strategy.take(amount, name == chosen) end
  end
end

local function admit(chosen)
  local strategy = strategies[chosen]
  local tokensMs, requestsMs = strategy.waits()
  local isAdmitted = tokensMs == 0 and requestsMs == 0
  if isAdmitted then
    if not isAlone[chosen] then slidingAdd(requests, 1) end
    for name, other in pairs(strategies) do
      if name == chosen or not (isAlone[name] or isAlone[chosen]) then other.admit() end
    end
    take(chosen)
  elseif strategy.refuse then
    tokensMs, requestsMs = strategy.refuse()
  end
  return { isAdmitted and 1 or 0, tokensMs, requestsMs, strategy.left() }
end

local replies = {}
for at = 1, #ARGV - 6, 7 do
  amount, limitTokens = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  limitRequests, sliceRequests, period = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6])
  if ARGV[at] == 'take' then
    take(ARGV[at + 1])
    replies[#replies + 1] = 0
  else
    replies[#replies + 1] = admit(ARGV[at + 1])
  end
end

-- All windows are kept until the last of them is empty, and set to expire anew once in a while only.
local lastsMs = minute
for _, strategy in pairs(strategies) do
  if strategy.lastsMs then lastsMs = max(lastsMs, strategy.lastsMs()) end
end
if ms + lastsMs > clock[2] then
  clock[2] = ms + lastsMs + minute
  for key = 2, 4 do redis.call('PEXPIRE', KEYS[key], clock[2] - ms) end
end
local numbers = {}
for _, values in ipairs(kept) do
  for each = 1, #values do numbers[#numbers + 1] = values[each] end
end
redis.call('SET', KEYS[1], struct.pack(form, unpack(numbers)), 'PX', clock[2] - ms)
return replies
`
