import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PROBLEM_KINDS, type ProblemKind, type ProblemRecord } from '../store/problems.store';
import { PageQuery } from './border.schema';
import { Choice } from './fields';
import { instantText } from './money-border';
import { present } from './present';

/** `GET /v1/problems`. */
export class ProblemQuery extends PageQuery {
  @Choice(['true', 'false'], { optional: true })
  readonly open?: 'true' | 'false';
}

/** Something an operator must know. */
export class ProblemView {
  @ApiProperty()
  readonly key!: string;

  @ApiProperty({ enum: PROBLEM_KINDS })
  readonly kind!: ProblemKind;

  @ApiProperty({ format: 'date-time' })
  readonly since!: string;

  @ApiPropertyOptional({ format: 'date-time' })
  readonly closedAt?: string;

  @ApiProperty()
  readonly detail!: string;

  @ApiProperty({ description: 'What to do about it.' })
  readonly action!: string;

  @ApiPropertyOptional()
  readonly shop?: string;

  @ApiPropertyOptional()
  readonly sku?: string;

  @ApiPropertyOptional({ type: [String], description: 'The orders concerned, the first hundred.' })
  readonly orders?: readonly string[];
}

export function problemView(record: ProblemRecord): ProblemView {
  const { key, kind, since, closedAt, detail, action, shop, sku, orders } = record;
  return {
    ...{ key, kind, since: instantText(since), detail, action },
    ...present({ closedAt: closedAt === undefined ? undefined : instantText(closedAt), shop, sku, orders }),
  };
}
