import type { StockDoor } from '../../../src/platform/doors';
import type { SellerId, ShopId } from '../../../src/domain';
import { until } from '../until';
import {
  exposureOf,
  ONE_SKU,
  type Applied,
  type Stage,
  type StockNumbers,
  type StockWorld,
  type Traffic,
  type VectorEvent,
} from '../vectors';
import type { Channel } from './channels';
import type { Bench, Flows } from './flows';
import { Look } from './look';
import type { Placed } from './market';

type Event<Kind extends VectorEvent['do']> = Extract<VectorEvent, { do: Kind }>;
type Step = 'cancel' | 'ship' | 'return';

const CHANNEL_OF: Readonly<Record<string, Channel>> = { L: 'lazada', S: 'shopee', Z: 'zalora' };
const UNITS_OF_STEP = { cancel: 'cancelled', ship: 'shipped', return: 'returned' } as const;

interface Told {
  readonly placed: Placed;
  /** So many units of each line were cancelled, shipped and returned so far. */
  readonly done: Record<Step, number[]>;
}

/** A seller of a running hub: buyers at the marketplaces, operators over HTTP, and campaigns through the ledger's door. */
export class HttpWorld implements StockWorld {
  readonly #look: Look;
  readonly #orders = new Map<string, Told>();
  readonly #quotas = new Map<string, { sku: string; campaign: string }>();
  #made = 0;

  private constructor(
    private readonly stage: Stage,
    private readonly bench: Bench,
    private readonly house: { flows: Flows; ledger: StockDoor },
  ) {
    this.#look = new Look(bench.hub);
  }

  static async open(stage: Stage, house: { flows: Flows; ledger: StockDoor }): Promise<HttpWorld> {
    const rules = Object.fromEntries(Object.entries(stage.rules).map(([shop, rule]) => [channelOf(shop), rule]));
    const world = new HttpWorld(stage, await house.flows.newSeller({ rules, restock: 'auto' }), house);
    const { shelf } = world.bench;
    for (const { sku, safetyBuffer } of stage.skus) await shelf.sku(sku, { safetyBuffer });
    for (const { id, shop, parts } of stage.listings) await shelf.list(channelOf(shop), id, { parts, quantity: 0 });
    for (const { sku, onHand } of stage.skus) await shelf.count(sku, onHand);
    await world.#untilAtRest();
    return world;
  }

