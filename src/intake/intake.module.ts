import { Module } from '@nestjs/common';
import { ForgottenWorker } from './forgotten.worker';
import { HooksController } from './hooks.controller';
import { Inbox, InboxService } from './inbox.service';
import { KnownAppsService } from './known-apps.service';
import { MissingSecretsService } from './missing-secrets.service';
import { TakePushService } from './take-push.service';

/** The room that takes pushes: exact bytes, verified, kept, answered. */
@Module({
  providers: [
    KnownAppsService,
    MissingSecretsService,
    TakePushService,
    HooksController,
    ForgottenWorker,
    { provide: Inbox, useClass: InboxService },
  ],
})
export class IntakeModule {}
