import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ATTEMPT_STATES, TRIGGERS, type AttemptState, type Trigger } from '../domain';
import type { AttemptCounts, AttemptDay } from '../store/attempt-days.store';
import type { Attempt } from '../store/attempts.store';
import { PageQuery } from './border.schema';
import { Choice, Pattern, Text } from './fields';
import { instantText } from './money-border';
import { present } from './present';

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DAY_SAYS = 'a day such as 2026-01-31';

/** What attempts of a shop are narrowed to. */
export class ShopAttemptQuery extends PageQuery {
  @Text({ optional: true, max: 128 })
  readonly sku?: string;

  @Text({ optional: true, max: 128, about: 'A listing of the shop; not together with a sku.' })
  readonly listing?: string;

  @Choice(TRIGGERS, { optional: true })
  readonly trigger?: Trigger;

  @Choice(ATTEMPT_STATES, { optional: true })
  readonly state?: AttemptState;
}

/** `GET /v1/attempts`. */
export class AttemptQuery extends ShopAttemptQuery {
  @Text({ optional: true, max: 128 })
  readonly shop?: string;
}

/** `GET /v1/attempts/days`. */
export class AttemptDayQuery extends PageQuery {
  @Text({ optional: true, max: 128 })
  readonly shop?: string;

  @Pattern(DAY, { optional: true, says: DAY_SAYS, about: 'The first day, UTC.' })
  readonly from?: string;

  @Pattern(DAY, { optional: true, says: DAY_SAYS, about: 'The last day, UTC.' })
  readonly to?: string;
}

/** One try to make a channel show a number; in units of the listing. */
export class AttemptView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly shop!: string;

  @ApiProperty()
  readonly listing!: string;

  @ApiProperty({ type: [String] })
  readonly skus!: readonly string[];

  @ApiProperty({ enum: TRIGGERS, description: 'What made the number, or had it written again.' })
  readonly trigger!: Trigger;

  @ApiProperty({ type: 'integer' })
  readonly target!: number;

  @ApiProperty({ type: 'integer' })
  readonly version!: number;

  @ApiProperty({ enum: ATTEMPT_STATES })
  readonly state!: AttemptState;

  @ApiPropertyOptional({ format: 'date-time', description: 'When the channel was called.' })
  readonly sent?: string;

  @ApiPropertyOptional({ description: "The channel's own words." })
  readonly answer?: string;

  @ApiPropertyOptional()
  readonly code?: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;
}

/** A shop's attempts of one day, counted as they were written; it stays when they are gone. */
export class AttemptDayView {
  @ApiProperty()
  readonly shop!: string;

  @ApiProperty({ format: 'date', description: 'UTC.' })
  readonly day!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'object', additionalProperties: { type: 'integer' } },
    description: 'By trigger, then by state.',
  })
  readonly counts!: AttemptCounts;
}

export function attemptView(attempt: Attempt): AttemptView {
  const { id, shop, listing, skus, trigger, target, version, state, sentAt, answer, code, at } = attempt;
  return {
    ...{ id, shop, listing, skus, trigger, target, version, state },
    ...present({ sent: sentAt === undefined ? undefined : instantText(sentAt), answer, code }),
    at: instantText(at),
  };
}

export const attemptDayView = ({ shop, day, counts }: AttemptDay): AttemptDayView => ({ shop, day, counts });
