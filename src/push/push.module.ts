import { Module } from '@nestjs/common';
import { DeliverService } from './deliver.service';
import { DeliverTokens } from './deliver-tokens';
import { EnterAnswersService } from './enter-answers.service';
import { MoveLog } from './move-log';
import { PlanService } from './plan.service';
import { PushWorker } from './push.worker';
import { ReportBreakersWorker } from './report-breakers.worker';
import { StockProblemsService } from './stock-problems.service';
import { WriteStockService } from './write-stock.service';

/** The room that makes channels show what the stock says. */
@Module({
  providers: [
    DeliverTokens,
    StockProblemsService,
    PlanService,
    MoveLog,
    EnterAnswersService,
    WriteStockService,
    DeliverService,
    PushWorker,
    ReportBreakersWorker,
  ],
})
export class PushModule {}
