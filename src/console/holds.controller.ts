import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Order } from '../domain';
import { StockDoor, type HoldStepAnswer } from '../platform/doors';
import { SkusStore } from '../store/skus.store';
import { Answer } from './answer';
import { checkSkus } from './check-skus';
import { ConfirmedView, HoldBody, holdView, HoldView } from './holds.schema';
import { Caller, type SellerCall } from './principal';
import { conflict, notFound } from './refusal';
import { Route } from './route';
import { short } from './stock.controller';

@ApiTags('holds')
@Controller('v1/holds')
export class HoldsController {
  constructor(
    private readonly stock: StockDoor,
    private readonly skus: SkusStore,
  ) {}

  @Post()
  @Route({
    does: 'Holds units for a while, all lines or none.',
    roles: ['storefront'],
    effect: 'write',
    view: HoldView,
    ok: [200, 201],
  })
  async hold(@Caller() { seller }: SellerCall, @Body() body: HoldBody): Promise<Answer> {
    const { id, lines, expiresInS } = body;
    await checkSkus(this.skus, seller, lines);
    const answer = await this.stock.hold(seller, { id, lines, expiresInMs: expiresInS * 1000 });
    if (answer.kind === 'short') throw short(answer.lines);
    if (answer.kind === 'conflict') throw conflict('conflict', 'This id stands for another hold or order.');
    return new Answer(holdView(answer.order), { status: answer.kind === 'made' ? 201 : 200 });
  }

  @Delete(':id')
  @Route({ does: 'Lets go of a hold.', roles: ['storefront'], effect: 'write', view: HoldView })
  async release(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<HoldView> {
    return holdView(orderOf(await this.stock.release(seller, id)));
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @Route({ does: 'Makes an order of a hold.', roles: ['storefront'], effect: 'write', view: ConfirmedView })
  async confirm(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<ConfirmedView> {
    return { order: orderOf(await this.stock.confirm(seller, id)).id };
  }
}

function orderOf(answer: HoldStepAnswer): Order {
  switch (answer.kind) {
    case 'unknown':
      throw notFound();
    case 'refused':
      throw conflict(answer.status, `The hold is ${answer.status}.`);
    case 'done':
    case 'same':
      return answer.order;
  }
}
