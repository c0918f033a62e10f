import { Module } from '@nestjs/common';
import { SendEventsWorker } from './send-events.worker';
import { ServeWebhookService } from './serve-webhook.service';
import { TellProblemsWorker } from './tell-problems.worker';

/** The room that tells sellers' systems what happened. */
@Module({ providers: [ServeWebhookService, SendEventsWorker, TellProblemsWorker] })
export class WebhooksModule {}
