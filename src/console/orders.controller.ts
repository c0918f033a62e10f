import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Buyer, OrderId, SellerId, ShopId } from '../domain';
import { OrderDoor, type AcceptAnswer } from '../platform/doors';
import { Log } from '../platform/logger';
import { OrdersStore, type OrderFilter, type StoredOrder } from '../store/orders.store';
import { Answer, versioned } from './answer';
import { limitOf } from './border.schema';
import { pageOf, readCursor, type Page } from './cursor';
import { OrderBody, OrderQuery, OrderView, OrderWithTimelineView, RestockBody, RevealQuery } from './orders.schema';
import { present } from './present';
import { Caller, type SellerCall } from './principal';
import { readOrder } from './read-order';
import { conflict, faulty, notFound, Refusal } from './refusal';
import { READERS } from './roles';
import { Route } from './route';
import { maskBuyer, showOrder } from './show-order';
import { TimelineService } from './timeline.service';

@ApiTags('orders')
@Controller('v1/orders')
export class OrdersController {
  constructor(
    private readonly door: OrderDoor,
    private readonly orders: OrdersStore,
    private readonly timeline: TimelineService,
    private readonly log: Log,
  ) {}

  @Post()
  @Route({
    does: "An order of the seller's own site, phone or file; the same route moves it on.",
    roles: ['storefront', 'operator'],
    effect: 'write',
    view: OrderView,
    ok: [200, 201],
  })
  async accept(@Caller() { seller }: SellerCall, @Body() body: OrderBody): Promise<Answer> {
    const read = readOrder(body);
    if (read.kind === 'faulty') throw faulty(read.faults);
    const answer = await this.door.accept(seller, read.state);
    if (answer.kind === 'unknown-skus') throw unknownSkus(body, answer.skus);
    return accepted(answer);
  }

  @Get()
  @Route({ does: 'Orders by last change.', roles: READERS, effect: 'read', view: OrderView, isList: true })
  async list(@Caller() { seller }: SellerCall, @Query() query: OrderQuery): Promise<Page<OrderView>> {
    const limit = limitOf(query);
    if (query.externalId !== undefined) {
      const found = await this.orders.byExternalId(seller, query.externalId);
      return { items: found.filter((order) => fits(order, query)).map((order) => showOrder(order)), next: null };
    }
    const orders = await this.orders.list(seller, { ...filterOf(query), limit: limit + 1 });
    return pageOf(orders, limit, { item: (order) => showOrder(order), end: ({ updatedAt, id }) => [updatedAt, id] });
  }

  @Get(':id')
  @Route({
    does: 'One order with all that happened to it.',
    roles: READERS,
    effect: 'read',
    view: OrderWithTimelineView,
    isVersioned: true,
  })
  async one(@Caller() caller: SellerCall, @Param('id') id: string, @Query() query: RevealQuery): Promise<Answer> {
    const isRevealed = query.reveal === 'buyer';
    if (isRevealed) this.mayReveal(caller, id);
    const order = await this.find(caller.seller, id);
    const timeline = await this.timeline.of(order);
    return versioned(Object.assign(showOrder(order, this.buyerOf(order, isRevealed)), { timeline }), order.v);
  }

  @Post(':id/restock')
  @HttpCode(200)
  @Route({ does: 'Says what came back fit to sell.', roles: ['operator'], effect: 'write', view: OrderView })
  async restock(
    @Caller() { seller }: SellerCall,
    @Param('id') id: string,
    @Body() { lines }: RestockBody,
  ): Promise<OrderView> {
    const answer = await this.door.restock(seller, id, lines);
    if (answer.kind === 'unknown') throw notFound();
    if (answer.kind === 'done') return showOrder(answer.order);
    throw faulty(
      lines.flatMap((line, at) =>
        answer.lines.includes(line.id)
          ? [{ path: `lines.${at}.units`, message: `${line.id} has not so many units that came back` }]
          : [],
      ),
    );
  }

  private mayReveal(caller: SellerCall, order: string): void {
    if (!caller.isRoot && !caller.roles.includes('operator')) {
      throw new Refusal(403, 'forbidden', { detail: 'Only an operator may see the buyer.' });
    }
    this.log.info({ seller: caller.seller, order, by: caller.person, by_key: caller.key }, 'a buyer is revealed');
  }

  private buyerOf(order: StoredOrder, isRevealed: boolean): Buyer | undefined {
    const buyer = this.orders.openBuyer(order);
    return buyer === undefined || isRevealed ? buyer : maskBuyer(buyer);
  }

  private async find(seller: SellerId, id: string): Promise<StoredOrder> {
    const order = await this.orders.find(id as OrderId);
    if (order?.seller !== seller || !isOrder(order)) throw notFound();
    return order;
  }
}

/** A hold is no order before it is confirmed. */
const isOrder = ({ hold }: StoredOrder): boolean => hold === undefined || hold.status === 'confirmed';

function accepted(answer: Exclude<AcceptAnswer, { kind: 'unknown-skus' }>): Answer {
  const view = showOrder(answer.order);
  switch (answer.kind) {
    case 'made':
      return new Answer(view, { status: 201, v: answer.order.v });
    case 'moved':
    case 'same':
    case 'older':
      return new Answer(view, { status: 200, v: answer.order.v });
    case 'conflict':
      throw conflict('conflict', 'The order was told with another state of the same instant, or its id is taken.', {
        current: view,
      });
  }
}

function unknownSkus({ lines }: OrderBody, skus: readonly string[]): Refusal {
  return faulty(
    lines.flatMap(({ sku }, at) =>
      skus.includes(sku) ? [{ path: `lines.${at}.sku`, message: `there is no sku ${sku}` }] : [],
    ),
  );
}

function filterOf(query: OrderQuery): Omit<OrderFilter, 'limit'> {
  const cursor = readCursor(query.after, ['number', 'string']);
  const after = cursor && { updatedAt: Number(cursor[0]), id: String(cursor[1]) as OrderId };
  const { status, channel } = query;
  // A hold that is no order has the instant 0.
  const updatedAfter = query.updatedAfter === undefined ? 1 : Date.parse(query.updatedAfter) + 1;
  return { ...present({ status, channel, after, shop: query.shop as ShopId | undefined }), updatedAfter };
}

function fits(order: StoredOrder, { channel, shop, status, updatedAfter }: OrderQuery): boolean {
  return (
    isOrder(order) &&
    (channel === undefined || order.channel === channel) &&
    (shop === undefined || order.shop === shop) &&
    (status === undefined || order.status === status) &&
    (updatedAfter === undefined || order.updatedAt > Date.parse(updatedAfter))
  );
}
