import { Module } from '@nestjs/common';
import { CallbackController } from './callback.controller';
import { GrantShopService } from './grant-shop.service';
import { TakeConsentService } from './take-consent.service';
import { TendTokensWorker } from './tend-tokens.worker';

/** The room of the right to act for a shop: consents end here, and tokens are kept alive. */
@Module({ providers: [CallbackController, TakeConsentService, GrantShopService, TendTokensWorker] })
export class AuthoriseModule {}
