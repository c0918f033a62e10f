import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ulid } from 'ulid';
import type { SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { DEFAULT_SETTINGS, SellersStore, type SellerRecord, type SellerSettings } from '../store/sellers.store';
import { versioned, made, type Answer } from './answer';
import { matchVersion } from './match-version';
import { AnyCaller, IfMatch } from './principal';
import { conflict, faulty, notFound, stale } from './refusal';
import { Route } from './route';
import { NewSeller, sellerView, SellerView, SettingsChange, settingsView, SettingsView } from './sellers.schema';

@ApiTags('sellers')
@Controller('v1/sellers')
export class SellersController {
  constructor(
    private readonly sellers: SellersStore,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Route({ does: 'Makes a seller.', roles: ['root'], effect: 'write', view: SellerView, ok: [201] })
  async create(@AnyCaller() _: unknown, @Body() body: NewSeller): Promise<Answer> {
    const now = this.clock.now();
    const { name, timeZone, currency } = body;
    const fresh = { v: 1, settings: DEFAULT_SETTINGS, createdAt: now, updatedAt: now };
    const seller: SellerRecord = { id: (body.id ?? ulid(now)) as SellerId, name, timeZone, currency, ...fresh };
    if ((await this.sellers.insert(seller)) === 'taken') throw conflict('taken', 'There is a seller with this id.');
    return made(sellerView(seller));
  }

  @Get(':seller/settings')
  @Route({ does: 'A seller’s settings.', roles: ['admin'], effect: 'read', view: SettingsView, isVersioned: true })
  async settings(@Param('seller') id: string): Promise<Answer> {
    const seller = await this.find(id);
    return versioned(settingsView(seller.settings), seller.v);
  }

  @Patch(':seller/settings')
  @Route({
    does: 'Changes settings; what is left out stays.',
    roles: ['admin'],
    effect: 'write',
    view: SettingsView,
    isVersioned: true,
  })
  async change(
    @Param('seller') id: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: SettingsChange,
  ): Promise<Answer> {
    const seller = await this.find(id);
    const current = { v: seller.v, body: settingsView(seller.settings) };
    matchVersion(ifMatch, current);
    const settings: SellerSettings = Object.assign({ ...seller.settings }, body);
    if (settings.discountMin > settings.discountMax) {
      throw faulty([{ path: 'discountMin', message: 'discountMin must not be above discountMax' }]);
    }
    const changed = await this.sellers.changeSettings(seller, settings, this.clock.now());
    if (!changed) throw stale(current);
    return versioned(settingsView(changed.settings), changed.v);
  }

  private async find(id: string): Promise<SellerRecord> {
    const seller = await this.sellers.find(id as SellerId);
    if (!seller) throw notFound();
    return seller;
  }
}
