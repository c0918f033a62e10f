import { until } from '../until';
import type { Channel } from './channels';
import type { Bench } from './flows';
import type { Api } from './http';

/** One sku in one shop, held for so long. */
export interface SalePlan {
  readonly sku: string;
  readonly channel: Channel;
  readonly quantity: number;
  readonly mode: 'allocation' | 'reservation';
  /** At once when it is left out. */
  readonly startsAt?: Date;
  readonly endsAt: Date;
}

export interface SaleReport {
  readonly state: string;
  readonly completed: boolean;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly totals: Readonly<Record<'quantity' | 'held' | 'missing' | 'sold' | 'lost' | 'remaining', number>>;
}

/** A flash sale of one sku, made and followed through the API. */
export class FlashSale {
  private constructor(
    private readonly hub: Api,
    readonly id: string,
  ) {}

  /** Makes it and hands it in; without a second person that approves it. */
  static async open({ hub, seller }: Pick<Bench, 'hub' | 'seller'>, plan: SalePlan): Promise<FlashSale> {
    const { sku, channel, quantity, mode, startsAt, endsAt } = plan;
    const { id } = await hub.must('POST', '/v1/campaigns', {
      ...{ name: `Sale of ${sku}`, kind: 'bulk', stockMode: mode, endsAt: endsAt.toISOString() },
      ...(startsAt && { startsAt: startsAt.toISOString() }),
      items: [{ sku, quantity, shops: [seller.shops[channel].id] }],
    });
    await hub.must('POST', `/v1/campaigns/${id}/submit`, {});
    return new FlashSale(hub, id);
  }

  async report(): Promise<SaleReport> {
    return (await this.hub.must('GET', `/v1/campaigns/${this.id}/report`)) as SaleReport;
  }

  /** Waits until every item is as this state asks for. */
  async untilState(state: 'live' | 'ended' | 'stopped', withinMs = 10_000): Promise<SaleReport> {
    const itemState = state === 'live' ? 'held' : 'ended';
    await until(
      `the flash sale is ${state}`,
      async () => {
        const { items } = await this.hub.must('GET', `/v1/campaigns/${this.id}/items`);
        const now = await this.report();
        return now.state === state && items.every((item: { state: string }) => item.state === itemState);
      },
      withinMs,
    );
    return this.report();
  }
}
