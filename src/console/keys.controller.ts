import { randomBytes } from 'node:crypto';
import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ulid } from 'ulid';
import type { SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { KeysStore, type KeyRecord } from '../store/keys.store';
import { SellersStore } from '../store/sellers.store';
import { made, nothing, type Answer } from './answer';
import { limitOf, PageQuery } from './border.schema';
import { hashOfKey } from './callers.service';
import { pageOf, readTextCursor, type Page } from './cursor';
import { KeyView, keyView, NewKey, NewKeyView } from './keys.schema';
import { AnyCaller, type Principal } from './principal';
import { conflict, notFound } from './refusal';
import { Route } from './route';

const KEY_BYTES = 32;

@ApiTags('keys')
@Controller('v1/sellers/:seller/keys')
export class KeysController {
  constructor(
    private readonly keys: KeysStore,
    private readonly sellers: SellersStore,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Route({
    does: 'Makes a key; the answer is the only one that holds it.',
    roles: ['root', 'admin'],
    effect: 'write',
    view: NewKeyView,
    ok: [201],
    holdsSecret: true,
  })
  async create(@AnyCaller() caller: Principal, @Param('seller') id: string, @Body() body: NewKey): Promise<Answer> {
    const seller = await this.known(id);
    const text = randomBytes(KEY_BYTES).toString('base64url');
    const now = this.clock.now();
    const { name, person, roles } = body;
    const key: KeyRecord = { id: ulid(now), seller, hash: hashOfKey(text), name, person, roles, createdAt: now };
    await this.keys.insert(key);
    if (!caller.isRoot && (await this.hasBothSides(key))) {
      await this.keys.remove(seller, key.id);
      throw conflict('both-sides', 'An admin cannot give one person both sides of an approval.');
    }
    return made(Object.assign(keyView(key), { key: text }));
  }

  @Get()
  @Route({ does: 'Keys, without the keys.', roles: ['root', 'admin'], effect: 'read', view: KeyView, isList: true })
  async list(@Param('seller') id: string, @Query() query: PageQuery): Promise<Page<KeyView>> {
    const seller = await this.known(id);
    const limit = limitOf(query);
    const keys = await this.keys.list(seller, { ...readTextCursor(query.after), limit: limit + 1 });
    return pageOf(keys, limit, { item: keyView, end: (key) => [key.id] });
  }

  @Delete(':id')
  @Route({ does: 'Removes a key; it is dead within 5 s.', roles: ['root', 'admin'], effect: 'write', ok: [204] })
  async remove(@Param('seller') id: string, @Param('id') key: string): Promise<Answer> {
    if (!(await this.keys.remove(await this.known(id), key))) throw notFound();
    return nothing();
  }

  private async known(id: string): Promise<SellerId> {
    if (!(await this.sellers.find(id as SellerId))) throw notFound();
    return id as SellerId;
  }

  /** Looks at all keys of the person after this one was kept: of two that are made at once, at least one is seen. */
  private async hasBothSides({ seller, person }: KeyRecord): Promise<boolean> {
    const roles = (await this.keys.ofPerson(seller, person)).flatMap((key) => key.roles);
    return roles.includes('editor') && roles.includes('approver');
  }
}
