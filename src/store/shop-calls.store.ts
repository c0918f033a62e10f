import { Injectable } from '@nestjs/common';
import { ChannelError, type CallContext, type Connector } from '../../connectors/kit';
import { keyOf, type SellerId, type ShopId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { ChannelCalls } from '../platform/http';
import { ShopsStore, type ShopRecord, type ShopWithAccess } from './shops.store';

/** A shop with all that a connector needs to call its channel. */
export interface CallableShop {
  readonly shop: ShopRecord;
  readonly connector: Connector;
  readonly call: CallContext;
}

interface Cached {
  readonly until: number;
  readonly shop: Promise<CallableShop | undefined>;
}

/** A change of a shop (paused, rules, tokens) is seen by every process within this time. */
const FRESH_MS = 2000;
/** A short-lived token is asked for anew this long before it ends. */
const TOKEN_LEAD_MS = 60_000;
const MOST_CACHED = 5000;

/** Shops made ready to be called: record, tokens, connector and wire. */
@Injectable()
export class ShopCalls {
  private readonly cached = new Map<string, Cached>();
  private readonly tokens = new Map<string, Promise<string>>();

  constructor(
    private readonly shops: ShopsStore,
    private readonly channels: Channels,
    private readonly calls: ChannelCalls,
    private readonly clock: Clock,
  ) {}

  /** The shop as it was at most two seconds ago. Undefined: no such shop, or a channel this hub does not speak. */
  async open(seller: SellerId, id: ShopId): Promise<CallableShop | undefined> {
    const key = keyOf(seller, id);
    const known = this.cached.get(key);
    if (known !== undefined && known.until > performance.now()) return known.shop;
    const shop = this.read(seller, id);
    if (this.cached.size >= MOST_CACHED) this.cached.clear();
    this.cached.set(key, { until: performance.now() + FRESH_MS, shop });
    shop.catch(() => this.cached.delete(key));
    return shop;
  }

  /** The shop as it is now. */
  openFresh(seller: SellerId, id: ShopId): Promise<CallableShop | undefined> {
    this.cached.delete(keyOf(seller, id));
    return this.open(seller, id);
  }

  /** What is known of the shop may be wrong: the next `open` reads it, and asks for a new token where there is one. */
  async forget(shop: ShopRecord): Promise<void> {
    this.cached.delete(keyOf(shop.seller, shop.id));
    const connector = this.channels.byCode.get(shop.channel);
    if (connector?.issueToken === undefined) return;
    const known = await this.shops.access(shop.seller, shop.id);
    if (known?.tokens !== undefined) await this.shops.keepTokens(shop, { ...known.tokens, accessTokenExpiresAt: 0 });
  }

  private async read(seller: SellerId, id: ShopId): Promise<CallableShop | undefined> {
    const known = await this.shops.access(seller, id);
    const connector = known && this.channels.byCode.get(known.shop.channel);
    if (known === undefined || connector === undefined) return undefined;
    const call = this.contextOf(known, connector);
    const accessToken = await this.tokenOf(known, connector, call);
    return { shop: known.shop, connector, call: { ...call, shop: { ...call.shop, accessToken } } };
  }

  private contextOf({ shop, access }: ShopWithAccess, connector: Connector): CallContext {
    const baseUrl = this.channels.baseUrlOf(shop.channel);
    const caller = {
      channel: shop.channel,
      shop: keyOf(shop.seller, shop.id),
      callsPerSecond: connector.manifest.callsPerSecond,
      namedBySeller: connector.manifest.addressSetting !== undefined && baseUrl === undefined,
    };
    return {
      http: this.calls.of(caller),
      shop: { ...access, ...(baseUrl === undefined ? {} : { baseUrl }) },
      now: () => this.clock.now(),
    };
  }

  private async tokenOf(known: ShopWithAccess, connector: Connector, call: CallContext): Promise<string> {
    const present = known.access.accessToken;
    if (connector.issueToken === undefined) return present;
    const endsAt = known.tokens?.accessTokenExpiresAt ?? (present === '' ? 0 : Number.MAX_SAFE_INTEGER);
    if (endsAt > this.clock.now() + TOKEN_LEAD_MS) return present;
    const key = keyOf(known.shop.seller, known.shop.id);
    const asked = this.tokens.get(key) ?? this.issue(known.shop, connector, call);
    this.tokens.set(key, asked);
    return asked.finally(() => this.tokens.delete(key));
  }

  private async issue(shop: ShopRecord, connector: Connector, call: CallContext): Promise<string> {
    if (connector.issueToken === undefined) throw new ChannelError({ kind: 'unauthorized' }, 'no token');
    const { accessToken, expiresInMs } = await connector.issueToken(call);
    await this.shops.keepTokens(shop, { accessToken, accessTokenExpiresAt: this.clock.now() + expiresInMs });
    return accessToken;
  }
}
