import { Module } from '@nestjs/common';
import { BringItemsService } from './bring-items.service';
import { CampaignProblemsService } from './campaign-problems.service';
import { RunCampaignService } from './run-campaign.service';
import { RunCampaignsWorker } from './run-campaigns.worker';

/** The room that starts and ends flash sales by the clock. */
@Module({ providers: [BringItemsService, CampaignProblemsService, RunCampaignService, RunCampaignsWorker] })
export class CampaignsModule {}
