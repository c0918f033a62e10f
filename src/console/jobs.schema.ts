import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { asksForSomething, type StockRow } from '../domain';
import type { LongJob, LongJobState } from '../store/long-jobs.store';
import { PageQuery } from './border.schema';
import { Choice } from './fields';
import type { FileRowView } from './file-rows.schema';
import { instantText } from './money-border';

const STATES: readonly LongJobState[] = ['waiting', 'running', 'done', 'failed'];

/** What a route answers that began something in the background. */
export class BegunView {
  @ApiProperty({ description: 'GET /v1/jobs/:id tells how far it is.' })
  readonly job!: string;
}

/** Work in the background. */
export class JobView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly kind!: string;

  @ApiProperty({ description: 'What it is about: a shop as a rule.' })
  readonly about!: string;

  @ApiProperty({ enum: STATES })
  readonly state!: LongJobState;

  @ApiProperty({ type: 'integer', description: 'Pieces that are through.' })
  readonly done!: number;

  @ApiPropertyOptional({ type: 'integer', description: 'How many there are, where that is known.' })
  readonly total?: number;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What it has to say so far.' })
  readonly report!: Readonly<Record<string, unknown>>;

  @ApiPropertyOptional({ description: 'Why it failed, or waits to be tried again.' })
  readonly reason?: string;

  @ApiProperty({ format: 'date-time' })
  readonly startedAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

/** `GET /v1/jobs/:id/rows`. */
export class JobRowQuery extends PageQuery {
  @Choice(['true', 'false'], { optional: true, about: 'Only faulty rows.' })
  readonly faulty?: 'true' | 'false';
}

/** A row of a job's file, by how far the job is. */
export function jobRowView(job: LongJob, stockRow: StockRow): FileRowView {
  const { row, sku, faults } = stockRow;
  if (faults !== undefined) return { row, sku, state: 'faulty', faults };
  if (!asksForSomething(stockRow)) return { row, sku, state: 'unchanged' };
  if (row <= Number(job.report['savedTo'] ?? 0)) return { row, sku, state: 'saved' };
  return { row, sku, state: job.due === undefined ? 'not-saved' : 'waiting' };
}

export function jobView(job: LongJob): JobView {
  const { id, kind, about, state, done, total, report, reason, startedAt, updatedAt } = job;
  return {
    ...{ id, kind, about, state, done, report },
    ...(total !== undefined && { total }),
    ...(reason !== undefined && { reason }),
    startedAt: instantText(startedAt),
    updatedAt: instantText(updatedAt),
  };
}
