import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DEAD_LETTER_STATES, type DeadLetterRecord, type DeadLetterState } from '../store/dead-letters.store';
import { PageQuery } from './border.schema';
import { BytesView } from './deliveries.schema';
import { Choice, LongText, Text } from './fields';
import { instantText } from './money-border';
import { present } from './present';

const KINDS = ['delivery', 'fact', 'push'] as const;
const MOST_BYTES = 1_000_000;

/** `GET /v1/dead-letters`. */
export class DeadLetterQuery extends PageQuery {
  @Choice(DEAD_LETTER_STATES, { optional: true, about: '`open` when it is left out.' })
  readonly state?: DeadLetterState;

  @Text({ optional: true, max: 128 })
  readonly cause?: string;
}

/** `POST /v1/dead-letters/:id/discard`. */
export class DiscardBody {
  @Text({ max: 1000 })
  readonly reason!: string;
}

/** `POST /v1/dead-letters/:id/edit`. */
export class EditBody {
  @LongText({ max: MOST_BYTES, about: 'The corrected push, as text.' })
  readonly body!: string;
}

/** What did not succeed. */
export class DeadLetterView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty({ enum: KINDS })
  readonly kind!: (typeof KINDS)[number];

  @ApiProperty({ description: 'What its group has in common.' })
  readonly cause!: string;

  @ApiProperty()
  readonly message!: string;

  @ApiProperty({ enum: DEAD_LETTER_STATES })
  readonly state!: DeadLetterState;

  @ApiPropertyOptional()
  readonly channel?: string;

  @ApiPropertyOptional()
  readonly shop?: string;

  @ApiPropertyOptional()
  readonly delivery?: string;

  @ApiPropertyOptional()
  readonly order?: string;

  @ApiProperty({ format: 'date-time' })
  readonly since!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;

  @ApiProperty({ type: 'integer' })
  readonly tries!: number;

  @ApiPropertyOptional()
  readonly reason?: string;

  @ApiPropertyOptional()
  readonly by?: string;
}

/** One letter with what arrived, masked. */
export class DeadLetterWithBytesView extends DeadLetterView {
  @ApiPropertyOptional({ type: () => BytesView })
  readonly bytes?: BytesView;
}

/** Letters of one cause. */
export class GroupView {
  @ApiProperty()
  readonly key!: string;

  @ApiProperty()
  readonly cause!: string;

  @ApiProperty({ type: 'integer' })
  readonly count!: number;

  @ApiProperty({ format: 'date-time' })
  readonly oldest!: string;
}

export function deadLetterView(letter: DeadLetterRecord): DeadLetterView {
  const { id, kind, cause, message, state, tries, since, updatedAt } = letter;
  const { channel, shop, delivery, order, reason, by } = letter;
  return {
    ...{ id, kind, cause, message, state, tries },
    since: instantText(since),
    updatedAt: instantText(updatedAt),
    ...present({ channel, shop, delivery, order, reason, by }),
  };
}
