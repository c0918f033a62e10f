import { ChannelError, type CallContext } from '../../../connectors/kit';
import { ShopCalls, type CallableShop } from '../../../src/store/shop-calls.store';
import { ShopTrouble } from '../../../src/store/shop-trouble.store';
import {
  orderIdOf,
  OWN_SHOP,
  type OrderId,
  type OrderState,
  type SellerId,
  type ShopId,
  type SkuUnits,
} from '../../../src/domain';
import type { StockRequest } from '../../../src/domain';
import { RunCampaignService } from '../../../src/campaigns/run-campaign.service';
import { BringOrderService } from '../../../src/ledger/bring-order.service';
import { GroupCommitService } from '../../../src/ledger/group-commit.service';
import { HoldsService } from '../../../src/ledger/holds.service';
import { WriteOrdersService } from '../../../src/normalize/write-orders.service';
import { StockDoor } from '../../../src/platform/doors';
import { CampaignsStore } from '../../../src/store/campaigns.store';
import { OrdersStore } from '../../../src/store/orders.store';
import { newShop } from '../../builders/records';
import type { Rooms } from '../rooms/open-rooms';
import { TestChannel } from '../rooms/test-channel';

/** One thing that a caller asks for, as plain data, so that another process can be told to do it. */
export type Work = { readonly seller: string } & (
  | { readonly do: 'order'; readonly shop: string; readonly state: OrderState }
  | { readonly do: 'ask'; readonly sku: string; readonly wish: StockRequest }
  | { readonly do: 'hold'; readonly id: string; readonly lines: readonly SkuUnits[] }
  | { readonly do: 'confirm' | 'release' | 'expire'; readonly id: string }
  | { readonly do: 'call'; readonly shop: string }
  | { readonly do: 'adjust'; readonly id: string; readonly lines: readonly SkuUnits[] }
  | { readonly do: 'run' | 'stop'; readonly campaign: string }
);

const LIVES_MS = 3_600_000;

/** The shop as a worker has it that was told exactly this state. */
function shopThatTells(seller: SellerId, shop: string, state: OrderState): CallableShop {
  const channel = new TestChannel('pretend');
  channel.sell(shop, state);
  const { isOnlyOne: _only, tokens: _tokens, ...made } = newShop({ seller, shop, app: 'app', channel: 'pretend' });
  const access = { channelShopId: shop, region: 'SG', currency: 'SGD', settings: {} };
  const call: CallContext = {
    http: () => Promise.reject(new Error('no wire')),
    shop: { ...access, appKey: '', appSecret: '', accessToken: '' },
    now: () => 0,
  };
  return {
    shop: { ...made, tokenState: { isPresent: true } },
    connector: channel.connector(),
    call,
    callAs: () => call,
  };
}

/** Writes the state and brings the stock to it, as the workers of two rooms do one after the other. */
async function order(rooms: Rooms, seller: SellerId, work: Extract<Work, { do: 'order' }>): Promise<string> {
  const hint = { externalId: work.state.externalId, heardAt: 0 };
  const shop = shopThatTells(seller, work.shop, work.state);
  const outcomes = await rooms.get(WriteOrdersService).readAndWrite(shop, [hint]);
  const outcome = outcomes.get(hint.externalId);
  if (outcome?.kind === 'written') await rooms.get(BringOrderService).bring(outcome.order);
  return outcome?.kind ?? 'unknown';
}

/** What the worker does that finds a held one over. */
async function expire(rooms: Rooms, id: OrderId): Promise<string> {
  const held = await rooms.get(OrdersStore).find(id);
  if (held?.hold?.status !== 'held') return 'refused';
  await rooms.get(HoldsService).end(held);
  return 'done';
}

/** Calls the channel as every room does; answers the token that it took, or why it took none. */
async function callShop(rooms: Rooms, seller: SellerId, shop: ShopId): Promise<string> {
  try {
    const ready = await rooms.get(ShopCalls).open(seller, shop);
    if (ready === undefined) return 'unknown';
    const [order] = await ready.connector.readOrders(ready.call, ['any']).catch(async (error: unknown) => {
      await rooms.get(ShopTrouble).failed(ready.shop, error as ChannelError);
      throw error;
    });
    return (order?.payload as { token: string }).token;
  } catch (error) {
    if (error instanceof ChannelError) return error.failure.kind;
    throw error;
  }
}

/** Stops a live campaign as a person does, where that is asked for, and brings it on as the sweep does; answers its state. */
async function bringCampaign(
  rooms: Rooms,
  seller: SellerId,
  work: Extract<Work, { do: 'run' | 'stop' }>,
): Promise<string> {
  const store = rooms.get(CampaignsStore);
  const found = await store.find(seller, work.campaign);
  const at = Date.now();
  if (found?.state === 'live' && work.do === 'stop') {
    await store.swap(found, { state: 'stopped', tries: 0, endedAt: at, due: at }, { at, by: 'test', did: 'stopped' });
  }
  if (found !== undefined) await rooms.get(RunCampaignService).run(found);
  return found?.state ?? 'unknown';
}

/** Does one piece of work; answers how it ended. */
export async function doWork(rooms: Rooms, work: Work): Promise<string> {
  const seller = work.seller as SellerId;
  const door = rooms.get(StockDoor);
  switch (work.do) {
    case 'order':
      return order(rooms, seller, work);
    case 'ask':
      return (await rooms.get(GroupCommitService).ask(seller, work.sku, work.wish)).kind;
    case 'hold':
      return (await door.hold(seller, { id: work.id, lines: work.lines, expiresInMs: LIVES_MS })).kind;
    case 'confirm':
      return (await door.confirm(seller, work.id)).kind;
    case 'release':
      return (await door.release(seller, work.id)).kind;
    case 'expire':
      return expire(rooms, orderIdOf(seller, OWN_SHOP, work.id));
    case 'call':
      return callShop(rooms, seller, work.shop as ShopId);
    case 'run':
    case 'stop':
      return bringCampaign(rooms, seller, work);
    case 'adjust':
      return (await door.adjust(seller, { id: work.id, lines: work.lines, reason: 'race', by: 'test' })).kind;
  }
}

/** Does all of it from so many callers at once, each taking the next piece; answers in the order of the pieces. */
export async function doAll(rooms: Rooms, works: readonly Work[], callers: number): Promise<string[]> {
  const answers: string[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let at = next++; at < works.length; at = next++) {
      answers[at] = await doWork(rooms, works[at] as Work);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return answers;
}
