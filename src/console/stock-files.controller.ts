import { Controller, Get, Post, Query, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ITEM_COLUMNS } from '../domain';
import { SHEET_TYPES, type OutCell, type SheetFormat } from '../platform/sheet';
import { writeSheet } from '../platform/write-sheet';
import { Answer } from './answer';
import { ExportStockService } from './export-stock.service';
import { ImportQuery } from './file-rows.schema';
import { BegunView } from './jobs.schema';
import { Caller, type SellerCall } from './principal';
import { READERS } from './roles';
import { Route } from './route';
import { StockFileQuery, TemplateQuery } from './stock-files.schema';
import { FileCaller, TakeFileGuard, type FileCall } from './take-file-guard';
import { TakeStockFileService } from './take-stock-file.service';

const TEMPLATES = { stock: ['sku', 'onHand', 'safetyBuffer', 'lowStockAt', 'reason'], items: ITEM_COLUMNS.reads };

@ApiTags('stock')
@Controller('v1/stock-files')
export class StockFilesController {
  constructor(
    private readonly exported: ExportStockService,
    private readonly taker: TakeStockFileService,
  ) {}

  @Get('template')
  @Route({
    does: 'An empty file to fill in: of stock, or of the items of a campaign.',
    roles: READERS,
    effect: 'read',
    answersFile: true,
  })
  template(@Query() { format = 'csv', of = 'stock' }: TemplateQuery): StreamableFile {
    return fileOf(`${of}-template`, justThe(TEMPLATES[of]), format);
  }

  @Get('export')
  @Route({ does: 'The stock of all skus.', roles: READERS, effect: 'read', answersFile: true })
  export(@Caller() { seller }: SellerCall, @Query() { format = 'csv' }: StockFileQuery): StreamableFile {
    return fileOf('stock', this.exported.rows(seller), format);
  }

  @Post('import')
  @RouteConfig({ takesFile: true })
  @UseGuards(TakeFileGuard)
  @Route({
    does: 'Sets counts and rules by a file. Nothing is saved unless every row is good, or `partial` is asked for.',
    roles: ['operator'],
    effect: 'write',
    takesFile: true,
    view: BegunView,
    ok: [202],
  })
  async import(@FileCaller() call: FileCall, @Query() { partial }: ImportQuery): Promise<Answer> {
    return new Answer({ job: await this.taker.take(call, call.file, partial === 'true') }, { status: 202 });
  }
}

const fileOf = (name: string, rows: AsyncIterable<readonly OutCell[]>, format: SheetFormat): StreamableFile =>
  new StreamableFile(writeSheet(rows, format), {
    type: format === 'csv' ? `${SHEET_TYPES.csv}; charset=utf-8` : SHEET_TYPES.xlsx,
    disposition: `attachment; filename="${name}.${format}"`,
  });

async function* justThe(row: readonly OutCell[]): AsyncGenerator<readonly OutCell[]> {
  yield row;
}
