import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { MongooseModule } from '@nestjs/mongoose';
import { Test, type TestingModule } from '@nestjs/testing';
import { MongoClient, type Db } from 'mongodb';
import type { Connector } from '../../../connectors/kit';
import { AuthoriseModule } from '../../../src/authorise/authorise.module';
import { BackgroundModule } from '../../../src/background/background.module';
import { CampaignsModule } from '../../../src/campaigns/campaigns.module';
import { CatalogueModule } from '../../../src/catalogue/catalogue.module';
import { LedgerModule } from '../../../src/ledger/ledger.module';
import { NormalizeModule } from '../../../src/normalize/normalize.module';
import { Channels } from '../../../src/platform/channels';
import { SystemClock, type Clock } from '../../../src/platform/clock';
import { createLog } from '../../../src/platform/logger';
import { Pace } from '../../../src/platform/pace';
import { HubOptions } from '../../../src/platform/options';
import { PlatformModule, type PlatformParts } from '../../../src/platform/platform.module';
import { Queues } from '../../../src/platform/queues';
import { PollingModule } from '../../../src/polling/polling.module';
import { PushModule } from '../../../src/push/push.module';
import { checkMongo, CONNECTION_OPTIONS } from '../../../src/store/connection';
import { StoreModule } from '../../../src/store/store.module';
import { WebhooksModule } from '../../../src/webhooks/webhooks.module';
import { issueChannel, tokenChannel } from '../races/token-market';
import { withNaiveStores, type Naivety } from './naive-stores';

/** A database and queues that nobody else has. Plain text, so that another process can open the same. */
export interface Place {
  readonly mongoUrl: string;
  readonly redisUrl: string;
  readonly namespace: string;
  /** Where `TokenMarket` listens; its channel is then spoken. */
  readonly tokenMarketUrl?: string;
}

export interface RoomsOptions {
  readonly place: Place;
  readonly connectors?: readonly Connector[];
  /** In place of the usual one that speaks to the token market. */
  readonly tokenChannel?: Connector;
  readonly clock?: Clock;
  /** Whether jobs are worked on and sweeps run. */
  readonly isWorker?: boolean;
  /** How many times shorter waits are. */
  readonly pace?: number;
  /** Stores that are replaced by ones that do not look before they write. */
  readonly naive?: readonly Naivety[];
}

type Token<Value> = abstract new (...made: never[]) => Value;

/** The ledger and the rooms around it in this process, with connections of their own; without workers and sweeps unless asked for. */
export interface Rooms {
  get<Value>(token: Token<Value>): Value;
  readonly close: () => Promise<void>;
}

/** A new place on the stores that the test runner gives, with all indexes. */
export async function makePlace(): Promise<Place & { readonly db: Db; readonly remove: () => Promise<void> }> {
  const { MONGO_URL, REDIS_URL } = process.env;
  if (MONGO_URL === undefined || REDIS_URL === undefined) throw new Error('run it by: npm test -- <path>');
  const name = `t${randomBytes(6).toString('hex')}`;
  const url = new URL(MONGO_URL);
  url.pathname = `/${name}`;
  await checkMongo(url.href);
  const client = await MongoClient.connect(url.href);
  return {
    mongoUrl: url.href,
    redisUrl: REDIS_URL,
    namespace: name,
    db: client.db(),
    remove: async () => {
      await client.db().dropDatabase();
      await client.close();
    },
  };
}

function platformParts({
  place,
  connectors = [],
  tokenChannel: keyed = tokenChannel(),
  clock,
  isWorker = false,
  pace = 1,
}: RoomsOptions): PlatformParts {
  return {
    redisUrl: place.redisUrl,
    namespace: place.namespace,
    isWorker,
    pace: new Pace(pace),
    sealKeys: [Buffer.alloc(32, 7).toString('base64')],
    channels: channelsOf(place, [keyed, issueChannel(), ...connectors]),
    clock: clock ?? new SystemClock(),
    log: createLog('silent'),
    options: new HubOptions({
      publicUrl: 'http://127.0.0.1',
      hosts: [],
      adminKey: 'root-key-of-the-tests-root-key-of-the-tests',
      clockSkewMs: 1000,
      pollMs: 120_000,
      hooksPerSecond: 10_000,
      driftMs: 6 * 3_600_000,
      attemptDays: 30,
      webhooksToLoopback: true,
    }),
  };
}

function channelsOf({ tokenMarketUrl }: Place, connectors: readonly Connector[]): Channels {
  return new Channels(
    connectors,
    tokenMarketUrl === undefined ? {} : { keyed: tokenMarketUrl, issued: tokenMarketUrl },
  );
}

export async function openRooms(options: RoomsOptions): Promise<Rooms> {
  const builder = Test.createTestingModule({
    imports: [
      MongooseModule.forRoot(options.place.mongoUrl, { ...CONNECTION_OPTIONS, retryAttempts: 1 }),
      PlatformModule.with(platformParts(options)),
      StoreModule,
      LedgerModule,
      NormalizeModule,
      PushModule,
      AuthoriseModule,
      BackgroundModule,
      PollingModule,
      CatalogueModule,
      CampaignsModule,
      WebhooksModule,
    ],
  });
  const module: TestingModule = await withNaiveStores(builder, options.naive ?? []).compile();
  await module.init();
  return {
    get: (token) => module.get(token as never, { strict: false }),
    close: async () => {
      await Promise.all(
        module
          .get(Queues)
          .all()
          .map((queue) => queue.obliterate({ force: true }).catch(() => undefined)),
      );
      await module.close();
    },
  };
}
