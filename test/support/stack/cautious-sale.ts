import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, type Db } from 'mongodb';
import type { ExposurePolicy } from '../../../src/domain';
import { until } from '../until';
import { CHANNELS, type Channel } from './channels';
import { Shelf } from './goods';
import { Api } from './http';
import { Market } from './market';
import { makeSeller, type Seller } from './seller';
import { Stack } from './stack';

/** A sale of one sku that buyers at three marketplaces buy out, each order at a moment and of a size that chance gives. */
export interface SalePlan {
  readonly policies: readonly ExposurePolicy[];
  readonly units: number;
  readonly seed: number;
  /** Mean time between two buyers. */
  readonly everyMs: number;
  /** Most units of one order. */
  readonly mostUnits: number;
  readonly withinMs: number;
  /** Sold out is what nobody could buy for so long: longer than news and answers are late. */
  readonly quietMs: number;
}

/** How it ended, by the marketplaces' own count. */
export interface SaleOutcome {
  readonly policy: string;
  readonly seed: number;
  readonly sold: number;
  readonly oversold: number;
  /** Until the last unit was sold, or no buyer found any more. */
  readonly seconds: number;
  /** Buyers who were refused while units were there that nobody could see. */
  readonly turnedAway: number;
  /** Of what was free, on show nowhere: the mean over the sale. */
  readonly unseenUnits: number;
  /** Seconds that listings were closed for caution, all together. */
  readonly closedSeconds: number;
}

/** A stack of its own, and its database to look into. */
export interface SalePlace {
  readonly stack: Stack;
  readonly db: Db;
  readonly close: () => Promise<void>;
}

export async function openSalePlace(): Promise<SalePlace> {
  const stack = await Stack.start();
  const client = await MongoClient.connect(stack.places.mongoUrl);
  const close = async (): Promise<void> => {
    await client.close();
    await stack.stop();
  };
  return { stack, db: client.db(), close };
}

const LOOK_MS = 1000;
const SHOWN_MS = 120_000;

/** A chance that a seed repeats (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const skuOf = ({ policy }: ExposurePolicy): string => policy.toUpperCase();

/** One seller whose sku is sold under each of several policies, by buyers who come at the same moments to each. */
export class CautiousSale {
  private constructor(
    private readonly place: {
      readonly market: Market;
      readonly sandbox: Api;
      readonly db: Db;
      readonly seller: Seller;
    },
    private readonly plan: SalePlan,
  ) {}

  /** Counted, listed in three shops, and shown as each policy wants it before the first buyer comes. */
  static async open({ stack, db }: SalePlace, plan: SalePlan): Promise<CautiousSale> {
    const seller = await makeSeller(stack, { id: `sale-${plan.seed}` });
    const market = new Market(stack.sandbox, seller);
    const shelf = new Shelf({ hub: new Api(stack.places.hubUrl).withKey(seller.key), sandbox: stack.sandbox }, seller);
    const sale = new CautiousSale({ market, sandbox: stack.sandbox, db, seller }, plan);
    for (const policy of plan.policies) await sale.put(shelf, policy);
    return sale;
  }

  /** Sells until everything is sold or nobody finds any more, under all policies at once. */
  run(): Promise<readonly SaleOutcome[]> {
    return Promise.all(this.plan.policies.map((policy) => this.sell(policy)));
  }

  private async put(shelf: Shelf, exposure: ExposurePolicy): Promise<void> {
    const { units } = this.plan;
    const sku = this.nameOf(exposure);
    await shelf.sku(sku, { exposure });
    for (const channel of CHANNELS) await shelf.list(channel, sku, { parts: [{ sku, units: 1 }], quantity: 0 });
    await this.place.sandbox.must('PUT', `/stock/${sku}`, { units });
    await shelf.count(sku, units);
    const beyond = { open: units * (CHANNELS.length - 1), strict: 0, bounded: 0 }[exposure.policy];
    const shown = units + (exposure.policy === 'bounded' ? exposure.units : beyond);
    const what = `buyers see ${shown} of ${sku}`;
    await until(what, async () => (await this.shown(sku)) === shown, SHOWN_MS);
  }

