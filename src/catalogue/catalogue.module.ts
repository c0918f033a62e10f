import { Module } from '@nestjs/common';
import { ImportWorker } from './import.worker';
import { MatchCatalogueService } from './match-catalogue.service';
import { ReadCatalogueService } from './read-catalogue.service';
import { TakeInOrdersService } from './take-in-orders.service';

/** The room that reads what shops offer, and finds the sku of each thing. */
@Module({ providers: [ImportWorker, ReadCatalogueService, MatchCatalogueService, TakeInOrdersService] })
export class CatalogueModule {}
