import { Bounded } from './bounded';
import { isoMs, type SimulatedClock } from './clock';
import { Courier, type Outcome } from './courier';
import type { Dialect, Draft } from './dialect';
import type { FaultBoard } from './faults';
import type { Change } from './order';
import type { Readings } from './readings';
import type { App, Channel, Shop } from './shop';
import { Subscriptions } from './subscriptions';

export interface PushAttempt {
  atMs: number;
  tookMs: number;
  status: number | undefined;
  error: string | undefined;
}

export type PushState = 'waiting' | 'delivered' | 'retrying' | 'given-up' | 'lost' | 'unsubscribed' | 'unauthorised';

export interface Push extends Draft {
  id: number;
  channel: Channel;
  shop: Shop;
  url: string;
  state: PushState;
  madeMs: number;
  duplicateOf: number | undefined;
  attempts: PushAttempt[];
  cancelRetry: (() => void) | undefined;
}

/** One order's held-back news, waiting to be overtaken. */
interface Held {
  send: () => void;
  timer: NodeJS.Timeout;
}

/** Sends the marketplaces' news: late, lost, doubled or in the wrong order as the faults say, retried as documented. */
export class Pushes {
  readonly courier = new Courier();
  private readonly kept = new Bounded<Push>(200_000, (push) => this.byId.delete(push.id));
  private readonly byId = new Map<number, Push>();
  private readonly held = new Map<string, Held>();
  private readonly timers = new Set<NodeJS.Timeout>();
  readonly subscriptions = new Subscriptions();
  private nextId = 1;

  constructor(
    private readonly dialects: Record<Channel, Dialect>,
    private readonly faults: FaultBoard,
    private readonly house: { clock: SimulatedClock; readings: Readings },
  ) {}

  /** Tells a change of an order to whom it concerns, as the faults allow. */
  tell(change: Change): Push[] {
    const { shop } = change.order;
    const faults = this.faults.of(shop.channel);
    const dialect = this.dialects[shop.channel];
    const { made, sent } = this.draw(shop, dialect.news(change));
    // A seller who took the authorisation back is told nothing. [L2 doc]
    if (dialect.mayHear?.(shop) === false) {
      for (const push of made) push.state = 'unauthorised';
      return made;
    }
    const send = (): void => this.after(faults.newsDelayMs, () => this.sendAll(sent));
    this.inTurn(change, send, this.faults.chance(shop.channel).happens(faults.reorder));
    return made;
  }

  /** Sends one message that tells no order's change; lost, late or doubled as the faults say. */
  send(shop: Shop, draft: Draft): Push[] {
    const { made, sent } = this.draw(shop, [draft]);
    this.after(this.faults.of(shop.channel).newsDelayMs, () => this.sendAll(sent));
    return made;
  }

  /** Makes messages, and draws which of them are lost and which go twice. */
  private draw(shop: Shop, drafts: Draft[]): { made: Push[]; sent: Push[] } {
    const faults = this.faults.of(shop.channel);
    const chance = this.faults.chance(shop.channel);
    const made = drafts.flatMap((draft) => this.make(shop, draft));
    for (const push of made) if (chance.happens(faults.loseRate)) push.state = 'lost';
    const going = made.filter((push) => push.state === 'waiting');
    const doubled = going.filter(() => chance.happens(faults.duplicateRate)).map((push) => this.double(push));
    return { made, sent: [...going, ...doubled] };
  }

  /** Makes and keeps a message without sending it: one per address. */
  make(shop: Shop, draft: Draft): Push[] {
    return this.dialects[shop.channel].addresses(shop, draft.kind).map((url) =>
      this.keep({
        ...draft,
        id: 0,
        channel: shop.channel,
        shop,
        url,
        state: 'waiting',
        madeMs: Date.now(),
        duplicateOf: undefined,
        attempts: [],
        cancelRetry: undefined,
      }),
    );
  }

  /** Sends a message now, outside the ladder; `alter` changes one byte after signing. */
  async deliver(push: Push, alter = false): Promise<PushAttempt> {
    const signed = push.body;
    const headers = this.dialects[push.channel].headers(push.shop.app, push.url, signed);
    return this.attempt(push, alter ? withOneByteChanged(signed) : signed, headers);
  }

  /** Sends what waits on the ladder now, and what was given up or lost if asked; answers how many. */
  retryNow(channel: Channel, states: readonly PushState[]): number {
    const chosen = this.kept.all().filter((push) => push.channel === channel && states.includes(push.state));
    for (const push of chosen) {
      push.cancelRetry?.();
      push.state = 'waiting';
      void this.climb(push);
    }
    return chosen.length;
  }

  find(id: number): Push | undefined {
    return this.byId.get(id);
  }

  all(): readonly Push[] {
    return this.kept.all();
  }

