import { NO_FAULTS, type Faults } from '../faults';
import { json, type Call, type Reply } from '../http/call';
import type { Channel } from '../shop';
import type { World } from '../world';
import { Form, channelOf } from './form';

const RATE = { most: 1 };
const LONGEST_MS = 3_600_000;

/** `PUT /_sandbox/:channel/faults` sets exactly what it names; `PATCH` adds to what is there. */
export function setFaults(world: World, keep: boolean): (call: Call) => Reply {
  return (call) => {
    const channel = channelOf(call);
    const base = keep ? world.faults.of(channel) : NO_FAULTS;
    const form = Form.of(call);
    const faults = readFaults(form, base);
    const expireTokens = form.boolean('expireTokens');
    const seed = form.maybeNumber('seed', { whole: true });
    const forMs = form.maybeNumber('forMs', { least: 1, most: LONGEST_MS });
    form.done();
    world.faults.set(channel, faults, seed);
    if (forMs !== undefined) world.faults.endAfter(channel, forMs, () => end(world, channel));
    if (faults.lockUnits !== base.lockUnits || !keep) world.market.lock(channel, faults.lockUnits);
    if (expireTokens) world.market.sessions.expire(channel);
    return json(200, faults);
  };
}

function readFaults(form: Form, base: Readonly<Faults>): Faults {
  return {
    latencyMs: form.number('latencyMs', base.latencyMs, { most: LONGEST_MS }),
    newsDelayMs: form.number('newsDelayMs', base.newsDelayMs, { most: LONGEST_MS }),
    errorRate: form.number('errorRate', base.errorRate, RATE),
    errorKind: form.choice('errorKind', ['mixed', 'http', 'busy'] as const, base.errorKind),
    throttlePerS: readLimit(form, 'throttlePerS', base.throttlePerS),
    throttleRate: form.number('throttleRate', base.throttleRate, RATE),
    throttleKind: form.choice('throttleKind', ['usual', 'other', 'mixed'] as const, base.throttleKind),
    dailyCalls: readLimit(form, 'dailyCalls', base.dailyCalls),
    paths: form.texts('paths') ?? base.paths,
    loseRate: form.number('loseRate', base.loseRate, RATE),
    duplicateRate: form.number('duplicateRate', base.duplicateRate, RATE),
    reorder: readReorder(form, base.reorder),
    reorderHoldMs: form.number('reorderHoldMs', base.reorderHoldMs, { most: LONGEST_MS }),
    partialFailureRate: form.number('partialFailureRate', base.partialFailureRate, RATE),
    refuseSkus: form.texts('refuseSkus') ?? base.refuseSkus,
    refreshUnansweredRate: form.number('refreshUnansweredRate', base.refreshUnansweredRate, RATE),
    signErrorRate: form.number('signErrorRate', base.signErrorRate, RATE),
    clockSkewS: form.number('clockSkewS', base.clockSkewS, { least: -86_400, most: 86_400 }),
    absurdStock: form.boolean('absurdStock', base.absurdStock),
    unansweredRate: form.number('unansweredRate', base.unansweredRate, RATE),
    down: form.boolean('down', base.down),
    maintenance: form.boolean('maintenance', base.maintenance),
    retryAfterS: form.number('retryAfterS', base.retryAfterS, { whole: true, most: 86_400 }),
    lockUnits: form.number('lockUnits', base.lockUnits, { whole: true }),
  };
}

/** A number, or null for none. */
function readLimit(form: Form, name: string, fallback: number | undefined): number | undefined {
  return form.raw(name) === null ? undefined : (form.maybeNumber(name) ?? fallback);
}

/** A rate, or true for always. */
function readReorder(form: Form, fallback: number): number {
  const value = form.raw('reorder');
  return typeof value === 'boolean' ? Number(value) : form.number('reorder', fallback, RATE);
}

function end(world: World, channel: Channel): void {
  world.faults.clear(channel);
  world.market.lock(channel, 0);
}

export function clearFaults(world: World): (call: Call) => Reply {
  return (call) => {
    const channel = channelOf(call);
    end(world, channel);
    return json(200, world.faults.of(channel));
  };
}

export function showFaults(world: World): (call: Call) => Reply {
  return (call) => json(200, world.faults.of(channelOf(call)));
}
