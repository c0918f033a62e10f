import { Module } from '@nestjs/common';
import { AuditTimes } from './audit-times';
import { DeliverService } from './deliver.service';
import { DeliverTokens } from './deliver-tokens';
import { DriftAuditWorker } from './drift-audit.worker';
import { EnterAnswersService } from './enter-answers.service';
import { GuardService } from './guard.service';
import { HearFormerService } from './hear-former.service';
import { LockProblemsService } from './lock-problems.service';
import { LocksWorker } from './locks.worker';
import { MoveLog } from './move-log';
import { PlanService } from './plan.service';
import { PushWorker } from './push.worker';
import { ReadBesideService } from './read-beside.service';
import { ReportBreakersWorker } from './report-breakers.worker';
import { RepublishWorker } from './republish.worker';
import { ScheduleWorker } from './schedule.worker';
import { StockProblemsService } from './stock-problems.service';
import { WriteStockService } from './write-stock.service';

/** The room that makes channels show what the stock says. */
@Module({
  providers: [
    DeliverTokens,
    StockProblemsService,
    LockProblemsService,
    HearFormerService,
    PlanService,
    MoveLog,
    EnterAnswersService,
    WriteStockService,
    GuardService,
    DeliverService,
    PushWorker,
    LocksWorker,
    ReportBreakersWorker,
    AuditTimes,
    ReadBesideService,
    DriftAuditWorker,
    RepublishWorker,
    ScheduleWorker,
  ],
})
export class PushModule {}
