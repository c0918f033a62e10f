import { until } from '../until';
import { CHANNELS, type Channel } from './channels';
import type { Api } from './http';
import type { Seller } from './seller';

export interface Line {
  readonly sku: string;
  readonly units: number;
}

export interface Placed {
  readonly channel: Channel;
  readonly orderId: string;
  readonly number: string;
  readonly lines: readonly (Line & { readonly id: string })[];
}

/** What each shop's buyers see of one sku. */
export type Shown = Partial<Record<Channel, number>>;

export interface Push {
  readonly id: number;
  readonly channel: Channel;
  readonly orderId: string | null;
  readonly state: string;
  readonly attempts: readonly { readonly at: string; readonly tookMs: number; readonly status: number | null }[];
}

export interface ChannelCall {
  readonly id: number;
  readonly channel: Channel;
  readonly path: string;
  readonly shop: string | null;
  readonly status: number | null;
  readonly receivedAt: string;
  readonly answeredAt: string | null;
  readonly fault: string | null;
  readonly writes?: readonly { readonly sku: string; readonly number: number; readonly refused?: unknown }[];
}

/** One seller's shops at the marketplaces: its buyers, and what they see. */
export class Market {
  constructor(
    readonly sandbox: Api,
    private readonly seller: Seller,
  ) {}

  /** A buyer orders. @throws when the listing shows too little. */
  async order(channel: Channel, lines: readonly Line[], terms: object = {}): Promise<Placed> {
    const made = await this.sandbox.must('POST', `${this.shop(channel)}/orders`, { lines, ...terms });
    return { channel, orderId: made.orderId, number: made.number, lines: made.lines };
  }

  /** Moves an order on: `pay`, `ship`, `cancel`, …; every unit that can, or these. */
  async move(order: Placed, step: string, lines?: readonly Line[]): Promise<void> {
    await this.sandbox.must('POST', `${this.orderPath(order)}/${step}`, lines === undefined ? undefined : { lines });
  }

  /** Tells the order's present state again. */
  async push(order: Placed, how: { times?: number; alter?: 'byte' } = {}): Promise<readonly Push[]> {
    return (await this.sandbox.must('POST', `${this.orderPath(order)}/push`, how)).items as Push[];
  }

  async pushes(query: string): Promise<readonly Push[]> {
    return (await this.sandbox.must('GET', `/pushes?${query}`)).items as Push[];
  }

  async resend(push: Push, how: { times?: number; alter?: 'byte' } = {}): Promise<Push> {
    return (await this.sandbox.must('POST', `/${push.channel}/pushes/${push.id}/resend`, how)) as Push;
  }

  async sees(channel: Channel, sku: string): Promise<number | undefined> {
    const path = `${this.shop(channel)}/listings?sku=${encodeURIComponent(sku)}`;
    const { items } = await this.sandbox.must('GET', path);
    return (items[0] as { quantity: number } | undefined)?.quantity;
  }

  async shown(sku: string, channels: readonly Channel[] = CHANNELS): Promise<Shown> {
    const numbers = await Promise.all(channels.map((channel) => this.sees(channel, sku)));
    return Object.fromEntries(channels.map((channel, index) => [channel, numbers[index]]));
  }

  /** Waits until buyers see exactly these numbers. */
  async untilShown(sku: string, wanted: Shown, withinMs = 10_000): Promise<void> {
    const channels = CHANNELS.filter((channel) => wanted[channel] !== undefined);
    let last: Shown = {};
    await until(
      `buyers see ${JSON.stringify(wanted)} of ${sku}`,
      async () => {
        last = await this.shown(sku, channels);
        return channels.every((channel) => last[channel] === wanted[channel]);
      },
      withinMs,
    ).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : ''}; they see ${JSON.stringify(last)}`);
    });
  }

  /** The id of the newest call that the marketplaces received. */
  async lastCall(): Promise<number> {
    const { items } = await this.sandbox.must('GET', '/calls?limit=1');
    return (items[0] as ChannelCall | undefined)?.id ?? 0;
  }

  async calls(after: number, query = ''): Promise<readonly ChannelCall[]> {
    return (await this.sandbox.must('GET', `/calls?after=${after}${query}`)).items as ChannelCall[];
  }

  /** The numbers written for one sku of one channel since a call, oldest first. */
  async writes(channel: Channel, sku: string, after: number): Promise<readonly number[]> {
    const calls = await this.calls(after, `&channel=${channel}`);
    const shop = this.seller.shops[channel].channelShopId;
    return calls
      .filter((call) => call.shop === null || call.shop === shop)
      .flatMap((call) => (call.writes ?? []).filter((write) => write.sku === sku).map((write) => write.number));
  }

  async faults(channel: Channel, faults: object): Promise<void> {
    await this.sandbox.must('PUT', `/${channel}/faults`, faults);
  }

  async heal(): Promise<void> {
    for (const channel of CHANNELS) await this.sandbox.must('DELETE', `/${channel}/faults`);
  }

  shop(channel: Channel): string {
    return `/${channel}/shops/${this.seller.shops[channel].channelShopId}`;
  }

  private orderPath({ channel, orderId }: Placed): string {
    return `${this.shop(channel)}/orders/${encodeURIComponent(orderId)}`;
  }
}
