import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { digestHex } from '../../connectors/kit';
import type { SellerId } from '../domain';
import { DeadLettersStore, type DeadLetterRecord } from '../store/dead-letters.store';
import { HUB } from '../store/problems.store';
import { versioned, type Answer } from './answer';
import { limitOf } from './border.schema';
import { pageOf, readCursor, type Page } from './cursor';
import {
  DeadLetterQuery,
  deadLetterView,
  DeadLetterView,
  DeadLetterWithBytesView,
  DiscardBody,
  EditBody,
  GroupView,
} from './dead-letters.schema';
import { maskBody } from './mask-body';
import { instantText } from './money-border';
import { present } from './present';
import { AnyCaller, nameOf, type CallOf } from './principal';
import { conflict, notFound } from './refusal';
import { RetryLetterService } from './retry-letter.service';
import { Route } from './route';

@ApiTags('dead letters')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLettersStore,
    private readonly buttons: RetryLetterService,
  ) {}

  @Get()
  @Route({
    does: 'Dead letters, oldest first.',
    roles: ['operator'],
    effect: 'read',
    view: DeadLetterView,
    isList: true,
  })
  async list(@AnyCaller() { seller = HUB }: CallOf, @Query() query: DeadLetterQuery): Promise<Page<DeadLetterView>> {
    const limit = limitOf(query);
    const cursor = readCursor(query.after, ['number', 'string']);
    const after = cursor && ([Number(cursor[0]), String(cursor[1])] as const);
    const narrowed = { state: query.state ?? 'open', ...present({ cause: query.cause, after }) };
    const letters = await this.letters.list(seller, { ...narrowed, limit: limit + 1 });
    return pageOf(letters, limit, { item: deadLetterView, end: ({ since, id }) => [since, id] });
  }

  @Get('groups')
  @Route({
    does: 'Open letters by cause, the largest group first.',
    roles: ['operator'],
    effect: 'read',
    view: GroupView,
    isList: true,
  })
  async groups(@AnyCaller() { seller = HUB }: CallOf): Promise<Page<GroupView>> {
    const groups = await this.letters.groups(seller);
    const items = groups.map(({ cause, count, oldest }) => ({ key: cause, cause, count, oldest: instantText(oldest) }));
    return { items: items.sort((a, b) => b.count - a.count), next: null };
  }

  @Get(':id')
  @Route({
    does: 'One letter with what arrived, masked.',
    roles: ['operator'],
    effect: 'read',
    view: DeadLetterWithBytesView,
    isVersioned: true,
  })
  async one(@AnyCaller() { seller = HUB }: CallOf, @Param('id') id: string): Promise<Answer> {
    const letter = await this.find(seller, id);
    const { bytes } = letter;
    const shown = bytes && { size: bytes.length, digest: digestHex(bytes), ...maskBody(bytes) };
    return versioned(Object.assign(deadLetterView(letter), present({ bytes: shown })), letter.v);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @Route({ does: 'Tries again what failed.', roles: ['operator'], effect: 'write', view: DeadLetterView })
  async retry(@AnyCaller() caller: CallOf, @Param('id') id: string): Promise<DeadLetterView> {
    return this.press(caller, id, (letter) => this.buttons.retry(letter, nameOf(caller)));
  }

  @Post(':id/edit')
  @HttpCode(200)
  @Route({
    does: 'Tries a corrected copy; the original bytes stay.',
    roles: ['operator'],
    effect: 'write',
    view: DeadLetterView,
  })
  async edit(@AnyCaller() caller: CallOf, @Param('id') id: string, @Body() body: EditBody): Promise<DeadLetterView> {
    return this.press(caller, id, (letter) => this.buttons.edit(letter, body.body, nameOf(caller)));
  }

  @Post(':id/discard')
  @HttpCode(200)
  @Route({ does: 'Gives it up, with a reason.', roles: ['operator'], effect: 'write', view: DeadLetterView })
  async discard(
    @AnyCaller() caller: CallOf,
    @Param('id') id: string,
    @Body() { reason }: DiscardBody,
  ): Promise<DeadLetterView> {
    return this.press(caller, id, (letter) => this.buttons.discard(letter, reason, nameOf(caller)));
  }

  private async press(
    { seller = HUB }: CallOf,
    id: string,
    button: (letter: DeadLetterRecord) => Promise<void>,
  ): Promise<DeadLetterView> {
    const letter = await this.find(seller, id);
    if (letter.state !== 'open') throw conflict(letter.state, `The letter is ${letter.state} already.`);
    await button(letter);
    return deadLetterView(await this.find(seller, id));
  }

  private async find(seller: SellerId, id: string): Promise<DeadLetterRecord> {
    const letter = await this.letters.find(seller, id);
    if (!letter) throw notFound();
    return letter;
  }
}
