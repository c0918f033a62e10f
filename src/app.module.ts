import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { InjectConnection, MongooseModule } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import type { Settings } from '../config/schema';
import type { Connector } from '../connectors/kit';
import { AuthoriseModule } from './authorise/authorise.module';
import { BackgroundModule } from './background/background.module';
import { CampaignsModule } from './campaigns/campaigns.module';
import { CatalogueModule } from './catalogue/catalogue.module';
import { ConsoleModule } from './console/console.module';
import { IntakeModule } from './intake/intake.module';
import { LedgerModule } from './ledger/ledger.module';
import { NormalizeModule } from './normalize/normalize.module';
import { Channels } from './platform/channels';
import { SystemClock, type Clock } from './platform/clock';
import { Health } from './platform/health';
import type { Log } from './platform/logger';
import { HubOptions } from './platform/options';
import { Pace } from './platform/pace';
import { PlatformModule, type PlatformParts } from './platform/platform.module';
import { PollingModule } from './polling/polling.module';
import { PushModule } from './push/push.module';
import { CONNECTION_OPTIONS } from './store/connection';
import { StoreModule } from './store/store.module';
import { WebhooksModule } from './webhooks/webhooks.module';

/** What a hub is made of. Tests and benches hand in their own. */
export interface HubParts {
  readonly settings: Settings;
  readonly connectors: readonly Connector[];
  readonly log: Log;
  readonly clock?: Clock;
}

/** The only file that knows every room. A new room is one line in `imports`. */
@Module({})
export class AppModule implements OnModuleInit {
  static with(parts: HubParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MongooseModule.forRoot(parts.settings.MONGO_URL, { ...CONNECTION_OPTIONS, retryAttempts: 1 }),
        PlatformModule.with(platformParts(parts)),
        StoreModule,
        LedgerModule,
        IntakeModule,
        NormalizeModule,
        PushModule,
        AuthoriseModule,
        BackgroundModule,
        PollingModule,
        CatalogueModule,
        CampaignsModule,
        WebhooksModule,
        ConsoleModule.with({ options: { callsPerMinute: parts.settings.HUB_CALLS_PER_MINUTE }, doors: [] }),
      ],
    };
  }

  constructor(
    private readonly health: Health,
    @InjectConnection() private readonly connection: Connection,
  ) {}

  onModuleInit(): void {
    this.health.add('MongoDB', () => this.connection.db?.command({ ping: 1 }) ?? Promise.reject(new Error('closed')));
  }
}

function platformParts({ settings, connectors, log, clock }: HubParts): PlatformParts {
  return {
    redisUrl: settings.REDIS_URL,
    namespace: settings.HUB_QUEUE_NAMESPACE,
    isWorker: settings.HUB_ROLES.includes('worker'),
    sealKeys: [settings.HUB_SECRET_KEY, ...settings.HUB_OLD_SECRET_KEYS],
    channels: new Channels(connectors, settings.channelUrls),
    clock: clock ?? new SystemClock(),
    log,
    pace: new Pace(settings.HUB_CLOCK_FACTOR),
    options: new HubOptions({
      publicUrl: settings.HUB_PUBLIC_URL,
      hosts: settings.HUB_HOSTS,
      adminKey: settings.HUB_ADMIN_KEY,
      clockSkewMs: settings.HUB_CLOCK_SKEW_MS,
      pollMs: settings.HUB_POLL_SECONDS * 1000,
      hooksPerSecond: settings.HUB_HOOKS_PER_SECOND,
      driftMs: settings.HUB_DRIFT_HOURS * 3_600_000,
      attemptDays: settings.HUB_ATTEMPT_DAYS,
      webhooksToLoopback: settings.HUB_WEBHOOKS_TO_LOOPBACK === 'on',
    }),
  };
}
