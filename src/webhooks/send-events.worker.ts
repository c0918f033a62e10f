import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { WebhookId } from '../domain';
import { Clock } from '../platform/clock';
import { Log, withLogContext } from '../platform/logger';
import { Sweeps } from '../platform/sweep';
import { WebhooksStore } from '../store/webhooks.store';
import { SERVE_MS, ServeWebhookService } from './serve-webhook.service';

const EVERY_MS = 250;
/** How many receivers are served at a time in this process: each waits for its own answers only. */
const AT_A_TIME = 200;

/** Finds webhooks with events to send, and serves them side by side. */
@Injectable()
export class SendEventsWorker implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly serving = new Map<WebhookId, Promise<void>>();
  private isStopping = false;

  constructor(
    private readonly webhooks: WebhooksStore,
    private readonly service: ServeWebhookService,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'webhooks', everyMs: EVERY_MS, sweep: () => this.begin() });
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    this.service.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rest();
  }

  /** Begins as many as there is room for. @returns how many. */
  async begin(): Promise<number> {
    const room = AT_A_TIME - this.serving.size;
    if (room <= 0 || this.isStopping) return 0;
    const now = this.clock.now();
    const due = await this.webhooks.dueBefore(now, room);
    const served = await Promise.all(due.map((webhook) => this.webhooks.serve(webhook, now + SERVE_MS)));
    for (const webhook of served) if (webhook !== undefined) this.start(webhook);
    return due.length;
  }

  /** Resolves when none is served. */
  async rest(): Promise<void> {
    while (this.serving.size > 0) await Promise.all(this.serving.values());
  }

  private start(webhook: Parameters<ServeWebhookService['serve']>[0]): void {
    const { id, seller } = webhook;
    const run = withLogContext({ seller }, () => this.service.serve(webhook))
      .catch((error: unknown) =>
        this.log.warn({ webhook: id, err: error }, 'serving a webhook ended early; it is due again'),
      )
      .then(() => void this.serving.delete(id));
    this.serving.set(id, run);
  }
}
