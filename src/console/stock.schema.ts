import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PageQuery } from './border.schema';
import { ProofsView } from './publications.schema';
import { Flag, holds, NestedList, Text, Whole } from './fields';

/** `PUT /v1/stock/:sku`. */
export class CountBody {
  @Whole()
  readonly onHand!: number;

  @Text()
  readonly reason!: string;
}

/** One line of a relative move. */
export class MoveLine {
  @Text({ max: 128 })
  readonly sku!: string;

  @Whole({ min: -1_000_000_000, about: 'Units to add; negative to take away.' })
  @holds('nonZero', 'must not be 0', (value) => value !== 0)
  readonly units!: number;
}

/** `POST /v1/stock/moves`. */
export class MoveBody {
  @Text({ max: 128, about: 'The same id again changes nothing.' })
  readonly id!: string;

  @NestedList(() => MoveLine, { max: 200 })
  readonly lines!: MoveLine[];

  @Text()
  readonly reason!: string;
}

/** `POST /v1/stock/audit`. */
export class StockAuditBody {
  @Flag({ optional: true, about: 'What differs is put right, by a move that says so.' })
  readonly repair?: boolean;

  @Text({ optional: true, max: 128, about: 'Only this sku, from its very first move on.' })
  readonly sku?: string;
}

/** `GET /v1/stock/:sku/moves`. */
export class MoveQuery extends PageQuery {}

/** What became of a relative move. */
export class MoveAnswerView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty({ enum: ['done', 'duplicate'] })
  readonly status!: 'done' | 'duplicate';
}

/** What one listing adds to what buyers may see of the sku, and what caution takes off; in units of the sku. */
export class ShownView {
  @ApiProperty()
  readonly shop!: string;

  @ApiProperty()
  readonly listing!: string;

  @ApiProperty({ type: 'integer', description: 'Units of the sku that one sale takes.' })
  readonly perSale!: number;

  @ApiProperty({ type: 'integer' })
  readonly units!: number;

  @ApiProperty({ type: 'integer', description: 'Units that it would show under `open`, and does not.' })
  readonly notShown!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Seconds that it showed nothing, only because sales were not heard yet.',
  })
  readonly closedS!: number;
}

/** How much more than there is buyers may see, and do. */
export class ExposureView {
  @ApiProperty({ enum: ['open', 'bounded', 'strict'] })
  readonly policy!: 'open' | 'bounded' | 'strict';

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null in open, 0 in strict.' })
  readonly allowed!: number | null;

  @ApiProperty({ type: 'integer', description: 'What buyers may see beyond what is free.' })
  readonly now!: number;

  @ApiProperty({ type: 'integer', description: 'All that buyers may see.' })
  readonly shown!: number;

  @ApiProperty({ type: 'integer', description: 'What caution costs: units that `open` would show.' })
  readonly notShown!: number;

  @ApiProperty({ type: 'integer', description: 'What caution cost: seconds that listings were closed, summed.' })
  readonly closedS!: number;

  @ApiProperty({ type: () => [ShownView] })
  readonly listings!: readonly ShownView[];
}

/** Units that a campaign holds for a shop. */
export class QuotaView {
  @ApiProperty()
  readonly campaign!: string;

  @ApiProperty()
  readonly shop!: string;

  @ApiProperty({ enum: ['allocation', 'reservation'] })
  readonly mode!: 'allocation' | 'reservation';

  @ApiProperty({ type: 'integer' })
  readonly quantity!: number;

  @ApiProperty({ type: 'integer' })
  readonly remaining!: number;
}

/** Units that the channel's own event keeps on show, whatever is written. */
export class LockView {
  @ApiProperty({ type: 'integer', description: 'What the listing sold since came out of it.' })
  readonly units!: number;

  @ApiProperty({
    format: 'date-time',
    nullable: true,
    type: String,
    description: 'When it counts no more, where known.',
  })
  readonly until!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly readAt!: string;

  @ApiProperty({ enum: ['read', 'refusal'], description: 'Read at the channel, or learned from a refused number.' })
  readonly source!: string;
}

/** What a listing should show, and what is known of what it shows; in units of the listing. */
export class PublishedView {
  @ApiProperty()
  readonly shop!: string;

  @ApiProperty()
  readonly listing!: string;

  @ApiProperty({ type: 'integer', nullable: true })
  readonly target!: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  readonly sent!: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  readonly acknowledged!: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  readonly readBack!: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  readonly version!: number | null;

  @ApiProperty({ enum: ['done', 'refused', 'failed', 'coalesced', 'superseded', 'held'] })
  readonly state!: string;

  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  readonly at!: string | null;

  @ApiProperty({ type: LockView, nullable: true })
  readonly lock!: LockView | null;

  @ApiProperty({ type: () => ProofsView })
  readonly proof!: ProofsView;
}

/** The numbers that every shop's number begins with, in units of the sku. */
export class NumbersView {
  @ApiProperty({ type: 'integer' })
  readonly onHand!: number;

  @ApiProperty({ type: 'integer' })
  readonly committed!: number;

  @ApiProperty({ type: 'integer' })
  readonly free!: number;

  @ApiProperty({ type: 'integer' })
  readonly shared!: number;

  @ApiProperty({ type: 'integer' })
  readonly safetyBuffer!: number;
}

/** A sku's stock. */
export class StockView extends NumbersView {
  @ApiProperty()
  readonly sku!: string;

  @ApiProperty({ description: 'False until a count: its listings are not written.' })
  readonly counted!: boolean;

  @ApiProperty({ type: () => ExposureView })
  readonly exposure!: ExposureView;

  @ApiProperty({ type: () => [QuotaView] })
  readonly quotas!: readonly QuotaView[];

  @ApiProperty({ type: () => [PublishedView] })
  readonly published!: readonly PublishedView[];
}

/** Where a drawn unit came from. */
export class PartView {
  @ApiProperty({ enum: ['pool', 'short', 'quota', 'other'] })
  readonly from!: 'pool' | 'short' | 'quota' | 'other';

  @ApiPropertyOptional()
  readonly quota?: string;

  @ApiProperty({ type: 'integer' })
  readonly units!: number;
}

/** One change of stock. */
export class MoveView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty({ enum: ['order', 'count', 'manual', 'quota-start', 'quota-end', 'rules', 'repair'] })
  readonly kind!: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Change of what is on hand.' })
  readonly units?: number;

  @ApiProperty({ type: 'integer', description: 'On hand after the move.' })
  readonly onHand!: number;

  @ApiProperty({ type: 'integer', description: 'Committed after the move.' })
  readonly committed!: number;

  @ApiPropertyOptional()
  readonly order?: string;

  @ApiPropertyOptional()
  readonly shop?: string;

  @ApiPropertyOptional({ type: () => [PartView], description: 'What the order holds of the sku after the move.' })
  readonly drew?: readonly PartView[];

  @ApiPropertyOptional({ type: 'integer' })
  readonly shipped?: number;

  @ApiPropertyOptional({ type: 'integer' })
  readonly restocked?: number;

  @ApiPropertyOptional({ type: () => [PartView], description: "Parts taken from other shops' quotas." })
  readonly broke?: readonly PartView[];

  @ApiPropertyOptional({ type: 'integer', description: 'Units that were not there.' })
  readonly short?: number;

  @ApiPropertyOptional()
  readonly reason?: string;

  @ApiPropertyOptional()
  readonly by?: string;
}
