import { Injectable } from '@nestjs/common';
import { keyOf, type TokenPlan } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { ProblemsStore } from './problems.store';
import type { ShopRecord } from './shops.store';

/** The problems of a shop's authorisation: `unauthorized` when it is over, `expiring` before it is. */
@Injectable()
export class TokenProblems {
  constructor(
    private readonly problems: ProblemsStore,
    private readonly channels: Channels,
    private readonly clock: Clock,
  ) {}

  /** Says what is so of the shop's authorisation. */
  async tell(shop: ShopRecord, plan: TokenPlan): Promise<void> {
    if (plan.warns && plan.until !== undefined) await this.expires(shop, plan.until);
    else await this.problems.close(shop.seller, keyOf('expiring', shop.id), this.clock.now());
    if (plan.use === 'dead' && shop.tokenState.isPresent) await this.isOver(shop, 'its authorisation is over');
  }

  /** The shop cannot be called until a person does something. */
  async isOver(shop: ShopRecord, why: string): Promise<void> {
    await this.problems.open(
      {
        seller: shop.seller,
        key: keyOf('unauthorized', shop.id),
        kind: 'unauthorized',
        detail: `${shop.channel} does not accept the token of ${shop.name}: ${why}`,
        action: `${this.cureOf(shop)} Its orders and numbers are held and caught up with afterwards.`,
        shop: shop.id,
      },
      this.clock.now(),
    );
  }

  /** The shop can be called again. */
  async isWell(shop: ShopRecord): Promise<void> {
    await this.problems.close(shop.seller, keyOf('unauthorized', shop.id), this.clock.now());
  }

  private cureOf({ channel }: ShopRecord): string {
    const isIssued = this.channels.byCode.get(channel)?.issueToken !== undefined;
    return isIssued ? "Mend the app's key and secret." : 'Authorise the shop again.';
  }

  private async expires(shop: ShopRecord, until: number): Promise<void> {
    const day = new Date(until).toISOString();
    await this.problems.open(
      {
        seller: shop.seller,
        key: keyOf('expiring', shop.id),
        kind: 'expiring',
        detail: `The authorisation of ${shop.name} at ${shop.channel} ends at ${day} and cannot be prolonged by the hub.`,
        action: `Authorise again by ${day.slice(0, 10)}.`,
        shop: shop.id,
      },
      this.clock.now(),
    );
  }
}
