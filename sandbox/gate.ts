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
  if (faults.down) return marked(logged, 'down', CUT);
  await pause(faults.latencyMs / 2);
  if (faults.maintenance) return marked(logged, 'maintenance', dialect.maintenance());
  if (world.faults.overRate(channel, dialect.callerKey(call), Date.now())) {
    return marked(logged, 'throttled', dialect.throttled());
  }
  if (chance.happens(faults.errorRate))
    return marked(logged, 'error', failure(dialect, faults.errorKind, chance.next()));
  const reply = await handle(dialect, call);
  if (chance.happens(faults.unansweredRate)) return marked(logged, 'unanswered', CUT);
  await pause(faults.latencyMs / 2);
  return world.faults.of(channel).down ? marked(logged, 'down', CUT) : reply;
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
