import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LongJobsStore } from '../store/long-jobs.store';
import { JobView, jobView } from './jobs.schema';
import { Caller, type SellerCall } from './principal';
import { notFound } from './refusal';
import { READERS } from './roles';
import { Route } from './route';

@ApiTags('jobs')
@Controller('v1/jobs')
export class JobsController {
  constructor(private readonly jobs: LongJobsStore) {}

  @Get(':id')
  @Route({ does: 'How far work in the background is.', roles: READERS, effect: 'read', view: JobView })
  async one(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<JobView> {
    const job = await this.jobs.find(seller, id);
    if (!job) throw notFound();
    return jobView(job);
  }
}
