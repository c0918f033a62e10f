import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HUB, ProblemsStore } from '../store/problems.store';
import { limitOf } from './border.schema';
import { pageOf, readTextCursor, type Page } from './cursor';
import { AnyCaller, type CallOf } from './principal';
import { ProblemQuery, problemView, ProblemView } from './problems.schema';
import { READERS } from './roles';
import { Route } from './route';

@ApiTags('problems')
@Controller('v1/problems')
export class ProblemsController {
  constructor(private readonly problems: ProblemsStore) {}

  @Get()
  @Route({
    does: "Problems by key; the root key for no seller sees the hub's own.",
    roles: READERS,
    effect: 'read',
    view: ProblemView,
    isList: true,
  })
  async list(@AnyCaller() { seller = HUB }: CallOf, @Query() query: ProblemQuery): Promise<Page<ProblemView>> {
    const limit = limitOf(query);
    const open = query.open === undefined ? {} : { open: query.open === 'true' };
    const problems = await this.problems.list(seller, { ...open, ...readTextCursor(query.after), limit: limit + 1 });
    return pageOf(problems, limit, { item: problemView, end: ({ key }) => [key] });
  }
}
