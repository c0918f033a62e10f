import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ShopId } from '../domain';
import type { ItemKey } from '../store/campaign-items.store';
import { CampaignsStore } from '../store/campaigns.store';
import { made, versioned, type Answer } from './answer';
import { limitOf, PageQuery } from './border.schema';
import { CampaignReportView, CampaignRowView, ChecksView } from './campaign-report.schema';
import { CampaignBody, CampaignEntryView, CampaignPatch, CampaignQuery, CampaignView } from './campaigns.schema';
import { CampaignsService } from './campaigns.service';
import { CheckCampaignService } from './check-campaign.service';
import { pageOf, readCursor, readTextCursor, type Page } from './cursor';
import { present } from './present';
import { Caller, type SellerCall } from './principal';
import { READERS } from './roles';
import { Route } from './route';
import { showCampaign, showEntry, showRow, showSpan } from './show-campaign';

@ApiTags('campaigns')
@Controller('v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly campaigns: CampaignsStore,
    private readonly service: CampaignsService,
    private readonly checker: CheckCampaignService,
  ) {}

  @Post()
  @Route({
    does: 'Makes a flash sale as a draft; a draft may hold anything.',
    roles: ['editor'],
    effect: 'write',
    view: CampaignView,
    ok: [201],
    isVersioned: true,
  })
  async create(@Caller() call: SellerCall, @Body() body: CampaignBody): Promise<Answer> {
    const campaign = await this.service.make(call, body);
    return made(await this.service.view(campaign), campaign.v);
  }

  @Get()
  @Route({ does: 'Flash sales, newest first.', roles: READERS, effect: 'read', view: CampaignView, isList: true })
  async list(@Caller() { seller }: SellerCall, @Query() query: CampaignQuery): Promise<Page<CampaignView>> {
    const limit = limitOf(query);
    const page = present({ state: query.state, before: readTextCursor(query.after)?.after });
    const campaigns = await this.campaigns.list(seller, { ...page, limit: limit + 1 });
    return pageOf(campaigns, limit, { item: (campaign) => showCampaign(campaign), end: ({ id }) => [id] });
  }

  @Get(':id')
  @Route({
    does: 'One flash sale, with its items and their free stock where they are few.',
    roles: READERS,
    effect: 'read',
    view: CampaignView,
    isVersioned: true,
  })
  async one(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<Answer> {
    const campaign = await this.service.find(seller, id);
    return versioned(await this.service.view(campaign), campaign.v);
  }

  @Patch(':id')
  @Route({
    does: 'Changes a draft; what is left out stays, items are replaced all at once. Needs If-Match.',
    roles: ['editor'],
    effect: 'write',
    view: CampaignView,
    isVersioned: true,
    refuses: [428],
  })
  async change(@Caller() call: SellerCall, @Param('id') id: string, @Body() body: CampaignPatch): Promise<Answer> {
    const campaign = await this.service.edit(call, id, body);
    return versioned(await this.service.view(campaign), campaign.v);
  }

  @Get(':id/items')
  @Route({
    does: 'Every sku of every shop in it, with its free stock and what it sold.',
    roles: READERS,
    effect: 'read',
    view: CampaignRowView,
    isList: true,
  })
  async items(
    @Caller() { seller }: SellerCall,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<Page<CampaignRowView>> {
    const campaign = await this.service.find(seller, id);
    const limit = limitOf(query);
    const { items, positions } = await this.service.rows(campaign, { ...readItemCursor(query), limit: limit + 1 });
    return pageOf(items, limit, {
      item: (item) => showRow(item, campaign.id, positions),
      end: ({ sku, shop }) => [sku, shop],
    });
  }

  @Get(':id/activity')
  @Route({
    does: 'What was done with it, oldest first.',
    roles: READERS,
    effect: 'read',
    view: CampaignEntryView,
    isList: true,
  })
  async activity(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<Page<CampaignEntryView>> {
    await this.service.find(seller, id);
    return { items: (await this.campaigns.activity(seller, id)).map(showEntry), next: null };
  }

  @Get(':id/checks')
  @Route({ does: 'What stands between it and its approval.', roles: READERS, effect: 'read', view: ChecksView })
  async checks(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<ChecksView> {
    return this.checker.check(await this.service.find(seller, id));
  }

  @Get(':id/report')
  @Route({
    does: 'What it sold, in all and of each item, and whether it completed.',
    roles: READERS,
    effect: 'read',
    view: CampaignReportView,
  })
  async report(
    @Caller() call: SellerCall,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<CampaignReportView> {
    const page = await this.items(call, id, query);
    const campaign = await this.service.find(call.seller, id);
    const { totals, areAllHeld } = await this.service.totals(campaign);
    const { state, liveAt } = campaign;
    const completed = state === 'ended' && liveAt !== undefined && areAllHeld;
    return { state, completed, ...showSpan(campaign), totals, ...page };
  }
}

function readItemCursor({ after }: PageQuery): { after: ItemKey } | undefined {
  const parts = readCursor(after, ['string', 'string']);
  return parts && { after: { sku: String(parts[0]), shop: String(parts[1]) as ShopId } };
}
