import type { Db } from 'mongodb';
import { RunCampaignsWorker } from '../../../src/campaigns/run-campaigns.worker';
import { positionIdOf, type CampaignItem, type Position, type ShopId } from '../../../src/domain';
import { StockDoor } from '../../../src/platform/doors';
import { CampaignItemsStore, type CampaignItemRecord } from '../../../src/store/campaign-items.store';
import { CampaignsStore, listOf, type CampaignRecord } from '../../../src/store/campaigns.store';
import { PositionsStore } from '../../../src/store/positions.store';
import { ProblemsStore, type ProblemRecord } from '../../../src/store/problems.store';
import { L, SELLER } from '../../builders/stock';
import { HandClock } from './hand-clock';
import { makePlace, openRooms, type Rooms } from './open-rooms';

export const HOUR = 3_600_000;

export const itemsFor = (skus: readonly string[], quantity: number, shop: ShopId = L): CampaignItem[] =>
  skus.map((sku) => ({ sku, shop, quantity }));

/** A seller with campaigns, in rooms without timers: the test sets the clock and has what is due done. */
export class CampaignBench {
  readonly clock = new HandClock();
  db!: Db;
  rooms!: Rooms;
  /** The same place in other rooms, as another process would be. */
  elsewhere!: Rooms;
  #stops: (() => Promise<void>)[] = [];
  #count = 0;

  async open(): Promise<void> {
    const place = await makePlace();
    this.db = place.db;
    this.#stops.unshift(place.remove);
    this.rooms = await openRooms({ place, clock: this.clock });
    this.#stops.unshift(this.rooms.close);
    this.elsewhere = await openRooms({ place, clock: this.clock });
    this.#stops.unshift(this.elsewhere.close);
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }

  /** Skus of one test alone, each counted. */
  async newSkus(many: number, onHand = 100): Promise<readonly string[]> {
    this.#count += 1;
    const skus = Array.from({ length: many }, (_, at) => `C${this.#count}-${String(at).padStart(4, '0')}`);
    const wish = { id: 'count', onHand, reason: 'counted', by: 'tess' };
    await Promise.all(skus.map((sku) => this.rooms.get(StockDoor).count(SELLER, sku, wish)));
    return skus;
  }

  /** A campaign that was approved: it starts in an hour and ends an hour later. */
  async approved(items: readonly CampaignItem[], changes: Partial<CampaignRecord> = {}): Promise<CampaignRecord> {
    this.#count += 1;
    const now = this.clock.now();
    const startsAt = changes.startsAt ?? now + HOUR;
    const campaign: CampaignRecord = {
      ...{ id: `campaign-${this.#count}`, seller: SELLER, v: 1, name: 'Flash', kind: 'bulk', stockMode: 'allocation' },
      ...{
        timeZone: 'Asia/Singapore',
        startsAt,
        endsAt: startsAt + HOUR,
        state: 'approved',
        list: `list-${this.#count}`,
      },
      ...{ itemCount: items.length, entries: 1, editedBy: 'tess', createdAt: now, updatedAt: now, tries: 0 },
      ...{ due: startsAt, ...changes },
    };
    await this.rooms.get(CampaignItemsStore).insert(listOf(campaign), items);
    await this.rooms.get(CampaignsStore).insert(campaign, { at: now, by: 'tess', did: 'made' });
    return campaign;
  }

  /** What is due is done. */
  async run(where = this.rooms): Promise<void> {
    const worker = where.get(RunCampaignsWorker);
    while ((await worker.begin()) > 0) await worker.rest();
  }

  async runAt(instant: number, where = this.rooms): Promise<void> {
    this.clock.advance(instant - this.clock.now());
    await this.run(where);
  }

  async position(sku: string): Promise<Position> {
    const found = await this.rooms.get(PositionsStore).find(positionIdOf(SELLER, sku));
    if (found === undefined) throw new Error(`no position of ${sku}`);
    return found;
  }

  async heldOf(sku: string): Promise<readonly [shop: string, quantity: number, remaining: number][]> {
    return (await this.position(sku)).quotas.map(({ shop, quantity, remaining }) => [shop, quantity, remaining]);
  }

  itemsOf(campaign: CampaignRecord): Promise<CampaignItemRecord[]> {
    return this.rooms.get(CampaignItemsStore).all(listOf(campaign));
  }

  async now({ seller, id }: CampaignRecord): Promise<CampaignRecord & { readonly did: readonly string[] }> {
    const found = await this.rooms.get(CampaignsStore).find(seller, id);
    if (found === undefined) throw new Error('no campaign');
    const log = await this.rooms.get(CampaignsStore).activity(seller, id);
    return { ...found, did: log.map(({ did }) => did) };
  }

  async problems(kind: string): Promise<readonly ProblemRecord[]> {
    const open = await this.rooms.get(ProblemsStore).list(SELLER, { open: true, limit: 100 });
    return open.filter((problem) => problem.kind === kind);
  }

  /** As a person does it. */
  async stop(campaign: CampaignRecord): Promise<void> {
    const at = this.clock.now();
    const change = { state: 'stopped', endedAt: at, tries: 0, due: at } as const;
    await this.rooms.get(CampaignsStore).swap(await this.now(campaign), change, { at, by: 'tess', did: 'stopped' });
  }
}
