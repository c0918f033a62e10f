import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ulid } from 'ulid';
import { positionIdOf, type SellerId, type StockAnswer } from '../domain';
import { Clock } from '../platform/clock';
import { StockDoor, type ShortLine } from '../platform/doors';
import { ListingsStore } from '../store/listings.store';
import { PositionsStore } from '../store/positions.store';
import { SkusStore } from '../store/skus.store';
import { TargetsStore } from '../store/targets.store';
import { Answer } from './answer';
import { limitOf, SkuPath } from './border.schema';
import { checkSkus } from './check-skus';
import { pageOf, readCursor, type Page } from './cursor';
import { MovesService } from './moves.service';
import { Caller, nameOf, type SellerCall } from './principal';
import { conflict, notFound, type Refusal } from './refusal';
import { READERS } from './roles';
import { Route } from './route';
import { showMove, showStock } from './show-stock';
import { CountBody, MoveAnswerView, MoveBody, MoveQuery, MoveView, StockView } from './stock.schema';

@ApiTags('stock')
@Controller('v1/stock')
export class StockController {
  constructor(
    private readonly stock: StockDoor,
    private readonly skus: SkusStore,
    private readonly positions: PositionsStore,
    private readonly targets: TargetsStore,
    private readonly listings: ListingsStore,
    private readonly moves: MovesService,
    private readonly clock: Clock,
  ) {}

  @Put(':sku')
  @Route({ does: 'Sets the count.', roles: ['operator'], effect: 'write', view: StockView })
  async count(@Caller() caller: SellerCall, @Param() { sku }: SkuPath, @Body() body: CountBody): Promise<StockView> {
    const { seller } = caller;
    await this.known(seller, sku);
    const wish = { id: `count|${ulid()}`, onHand: body.onHand, reason: body.reason, by: nameOf(caller) };
    refuseShort(sku, await this.stock.count(seller, sku, wish));
    return this.show(seller, sku);
  }

  @Post('moves')
  @Route({
    does: 'Changes stock by so many units, all lines or none.',
    roles: ['operator'],
    effect: 'write',
    view: MoveAnswerView,
    ok: [200, 201],
  })
  async move(@Caller() caller: SellerCall, @Body() body: MoveBody): Promise<Answer> {
    const { id, lines, reason } = body;
    await checkSkus(this.skus, caller.seller, lines);
    const answer = await this.stock.adjust(caller.seller, { id, lines, reason, by: nameOf(caller) });
    if (answer.kind === 'short') throw short(answer.lines);
    if (answer.kind === 'conflict') throw conflict('conflict', 'This id stands for another move.');
    return new Answer({ id, status: answer.kind }, { status: answer.kind === 'done' ? 201 : 200 });
  }

  @Get(':sku')
  @Route({ does: "A sku's stock and what every listing shows.", roles: READERS, effect: 'read', view: StockView })
  async one(@Caller() { seller }: SellerCall, @Param() { sku }: SkuPath): Promise<StockView> {
    await this.known(seller, sku);
    return this.show(seller, sku);
  }

  @Get(':sku/moves')
  @Route({ does: 'Every move, newest first.', roles: READERS, effect: 'read', view: MoveView, isList: true })
  async listMoves(
    @Caller() { seller }: SellerCall,
    @Param() { sku }: SkuPath,
    @Query() query: MoveQuery,
  ): Promise<Page<MoveView>> {
    await this.known(seller, sku);
    const limit = limitOf(query);
    const cursor = readCursor(query.after, ['number', 'string']);
    const mark = cursor && { mark: { v: Number(cursor[0]), id: String(cursor[1]) } };
    const moves = await this.moves.page({ seller, sku }, { ...mark, limit: limit + 1 });
    return pageOf(moves, limit, { item: showMove, end: ({ v, id }) => [v, id] });
  }

  private async known(seller: SellerId, sku: string): Promise<void> {
    if (!(await this.skus.find(seller, sku))) throw notFound();
  }

  private async show(seller: SellerId, sku: string): Promise<StockView> {
    const [position, targets, listings] = await Promise.all([
      this.positions.find(positionIdOf(seller, sku)),
      this.targets.bySkus(seller, [sku]),
      this.listings.bySkus(seller, [sku]),
    ]);
    return showStock({ sku, position, targets, listings, now: this.clock.now() });
  }
}

/** Names each short line; `path` is where it stands in the body. */
export function short(lines: readonly ShortLine[]): Refusal {
  const detail = lines.map(({ sku, asked, available }) => `${sku}: asked ${asked}, there are ${available}`).join('; ');
  return conflict('short', detail === '' ? 'There is not enough.' : detail, { lines });
}

function refuseShort(sku: string, answer: StockAnswer): void {
  if (answer.kind === 'short') throw short([{ sku, asked: answer.asked, available: answer.available }]);
}
