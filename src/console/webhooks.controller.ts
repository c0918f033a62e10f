import { randomBytes } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ulid } from 'ulid';
import { keyOf, type SellerId, type WebhookId } from '../domain';
import { Clock } from '../platform/clock';
import { ReceiverCalls } from '../platform/receiver-calls';
import { ProblemsStore } from '../store/problems.store';
import { TellWebhooks } from '../store/tell-webhooks.store';
import { WebhookEventsStore } from '../store/webhook-events.store';
import { WebhooksStore, type WebhookRecord } from '../store/webhooks.store';
import { made, nothing, type Answer } from './answer';
import { limitOf, PageQuery } from './border.schema';
import { pageOf, readCursor, type Page } from './cursor';
import { Caller, type SellerCall } from './principal';
import { conflict, faulty, notFound } from './refusal';
import { Route } from './route';
import {
  NewWebhook,
  NewWebhookView,
  webhookDeliveryView,
  WebhookDeliveryView,
  webhookView,
  WebhookView,
} from './webhooks.schema';

const SECRET_BYTES = 32;
/** Every event is written once for each. */
const MOST_OF_A_SELLER = 20;

@ApiTags('webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksStore,
    private readonly events: WebhookEventsStore,
    private readonly teller: TellWebhooks,
    private readonly receivers: ReceiverCalls,
    private readonly problems: ProblemsStore,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Route({
    does: 'Makes a webhook; the answer is the only one that holds its secret. It begins within 5 s.',
    roles: ['admin'],
    effect: 'write',
    view: NewWebhookView,
    ok: [201],
    holdsSecret: true,
  })
  async create(@Caller() { seller }: SellerCall, @Body() { url, events }: NewWebhook): Promise<Answer> {
    if (!this.receivers.mayCall(url)) {
      throw faulty([{ path: 'url', message: 'url must be an https address of a public host, without a user in it' }]);
    }
    if ((await this.webhooks.ofSellers([seller])).length >= MOST_OF_A_SELLER) {
      throw conflict('too-many', `A seller has at most ${MOST_OF_A_SELLER} webhooks.`);
    }
    const now = this.clock.now();
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    const id = keyOf(seller, ulid(now)) as WebhookId;
    const webhook: WebhookRecord = { id, seller, url: new URL(url).href, events, createdAt: now, tries: 0 };
    await this.webhooks.insert(webhook, secret);
    return made(Object.assign(webhookView(webhook), { secret }));
  }

  @Get()
  @Route({ does: "The seller's webhooks.", roles: ['admin'], effect: 'read', view: WebhookView, isList: true })
  async list(@Caller() { seller }: SellerCall): Promise<Page<WebhookView>> {
    const webhooks = await this.webhooks.ofSellers([seller]);
    return { items: webhooks.map(webhookView), next: null };
  }

  @Delete(':id')
  @Route({ does: 'Removes a webhook with all that waits for it.', roles: ['admin'], effect: 'write', ok: [204] })
  async remove(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<Answer> {
    const webhook = await this.find(seller, id);
    await this.webhooks.remove(webhook.id);
    await this.problems.close(seller, keyOf('webhook', id), this.clock.now());
    return nothing();
  }

  @Post(':id/test')
  @HttpCode(202)
  @Route({ does: 'Sends an event of type `test`; see its deliveries.', roles: ['admin'], effect: 'write', ok: [202] })
  async test(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<object> {
    await this.teller.test(await this.find(seller, id));
    return {};
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Route({
    does: 'Goes on with a webhook that was paused because its receiver took nothing for three days.',
    roles: ['admin'],
    effect: 'write',
    view: WebhookView,
  })
  async resume(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<WebhookView> {
    const { id: known } = await this.find(seller, id);
    await this.webhooks.resume(known, this.clock.now());
    await this.problems.close(seller, keyOf('webhook', id), this.clock.now());
    return webhookView(await this.find(seller, id));
  }

  @Get(':id/deliveries')
  @Route({
    does: 'What was sent and what waits, the latest first: of each thing its latest state, for seven days.',
    roles: ['admin'],
    effect: 'read',
    view: WebhookDeliveryView,
    isList: true,
  })
  async deliveries(
    @Caller() { seller }: SellerCall,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<Page<WebhookDeliveryView>> {
    const webhook = await this.find(seller, id);
    const limit = limitOf(query);
    const before = readCursor(query.after, ['number', 'string']) as [number, string] | undefined;
    const events = await this.events.list(webhook.id, { ...(before && { before }), limit: limit + 1 });
    return pageOf(events, limit, { item: webhookDeliveryView, end: (event) => [event.at, event.id] });
  }

  private async find(seller: SellerId, id: string): Promise<WebhookRecord> {
    const webhook = await this.webhooks.find(seller, id);
    if (webhook === undefined) throw notFound();
    return webhook;
  }
}
