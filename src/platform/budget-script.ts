import { METER, SHARES, URGENCIES } from './meter';

/** A meter's documents outlive what they know. */
const KEPT_MS = 3 * METER.recoveryMs;

const NOW = `
local now = tonumber(ARGV[1])
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
local function read(key)
  local flat, state = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do state[flat[i]] = tonumber(flat[i + 1]) end
  return state
end
local function rate(state, limit)
  if not state.low then return limit end
  return math.min(limit, state.low + (now - state.lowAt) * limit / ${METER.recoveryMs})
end
`;

/**
 * `Meter.ask` of one meter or two, and `Meter.grant` of both where neither has to wait.
 * KEYS: state and grants of the shop's, state and grants of the app's. ARGV: now, or nothing for the server's own clock;
 * who asks, 1 to ${URGENCIES.length}; the limit of each meter. Answers how long to wait, and 1 where the channel asked
 * for it.
 */
export const TAKE = `${NOW}
local class = tonumber(ARGV[2])
local shares = {${URGENCIES.map((urgency) => SHARES[urgency]).join(', ')}}
local function hungriest(state)
  local found, since = nil, math.huge
  for c = 1, #shares do
    local asked, seen, got = state['asked' .. c], state['seen' .. c], state['got' .. c]
    if asked and seen and asked < since and now - asked >= ${METER.hungryMs} and now - seen <= ${METER.goneMs}
      and not (got and now - got < ${METER.unservedMs}) then
      found, since = c, asked
    end
  end
  return found
end
local function waitMs(state, grants, limit)
  local r = rate(state, limit)
  local most = math.max(1, math.floor(r))
  local window = ${METER.secondMs}
  if r < 1 then window = ${METER.secondMs} / r end
  local hungry = hungriest(state)
  local own = math.max(1, math.floor(most * shares[class]))
  if hungry == class then own = most elseif hungry then own = math.min(own, most - 1) end
  if own == 0 then return ${METER.secondMs} end
  local last = tonumber(redis.call('LINDEX', grants, own - 1) or nil)
  local gap = window
  if last then gap = math.max(0, now - last) end
  if gap < window then return math.ceil(window - gap) end
  return 0
end
local longest, blocked = 0, 0
for m = 1, #KEYS / 2 do
  local key, grants, limit = KEYS[2 * m - 1], KEYS[2 * m], tonumber(ARGV[2 + m])
  local state = read(key)
  local wait = math.ceil((state.blocked or 0) - now)
  if wait > 0 then
    if wait > longest then longest, blocked = wait, 1 end
  elseif limit > 0 then
    wait = waitMs(state, grants, limit)
    if wait > 0 then
      local asked, seen = state['asked' .. class], state['seen' .. class]
      if not asked or not seen or now - seen > ${METER.goneMs} then asked = now end
      redis.call('HSET', key, 'asked' .. class, asked, 'seen' .. class, now)
      redis.call('PEXPIRE', key, ${KEPT_MS})
    end
    if wait > longest then longest, blocked = wait, 0 end
  end
end
if longest > 0 then return {longest, blocked} end
for m = 1, #KEYS / 2 do
  local key, grants, limit = KEYS[2 * m - 1], KEYS[2 * m], tonumber(ARGV[2 + m])
  if limit > 0 then
    redis.call('LPUSH', grants, now)
    redis.call('LTRIM', grants, 0, math.max(1, math.floor(limit)) - 1)
    redis.call('PEXPIRE', grants, ${KEPT_MS})
    redis.call('HDEL', key, 'asked' .. class, 'seen' .. class)
    redis.call('HSET', key, 'got' .. class, now)
    redis.call('PEXPIRE', key, ${KEPT_MS})
  end
end
return {0, 0}
`;

/** `Meter.throttle`. KEYS: the meter's state. ARGV: now, or nothing; its limit; how long to wait. */
export const THROTTLE = `${NOW}
local limit, after = tonumber(ARGV[2]), tonumber(ARGV[3])
local state = read(KEYS[1])
if limit > 0 and (not state.low or now - state.lowAt >= ${METER.secondMs}) then
  local low = math.max(limit / ${METER.lowestPart}, rate(state, limit) / 2)
  redis.call('HSET', KEYS[1], 'low', low, 'lowAt', now)
end
local untilMs = math.max(state.blocked or 0, now + after)
redis.call('HSET', KEYS[1], 'blocked', untilMs)
redis.call('PEXPIRE', KEYS[1], math.max(${KEPT_MS}, math.ceil(untilMs - now) + 1000))
return 0
`;
