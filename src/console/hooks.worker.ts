import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChannelError } from '../../connectors/kit';
import { keyOf } from '../domain';
import { Clock } from '../platform/clock';
import { Log } from '../platform/logger';
import { Sweeps } from '../platform/sweep';
import { AppsStore, type AppRecord } from '../store/apps.store';
import { ProblemsStore } from '../store/problems.store';
import { ShopCalls, type CallableShop } from '../store/shop-calls.store';
import { ShopsStore, type ShopRecord } from '../store/shops.store';

const EVERY_MS = 5000;
const AGAIN_MS = 60_000;
const AT_A_TIME = 20;

/** Tells channels where to send their pushes, where that is done by their API. */
@Injectable()
export class HooksWorker implements OnModuleInit {
  constructor(
    private readonly shops: ShopsStore,
    private readonly apps: AppsStore,
    private readonly calls: ShopCalls,
    private readonly problems: ProblemsStore,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'hooks', everyMs: EVERY_MS, sweep: () => this.sweep() });
  }

  private async sweep(): Promise<number> {
    const due = await this.shops.hooksDueBefore(this.clock.now(), AT_A_TIME);
    for (const shop of due) await this.register(shop);
    return due.length;
  }

  private async register(shop: ShopRecord): Promise<void> {
    try {
      const app = await this.apps.find(shop.app);
      const ready = await this.calls.open(shop.seller, shop.id);
      if (app && ready) await this.tellChannel(app, ready);
      await this.shops.settleHook(shop.id);
      await this.problems.close(shop.seller, problemKey(shop), this.clock.now());
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      await this.shops.settleHook(shop.id, this.clock.now() + AGAIN_MS);
      await this.tell(shop, error);
    }
  }

  /** First the present address, then the older ones go: nothing is pushed to nobody in between. */
  private async tellChannel({ hooks }: AppRecord, { connector, call }: CallableShop): Promise<void> {
    const [present, ...older] = hooks;
    if (present !== undefined) await connector.registerHook?.(call, present.url);
    for (const { url } of older) await connector.removeHook?.(call, url);
  }

  private async tell(shop: ShopRecord, { failure, message }: ChannelError): Promise<void> {
    this.log.warn({ seller: shop.seller, shop: shop.id, failure: failure.kind }, 'pushes could not be registered');
    const isNo = failure.kind === 'unauthorized' || failure.kind === 'refused';
    await this.problems.open(
      {
        seller: shop.seller,
        key: problemKey(shop),
        kind: isNo ? 'unauthorized' : 'channel-down',
        detail: `${shop.channel} was not told where to send the pushes of ${shop.name}: ${message}`,
        action: isNo ? "Mend the app's key and secret." : 'It is tried again every minute.',
        shop: shop.id,
      },
      this.clock.now(),
    );
  }
}

const problemKey = (shop: ShopRecord): string => keyOf('hook', shop.id);
