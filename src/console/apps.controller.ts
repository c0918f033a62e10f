import { randomBytes } from 'node:crypto';
import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AppId, SellerId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { HubOptions } from '../platform/options';
import { AppsStore, type AppRecord } from '../store/apps.store';
import { ShopTokensStore } from '../store/shop-tokens.store';
import { ShopsStore } from '../store/shops.store';
import { made, versioned, type Answer } from './answer';
import { AppChange, appView, AppView, NewApp } from './apps.schema';
import { limitOf, PageQuery } from './border.schema';
import { ConsentView } from './consents.schema';
import { ConsentsService } from './consents.service';
import { pageOf, readTextCursor, type Page } from './cursor';
import { matchVersion } from './match-version';
import { AnyCaller, Caller, type CallOf, type Principal, type SellerCall } from './principal';
import { faulty, notFound, stale } from './refusal';
import { Route } from './route';
import { regionOf } from './shops.service';

const HOOK_BYTES = 16;
const OVERLAP_MS = 24 * 3_600_000;

@ApiTags('apps')
@Controller('v1/apps')
export class AppsController {
  constructor(
    private readonly apps: AppsStore,
    private readonly shops: ShopsStore,
    private readonly tokens: ShopTokensStore,
    private readonly channels: Channels,
    private readonly consents: ConsentsService,
    private readonly options: HubOptions,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Route({
    does: 'Registers an app of a channel; the root key alone registers one for the hub itself.',
    roles: ['admin'],
    effect: 'write',
    view: AppView,
    ok: [201],
    isVersioned: true,
  })
  async create(@AnyCaller() caller: Principal, @Body() body: NewApp): Promise<Answer> {
    const { channel, key, secret, hookUrl } = body;
    const region = this.checked(channel, body.region);
    const id = randomBytes(HOOK_BYTES).toString('hex') as AppId;
    const now = this.clock.now();
    const hooks = [{ id, url: hookUrl ?? this.hookUrl(channel, id) }];
    const owner = caller.seller && { seller: caller.seller };
    const app: AppRecord = { id, v: 1, ...owner, channel, region, key, hooks, createdAt: now, updatedAt: now };
    await this.apps.insert(app, secret);
    return made(this.view(app, caller.seller), app.v);
  }

  @Get()
  @Route({
    does: "The seller's apps, after the hub's own.",
    roles: ['admin'],
    effect: 'read',
    view: AppView,
    isList: true,
  })
  async list(@AnyCaller() { seller }: Principal, @Query() query: PageQuery): Promise<Page<AppView>> {
    const limit = limitOf(query);
    const page = { ...readTextCursor(query.after), limit: limit + 1 };
    const [own, hubs] = await Promise.all([
      seller === undefined ? [] : this.apps.list(seller, page),
      this.apps.list(undefined, page),
    ]);
    const apps = [...own, ...hubs].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit + 1);
    return pageOf(apps, limit, { item: (app) => this.view(app, seller), end: (app) => [app.id] });
  }

  @Get(':id')
  @Route({ does: 'One app.', roles: ['admin'], effect: 'read', view: AppView, isVersioned: true })
  async one(@AnyCaller() { seller }: Principal, @Param('id') id: string): Promise<Answer> {
    const app = await this.apps.find(id as AppId);
    if (!app || (app.seller !== undefined && app.seller !== seller)) throw notFound();
    return versioned(this.view(app, seller), app.v);
  }

  @Patch(':id')
  @Route({
    does: 'Changes an app; a new secret or address overlaps with the one before it.',
    roles: ['admin'],
    effect: 'write',
    view: AppView,
    isVersioned: true,
  })
  async change(@AnyCaller() caller: CallOf, @Param('id') id: string, @Body() body: AppChange): Promise<Answer> {
    const app = await this.apps.find(id as AppId);
    if (!app || app.seller !== caller.seller) throw notFound();
    const current = { v: app.v, body: this.view(app, caller.seller) };
    matchVersion(caller.ifMatch, current);
    const { rotateHook, ...rest } = body;
    const region = rest.region && { region: this.checked(app.channel, rest.region) };
    const hookId = randomBytes(HOOK_BYTES).toString('hex');
    const hook = rotateHook === true && { hook: { id: hookId, url: this.hookUrl(app.channel, hookId) } };
    const changed = await this.apps.change(app, {
      ...rest,
      ...region,
      ...hook,
      overlapUntil: this.clock.now() + OVERLAP_MS,
    });
    if (!changed) throw stale(current);
    if (rotateHook === true) await this.shops.makeHookDue(app.id, this.clock.now());
    if (rest.secret !== undefined || rest.key !== undefined) await this.tokens.retryOf(app.id, this.clock.now());
    return versioned(this.view(changed, caller.seller), changed.v);
  }

  @Post(':id/authorize')
  @Route({
    does: 'Begins the consent for shops of the app: the address where the seller says yes, good once.',
    roles: ['admin'],
    effect: 'write',
    view: ConsentView,
    ok: [201],
    holdsSecret: true,
  })
  async authorize(@Caller() caller: SellerCall, @Param('id') id: string): Promise<ConsentView> {
    return this.consents.begin(caller, id);
  }

  private view(app: AppRecord, seller: SellerId | undefined): AppView {
    return appView(app, { isOwner: app.seller === seller, publicUrl: this.options.publicUrl });
  }

  private hookUrl(channel: string, id: string): string {
    return `${this.options.publicUrl}/hooks/${channel}/${id}`;
  }

  private checked(channel: string, region: string): string {
    const connector = this.channels.byCode.get(channel);
    if (!connector) throw faulty([{ path: 'channel', message: 'channel must be one that the hub speaks' }]);
    return regionOf(connector, region);
  }
}
