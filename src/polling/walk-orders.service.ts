import { Injectable } from '@nestjs/common';
import { ChannelError, type OrderWindow } from '../../connectors/kit';
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
  readonly next?: string;
}

/** Most orders that are looked at in one go; fewer where the channel answers few in one call. */
const MOST_IN_PORTION = 50;
const CALLS_IN_PORTION = 4;
/** From a whole portion down to one order, and a little more: then it is the channel that fails. */
const MOST_IN_A_ROW = 10;

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

  /** So many orders are looked at in one go: what is told to wait begins again with no more than these. */
  portionOf({ channel }: ShopRecord): number {
    const batch = this.channels.byCode.get(channel)?.manifest.orderBatch ?? 1;
    return Math.min(MOST_IN_PORTION, batch * CALLS_IN_PORTION);
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
   * Takes these orders in, a portion at a time. One answer per id.
   * @throws ChannelError; what was written before stays.
   */
  async take(shop: ShopRecord, externalIds: readonly string[]): Promise<readonly LookAnswer[]> {
    const ref = { seller: shop.seller, shop: shop.id };
    const most = this.portionOf(shop);
    const answers: LookAnswer[] = [];
    for (let at = 0; at < externalIds.length; at += most) {
      answers.push(...(await this.takePortion(ref, externalIds.slice(at, at + most), { inARow: 0 })));
    }
    return answers;
  }

  /**
   * One call that fails in passing spoils no other order: the portion is asked for in halves, and what fails alone is
   * left unread. Where nothing works, that is said of the whole.
   */
  private async takePortion(
    ref: ShopRef,
    portion: readonly string[],
    failed: { inARow: number },
  ): Promise<readonly LookAnswer[]> {
    try {
      const answers = await this.patient.ask(() => this.door.look(ref, portion));
      failed.inARow = 0;
      return answers;
    } catch (error) {
      failed.inARow += 1;
      if (!isPassing(error) || failed.inARow > MOST_IN_A_ROW) throw error;
      const [only = ''] = portion;
      if (portion.length === 1) return [{ externalId: only, kind: 'unread', why: error.message }];
      const half = Math.ceil(portion.length / 2);
      const first = await this.takePortion(ref, portion.slice(0, half), failed);
      return [...first, ...(await this.takePortion(ref, portion.slice(half), failed))];
    }
  }
}

/** The channel failed at this call and named no time to come back: the next one may work. */
const isPassing = (error: unknown): error is ChannelError =>
  error instanceof ChannelError && error.failure.kind === 'unavailable' && error.failure.afterMs === undefined;
