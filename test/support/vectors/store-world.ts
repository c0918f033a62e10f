import {
  checkTarget,
  freeOf,
  OWN_SHOP,
  positionIdOf,
  seenByBuyers,
  sharedOf,
  type ListingId,
  type ShopId,
  type SkuUnits,
  type Target,
} from '../../../src/domain';
import { WriteOrdersService } from '../../../src/normalize/write-orders.service';
import { OrderDoor, StockDoor } from '../../../src/platform/doors';
import { AppsStore } from '../../../src/store/apps.store';
import { ListingsStore } from '../../../src/store/listings.store';
import { PositionsStore, type StoredPosition } from '../../../src/store/positions.store';
import { ProblemsStore, type ProblemRecord } from '../../../src/store/problems.store';
import { SellersStore } from '../../../src/store/sellers.store';
import { ShopCalls, type CallableShop } from '../../../src/store/shop-calls.store';
import { ShopsStore } from '../../../src/store/shops.store';
import { SkusStore } from '../../../src/store/skus.store';
import { TargetsStore } from '../../../src/store/targets.store';
import { appRecord, listingRecord, newShop, sellerRecord, skuRecord } from '../../builders/records';
import { exposureOf } from './exposure';
import { OrderBook, type ToldOrder } from './order-book';
import { ONE_SKU, type Stage, type VectorEvent } from './scenario';
import type { Applied, StockNumbers, StockWorld, Traffic } from './stock-world';
import { StoreDrive, type WorldPlace } from './store-drive';

type Event<Kind extends VectorEvent['do']> = Extract<VectorEvent, { do: Kind }>;
/** Between two events: more than a second and the clock skew, so that what is since an acknowledgement is so. */
const STEP_MS = 10_000;
const LIVES_MS = 3_600_000;

/** A seller in the real rooms on a real store: orders are read from a channel, numbers are written to it. */
export class StoreWorld implements StockWorld {
  readonly #drive: StoreDrive;
  readonly #book: OrderBook;
  #made = 0;
  #seenWrites = 0;

  constructor(
    private readonly stage: Stage,
    private readonly place: WorldPlace,
  ) {
    this.#drive = new StoreDrive(place);
    this.#book = new OrderBook(stage);
  }

