import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AUDIT_ORDERS, SYNC_ORDERS } from '../store/long-work';
import { LongJobsStore } from '../store/long-jobs.store';
import { BegunView } from './jobs.schema';
import { Caller, nameOf, type SellerCall } from './principal';
import { Route } from './route';
import { AuditBody, SyncBody } from './shop-orders.schema';
import { ShopsService } from './shops.service';

@ApiTags('shops')
@Controller('v1/shops/:id/orders')
export class ShopOrdersController {
  constructor(
    private readonly shops: ShopsService,
    private readonly jobs: LongJobsStore,
  ) {}

  @Post('sync')
  @HttpCode(202)
  @Route({
    does: "Reads the shop's orders of the last days from its channel; what is here already stays as it is.",
    roles: ['admin', 'operator'],
    effect: 'write',
    view: BegunView,
    ok: [202],
  })
  async sync(@Caller() call: SellerCall, @Param('id') id: string, @Body() body: SyncBody): Promise<BegunView> {
    return this.begin(call, id, { kind: SYNC_ORDERS, wish: { days: body.days } });
  }

  @Post('audit')
  @HttpCode(202)
  @Route({
    does: "Compares the shop's orders of the last days with its channel, day by day, and mends what is older here.",
    roles: ['admin', 'operator'],
    effect: 'write',
    view: BegunView,
    ok: [202],
  })
  async audit(@Caller() call: SellerCall, @Param('id') id: string, @Body() body: AuditBody): Promise<BegunView> {
    return this.begin(call, id, { kind: AUDIT_ORDERS, wish: { days: body.days } });
  }

  private async begin(
    call: SellerCall,
    id: string,
    work: { readonly kind: string; readonly wish: { readonly days: number } },
  ): Promise<BegunView> {
    const shop = await this.shops.find(call.seller, id);
    const job = await this.jobs.begin({ seller: call.seller, about: shop.id, by: nameOf(call), ...work });
    return { job: job.id };
  }
}
