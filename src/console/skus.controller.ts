import { isDeepStrictEqual } from 'node:util';
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { EMPTY_POSITION, positionIdOf, type Position, type SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { StockDoor } from '../platform/doors';
import { PositionsStore } from '../store/positions.store';
import { SkusStore, type SkuRecord } from '../store/skus.store';
import { Answer, versioned } from './answer';
import { limitOf, SkuPath } from './border.schema';
import { CampaignSkusService } from './campaign-skus.service';
import { pageOf, readTextCursor, type Page } from './cursor';
import { matchVersion } from './match-version';
import { present } from './present';
import { Caller, type SellerCall } from './principal';
import { faulty, notFound, stale, type Fault } from './refusal';
import { READERS } from './roles';
import { Route } from './route';
import { readExposure, readMoney, SkuBody, SkuQuery, skuView, SkuView } from './skus.schema';

@ApiTags('skus')
@Controller('v1/skus')
export class SkusController {
  constructor(
    private readonly skus: SkusStore,
    private readonly positions: PositionsStore,
    private readonly campaigns: CampaignSkusService,
    private readonly stock: StockDoor,
    private readonly clock: Clock,
  ) {}

  @Put(':sku')
  @Route({
    does: 'Makes or replaces a sku; what is left out takes its default.',
    roles: ['editor'],
    effect: 'write',
    view: SkuView,
    ok: [200, 201],
    isVersioned: true,
  })
  async put(@Caller() caller: SellerCall, @Param() { sku }: SkuPath, @Body() body: SkuBody): Promise<Answer> {
    const before = await this.skus.find(caller.seller, sku);
    if (before) matchVersion(caller.ifMatch, { v: before.v, body: skuView(before) });
    else if (caller.ifMatch !== undefined) throw notFound();
    const next = this.recordOf({ seller: caller.seller, sku, before }, body);
    if (!(await this.skus.put(next))) throw await this.staleNow(caller.seller, sku);
    await this.setRules(next);
    return new Answer(skuView(next), { status: before ? 200 : 201, v: next.v });
  }

  @Get()
  @Route({ does: 'Skus by their text.', roles: READERS, effect: 'read', view: SkuView, isList: true })
  async list(@Caller() { seller }: SellerCall, @Query() query: SkuQuery): Promise<Page<SkuView>> {
    const { category, q, campaign } = query;
    const limit = limitOf(query);
    const search = present({ category, q });
    if (campaign !== undefined) {
      const { items: among, next } = await this.campaigns.skus(seller, campaign, query);
      return { items: (await this.skus.list(seller, { ...search, among, limit })).map(skuView), next };
    }
    const skus = await this.skus.list(seller, { ...search, ...readTextCursor(query.after), limit: limit + 1 });
    return pageOf(skus, limit, { item: skuView, end: ({ sku }) => [sku] });
  }

  @Get(':sku')
  @Route({ does: 'One sku.', roles: READERS, effect: 'read', view: SkuView, isVersioned: true })
  async one(@Caller() { seller }: SellerCall, @Param() { sku }: SkuPath): Promise<Answer> {
    const record = await this.skus.find(seller, sku);
    if (!record) throw notFound();
    return versioned(skuView(record), record.v);
  }

  private recordOf(ref: { seller: SellerId; sku: string; before: SkuRecord | undefined }, body: SkuBody): SkuRecord {
    const faults: Fault[] = [];
    const basePrice = readMoney(body.basePrice, 'basePrice', faults);
    const cost = body.cost && readMoney(body.cost, 'cost', faults);
    if (cost && cost.currency !== basePrice.currency) {
      faults.push({ path: 'cost.currency', message: 'cost must have the currency of basePrice' });
    }
    const exposure = readExposure(body.exposure, faults);
    if (faults.length > 0) throw faulty(faults);
    const now = this.clock.now();
    return {
      seller: ref.seller,
      sku: ref.sku,
      v: (ref.before?.v ?? 0) + 1,
      name: body.name,
      ...(body.category !== undefined && { category: body.category }),
      basePrice,
      ...(cost && { cost }),
      safetyBuffer: body.safetyBuffer ?? 0,
      exposure,
      ...(body.lowStockAt !== undefined && { lowStockAt: body.lowStockAt }),
      createdAt: ref.before?.createdAt ?? now,
      updatedAt: now,
    };
  }

  /** The position follows the sku; a repeat of the same PUT mends what a crash between the two writes left. */
  private async setRules(record: SkuRecord): Promise<void> {
    const { seller, sku } = record;
    const position = (await this.positions.find(positionIdOf(seller, sku))) ?? EMPTY_POSITION;
    const rules = rulesOf(record);
    if (isDeepStrictEqual(rules, rulesOf(position))) return;
    await this.stock.setRules(seller, sku, rules);
  }

  private async staleNow(seller: SellerId, sku: string): Promise<Error> {
    const current = await this.skus.find(seller, sku);
    return current ? stale({ v: current.v, body: skuView(current) }) : notFound();
  }
}

const rulesOf = ({
  safetyBuffer,
  exposure,
  lowStockAt,
}: Pick<Position, 'safetyBuffer' | 'exposure' | 'lowStockAt'>) => ({
  ...{ safetyBuffer, exposure },
  lowStockAt: lowStockAt ?? null,
});
