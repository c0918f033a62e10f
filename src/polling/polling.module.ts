import { Module } from '@nestjs/common';
import { AuditOrdersService } from './audit-orders.service';
import { AuditWorker } from './audit.worker';
import { FindCursorsWorker } from './find-cursors.worker';
import { HearOrdersService } from './hear-orders.service';
import { LostPushesWorker } from './lost-pushes.worker';
import { PatientCalls } from './patient-calls.service';
import { PollProblemsService } from './poll-problems.service';
import { PollShopService } from './poll-shop.service';
import { PollTimes } from './poll-times';
import { PollWorker } from './poll.worker';
import { ReadListService } from './read-list.service';
import { SyncWorker } from './sync.worker';
import { WalkOrdersService } from './walk-orders.service';

/** The room that asks channels for what no push told. What it finds goes through the same door as pushes. */
@Module({
  providers: [
    PollTimes,
    PatientCalls,
    WalkOrdersService,
    PollProblemsService,
    ReadListService,
    HearOrdersService,
    PollShopService,
    FindCursorsWorker,
    PollWorker,
    SyncWorker,
    AuditOrdersService,
    AuditWorker,
    LostPushesWorker,
  ],
})
export class PollingModule {}
