import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AttemptState } from '../domain';
import type { Attempt } from '../store/attempts.store';
import { instantText } from './money-border';

const STATES: readonly AttemptState[] = ['done', 'refused', 'failed', 'coalesced', 'superseded', 'held'];

/** One try to make a channel show a number; in units of the listing. */
export class AttemptView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly listing!: string;

  @ApiProperty()
  readonly trigger!: string;

  @ApiProperty({ type: 'integer' })
  readonly target!: number;

  @ApiProperty({ type: 'integer' })
  readonly version!: number;

  @ApiProperty({ enum: STATES })
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

export function attemptView(attempt: Attempt): AttemptView {
  const { id, listing, trigger, target, version, state, sentAt, answer, code, at } = attempt;
  return {
    ...{ id, listing, trigger, target, version, state },
    ...(sentAt !== undefined && { sent: instantText(sentAt) }),
    ...(answer !== undefined && { answer }),
    ...(code !== undefined && { code }),
    at: instantText(at),
  };
}
