import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { keyOf } from '../domain';
import { LongJobsStore } from '../store/long-jobs.store';
import { AUDIT_STOCK } from '../store/long-work';
import { SkusStore } from '../store/skus.store';
import { BegunView } from './jobs.schema';
import { present } from './present';
import { Caller, nameOf, type SellerCall } from './principal';
import { notFound } from './refusal';
import { Route } from './route';
import { StockAuditBody } from './stock.schema';

@ApiTags('stock')
@Controller('v1/stock/audit')
export class StockAuditController {
  constructor(
    private readonly skus: SkusStore,
    private readonly jobs: LongJobsStore,
  ) {}

  @Post()
  @HttpCode(202)
  @Route({
    does: "Rebuilds positions from their moves and orders' shares, lists what differs and, when told to, repairs it.",
    roles: ['admin', 'operator'],
    effect: 'write',
    view: BegunView,
    ok: [202],
  })
  async begin(@Caller() call: SellerCall, @Body() { repair, sku }: StockAuditBody): Promise<BegunView> {
    if (sku !== undefined && !(await this.skus.find(call.seller, sku))) throw notFound();
    const about = keyOf(repair === true ? 'repair' : 'stock', ...(sku === undefined ? [] : [sku]));
    const wish = present({ repair, sku });
    const job = await this.jobs.begin({ seller: call.seller, kind: AUDIT_STOCK, about, wish, by: nameOf(call) });
    return { job: job.id };
  }
}
