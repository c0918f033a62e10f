import { Injectable } from '@nestjs/common';
import type { Connector, InboundPush } from '../../connectors/kit';
import { keyOf, type DeliveryId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { HubError } from '../platform/hub-error';
import { Metrics } from '../platform/metrics';
import { HubOptions } from '../platform/options';
import type { AppForHook } from '../store/apps.store';
import type { NewDelivery } from '../store/deliveries.store';
import { Inbox } from './inbox.service';
import { KnownAppsService, type KnownApp } from './known-apps.service';
import { MissingSecretsService } from './missing-secrets.service';

/** What becomes of a push; `yes` is answered as its channel wants it. */
export type Taken =
  | { readonly kind: 'yes'; readonly connector: Connector }
  | { readonly kind: 'forged' | 'unknown' | 'too-many' | 'not-kept' };

/** A sweep takes a delivery for forgotten when it waits longer than this. */
const FORGOTTEN_AFTER_MS = 3000;
const KEPT_HEADERS = ['content-type', 'user-agent'] as const;
const LONGEST_HEADER = 200;
/** Where nothing proves who sent a push, an app may send a twentieth of what others may. */
const UNSIGNED_SHARE = 20;

/** Takes exact bytes: verified, then kept, and only then answered. */
@Injectable()
export class TakePushService {
  constructor(
    private readonly channels: Channels,
    private readonly apps: KnownAppsService,
    private readonly inbox: Inbox,
    private readonly missingSecrets: MissingSecretsService,
    private readonly options: HubOptions,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** Never throws: what cannot be kept is `not-kept`, so that it is sent again. */
  async take(path: { channel: string; app: string }, push: InboundPush): Promise<Taken> {
    const connector = this.channels.byCode.get(path.channel);
    if (connector === undefined) return this.counted('none', 'unknown');
    try {
      const found = this.apps.find(path.channel, path.app);
      const known = found instanceof Promise ? await found : found;
      if (known === undefined) return this.counted(path.channel, 'unknown');
      if (!this.isWithinLimit(known, connector)) return this.counted(path.channel, 'too-many');
      return await this.verified(connector, known.app, push);
    } catch (error) {
      if (error instanceof HubError && error.code === 'unsealable') this.missingSecrets.tell(path, error.message);
      return this.counted(path.channel, 'not-kept');
    }
  }

  private async verified(connector: Connector, app: AppForHook, push: InboundPush): Promise<Taken> {
    const now = this.clock.now();
    const { code, signsPushes } = connector.manifest;
    if (signsPushes) this.missingSecrets.look(app);
    const verdict = connector.verify(push, app, now);
    if (verdict.kind === 'forged') return this.counted(code, 'forged');
    if (verdict.kind === 'ping') {
      this.metrics.hooks.inc({ channel: code, answer: 'ping' });
      return { kind: 'yes', connector };
    }
    const began = performance.now();
    const kept = await this.inbox.keep(deliveryOf(app, push, { ...verdict, now }));
    if (kept instanceof Error) throw kept;
    this.metrics.accepted.observe({ channel: code }, (performance.now() - began) / 1000);
    this.metrics.hooks.inc({ channel: code, answer: kept === 'again' ? 'copy' : 'accepted' });
    return { kind: 'yes', connector };
  }

  private counted(channel: string, kind: Exclude<Taken['kind'], 'yes'>): Taken {
    this.metrics.hooks.inc({ channel, answer: kind });
    return { kind };
  }

  private isWithinLimit(known: KnownApp, { manifest }: Connector): boolean {
    const second = Math.floor(this.clock.now() / 1000);
    if (known.second !== second) Object.assign(known, { second, pushes: 0 });
    known.pushes += 1;
    return known.pushes * (manifest.signsPushes ? 1 : UNSIGNED_SHARE) <= this.options.hooksPerSecond;
  }
}

function deliveryOf(
  app: AppForHook,
  push: InboundPush,
  { key, channelShopId, now }: { key: string; channelShopId?: string; now: number },
): NewDelivery {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = push.headers[name];
    if (value !== undefined) headers[name] = value.slice(0, LONGEST_HEADER);
  }
  return {
    id: keyOf(app.id, key) as DeliveryId,
    app: app.id,
    channel: app.channel,
    ...(channelShopId !== undefined && { channelShopId }),
    ...(app.seller !== undefined && { seller: app.seller }),
    bytes: push.bytes,
    headers,
    receivedAt: now,
    due: now + FORGOTTEN_AFTER_MS,
  };
}
