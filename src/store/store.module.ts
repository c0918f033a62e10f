import { Global, Module, type Type } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import type { Schema } from 'mongoose';
import { ADJUSTMENTS, AdjustmentsStore, adjustmentSchema } from './adjustments.store';
import { AppCalls } from './app-calls.store';
import { APPS, AppsStore, appSchema } from './apps.store';
import { ATTEMPT_DAYS, AttemptDaysStore, attemptDaySchema } from './attempt-days.store';
import { ATTEMPTS, AttemptsStore, attemptSchema } from './attempts.store';
import { BALANCES, BalancesStore, balanceSchema } from './balances.store';
import { BREAKER_STATES, BreakerStatesStore, breakerStateSchema } from './breaker-states.store';
import { CAMPAIGN_ITEMS, CampaignItemsStore, campaignItemSchema } from './campaign-items.store';
import { CAMPAIGNS, CampaignsStore, campaignSchema } from './campaigns.store';
import { CATALOGUE, CatalogueStore, catalogueSchema } from './catalogue.store';
import { CatchUp } from './catch-up.store';
import { CONSENTS, ConsentsStore, consentSchema } from './consents.store';
import { DEAD_LETTERS, DeadLettersStore, deadLetterSchema } from './dead-letters.store';
import { DeadLetterBox } from './dead-letter-box.store';
import { DELIVERIES, DeliveriesStore, deliverySchema } from './deliveries.store';
import { IDEMPOTENCY, IdempotencyStore, idempotencySchema } from './idempotency.store';
import { KEYS, KeysStore, keySchema } from './keys.store';
import { LEASES, LeasesStore, leaseSchema } from './leases.store';
import { LISTINGS, ListingsStore, listingSchema } from './listings.store';
import { LONG_JOBS, LongJobsStore, longJobSchema } from './long-jobs.store';
import { LongWork } from './long-work';
import { Markets } from './markets.store';
import { ShownStock } from './shown-stock.store';
import { MOVES, MovesStore, moveSchema } from './moves.store';
import { ORDERS, OrdersStore, orderSchema } from './orders.store';
import { POLL_CURSORS, PollCursorsStore, pollCursorSchema } from './poll-cursors.store';
import { POSITIONS, PositionsStore, positionSchema } from './positions.store';
import { PROBLEMS, ProblemsStore, problemSchema } from './problems.store';
import { RenewTokens } from './renew-tokens.store';
import { ReviveConnection } from './revive-connection';
import { SCHEDULES, SchedulesStore, scheduleSchema } from './schedules.store';
import { SELLERS, SellersStore, sellerSchema } from './sellers.store';
import { ShopCalls } from './shop-calls.store';
import { ShopTokensStore } from './shop-tokens.store';
import { ShopTrouble } from './shop-trouble.store';
import { SHOPS, ShopsStore, shopSchema } from './shops.store';
import { SKUS, SkusStore, skuSchema } from './skus.store';
import { STOCK_FILES, StockFilesStore, stockFileSchema } from './stock-files.store';
import { StockHistory } from './stock-history.store';
import { TARGETS, TargetsStore, targetSchema } from './targets.store';
import { TokenKeeper } from './token-keeper.store';
import { TellWebhooks } from './tell-webhooks.store';
import { TokenProblems } from './token-problems.store';
import { WEBHOOK_EVENTS, WebhookEventsStore, webhookEventSchema } from './webhook-events.store';
import { WEBHOOKS, WebhooksStore, webhookSchema } from './webhooks.store';

type Row = readonly [name: string, schema: Schema, store: Type];

/** Every collection, its schema and its store. A new one is one row. */
const COLLECTIONS = [
  [ADJUSTMENTS, adjustmentSchema, AdjustmentsStore],
  [APPS, appSchema, AppsStore],
  [ATTEMPT_DAYS, attemptDaySchema, AttemptDaysStore],
  [ATTEMPTS, attemptSchema, AttemptsStore],
  [BALANCES, balanceSchema, BalancesStore],
  [BREAKER_STATES, breakerStateSchema, BreakerStatesStore],
  [CAMPAIGN_ITEMS, campaignItemSchema, CampaignItemsStore],
  [CAMPAIGNS, campaignSchema, CampaignsStore],
  [CATALOGUE, catalogueSchema, CatalogueStore],
  [CONSENTS, consentSchema, ConsentsStore],
  [DEAD_LETTERS, deadLetterSchema, DeadLettersStore],
  [DELIVERIES, deliverySchema, DeliveriesStore],
  [IDEMPOTENCY, idempotencySchema, IdempotencyStore],
  [KEYS, keySchema, KeysStore],
  [LEASES, leaseSchema, LeasesStore],
  [LISTINGS, listingSchema, ListingsStore],
  [LONG_JOBS, longJobSchema, LongJobsStore],
  [MOVES, moveSchema, MovesStore],
  [ORDERS, orderSchema, OrdersStore],
  [POLL_CURSORS, pollCursorSchema, PollCursorsStore],
  [POSITIONS, positionSchema, PositionsStore],
  [PROBLEMS, problemSchema, ProblemsStore],
  [SCHEDULES, scheduleSchema, SchedulesStore],
  [SELLERS, sellerSchema, SellersStore],
  [SHOPS, shopSchema, ShopsStore],
  [SKUS, skuSchema, SkusStore],
  [STOCK_FILES, stockFileSchema, StockFilesStore],
  [TARGETS, targetSchema, TargetsStore],
  [WEBHOOK_EVENTS, webhookEventSchema, WebhookEventsStore],
  [WEBHOOKS, webhookSchema, WebhooksStore],
] as unknown as readonly Row[];

/** What puts several stores together for more than one room. */
const COMPOSED: readonly Type[] = [
  DeadLetterBox,
  LongWork,
  Markets,
  ShownStock,
  ShopCalls,
  ShopTrouble,
  ShopTokensStore,
  AppCalls,
  RenewTokens,
  TokenKeeper,
  TokenProblems,
  CatchUp,
  StockHistory,
  TellWebhooks,
];

const stores = [...COLLECTIONS.map(([, , store]) => store), ...COMPOSED];

/** All stores, for every room. */
@Global()
@Module({
  imports: [MongooseModule.forFeature(COLLECTIONS.map(([name, schema]) => ({ name, schema })))],
  providers: [...stores, ReviveConnection],
  exports: stores,
})
export class StoreModule {}