  private async sell(policy: ExposurePolicy): Promise<SaleOutcome> {
    const sku = this.nameOf(policy);
    const chance = chanceOf(this.plan.seed);
    const began = performance.now();
    const unseen: number[] = [];
    let [sold, turnedAway, lastSold, looked] = [0, 0, began, 0];
    while (performance.now() < Math.min(lastSold + this.plan.quietMs, began + this.plan.withinMs)) {
      await pause(-Math.log(1 - chance()) * this.plan.everyMs);
      const channel = CHANNELS[Math.floor(chance() * CHANNELS.length)] as Channel;
      const units = 1 + Math.floor(chance() ** 2 * this.plan.mostUnits);
      if (await this.buy(channel, sku, units)) [sold, lastSold] = [sold + units, performance.now()];
      else if (sold + units <= this.plan.units) turnedAway += 1;
      if (performance.now() < looked + LOOK_MS) continue;
      looked = performance.now();
      unseen.push(Math.max(0, this.plan.units - sold - (await this.shown(sku))));
    }
    const { items, counts } = await this.counted(sku);
    return {
      policy: policy.policy,
      seed: this.plan.seed,
      ...counts,
      seconds: Math.round((lastSold - began) / 1000),
      turnedAway,
      unseenUnits: Math.round(unseen.reduce((sum, each) => sum + each, 0) / Math.max(1, unseen.length)),
      closedSeconds: Math.round(items.reduce((sum, each) => sum + (each.closedMs ?? 0), 0) / 1000),
    };
  }

  private async buy(channel: Channel, sku: string, units: number): Promise<boolean> {
    const { status } = await this.place.sandbox.send('POST', `${this.place.market.shop(channel)}/orders`, {
      lines: [{ sku, units }],
    });
    if (status !== 201 && status !== 409) throw new Error(`a buyer was answered ${status}`);
    return status === 201;
  }

  private async shown(sku: string): Promise<number> {
    const shown = await this.place.market.shown(sku);
    return CHANNELS.reduce((sum, channel) => sum + (shown[channel] ?? 0), 0);
  }

  private async counted(sku: string) {
    const report = await this.place.sandbox.must('GET', `/report?sku=${sku}`);
    const { sold, oversoldPeak } = report.skus[0] as { sold: number; oversoldPeak: number };
    const { id } = this.place.seller;
    const items = await this.place.db
      .collection<{ closedMs?: number }>('targets')
      .find({ seller: id, skus: sku })
      .toArray();
    return { items, counts: { sold, oversold: oversoldPeak } };
  }

  private nameOf(policy: ExposurePolicy): string {
    return `${skuOf(policy)}-${this.plan.seed}`;
  }
}

const STOCK_PATHS: Readonly<Record<Channel, string>> = {
  lazada: '/product/stock',
  shopee: '/product/update_stock',
  zalora: '/v2/stock/product',
};

/** From now on every marketplace tells of orders, and answers stock writes, so much later. */
export async function makeLate(sandbox: Api, lateMs: number): Promise<void> {
  for (const channel of CHANNELS) {
    const faults = { newsDelayMs: lateMs, latencyMs: lateMs, paths: [STOCK_PATHS[channel]] };
    await sandbox.must('PUT', `/${channel}/faults`, faults);
  }
}

/** What the outcomes of one policy come to. */
export function summarise(outcomes: readonly SaleOutcome[]): Readonly<Record<string, number>> {
  const mean = (value: (outcome: SaleOutcome) => number): number =>
    Math.round((outcomes.reduce((sum, each) => sum + value(each), 0) / Math.max(1, outcomes.length)) * 10) / 10;
  return {
    runs: outcomes.length,
    oversoldRuns: outcomes.filter(({ oversold }) => oversold > 0).length,
    oversoldMost: Math.max(0, ...outcomes.map(({ oversold }) => oversold)),
    sold: mean(({ sold }) => sold),
    seconds: mean(({ seconds }) => seconds),
    turnedAway: mean(({ turnedAway }) => turnedAway),
    unseenUnits: mean(({ unseenUnits }) => unseenUnits),
    closedSeconds: mean(({ closedSeconds }) => closedSeconds),
  };
}