  async setUp(): Promise<void> {
    const { rooms, seller, channel } = this.place;
    const app = `app-${seller}`;
    channel.acksByHand = false;
    await rooms.get(SellersStore).insert(sellerRecord(seller, this.stage.storefrontWeight));
    await rooms.get(AppsStore).insert(appRecord(app, channel.code), 'secret');
    for (const shop of this.stage.shops) {
      const ref = { seller, shop: this.#shop(shop), app, channel: channel.code };
      await rooms.get(ShopsStore).insert(newShop(ref, { rules: this.stage.rules[shop] ?? {} }));
    }
    for (const { id, shop, parts } of this.stage.listings) {
      await rooms.get(ListingsStore).put(listingRecord({ seller, shop: this.#shop(shop), listing: id }, parts));
      channel.change(this.#shop(shop), id, 0);
    }
    for (const { sku, onHand, safetyBuffer, exposure } of this.stage.skus) {
      await rooms.get(SkusStore).put(skuRecord(seller, sku));
      await this.#stock().setRules(seller, sku, { safetyBuffer, exposure });
      await this.#stock().count(seller, sku, { id: 'first', onHand, reason: 'first', by: 'test' });
    }
    await this.#drive.untilAtRest();
    channel.acksByHand = this.stage.acksByHand;
  }

  async apply(event: VectorEvent): Promise<Applied> {
    this.place.clock.advance(event.do === 'ack' ? 0 : STEP_MS);
    const before = new Set((await this.#problems()).map(nameOf));
    this.#seenWrites = this.place.channel.writes.length;
    const refused = !(await this.#carryOut(event));
    await this.#drive.untilAtRest();
    const opened = (await this.#problems()).filter((problem) => !before.has(nameOf(problem)));
    return { refused, problems: opened.map(({ kind }) => kind) };
  }

  /** What is wanted; with acknowledgements at once also what the channel itself shows. */
  async published(): Promise<Record<string, number>> {
    const targets = await this.#targets();
    const wanted = Object.fromEntries(targets.map((each) => [each.listing, each.wanted?.units ?? -1]));
    if (!this.stage.acksByHand) expect(this.#shown()).toEqual(wanted);
    return wanted;
  }

  async stock(): Promise<Record<string, StockNumbers>> {
    const numbers = (await this.#positions()).map((position) => {
      const { sku, onHand, committed } = position;
      return [sku, { onHand, committed, free: freeOf(position), shared: sharedOf(position) }] as const;
    });
    return Object.fromEntries(numbers);
  }

  async quotas(): Promise<Record<string, number>> {
    const live = (await this.#positions()).flatMap(({ quotas }) => quotas);
    return Object.fromEntries(live.map(({ id, remaining }) => [id, remaining]));
  }

  async exposed(): Promise<number> {
    const seen = (await this.#targets()).map((target) => [target.listing, seenByBuyers(target) ?? 0] as const);
    return exposureOf(this.stage, Object.fromEntries(seen), await this.stock());
  }

  async traffic(): Promise<Traffic> {
    const mine = this.place.channel.writes.slice(this.#seenWrites);
    const waits = (await this.#targets()).filter((each) => each.due !== undefined && each.sent === undefined);
    return {
      sends: Object.fromEntries(mine.map(({ listing, units }) => [listing, units])),
      waits: waits.map(({ listing }) => listing),
      shown: this.#shown(),
    };
  }

  async close(): Promise<void> {
    this.place.channel.acksByHand = false;
    for (const shop of this.stage.shops) await this.#drive.ack(this.#shop(shop));
  }

  /** False: refused. */
  async #carryOut(event: VectorEvent): Promise<boolean> {
    const { seller } = this.place;
    switch (event.do) {
      case 'start':
        return this.#start(event);
      case 'end':
        return this.#end(event);
      case 'order':
      case 'cancel':
      case 'ship':
      case 'return':
      case 'uncancel':
        return this.#tell(this.#book.tell(event, this.place.clock.now()));
      case 'count':
        return this.#count(event);
      case 'move':
        return this.#move(event);
      case 'hold':
        return this.#hold(event.id, event.lines ?? [{ sku: ONE_SKU, units: event.quantity ?? 0 }]);
      case 'release':
        return (await this.#stock().release(seller, event.id)).kind === 'done';
      case 'confirm':
        return this.#confirm(event.id);
      case 'ack':
        await this.#drive.ack(this.#shop(event.shop));
        return true;
      case 'floor':
        return this.#lock(event);
    }
  }

  /** The channel tells that its event holds so many units of a listing, or that it is over. */
  async #lock({ shop, quantity }: Event<'floor'>): Promise<boolean> {
    const { rooms, channel, clock } = this.place;
    const locked = (await this.#targets()).filter((target) => target.shop === this.#shop(shop));
    for (const target of locked) {
      channel.lock(target.shop, target.listing, quantity === 0 ? undefined : { units: quantity });
      const checked = checkTarget(target, clock.now());
      if (checked !== undefined) await rooms.get(TargetsStore).swap({ ...checked, due: clock.now() });
    }
    return true;
  }

  async #start({ shop, mode, quantity, quota, campaign, sku }: Event<'start'>): Promise<boolean> {
    this.#made += 1;
    const id = quota ?? `quota-${this.#made}`;
    const wanted = { id, campaign: campaign ?? id, shop: this.#shop(shop), mode, quantity };
    const wish = { id: `start ${id} ${this.#made}`, quota: wanted, cut: false };
    return (await this.#stock().startQuota(this.place.seller, sku ?? ONE_SKU, wish)).kind === 'done';
  }

  async #end({ quota, campaign }: Event<'end'>): Promise<boolean> {
    const { seller } = this.place;
    const live = (await this.#positions()).flatMap(({ sku, quotas }) => quotas.map((each) => ({ sku, ...each })));
    const ending = live.filter((each) => (quota ?? each.id) === each.id && (campaign ?? each.campaign) === each.campaign);
    const answers = await Promise.all(
      ending.map(({ sku, id }) => this.#stock().endQuota(seller, sku, { id: `end ${id}`, quota: id })),
    );
    return answers.every(({ kind }) => kind === 'done');
  }

  async #count({ onHand, sku }: Event<'count'>): Promise<boolean> {
    this.#made += 1;
    const count = { id: `count ${this.#made}`, onHand, reason: 'stocktaking', by: 'test' };
    return (await this.#stock().count(this.place.seller, sku ?? ONE_SKU, count)).kind === 'done';
  }

  async #move({ id, units, sku }: Event<'move'>): Promise<boolean> {
    const wish = { id, lines: [{ sku: sku ?? ONE_SKU, units }], reason: 'found', by: 'test' };
    const { kind } = await this.#stock().adjust(this.place.seller, wish);
    return kind === 'done' || kind === 'duplicate';
  }

  async #tell({ shop, state }: ToldOrder): Promise<boolean> {
    const { rooms, seller, channel, clock } = this.place;
    if (shop === OWN_SHOP) return (await rooms.get(OrderDoor).accept(seller, state)).kind !== 'conflict';
    const callable = (await rooms.get(ShopCalls).open(seller, this.#shop(shop))) as CallableShop;
    channel.sell(this.#shop(shop), state);
    const hints = [{ externalId: state.externalId, heardAt: clock.now() }];
    const outcome = (await rooms.get(WriteOrdersService).readAndWrite(callable, hints)).get(state.externalId);
    return outcome?.kind === 'written' || outcome?.kind === 'same';
  }

  async #hold(id: string, lines: readonly SkuUnits[]): Promise<boolean> {
    const { kind } = await this.#stock().hold(this.place.seller, { id, lines, expiresInMs: LIVES_MS });
    return kind === 'made' || kind === 'same';
  }

  async #confirm(id: string): Promise<boolean> {
    const answer = await this.#stock().confirm(this.place.seller, id);
    if (answer.kind !== 'done') return answer.kind === 'same';
    const lines = answer.order.lines.map(({ listingKey, units }) => ({ sku: listingKey, units }));
    this.#book.addOwn(id, lines, this.place.clock.now());
    return true;
  }

  #stock(): StockDoor {
    return this.place.rooms.get(StockDoor);
  }

  #shop(name: string): ShopId {
    return `${this.place.seller}-${name}` as ShopId;
  }

  #shown(): Record<string, number> {
    const shown = this.stage.listings.map(({ id, shop }) => [id, this.place.channel.shown(this.#shop(shop), id) ?? -1]);
    return Object.fromEntries(shown) as Record<ListingId, number>;
  }

  #targets(): Promise<readonly Target[]> {
    const skus = this.stage.skus.map(({ sku }) => sku);
    return this.place.rooms.get(TargetsStore).bySkus(this.place.seller, skus);
  }

  async #positions(): Promise<readonly StoredPosition[]> {
    const ids = this.stage.skus.map(({ sku }) => positionIdOf(this.place.seller, sku));
    return [...(await this.place.rooms.get(PositionsStore).readMany(ids)).values()];
  }

  #problems(): Promise<ProblemRecord[]> {
    return this.place.rooms.get(ProblemsStore).list(this.place.seller, { open: true, limit: 100 });
  }
}

const nameOf = ({ key, since }: ProblemRecord): string => `${key} ${since}`;
