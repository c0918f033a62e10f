import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { SellerId } from '../domain';
import { LongJobsStore, type LongJob } from '../store/long-jobs.store';
import { StockFilesStore } from '../store/stock-files.store';
import { limitOf } from './border.schema';
import { pageOf, readCursor, type Page } from './cursor';
import { FileRowView } from './file-rows.schema';
import { JobRowQuery, jobRowView, JobView, jobView } from './jobs.schema';
import { Caller, type SellerCall } from './principal';
import { notFound } from './refusal';
import { READERS } from './roles';
import { Route } from './route';

@ApiTags('jobs')
@Controller('v1/jobs')
export class JobsController {
  constructor(
    private readonly jobs: LongJobsStore,
    private readonly files: StockFilesStore,
  ) {}

  @Get(':id')
  @Route({ does: 'How far work in the background is.', roles: READERS, effect: 'read', view: JobView })
  async one(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<JobView> {
    return jobView(await this.find(seller, id));
  }

  @Get(':id/rows')
  @Route({
    does: 'What became of each row of the file that the work took in; empty for work without a file.',
    roles: READERS,
    effect: 'read',
    view: FileRowView,
    isList: true,
  })
  async rows(
    @Caller() { seller }: SellerCall,
    @Param('id') id: string,
    @Query() query: JobRowQuery,
  ): Promise<Page<FileRowView>> {
    const job = await this.find(seller, id);
    const limit = limitOf(query);
    const after = Number(readCursor(query.after, ['number'])?.[0] ?? 0);
    const page = { after, limit: limit + 1, areFaulty: query.faulty === 'true' };
    const rows = await this.files.rowsAfter({ seller, file: job.about }, page);
    return pageOf(rows, limit, { item: (row) => jobRowView(job, row), end: ({ row }) => [row] });
  }

  private async find(seller: SellerId, id: string): Promise<LongJob> {
    const job = await this.jobs.find(seller, id);
    if (!job) throw notFound();
    return job;
  }
}
