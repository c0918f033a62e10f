import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChannelError, type Connector } from '../../connectors/kit';
import { keyOf, type DeliveryId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { Log } from '../platform/logger';
import { Queues } from '../platform/queues';
import { Sweeps } from '../platform/sweep';
import { AppCalls } from '../store/app-calls.store';
import { AppsStore, type AppRecord } from '../store/apps.store';
import { DeliveriesStore, type NewDelivery } from '../store/deliveries.store';
import { LeasesStore } from '../store/leases.store';
import { PollTimes } from './poll-times';

const EVERY_MS = 2000;
const PER_READ = 100;
/** Pages of one app in one round; what is left is taken in the next. */
const MOST_PAGES = 20;
/** A sweep takes a delivery for forgotten when it waits longer than this. */
const FORGOTTEN_AFTER_MS = 3000;

/** Takes what a channel could not deliver, app by app, into the inbox, as if it had arrived. */
@Injectable()
export class LostPushesWorker implements OnModuleInit {
  constructor(
    private readonly channels: Channels,
    private readonly apps: AppsStore,
    private readonly calls: AppCalls,
    private readonly deliveries: DeliveriesStore,
    private readonly leases: LeasesStore,
    private readonly queues: Queues,
    private readonly sweeps: Sweeps,
    private readonly times: PollTimes,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'lost pushes', everyMs: EVERY_MS, sweep: () => this.sweep() });
  }

  /** @returns how many pushes were kept. */
  async sweep(): Promise<number> {
    let kept = 0;
    for (const connector of this.channels.byCode.values()) {
      if (connector.takeLostPushes !== undefined) kept += await this.takeOf(connector);
    }
    return kept;
  }

  /** The lease is not given back: it says when the next round is. */
  private async takeOf(connector: Connector): Promise<number> {
    const lease = await this.leases.take(keyOf('lost-pushes', connector.manifest.code), this.times.lostMs);
    if (lease === undefined) return 0;
    let kept = 0;
    for (let after: string | undefined; ;) {
      const page = { limit: PER_READ, ...(after !== undefined && { after }) };
      const apps = await this.apps.ofChannel(connector.manifest.code, page);
      for (const app of apps)
        kept += await this.takeOfApp(connector, app).catch((error: unknown) => this.failed(app, error));
      after = apps.at(-1)?.id;
      if (apps.length < PER_READ || !(await this.leases.renew(lease, this.times.lostMs))) return kept;
    }
  }

  /** What goes wrong with one app stops no other. */
  private failed({ id, channel }: AppRecord, error: unknown): number {
    this.log.error({ channel, app: id, err: error }, 'the lost pushes of an app could not be looked at');
    return 0;
  }

  private async takeOfApp(connector: Connector, app: AppRecord): Promise<number> {
    const credentials = await this.apps.credentials(app.id);
    const take = connector.takeLostPushes?.bind(connector);
    if (credentials === undefined || credentials.secrets.length === 0 || take === undefined) return 0;
    const call = this.calls.ofApp(credentials, connector);
    let kept = 0;
    try {
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const { count, more } = await take(call, (pushes) => this.keep(connector, app, pushes));
        kept += count;
        if (!more) break;
      }
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.log.info({ channel: app.channel, app: app.id, failure: error.failure }, 'lost pushes could not be taken');
    }
    if (kept > 0) this.log.info({ channel: app.channel, app: app.id, kept }, 'pushes that were lost are here');
    return kept;
  }

  /** @throws when one cannot be kept: the channel is then not told that it was. */
  private async keep(connector: Connector, app: AppRecord, pushes: readonly Buffer[]): Promise<void> {
    const now = this.clock.now();
    const unique = new Map(pushes.map((bytes) => [keyOfPush(connector, bytes, now), bytes]));
    const arrived = [...unique].map(([key, bytes]) => this.deliveryOf(connector, app, { key, bytes, now }));
    if (arrived.length === 0) return;
    const kept = await this.deliveries.insertBatch(arrived, now);
    const failed = kept.find((one) => one instanceof Error);
    if (failed !== undefined) throw failed;
    const ids = arrived.map(({ id }) => ({ delivery: id }));
    await this.queues.enqueue('normalize', ids, { generation: `lost-${now.toString(36)}` });
  }

  private deliveryOf(
    connector: Connector,
    app: AppRecord,
    { key, bytes, now }: { readonly key: string; readonly bytes: Buffer; readonly now: number },
  ): NewDelivery {
    const hint = connector.hint(bytes);
    const channelShopId = 'channelShopId' in hint ? hint.channelShopId : undefined;
    return {
      id: keyOf(app.id, key) as DeliveryId,
      ...{ app: app.id, channel: app.channel, bytes, headers: { taken: 'lost' } },
      ...(channelShopId !== undefined && { channelShopId }),
      ...(app.seller !== undefined && { seller: app.seller }),
      ...{ receivedAt: now, due: now + FORGOTTEN_AFTER_MS },
    };
  }
}

/** As the same push has when it arrives, where the channel's connector can tell; else one for the same bytes. */
function keyOfPush(connector: Connector, bytes: Buffer, now: number): string {
  return connector.keyOfPush?.(bytes, now) ?? keyOf('lost', createHash('sha256').update(bytes).digest('hex'));
}
