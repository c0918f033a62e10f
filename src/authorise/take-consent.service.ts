import { Injectable } from '@nestjs/common';
import { ChannelError, type Connector, type GrantedShop } from '../../connectors/kit';
import { keyOf } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { Log } from '../platform/logger';
import { AppCalls } from '../store/app-calls.store';
import { AppsStore } from '../store/apps.store';
import { ConsentsStore, type ConsentRecord } from '../store/consents.store';
import { KeysStore } from '../store/keys.store';
import { ProblemsStore } from '../store/problems.store';
import { GrantShopService } from './grant-shop.service';
import type { CallbackRead } from './read-callback';
import type { ConsentEnd } from './return-page';

/** Most shops of one consent. */
const MOST_SHOPS = 200;
/** How the root key is named where a key's id stands. */
const ROOT = 'root';

/** Ends a consent: its state is spent, its code exchanged, and every shop that it was for made or authorised anew. */
@Injectable()
export class TakeConsentService {
  constructor(
    private readonly consents: ConsentsStore,
    private readonly apps: AppsStore,
    private readonly keys: KeysStore,
    private readonly channels: Channels,
    private readonly calls: AppCalls,
    private readonly grants: GrantShopService,
    private readonly problems: ProblemsStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async take(channel: string, read: Exclude<CallbackRead, { kind: 'unreadable' }>): Promise<ConsentEnd> {
    const consent = await this.consents.spend(read.state, channel, this.clock.now());
    const connector = this.channels.byCode.get(channel);
    if (consent === undefined || connector === undefined || !(await this.mayStill(consent))) return 'void';
    const about = { seller: consent.seller, app: consent.app, by: consent.starter.person };
    if (read.kind === 'denied') {
      this.log.info(about, 'the marketplace reports that a shop was not authorised');
      return 'denied';
    }
    const granted = await this.exchange(consent, connector, read.query);
    if (granted === undefined) return 'failed';
    const refused = await this.grantAll(consent, connector, granted.slice(0, MOST_SHOPS));
    this.log.info({ ...about, shops: granted.length, refused: refused.length }, 'a consent was taken');
    if (refused.length === 0) return 'done';
    return refused.length < granted.length ? 'some-others' : 'others';
  }

  /** A key that was removed meanwhile ends what it began. */
  private async mayStill({ seller, starter }: ConsentRecord): Promise<boolean> {
    return starter.key === ROOT || this.keys.exists(seller, starter.key);
  }

  private async exchange(
    consent: ConsentRecord,
    connector: Connector,
    query: Readonly<Record<string, string>>,
  ): Promise<readonly GrantedShop[] | undefined> {
    const app = await this.apps.credentials(consent.app);
    if (app === undefined || connector.authorisation === undefined) return undefined;
    try {
      const granted = await connector.authorisation.exchange(this.calls.ofApp(app, connector), query);
      return granted.length === 0 ? undefined : granted;
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.log.warn({ seller: consent.seller, app: app.id, failure: error.failure }, 'a code was not exchanged');
      return undefined;
    }
  }

  /** One after the other; what another seller has is left with him, and the one who asked is told. */
  private async grantAll(
    consent: ConsentRecord,
    connector: Connector,
    granted: readonly GrantedShop[],
  ): Promise<readonly GrantedShop[]> {
    const refused: GrantedShop[] = [];
    for (const shop of granted) {
      const key = keyOf('consent', consent.app, shop.channelShopId);
      if ((await this.grants.grant(consent, connector, shop)) === 'granted') {
        await this.problems.close(consent.seller, key, this.clock.now());
      } else {
        refused.push(shop);
        await this.tellRefused(consent, connector, { key, channelShopId: shop.channelShopId });
      }
    }
    return refused;
  }

  private async tellRefused(
    { seller, starter }: ConsentRecord,
    { manifest }: Connector,
    { key, channelShopId }: { key: string; channelShopId: string },
  ): Promise<void> {
    await this.problems.open(
      {
        seller,
        key,
        kind: 'refused',
        detail: `${starter.person} authorised the shop ${channelShopId} of ${manifest.name}, which belongs to another account of this hub. It was not taken over.`,
        action: 'Authorise it from the account that it belongs to, or ask whoever runs this hub.',
      },
      this.clock.now(),
    );
  }
}