  /** Given-up pushes of an app, oldest first: Shopee's lost queue. */
  givenUp(app: App, sinceMs: number): Push[] {
    return this.kept
      .all()
      .filter((push) => push.state === 'given-up' && push.shop.app === app && push.madeMs >= sinceMs);
  }

  clear(): void {
    for (const held of this.held.values()) clearTimeout(held.timer);
    for (const timer of this.timers) clearTimeout(timer);
    for (const push of this.kept.all()) push.cancelRetry?.();
    this.subscriptions.clear();
    this.held.clear();
    this.timers.clear();
    this.kept.clear();
    this.byId.clear();
  }

  close(): void {
    this.clear();
    this.courier.close();
  }

  private keep(push: Push): Push {
    push.id = this.nextId;
    this.nextId += 1;
    this.kept.add(push);
    this.byId.set(push.id, push);
    return push;
  }

  private double(push: Push): Push {
    return this.keep({ ...push, attempts: [], duplicateOf: push.id });
  }

  private sendAll(pushes: Push[]): void {
    for (const push of pushes) void this.climb(push);
  }

  private after(delayMs: number, act: () => void): void {
    if (delayMs <= 0) {
      setImmediate(act);
      return;
    }
    const realMs = delayMs / this.house.clock.factor;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, realMs);
    this.timers.add(timer);
  }

  /** Sends now, or holds until the order's next news has gone first. */
  private inTurn(change: Change, send: () => void, hold: boolean): void {
    const key = `${change.order.shop.channel} ${change.order.id}`;
    const before = this.held.get(key);
    if (before !== undefined) {
      this.held.delete(key);
      clearTimeout(before.timer);
      send();
      this.after(30 * this.house.clock.factor, before.send);
    } else if (hold) {
      const release = (): void => {
        this.held.delete(key);
        send();
      };
      const holdMs = this.faults.of(change.order.shop.channel).reorderHoldMs;
      const timer = setTimeout(release, holdMs / this.house.clock.factor);
      this.held.set(key, { send, timer });
    } else {
      send();
    }
  }

  /** One try, and the next one by the channel's ladder. */
  private async climb(push: Push): Promise<void> {
    const dialect = this.dialects[push.channel];
    push.cancelRetry = undefined;
    if (push.orderId !== undefined && dialect.mayHear?.(push.shop) === false) {
      push.state = 'unauthorised';
      return;
    }
    push.state = this.subscriptions.isOff(push.shop.app) ? 'unsubscribed' : 'waiting';
    if (push.state === 'unsubscribed') return;
    if (push.attempts.length > 0) push.body = dialect.refreshed?.(push.shop, push) ?? push.body;
    await this.deliver(push);
    if (this.house.readings.choices.autoDisable) {
      this.subscriptions.count(push.shop.app, isDelivered(push), Date.now() * this.house.clock.factor);
    }
    if (isDelivered(push)) return;
    const first = push.attempts[0]?.atMs ?? Date.now();
    const waitMs = dialect.retryAfterMs(push.attempts.length, (Date.now() - first) * this.house.clock.factor);
    if (waitMs === undefined) {
      push.state = 'given-up';
      return;
    }
    push.state = 'retrying';
    push.cancelRetry = this.house.clock.schedule(waitMs, () => void this.climb(push));
  }

  private async attempt(push: Push, body: string, headers: Record<string, string>): Promise<PushAttempt> {
    const { ack } = this.dialects[push.channel];
    const atMs = Date.now();
    const outcome: Outcome = await this.courier.carry({ url: push.url, body, headers, timeoutMs: ack.timeoutMs });
    const attempt = { atMs, tookMs: Date.now() - atMs, status: outcome.status, error: outcome.error };
    push.attempts.push(attempt);
    if (outcome.status !== undefined && ack.accepts(outcome.status, outcome.bodyLength)) {
      push.state = 'delivered';
      push.cancelRetry?.();
    }
    return attempt;
  }
}

function isDelivered(push: Push): boolean {
  return push.state === 'delivered';
}

/** Changes one digit or letter inside the body, so that it stays JSON but is not what was signed. */
export function withOneByteChanged(body: string): string {
  const at = body.search(/\d(?=\D*$)/);
  if (at < 0) return `${body} `;
  const digit = body.charAt(at) === '1' ? '2' : '1';
  return body.slice(0, at) + digit + body.slice(at + 1);
}

/** A push as `GET /_sandbox/pushes` shows it. */
export function describePush(push: Push): Record<string, unknown> {
  return {
    id: push.id,
    channel: push.channel,
    shop: push.shop.id,
    kind: push.kind,
    orderId: push.orderId ?? null,
    state: push.state,
    url: push.url,
    madeAt: isoMs(push.madeMs),
    duplicateOf: push.duplicateOf ?? null,
    body: push.body,
    attempts: push.attempts.map((attempt) => ({
      at: isoMs(attempt.atMs),
      tookMs: attempt.tookMs,
      status: attempt.status ?? null,
      error: attempt.error ?? null,
    })),
  };
}
