import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AnswerInterceptor } from './answer-interceptor';
import { AppsController } from './apps.controller';
import { AttemptsController } from './attempts.controller';
import { CallersService } from './callers.service';
import { CampaignItemsController } from './campaign-items.controller';
import { CampaignSkusService } from './campaign-skus.service';
import { CampaignStepsController } from './campaign-steps.controller';
import { CampaignsController } from './campaigns.controller';
import { CampaignsService } from './campaigns.service';
import { CatalogueController } from './catalogue.controller';
import { CheckBody } from './check-body';
import { CheckCampaignService } from './check-campaign.service';
import { ConsentsService } from './consents.service';
import { ConsoleOptions } from './console-options';
import { DeadLettersController } from './dead-letters.controller';
import { DeliveriesController } from './deliveries.controller';
import { ExportStockService } from './export-stock.service';
import { HoldsController } from './holds.controller';
import { HooksWorker } from './hooks.worker';
import { IdempotencyInterceptor } from './idempotency-interceptor';
import { ImportItemsService } from './import-items.service';
import { ImportStockWorker } from './import-stock.worker';
import { JobsController } from './jobs.controller';
import { KeyGuard } from './key-guard';
import { KeysController } from './keys.controller';
import { ListingsController } from './listings.controller';
import { MovesService } from './moves.service';
import { OrdersController } from './orders.controller';
import { PressCampaignService } from './press-campaign.service';
import { ProblemFilter } from './problem-filter';
import { ProblemsController } from './problems.controller';
import { PublicationsController } from './publications.controller';
import { ReadFileService } from './read-file.service';
import { RefuseOpenRoutes } from './refuse-open-routes';
import { RetryLetterService } from './retry-letter.service';
import { SellersController } from './sellers.controller';
import { ShopOrdersController } from './shop-orders.controller';
import { ShortagesService } from './shortages.service';
import { ShopsController } from './shops.controller';
import { ShopsService } from './shops.service';
import { SkusController } from './skus.controller';
import { StockAuditController } from './stock-audit.controller';
import { StockController } from './stock.controller';
import { StockFilesController } from './stock-files.controller';
import { TakeStockFileService } from './take-stock-file.service';
import { TimelineService } from './timeline.service';
import { WhyController } from './why.controller';
import { WhyService } from './why.service';
import { WebhooksController } from './webhooks.controller';

const CONTROLLERS = [
  SellersController,
  KeysController,
  AppsController,
  ShopsController,
  AttemptsController,
  PublicationsController,
  ShopOrdersController,
  CatalogueController,
  ListingsController,
  SkusController,
  StockController,
  WhyController,
  StockAuditController,
  StockFilesController,
  HoldsController,
  OrdersController,
  DeliveriesController,
  DeadLettersController,
  ProblemsController,
  CampaignsController,
  CampaignItemsController,
  CampaignStepsController,
  JobsController,
  WebhooksController,
];

/** What every call goes through, the outermost first. */
const AROUND_EVERY_CALL = [
  { provide: APP_FILTER, useClass: ProblemFilter },
  { provide: APP_GUARD, useClass: KeyGuard },
  { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
  { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  { provide: APP_PIPE, useClass: CheckBody },
];

/** The room of the operators' API. */
@Module({})
export class ConsoleModule {
  /** `doors`: the modules that stand behind `StockDoor` and `OrderDoor`. */
  static with({ options, doors }: { options: ConsoleOptions; doors: readonly Type[] }): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [DiscoveryModule, ...doors],
      controllers: CONTROLLERS,
      providers: [
        { provide: ConsoleOptions, useValue: options },
        ...AROUND_EVERY_CALL,
        CallersService,
        RefuseOpenRoutes,
        ConsentsService,
        ShopsService,
        HooksWorker,
        MovesService,
        TimelineService,
        WhyService,
        ShortagesService,
        RetryLetterService,
        CampaignsService,
        CampaignSkusService,
        CheckCampaignService,
        PressCampaignService,
        ImportItemsService,
        ExportStockService,
        ReadFileService,
        TakeStockFileService,
        ImportStockWorker,
      ],
    };
  }
}
