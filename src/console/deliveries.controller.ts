import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { digestHex } from '../../connectors/kit';
import type { DeliveryId, SellerId } from '../domain';
import { DeliveriesStore, type DeliveryRecord } from '../store/deliveries.store';
import { HUB } from '../store/problems.store';
import { limitOf } from './border.schema';
import { pageOf, readCursor, type Page } from './cursor';
import { BytesView, DeliveryQuery, deliveryView, DeliveryView } from './deliveries.schema';
import { maskBody } from './mask-body';
import { present } from './present';
import { AnyCaller, type CallOf } from './principal';
import { notFound } from './refusal';
import { Route } from './route';

@ApiTags('deliveries')
@Controller('v1/deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesStore) {}

  @Get()
  @Route({ does: 'Pushes by last change.', roles: ['operator'], effect: 'read', view: DeliveryView, isList: true })
  async list(@AnyCaller() { seller = HUB }: CallOf, @Query() query: DeliveryQuery): Promise<Page<DeliveryView>> {
    const limit = limitOf(query);
    const cursor = readCursor(query.after, ['number', 'string']);
    const after = cursor && ([Number(cursor[0]), String(cursor[1])] as const);
    const updatedAfter = query.updatedAfter === undefined ? undefined : Date.parse(query.updatedAfter);
    const filter = present({ verdict: query.verdict, updatedAfter });
    const found = await this.deliveries.list(seller, filter, { ...present({ after }), limit: limit + 1 });
    return pageOf(found, limit, { item: deliveryView, end: ({ updatedAt, id }) => [updatedAt, id] });
  }

  @Get(':id')
  @Route({ does: 'One push.', roles: ['operator'], effect: 'read', view: DeliveryView })
  async one(@AnyCaller() { seller = HUB }: CallOf, @Param('id') id: string): Promise<DeliveryView> {
    return deliveryView(await this.find(seller, id));
  }

  @Get(':id/body')
  @Route({ does: 'The bytes of a push, masked.', roles: ['operator'], effect: 'read', view: BytesView })
  async body(@AnyCaller() { seller = HUB }: CallOf, @Param('id') id: string): Promise<BytesView> {
    const { bytes } = await this.find(seller, id);
    return { size: bytes.length, digest: digestHex(bytes), ...maskBody(bytes) };
  }

  private async find(seller: SellerId, id: string): Promise<DeliveryRecord> {
    const delivery = await this.deliveries.find(seller, id as DeliveryId);
    if (!delivery) throw notFound();
    return delivery;
  }
}
