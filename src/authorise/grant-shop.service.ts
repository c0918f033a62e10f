import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import type { Connector, GrantedShop } from '../../connectors/kit';
import type { ShopId } from '../domain';
import { Clock } from '../platform/clock';
import type { ConsentRecord } from '../store/consents.store';
import { ShopsStore, type NewShop, type ShopRecord } from '../store/shops.store';

const LONGEST_NAME = 200;
/** Somebody changes the same shop at the same moment. */
const MOST_TRIES = 5;

/** Makes the shop of a consent, or gives the one that is there its new tokens. */
@Injectable()
export class GrantShopService {
  constructor(
    private readonly shops: ShopsStore,
    private readonly clock: Clock,
  ) {}

  /** `refused`: the account of the channel is another seller's shop, and stays that. */
  async grant(consent: ConsentRecord, connector: Connector, granted: GrantedShop): Promise<'granted' | 'refused'> {
    for (let left = MOST_TRIES; left > 0; left -= 1) {
      const known = await this.shops.findByChannelShop(consent.app, granted.channelShopId);
      if (known !== undefined && known.seller !== consent.seller) return 'refused';
      const isKept =
        known === undefined
          ? (await this.shops.insert(this.newShop(consent, connector, granted))) !== 'taken'
          : await this.authoriseAgain(known, granted);
      if (isKept) return 'granted';
    }
    throw new Error('the shop of a consent changed all the time');
  }

  /** What the seller set of the shop stays; only its tokens are new. */
  private async authoriseAgain(shop: ShopRecord, { tokens }: GrantedShop): Promise<boolean> {
    return (await this.shops.change(shop, { tokens }, this.clock.now())) !== undefined;
  }

  private newShop({ seller, app, channel }: ConsentRecord, connector: Connector, granted: GrantedShop): NewShop {
    const { manifest } = connector;
    const { channelShopId, name, region, currency, timeZone, tokens } = granted;
    const now = this.clock.now();
    return {
      ...{ id: ulid(now) as ShopId, v: 1, seller, app, channel, channelShopId, currency, timeZone, tokens },
      name: name.slice(0, LONGEST_NAME),
      region: manifest.regions.find((one) => one.toLowerCase() === region.toLowerCase()) ?? region,
      ...{ rules: {}, restock: 'confirm', settings: {}, paused: false, createdAt: now, updatedAt: now },
      isOnlyOne: !manifest.signsPushes,
      ...(connector.registerHook && { hookDue: now }),
    };
  }
}
