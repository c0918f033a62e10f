import { answerAsks } from './child';
import { spreadOf, type Spread } from './figures';
import { Line } from './line';
import { Market, type Sale, type Written } from './market';
import { pushOf, requestOf } from './pushes';
import type { BenchApp, World } from './world';

/** Many pushes of orders that nobody will read. */
export interface Pushing {
  readonly app: BenchApp;
  readonly shop: string;
  /** Makes the order numbers of this round its own. */
  readonly round: string;
  readonly connections: number;
  /** The push's code; without one it is that of an order. */
  readonly code?: number;
}

export interface Pushed {
  readonly tookMs: number;
  readonly accepted: number;
  /** Answers that were no yes, by status; 0 is a cut connection. */
  readonly refused: Readonly<Record<number, number>>;
  readonly spread: Spread;
  /** Numbers of the pushes that were answered with a yes. */
  readonly kept: readonly number[];
}

/** An order that was told: when its push was meant to leave (ms). */
export interface Told {
  readonly order: string;
  readonly shop: string;
  readonly itemId: string;
  readonly sku: string;
  readonly at: number;
}

const OFFERING_LINES = 128;
const market = new Market();

class Tally {
  readonly latencies: number[] = [];
  readonly kept: number[] = [];
  readonly refused: Record<number, number> = {};
  readonly #began = performance.now();

  hear(index: number, status: number, tookMs: number): void {
    if (status >= 200 && status < 300) {
      this.kept.push(index);
      this.latencies.push(tookMs);
    } else this.refused[status] = (this.refused[status] ?? 0) + 1;
  }

  get pushed(): Pushed {
    const tookMs = performance.now() - this.#began;
    const { kept, refused } = this;
    return { tookMs, accepted: kept.length, refused, spread: spreadOf(this.latencies), kept };
  }
}

/** As many as the server takes, each connection sending its next push when the last was answered. */
async function flood(about: Pushing & { readonly forMs?: number; readonly most?: number }): Promise<Pushed> {
  const lines = await openLines(about.app.port, about.connections);
  const tally = new Tally();
  const { most = Infinity, forMs = Infinity } = about;
  const endsAt = performance.now() + forMs;
  let index = 0;
  const run = async (line: Line): Promise<void> => {
    while (index < most && performance.now() < endsAt) {
      const number = index++;
      const request = requestOf(about.app, pushOf(about, number), about.code);
      const began = performance.now();
      const status = await line.send(request).catch(() => 0);
      tally.hear(number, status, performance.now() - began);
      if (status === 0) return;
    }
  };
  await Promise.all(lines.map(run));
  for (const line of lines) line.close();
  return tally.pushed;
}

/** So many a second whatever the server does; latency counts from when a push was meant to leave. */
async function offer(about: Pushing & { readonly perSecond: number; readonly forMs: number }): Promise<Pushed> {
  const lines = await openLines(about.app.port, about.connections);
  const tally = new Tally();
  const most = Math.floor((about.perSecond * about.forMs) / 1000);
  const sent = await paced({ perSecond: about.perSecond, most, lines }, (index, line, meantAt) =>
    line
      .send(requestOf(about.app, pushOf(about, index)))
      .catch(() => 0)
      .then((status) => tally.hear(index, status, performance.now() - meantAt)),
  );
  await Promise.all(sent);
  for (const line of lines) line.close();
  return tally.pushed;
}

/** Buyers buy, one order each, over all shops in turn; every push leaves when it is meant to. */
async function sell(about: {
  readonly world: World;
  readonly round: string;
  readonly perSecond: number;
  readonly most: number;
}): Promise<readonly Told[]> {
  const lines = await openLines(about.world.app.port, OFFERING_LINES);
  const offerOf = offersOf(about.world);
  const told: Told[] = [];
  const sent = await paced({ perSecond: about.perSecond, most: about.most, lines }, async (index, line, meantAt) => {
    const one = { ...offerOf(index), order: `${about.round}${index.toString(36)}` };
    told.push({ ...one, at: performance.timeOrigin + meantAt });
    const updatedAt = Math.floor(Date.now() / 1000);
    market.sales.set(one.order, { order: one.order, itemId: one.itemId, units: 1, at: updatedAt });
    const status = await line.send(requestOf(about.world.app, { shop: one.shop, order: one.order, updatedAt }));
    if (status >= 300) throw new Error(`a push was answered ${status}`);
  });
  await Promise.all(sent);
  for (const line of lines) line.close();
  return told;
}

type Offer = Omit<Told, 'at' | 'order'>;

/** Every sku is sold in turn, so that two sales of one are far apart; its shops take turns from round to round. */
function offersOf({ shops }: World): (index: number) => Offer {
  const bySku = new Map<string, Offer[]>();
  for (const { seller, channelShopId: shop, listings } of shops) {
    for (const { sku, itemId } of listings) {
      const key = `${seller}|${sku}`;
      bySku.set(key, [...(bySku.get(key) ?? []), { shop, itemId, sku: key }]);
    }
  }
  const skus = spreadOut([...bySku.values()]);
  return (index) => {
    const offers = skus[index % skus.length] ?? [];
    const offer = offers[Math.floor(index / skus.length) % offers.length];
    if (offer === undefined) throw new Error('the world has no listings');
    return offer;
  };
}

/** One after another from far apart, so that neighbours belong to different sellers. */
function spreadOut<Item>(items: readonly Item[]): Item[] {
  const step = Math.max(1, Math.floor(Math.sqrt(items.length)));
  return Array.from({ length: step }, (_, start) => items.filter((_item, at) => at % step === start)).flat();
}

interface Pace {
  readonly perSecond: number;
  readonly most: number;
  readonly lines: readonly Line[];
}

/** Runs `send` at its meant instants; where all connections are busy it waits, and the instant stays. */
async function paced(
  { perSecond, most, lines }: Pace,
  send: (index: number, line: Line, meantAt: number) => Promise<void>,
): Promise<readonly Promise<void>[]> {
  const free = [...lines];
  const sent: Promise<void>[] = [];
  const began = performance.now();
  for (let index = 0; index < most;) {
    const due = Math.min(most, Math.floor(((performance.now() - began) * perSecond) / 1000) + 1);
    while (index < due) {
      const line = free.pop();
      if (line === undefined) break;
      const meantAt = began + (index * 1000) / perSecond;
      sent.push(send(index, line, meantAt).finally(() => free.push(line)));
      index += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return sent;
}

const openLines = (port: number, count: number): Promise<readonly Line[]> =>
  Promise.all(Array.from({ length: count }, () => Line.open(port)));

/** What was written since the last time somebody asked. */
function written(): { readonly written: readonly Written[]; readonly reads: number } {
  const found = { written: market.written, reads: market.reads };
  market.written = [];
  market.reads = 0;
  return found;
}

const handlers = {
  open: () => market.open(),
  flood,
  offer,
  sell,
  sellOne: (sale: Sale) => void market.sales.set(sale.order, sale),
  written,
};

export type LoadAsks = typeof handlers;

if (require.main === module) answerAsks(handlers);
