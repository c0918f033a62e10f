import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChannelError } from '../../connectors/kit';
import { auditLater, isQuiet, keyOf, type Target } from '../domain';
import { Clock } from '../platform/clock';
import { Sweeps } from '../platform/sweep';
import { LeasesStore, type Lease } from '../store/leases.store';
import { ShopCalls, type CallableShop } from '../store/shop-calls.store';
import { TargetsStore, type DirtyShop } from '../store/targets.store';
import { AuditTimes } from './audit-times';
import { ReadBesideService } from './read-beside.service';

const EVERY_MS = 1000;
const SHOPS_PER_SWEEP = 200;
const SHOPS_AT_ONCE = 8;
const PER_PAGE = 100;
/** So long one shop is read in a row; then others have their turn. */
const TURN_MS = 10_000;
/** A page that takes longer counts as lost. */
const PAGE_MS = 120_000;

/** The drift audit: every listing is read back in its turn, beside all writing, within what `bulk` calls leave. */
@Injectable()
export class DriftAuditWorker implements OnModuleInit {
  constructor(
    private readonly targets: TargetsStore,
    private readonly calls: ShopCalls,
    private readonly reader: ReadBesideService,
    private readonly leases: LeasesStore,
    private readonly times: AuditTimes,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'drift audit', everyMs: EVERY_MS, sweep: () => this.sweep() });
  }

  /** @returns how many listings were looked at. */
  async sweep(): Promise<number> {
    const shops = [...(await this.targets.unreadShops(this.clock.now(), SHOPS_PER_SWEEP))];
    const counts = await Promise.all(
      Array.from({ length: Math.min(SHOPS_AT_ONCE, shops.length) }, async () => {
        let count = 0;
        for (let ref = shops.shift(); ref !== undefined; ref = shops.shift()) count += await this.auditOnce(ref);
        return count;
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** By one process at a time: two would read the same listings. */
  private async auditOnce(ref: DirtyShop): Promise<number> {
    const lease = await this.leases.take(keyOf('drift', ref.shop), PAGE_MS);
    if (lease === undefined) return 0;
    return this.audit(ref, lease).finally(() => this.leases.release(lease));
  }

  private async audit(ref: DirtyShop, lease: Lease): Promise<number> {
    const endsAt = performance.now() + TURN_MS;
    let count = 0;
    for (;;) {
      const page = await this.targets.unread(ref, { now: this.clock.now(), limit: PER_PAGE });
      count += page.length;
      const goesOn = page.length > 0 && (await this.look(ref, page));
      if (!goesOn || page.length < PER_PAGE || performance.now() > endsAt) return count;
      if (!(await this.leases.renew(lease, PAGE_MS))) return count;
    }
  }

  /** False when the shop cannot be called: its listings wait. */
  private async look(ref: DirtyShop, page: readonly Target[]): Promise<boolean> {
    const now = this.clock.now();
    const quiet = page.filter((target) => isQuiet(target, now));
    const shop = quiet.length === 0 ? undefined : await this.shopOf(ref);
    const { judged, later } = shop === undefined ? { judged: [] } : await this.reader.read(shop, quiet);
    const read = new Set(judged.map(({ target }) => target.id));
    await Promise.all(page.filter(({ id }) => !read.has(id)).map((target) => this.putOff(target, now)));
    return quiet.length === 0 || (shop !== undefined && later === undefined);
  }

  /** One that changed meanwhile is due still. */
  private async putOff(target: Target, now: number): Promise<void> {
    const waitMs = target.wanted === undefined ? this.times.nextMs : this.times.laterMs;
    await this.targets.swap(auditLater(target, now + waitMs));
  }

  private async shopOf({ seller, shop }: DirtyShop): Promise<CallableShop | undefined> {
    try {
      return await this.calls.open(seller, shop);
    } catch (error) {
      if (error instanceof ChannelError) return undefined;
      throw error;
    }
  }
}
