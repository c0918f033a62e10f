import type { LoggedCall } from './calls';
import type { Dialect } from './dialect';
import { Refusal, type Call, type Reply } from './http/call';
import type { Channel } from './shop';
import type { World } from './world';
import { closeWrites } from './writes';

const CUT: Reply = { status: 0, cut: true };

/** Every call to a channel goes through here: logged, then let through, delayed, refused or cut as the faults say. */
export async function gate(world: World, channel: Channel, call: Call): Promise<Reply> {
  const logged = world.calls.open(channel, call.method, `/${channel}${call.path}`);
  const reply = await pass(world, channel, { call, logged });
  closeWrites(call);
  logged.answeredMs = Date.now();
  logged.status = reply.status;
  Object.assign(logged, call.note);
  return reply;
}

async function pass(
  world: World,
  channel: Channel,
  { call, logged }: { call: Call; logged: LoggedCall },
): Promise<Reply> {
  const dialect = world.dialects[channel];
  const faults = world.faults.of(channel);
  const chance = world.faults.chance(channel);
  if (!world.faults.meets(channel, call.path)) return handle(dialect, call);
  if (faults.down) return marked(logged, 'down', CUT);
  await pause(faults.latencyMs / 2);
  const refusal = refusalOf(world, dialect, call);
  if (refusal !== undefined) return marked(logged, refusal.fault, refusal.reply);
  const reply = await handle(dialect, call);
  const lost = chance.happens(faults.unansweredRate);
  if (lost || (isRefresh(call) && chance.happens(faults.refreshUnansweredRate))) {
    return marked(logged, 'unanswered', CUT);
  }
  await pause(faults.latencyMs / 2);
  return world.faults.of(channel).down ? marked(logged, 'down', CUT) : reply;
}

/** Where the marketplaces refresh their tokens. */
const REFRESHES = ['/rest/auth/token/refresh', '/api/v2/auth/access_token/get', '/oauth/client-credentials'];

function isRefresh(call: Call): boolean {
  return REFRESHES.includes(call.path);
}

/** What refuses a call before it does anything, if anything does. */
function refusalOf(world: World, dialect: Dialect, call: Call): { fault: string; reply: Reply } | undefined {
  const { channel } = dialect;
  const faults = world.faults.of(channel);
  const chance = world.faults.chance(channel);
  if (faults.maintenance) {
    const reply = dialect.maintenance();
    return { fault: 'maintenance', reply: reply.headers === undefined ? reply : later(reply, faults.retryAfterS) };
  }
  if (world.faults.overQuota(channel)) {
    return { fault: 'quota', reply: (dialect.quotaSpent ?? (() => dialect.throttled('usual')))() };
  }
  const over = world.faults.overRate(channel, dialect.callerKey(call), Date.now());
  if (over || chance.happens(faults.throttleRate)) return { fault: 'throttled', reply: throttled(world, dialect) };
  if (dialect.badSign !== undefined && chance.happens(faults.signErrorRate)) {
    return { fault: 'sign', reply: dialect.badSign() };
  }
  if (!chance.happens(faults.errorRate)) return undefined;
  return { fault: 'error', reply: failure(dialect, faults.errorKind, chance.next()) };
}

function throttled(world: World, dialect: Dialect): Reply {
  const { throttleKind, retryAfterS } = world.faults.of(dialect.channel);
  const isOther =
    throttleKind === 'other' || (throttleKind === 'mixed' && world.faults.chance(dialect.channel).happens(0.5));
  const reply = dialect.throttled(isOther ? 'other' : 'usual');
  return reply.headers === undefined ? reply : later(reply, retryAfterS);
}

/** The same answer with another `Retry-After`, where it has one. */
function later(reply: Reply, retryAfterS: number): Reply {
  if (reply.headers?.['retry-after'] === undefined) return reply;
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfterS) } };
}

function marked(logged: LoggedCall, fault: string, reply: Reply): Reply {
  logged.fault = fault;
  return reply;
}

function failure(dialect: Dialect, kind: 'http' | 'busy' | 'mixed', dice: number): Reply {
  if (kind === 'busy' || (kind === 'mixed' && dice < 0.5)) return dialect.busy();
  const status = dice % 0.1 < 0.05 ? 502 : 503;
  return { status, text: `<html><body><h1>${status}</h1></body></html>` };
}

async function handle(dialect: Dialect, call: Call): Promise<Reply> {
  const found = dialect.routes.find(call.method, call.path);
  if (found.kind !== 'found') return dialect.unknown(call, found.kind);
  call.params = found.params;
  try {
    return await found.handler(call);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function pause(delayMs: number): Promise<void> | undefined {
  return delayMs > 0 ? new Promise((resolve) => setTimeout(resolve, delayMs)) : undefined;
}
