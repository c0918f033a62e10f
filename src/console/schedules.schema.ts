import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isCron } from '../platform/cron';
import type { RepublishScope, ScheduleRecord } from '../store/schedules.store';
import { holds, Nested, Pattern, Text, Texts, TimeZone, Whole } from './fields';
import { instantText } from './money-border';
import { present } from './present';

const MOST_SKUS = 1000;
const SKU = /^\P{Cc}{1,128}$/u;

/** Which listings of a shop; what is named together narrows together, skus before a category. */
export class ScopeField {
  @Texts(SKU, { optional: true, max: MOST_SKUS, says: 'skus' })
  readonly skus?: string[];

  @Text({ optional: true, about: 'Listings of the skus of a category.' })
  readonly category?: string;

  @Whole({ optional: true, min: 60, max: 31_536_000, about: 'Only those that were not read back for so long.' })
  readonly olderThanS?: number;
}

/** `POST /v1/shops/:id/republish`. */
export class RepublishBody {
  @Nested(() => ScopeField, { optional: true })
  readonly scope?: ScopeField;
}

/** `PUT /v1/shops/:id/schedules/:schedule`. */
export class ScheduleBody {
  @Text({ max: 100, example: '0 3 * * *' })
  @holds('cron', 'must be a cron text of five parts that comes true some day', (text) => isCron(String(text)))
  readonly cron!: string;

  @TimeZone({ optional: true, about: "The shop's, where it is left out." })
  readonly timeZone?: string;

  @Nested(() => ScopeField, { optional: true })
  readonly scope?: ScopeField;
}

/** A schedule in an address. */
export class SchedulePath {
  @Text({ max: 128 })
  readonly id!: string;

  @Pattern(/^[A-Za-z0-9_-]{1,64}$/, { says: 'letters, digits, hyphens and underscores' })
  readonly schedule!: string;
}

/** When listings of a shop are published once more. */
export class ScheduleView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly cron!: string;

  @ApiProperty()
  readonly timeZone!: string;

  @ApiProperty({ type: () => ScopeField })
  readonly scope!: RepublishScope;

  @ApiPropertyOptional({ format: 'date-time' })
  readonly next?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'The instant that was begun last.' })
  readonly last?: string;

  @ApiPropertyOptional({ description: 'Its work: GET /v1/jobs/:id.' })
  readonly job?: string;

  @ApiProperty()
  readonly by!: string;
}

export const scopeOf = ({ skus, category, olderThanS }: ScopeField = {}): RepublishScope =>
  present({ skus, category, olderThanS });

export function scheduleView({ id, cron, timeZone, scope, due, last, by }: ScheduleRecord): ScheduleView {
  const instants = {
    next: due === undefined ? undefined : instantText(due),
    last: last === undefined ? undefined : instantText(last.at),
    job: last?.job,
  };
  return { id, cron, timeZone, scope, by, ...present(instants) };
}
