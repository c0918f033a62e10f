import { Injectable } from '@nestjs/common';
import type { CallContext, Connector } from '../../connectors/kit';
import { keyOf, type SellerId, type ShopId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import type { Urgency } from '../platform/meter';
import { AppCalls } from './app-calls.store';
import { ShopsStore, type ShopRecord } from './shops.store';
import { TokenKeeper, type Refused } from './token-keeper.store';

/** A shop with all that a connector needs to call its channel. */
export interface CallableShop {
  readonly shop: ShopRecord;
  readonly connector: Connector;
  /** For reads that a push, or a person, waits for. */
  readonly call: CallContext;
  /** The same for calls of another urgency. */
  readonly callAs: (urgency: Urgency) => CallContext;
}

interface Cached {
  until: number;
  readonly shop: Promise<CallableShop | undefined>;
}

/** A change of a shop (paused, rules, tokens) is seen by every process within this time. */
const FRESH_MS = 2000;
const MOST_CACHED = 5000;

/** Shops made ready to be called: record, tokens, connector and wire. */
@Injectable()
export class ShopCalls {
  private readonly cached = new Map<string, Cached>();

  constructor(
    private readonly shops: ShopsStore,
    private readonly channels: Channels,
    private readonly calls: AppCalls,
    private readonly keeper: TokenKeeper,
    private readonly clock: Clock,
  ) {}

  /**
   * The shop as it was at most two seconds ago, with a token that may be used. Undefined: no such shop, or a channel
   * this hub does not speak.
   * @throws NoToken when only a person can help. @throws ChannelError when no token can be had now.
   */
  async open(seller: SellerId, id: ShopId): Promise<CallableShop | undefined> {
    const key = keyOf(seller, id);
    const known = this.cached.get(key);
    if (known !== undefined && known.until > performance.now()) return known.shop;
    const shop = this.read(seller, id);
    if (this.cached.size >= MOST_CACHED) this.cached.clear();
    const entry = { until: performance.now() + FRESH_MS, shop };
    this.cached.set(key, entry);
    const forget = (): boolean => this.cached.get(key) === entry && this.cached.delete(key);
    shop.then((ready) => this.endWithToken(entry, ready), forget);
    return shop;
  }

  /** A token is not kept beyond its end. */
  private endWithToken(entry: Cached, ready: CallableShop | undefined): void {
    const end = ready?.shop.tokenState.accessTokenExpiresAt;
    if (end === undefined) return;
    entry.until = Math.min(entry.until, performance.now() + Math.max(0, end - this.clock.now()));
  }

  /** The shop as it is now. */
  openFresh(seller: SellerId, id: ShopId): Promise<CallableShop | undefined> {
    this.cached.delete(keyOf(seller, id));
    return this.open(seller, id);
  }

  /** The channel takes the token no more with which the shop was called. */
  async forget(shop: ShopRecord): Promise<Refused> {
    this.cached.delete(keyOf(shop.seller, shop.id));
    return this.keeper.refuse(shop);
  }

  private async read(seller: SellerId, id: ShopId): Promise<CallableShop | undefined> {
    const known = await this.shops.access(seller, id);
    const connector = known && this.channels.byCode.get(known.shop.channel);
    if (known === undefined || connector === undefined) return undefined;
    const usable = await this.keeper.usable(known, connector);
    const callAs = (urgency: Urgency): CallContext => this.calls.ofShop(usable, connector, urgency);
    return { shop: usable.shop, connector, call: callAs('read'), callAs };
  }
}
