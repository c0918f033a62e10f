import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type Provider,
} from '@nestjs/common';
import { Breakers } from './breaker';
import { Budgets } from './budget';
import { Channels } from './channels';
import { Clock } from './clock';
import { Health } from './health';
import { ChannelCalls } from './http';
import { Log } from './logger';
import { Metrics } from './metrics';
import { HubOptions } from './options';
import { Pace } from './pace';
import { Queues } from './queues';
import { ReceiverCalls } from './receiver-calls';
import { closeRedis, connectRedis, type RedisLink } from './redis';
import { RootKey } from './root-key';
import { Seal } from './seal';
import { Sweeps } from './sweep';
import { Workers } from './worker';

/** What the platform is made with; app.module.ts reads it from the settings. */
export interface PlatformParts {
  readonly redisUrl: string;
  readonly namespace: string;
  /** Whether this process works on jobs and sweeps. */
  readonly isWorker: boolean;
  readonly sealKeys: readonly [string, ...string[]];
  readonly options: HubOptions;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly log: Log;
}

const PARTS = Symbol('PlatformParts');
const BUDGET_REDIS = Symbol('BudgetRedis');

const given = (parts: PlatformParts): Provider[] => [
  { provide: PARTS, useValue: parts },
  { provide: Channels, useValue: parts.channels },
  { provide: Clock, useValue: parts.clock },
  { provide: Log, useValue: parts.log },
  { provide: HubOptions, useValue: parts.options },
  { provide: Pace, useValue: parts.pace },
  { provide: RootKey, useValue: new RootKey(parts.options.adminKey) },
  { provide: Seal, useValue: new Seal(parts.sealKeys) },
  { provide: Metrics, useFactory: () => new Metrics() },
];

const working = ({ redisUrl: url, namespace, log, pace }: PlatformParts): Provider[] => [
  {
    provide: Queues,
    inject: [Metrics],
    useFactory: (metrics: Metrics) => new Queues({ url, namespace, log, metrics }),
  },
  {
    provide: Workers,
    inject: [Queues, Metrics],
    useFactory: (queues: Queues, metrics: Metrics) => new Workers({ queues, log, metrics, pace }),
  },
  { provide: Sweeps, inject: [Metrics], useFactory: (metrics: Metrics) => new Sweeps(log, metrics) },
  { provide: Health, inject: [Queues], useFactory: (queues: Queues) => new Health(queues) },
];

const calling = ({ redisUrl, namespace, options }: PlatformParts): Provider[] => [
  { provide: Breakers, inject: [Metrics], useFactory: (metrics: Metrics) => new Breakers(metrics) },
  { provide: BUDGET_REDIS, useFactory: () => connectRedis(redisUrl, 'budget') },
  { provide: Budgets, inject: [BUDGET_REDIS], useFactory: (redis: RedisLink) => new Budgets(redis, namespace) },
  {
    provide: ChannelCalls,
    inject: [Breakers, Budgets, Metrics],
    useFactory: (...made: [Breakers, Budgets, Metrics]) => new ChannelCalls(...made),
  },
  { provide: ReceiverCalls, useFactory: () => new ReceiverCalls(options) },
];

const OFFERED = [
  ...[Channels, Clock, Log, HubOptions, Pace, RootKey, Seal, Metrics],
  ...[Queues, Workers, Sweeps, Health, Breakers, Budgets, ChannelCalls, ReceiverCalls],
];

/** Connections, queues, workers, calls and the rest that every room stands on. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  static with(parts: PlatformParts): DynamicModule {
    return {
      module: PlatformModule,
      providers: [...given(parts), ...working(parts), ...calling(parts)],
      exports: OFFERED,
    };
  }

  constructor(
    @Inject(PARTS) private readonly parts: PlatformParts,
    private readonly workers: Workers,
    private readonly sweeps: Sweeps,
    private readonly queues: Queues,
    private readonly calls: ChannelCalls,
    private readonly receivers: ReceiverCalls,
    private readonly breakers: Breakers,
    @Inject(BUDGET_REDIS) private readonly budgetRedis: RedisLink,
  ) {}

  /** Every room has registered its handlers by now. */
  onApplicationBootstrap(): void {
    if (!this.parts.isWorker) return;
    this.workers.start();
    this.sweeps.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.parts.log.info({}, 'stopping: no new work, what runs is finished');
    await Promise.all([this.sweeps.stop(), this.workers.stop()]);
  }

  async onApplicationShutdown(): Promise<void> {
    this.parts.log.info({}, 'stopping: queues and connections');
    await Promise.all([this.queues.close(), closeRedis(this.budgetRedis)]);
    this.calls.close();
    this.receivers.close();
    this.breakers.close();
  }
}
