import { Controller, Param, Post, Query, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiTags } from '@nestjs/swagger';
import { Answer } from './answer';
import { ItemsReportView } from './campaign-items.schema';
import { ImportQuery } from './file-rows.schema';
import { ImportItemsService } from './import-items.service';
import { Route } from './route';
import { FileCaller, TakeFileGuard, type FileCall } from './take-file-guard';

@ApiTags('campaigns')
@Controller('v1/campaigns/:id/items')
export class CampaignItemsController {
  constructor(private readonly importer: ImportItemsService) {}

  @Post('import')
  @RouteConfig({ takesFile: true })
  @UseGuards(TakeFileGuard)
  @Route({
    does: "Sets a draft's items by a file. Nothing is saved unless every row is good, or `partial` is asked for.",
    roles: ['editor'],
    effect: 'write',
    takesFile: true,
    view: ItemsReportView,
    isVersioned: true,
  })
  async import(
    @FileCaller() call: FileCall,
    @Param('id') id: string,
    @Query() { partial }: ImportQuery,
  ): Promise<Answer> {
    const report = await this.importer.import(call, id, partial === 'true');
    return new Answer(report, { status: 200, v: report.version });
  }
}
