import { Global, Module } from '@nestjs/common';
import { OrderDoor } from '../platform/doors';
import { AcceptOrderService } from './accept-order.service';
import { AccessNewsService } from './access-news.service';
import { CheckListingsService } from './check-listings.service';
import { FindShopService } from './find-shop.service';
import { LookAtOrdersService } from './look-at-orders.service';
import { NormalizeWorker } from './normalize.worker';
import { ReadDeliveriesService } from './read-deliveries.service';
import { TellUnmappedService } from './tell-unmapped.service';
import { WriteOrdersService } from './write-orders.service';

/** The room that turns pushes, and what sellers tell, into one order model. */
@Global()
@Module({
  providers: [
    AccessNewsService,
    FindShopService,
    CheckListingsService,
    WriteOrdersService,
    TellUnmappedService,
    LookAtOrdersService,
    ReadDeliveriesService,
    NormalizeWorker,
    { provide: OrderDoor, useClass: AcceptOrderService },
  ],
  exports: [OrderDoor],
})
export class NormalizeModule {}
