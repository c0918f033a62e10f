import { Global, Module } from '@nestjs/common';
import { StockDoor } from '../platform/doors';
import { AdjustService } from './adjust.service';
import { AuditNowService } from './audit-now.service';
import { AuditPositionsService } from './audit-positions.service';
import { AuditSharesService } from './audit-shares.service';
import { AuditStockWorker } from './audit-stock.worker';
import { BringOrderService } from './bring-order.service';
import { GroupCommitService } from './group-commit.service';
import { HoldsService } from './holds.service';
import { ReserveWorker } from './reserve.worker';
import { StockService } from './stock.service';

/** The room that decides about stock, and the only one that writes it. */
@Global()
@Module({
  providers: [
    GroupCommitService,
    BringOrderService,
    HoldsService,
    AdjustService,
    ReserveWorker,
    AuditPositionsService,
    AuditSharesService,
    AuditStockWorker,
    AuditNowService,
    { provide: StockDoor, useClass: StockService },
  ],
  exports: [StockDoor],
})
export class LedgerModule {}
