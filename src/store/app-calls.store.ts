import { Injectable } from '@nestjs/common';
import type { AppCall, CallContext, ChannelHttp, Connector } from '../../connectors/kit';
import { keyOf } from '../domain';
import type { Payer } from '../platform/budget';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { ChannelCalls } from '../platform/http';
import type { Urgency } from '../platform/meter';
import type { AppCredentials } from './apps.store';
import type { ShopWithAccess } from './shops.store';

/** Whatever is urgent for a shop waits for its token. */
export const TOKENS: Urgency = 'lower';

/** The wire to a channel: for a shop, or for an app where no shop is concerned yet. */
@Injectable()
export class AppCalls {
  constructor(
    private readonly channels: Channels,
    private readonly calls: ChannelCalls,
    private readonly clock: Clock,
  ) {}

  /** What calls for this shop need; they count against its budget and its app's. */
  ofShop({ shop, access }: ShopWithAccess, connector: Connector, urgency: Urgency = 'read'): CallContext {
    return {
      http: this.wire(connector, { app: shop.app, shop: keyOf(shop.seller, shop.id) }, urgency),
      shop: { ...access, ...this.base(connector) },
      now: () => this.clock.now(),
    };
  }

  /** What calls of the app itself need; `shop` is whose budget they count against, where they are for its token. */
  ofApp(app: AppCredentials, connector: Connector, shop?: Pick<ShopWithAccess['shop'], 'seller' | 'id'>): AppCall {
    const payer = shop === undefined ? keyOf('app', app.id) : keyOf(shop.seller, shop.id);
    return {
      http: this.wire(connector, { app: app.id, shop: payer }, shop === undefined ? 'read' : TOKENS),
      app: this.access(app, connector),
      now: () => this.clock.now(),
    };
  }

  /** The app as a connector knows it. */
  access({ key, secrets, region }: AppCredentials, connector: Connector): AppCall['app'] {
    return { key, secret: secrets[0] ?? '', region, ...this.base(connector) };
  }

  private wire({ manifest }: Connector, payer: Pick<Payer, 'app' | 'shop'>, urgency: Urgency): ChannelHttp {
    const caller = {
      ...payer,
      channel: manifest.code,
      callsPerSecond: manifest.callsPerSecond,
      ...(manifest.appCallsPerSecond === undefined ? {} : { appCallsPerSecond: manifest.appCallsPerSecond }),
      namedBySeller: manifest.addressSetting !== undefined && this.channels.baseUrlOf(manifest.code) === undefined,
    };
    return this.calls.of(caller, urgency);
  }

  private base({ manifest }: Connector): { baseUrl?: string } {
    const baseUrl = this.channels.baseUrlOf(manifest.code);
    return baseUrl === undefined ? {} : { baseUrl };
  }
}
