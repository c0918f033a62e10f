import { Module } from '@nestjs/common';
import { FollowListingsWorker } from './follow-listings.worker';
import { ImportWorker } from './import.worker';
import { MatchCatalogueService } from './match-catalogue.service';
import { ReadCatalogueService } from './read-catalogue.service';
import { TakeInOrdersService } from './take-in-orders.service';

/** The room that reads what shops offer, finds the sku of each thing, and follows when a listing is made or changed. */
@Module({
  providers: [ImportWorker, ReadCatalogueService, MatchCatalogueService, FollowListingsWorker, TakeInOrdersService],
})
export class CatalogueModule {}
