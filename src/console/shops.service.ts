import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import type { Connector } from '../../connectors/kit';
import type { AppId, SellerId, ShopId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { AppsStore, type AppRecord } from '../store/apps.store';
import { BreakerStatesStore } from '../store/breaker-states.store';
import { RenewTokens } from '../store/renew-tokens.store';
import { ShopsStore, type NewShop, type ShopChange, type ShopRecord } from '../store/shops.store';
import { matchVersion } from './match-version';
import type { SellerCall } from './principal';
import { conflict, faulty, notFound, stale } from './refusal';
import { readTokens, shopView, type NewShopBody, type ShopPatch, type ShopView } from './shops.schema';

/** What is done with shops. */
@Injectable()
export class ShopsService {
  constructor(
    private readonly shops: ShopsStore,
    private readonly apps: AppsStore,
    private readonly channels: Channels,
    private readonly breakers: BreakerStatesStore,
    private readonly renewer: RenewTokens,
    private readonly clock: Clock,
  ) {}

  /** Makes a shop under one of the seller's apps, or of the hub's own. */
  async make(seller: SellerId, body: NewShopBody): Promise<ShopRecord> {
    const app = await this.apps.find(body.app as AppId);
    if (!app || (app.seller !== undefined && app.seller !== seller)) {
      throw faulty([{ path: 'app', message: 'there is no such app' }]);
    }
    const made = await this.shops.insert(this.newShop(seller, app, body));
    if (made === 'taken') {
      throw conflict('taken', 'This account of the channel has a shop already, or the app has its only shop.');
    }
    return made;
  }

  async find(seller: SellerId, id: string): Promise<ShopRecord> {
    const shop = await this.shops.find(seller, id as ShopId);
    if (!shop) throw notFound();
    return shop;
  }

  /** Writes a change that is based on the version that the call names. */
  async change(call: SellerCall, id: string, change: ShopChange): Promise<ShopRecord> {
    const shop = await this.find(call.seller, id);
    const current = { v: shop.v, body: await this.view(shop) };
    matchVersion(call.ifMatch, current);
    const changed = await this.shops.change(shop, change, this.clock.now());
    if (!changed) throw stale({ v: shop.v, body: await this.view(await this.find(call.seller, id)) });
    return changed;
  }

  /** What a PATCH asks for; new rules make all listings wait to be planned anew, in the same write. */
  changeOf({ tokens, rules, ...rest }: ShopPatch): ShopChange {
    return {
      ...rest,
      ...(tokens && { tokens: readTokens(tokens) }),
      ...(rules && { rules, due: this.clock.now() }),
    };
  }

  async view(shop: ShopRecord): Promise<ShopView> {
    const connector = this.channels.byCode.get(shop.channel);
    const now = this.clock.now();
    return shopView(shop, {
      breaker: await this.breakers.worstFor(shop, now),
      ...(connector && { tokens: this.renewer.plan(shop, connector) }),
    });
  }

  private newShop(seller: SellerId, app: AppRecord, body: NewShopBody): NewShop {
    const connector = this.connectorOf(app);
    const now = this.clock.now();
    const { channelShopId, name, currency, timeZone, tokens, rules = {}, restock = 'confirm', settings = {} } = body;
    const { drift = 'put-right' } = body;
    return {
      ...{ id: ulid(now) as ShopId, v: 1, seller, app: app.id, channel: app.channel },
      ...{ channelShopId, name, region: regionOf(connector, body.region), currency, timeZone },
      ...{ rules, restock, drift, settings, paused: false, createdAt: now, updatedAt: now },
      ...(tokens && { tokens: readTokens(tokens) }),
      isOnlyOne: !connector.manifest.signsPushes,
      ...(connector.registerHook && { hookDue: now }),
    };
  }

  private connectorOf(app: AppRecord): Connector {
    const connector = this.channels.byCode.get(app.channel);
    if (!connector) throw faulty([{ path: 'app', message: `this hub does not speak ${app.channel}` }]);
    return connector;
  }
}

/** A region as its channel writes it. */
export function regionOf({ manifest: { regions } }: Connector, asked: string): string {
  const region = regions.find((one) => one.toLowerCase() === asked.toLowerCase());
  if (region === undefined) {
    throw faulty([{ path: 'region', message: `region must be one of ${regions.join(', ')}` }]);
  }
  return region;
}
