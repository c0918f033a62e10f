import { Injectable } from '@nestjs/common';
import { ChannelError, type OrderWindow } from '../../connectors/kit';
import { inBatches } from '../domain';
import { Channels } from '../platform/channels';
import { crashPoint } from '../platform/crash-point';
import { OrderDoor, type LookAnswer, type ShopRef } from '../platform/doors';
import { HubError } from '../platform/hub-error';
import { ShopCalls } from '../store/shop-calls.store';
import { ShopTrouble } from '../store/shop-trouble.store';
import { ShopsStore, type ShopRecord } from '../store/shops.store';
import { PatientCalls } from './patient-calls.service';

/** One page of a channel's list of orders. */
export interface ListedPage {
  readonly externalIds: readonly string[];
  readonly updatedAt?: ReadonlyMap<string, number>;
  readonly next?: string;
}

/** Most orders that are looked at in one go, in so many calls side by side: pushes come first. */
const MOST_IN_PORTION = 50;
const CALLS_IN_PORTION = 4;

/** Reads a channel's list of orders page by page, and takes what it names through the one door. */
@Injectable()
export class WalkOrdersService {
  constructor(
    private readonly shops: ShopsStore,
    private readonly calls: ShopCalls,
    private readonly trouble: ShopTrouble,
    private readonly channels: Channels,
    private readonly patient: PatientCalls,
    private readonly door: OrderDoor,
  ) {}

  shop({ seller, shop }: ShopRef): Promise<ShopRecord | undefined> {
    return this.shops.find(seller, shop);
  }

  /** What is looked at in one go: who is told to wait begins again with no more than these. */
  portionsOf({ channel }: ShopRecord, externalIds: readonly string[]): readonly (readonly string[])[] {
    const batch = this.channels.byCode.get(channel)?.manifest.orderBatch ?? 1;
    return inBatches(externalIds, Math.min(MOST_IN_PORTION, batch * CALLS_IN_PORTION));
  }

  /** One page of the list; ids come once. @throws ChannelError */
  async page(shop: ShopRecord, window: OrderWindow, next: string | undefined): Promise<ListedPage> {
    try {
      const ready = await this.calls.open(shop.seller, shop.id);
      if (ready === undefined) throw new HubError('missing', 'never', { message: `no ${shop.channel} to list orders` });
      const page = await this.patient.ask(() => ready.connector.listOrders(ready.callAs('bulk'), window, next));
      crashPoint('page.read');
      await this.trouble.worked(ready.shop);
      return { ...page, externalIds: [...new Set(page.externalIds)] };
    } catch (error) {
      if (error instanceof ChannelError) await this.trouble.failed(shop, error);
      throw error;
    }
  }

  /**
   * Takes these orders in, a portion at a time. One answer per id. Those that were read since `listedAt` are known.
   * @throws ChannelError; what was written before stays.
   */
  async take(
    shop: ShopRecord,
    externalIds: readonly string[],
    listedAt?: ReadonlyMap<string, number>,
  ): Promise<readonly LookAnswer[]> {
    const ref = { seller: shop.seller, shop: shop.id };
    const answers: LookAnswer[] = [];
    for (const ids of this.portionsOf(shop, externalIds)) {
      answers.push(...(await this.patient.ask(() => this.door.look(ref, ids, listedAt))));
    }
    return answers;
  }
}