  async apply(event: VectorEvent): Promise<Applied> {
    const before = new Set((await this.#look.problems()).map(({ key }) => key));
    const refused = !(await this.#carryOut(event));
    await this.#untilAtRest();
    const opened = (await this.#look.problems()).filter(({ key }) => !before.has(key));
    return { refused, problems: opened.map(({ kind }) => kind) };
  }

  async published(): Promise<Readonly<Record<string, number>>> {
    const numbers = await Promise.all(
      this.stage.listings.map(async ({ id, shop }) => [id, await this.bench.market.sees(channelOf(shop), id)] as const),
    );
    return Object.fromEntries(numbers.map(([id, units]) => [id, units ?? -1]));
  }

  async stock(): Promise<Readonly<Record<string, StockNumbers>>> {
    const stocks = await Promise.all(
      this.stage.skus.map(async ({ sku }) => {
        const { onHand, committed, free, shared } = await this.#look.stock(sku);
        return [sku, { onHand, committed, free, shared }] as const;
      }),
    );
    return Object.fromEntries(stocks);
  }

  async quotas(): Promise<Readonly<Record<string, number>>> {
    const positions = await this.house.flows.db
      .collection('positions')
      .find({ seller: this.bench.seller.id })
      .toArray();
    const live = positions.flatMap((position) => position['quotas'] as { id: string; remaining: number }[]);
    return Object.fromEntries(live.map(({ id, remaining }) => [id, remaining]));
  }

  async exposed(): Promise<number> {
    return exposureOf(this.stage, await this.published(), await this.stock());
  }

  traffic(): Promise<Traffic> {
    throw new Error('acknowledgements are not given by hand here');
  }

  async close(): Promise<void> {
    return undefined;
  }

  /** False: refused. */
  async #carryOut(event: VectorEvent): Promise<boolean> {
    const { shelf, hub } = this.bench;
    switch (event.do) {
      case 'start':
        return this.#start(event);
      case 'end':
        return this.#end(event);
      case 'order':
        return this.#order(event);
      case 'cancel':
        return this.#step('cancel', event.id, event.cancelled);
      case 'ship':
        return this.#step('ship', event.id, event.shipped);
      case 'return':
        return this.#step('return', event.id, event.returned);
      case 'count':
        await shelf.count(event.sku ?? ONE_SKU, event.onHand);
        return true;
      case 'move': {
        const lines = [{ sku: event.sku ?? ONE_SKU, units: event.units }];
        return isAccepted(await hub.send('POST', '/v1/stock/moves', { id: event.id, lines, reason: 'moved' }));
      }
      case 'hold': {
        const lines = event.lines ?? [{ sku: ONE_SKU, units: event.quantity ?? 0 }];
        return isAccepted(await hub.send('POST', '/v1/holds', { id: event.id, lines, expiresInS: 3600 }));
      }
      case 'release':
        return isAccepted(await hub.send('DELETE', `/v1/holds/${event.id}`));
      case 'confirm':
        return isAccepted(await hub.send('POST', `/v1/holds/${event.id}/confirm`));
      case 'uncancel':
      case 'floor':
      case 'ack':
        throw new Error(`no marketplace here can be made to ${event.do}`);
    }
  }

  async #start({ shop, mode, quantity, sku = ONE_SKU, quota, campaign }: Event<'start'>): Promise<boolean> {
    this.#made += 1;
    const id = quota ?? `quota-${this.#made}`;
    const owner = this.bench.seller.shops[channelOf(shop)].id as ShopId;
    const wish = { id, campaign: campaign ?? id, shop: owner, mode, quantity };
    const seller = this.bench.seller.id as SellerId;
    const answer = await this.house.ledger.startQuota(seller, sku, { id: `start|${id}`, quota: wish, cut: false });
    if (answer.kind === 'done') this.#quotas.set(id, { sku, campaign: wish.campaign });
    return answer.kind !== 'short';
  }

  async #end({ quota, campaign }: Event<'end'>): Promise<boolean> {
    const seller = this.bench.seller.id as SellerId;
    for (const [id, live] of this.#quotas) {
      if ((quota ?? id) !== id || (campaign ?? live.campaign) !== live.campaign) continue;
      await this.house.ledger.endQuota(seller, live.sku, { id: `end|${id}`, quota: id });
      this.#quotas.delete(id);
    }
    return true;
  }

  async #order(event: Event<'order'>): Promise<boolean> {
    const known = this.#orders.get(event.id);
    if (known !== undefined) {
      await this.bench.market.push(known.placed);
      return true;
    }
    const wanted =
      'lines' in event ? event.lines : [{ listing: this.#listingOf(event.shop), quantity: event.quantity }];
    const channel = channelOf(this.stage.listings.find(({ id }) => id === wanted[0]?.listing)?.shop ?? '');
    const lines = wanted.map(({ listing, quantity }) => ({ sku: listing, units: quantity }));
    for (const { sku, units } of lines) await this.#beforeItWasHeard(channel, sku, units);
    const placed = await this.bench.market.order(channel, lines);
    const none = (): number[] => lines.map(() => 0);
    this.#orders.set(event.id, { placed, done: { cancel: none(), ship: none(), return: none() } });
    await this.#untilTold(placed);
    return true;
  }

  /** A buyer who buys what the hub has not lowered yet: the listing shows at least so much. */
  async #beforeItWasHeard(channel: Channel, listing: string, units: number): Promise<void> {
    const { market } = this.bench;
    if (((await market.sees(channel, listing)) ?? 0) >= units) return;
    await market.sandbox.must('PUT', `${market.shop(channel)}/listings/${listing}`, { quantity: units });
  }

  async #step(step: Step, id: string, units: number | readonly number[] | undefined): Promise<boolean> {
    const told = this.#orders.get(id);
    if (told === undefined) throw new Error(`no order ${id}`);
    const { placed, done } = told;
    const lines = placed.lines.flatMap((line, index) => {
      const all = step === 'return' ? (done.ship[index] ?? 0) : line.units;
      const wanted = units === undefined ? all : typeof units === 'number' ? units : (units[index] ?? all);
      const more = wanted - (done[step][index] ?? 0);
      done[step][index] = wanted;
      return more > 0 ? [{ sku: line.sku, units: more }] : [];
    });
    if (lines.length === 0) await this.bench.market.push(placed);
    else await this.bench.market.move(placed, step, lines);
    await this.#untilTold(placed, (order) =>
      order.lines.every((line) => line[UNITS_OF_STEP[step]] === this.#unitsOf(told, step, line.units)),
    );
    return true;
  }

  /** What the hub's line of so many units must say: lines of one order differ in nothing else that it shows. */
  #unitsOf({ placed, done }: Told, step: Step, units: number): number {
    const index = placed.lines.findIndex((line) => line.units === units);
    return done[step][index] ?? 0;
  }

  #listingOf(shop: string): string {
    return this.stage.listings.find((listing) => listing.shop === shop)?.id ?? shop;
  }

  async #untilTold(placed: Placed, isSo: Parameters<Look['untilOrder']>[1] = () => true): Promise<void> {
    await this.#look.untilOrder(placed, placed.lines.length === 1 ? isSo : () => true);
    await until(
      'its pushes are heard',
      async () => {
        const pushes = await this.bench.market.pushes(`orderId=${encodeURIComponent(placed.orderId)}`);
        const isLate = pushes.some(({ state }) => state === 'retrying');
        if (isLate) await this.bench.market.sandbox.must('POST', `/${placed.channel}/pushes/retry`, {});
        return pushes.every(({ state }) => state === 'delivered');
      },
      20_000,
    );
  }

  /** Each kind of work is made durable before the one that caused it ends: so they are asked for in this order. */
  async #untilAtRest(): Promise<void> {
    const { db } = this.house.flows;
    const due = { seller: this.bench.seller.id, due: { $exists: true } };
    await until('the hub is at rest', async () => {
      for (const [collection, more] of [
        ['deliveries', {}],
        ['orders', { 'hold.status': { $ne: 'held' } }],
        ['positions', {}],
        ['targets', {}],
      ] as const) {
        if ((await db.collection(collection).findOne({ ...due, ...more })) !== null) return false;
      }
      return true;
    });
  }
}

const channelOf = (shop: string): Channel => CHANNEL_OF[shop] ?? 'lazada';
const isAccepted = ({ status }: { status: number }): boolean => status < 300;
