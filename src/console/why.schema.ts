import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { NumberStep } from '../domain';
import { Instant, Text } from './fields';
import { MoveView, NumbersView, QuotaView } from './stock.schema';

const STEPS: readonly NumberStep['what'][] = [
  ...(['uncounted', 'free', 'quotas', 'safety-buffer', 'shared', 'rules', 'own-quota', 'exposure'] as const),
  ...(['part', 'bundle', 'lock', 'number'] as const),
];

/** `GET /v1/stock/:sku/why`. */
export class WhyQuery {
  @Text({ optional: true, about: 'Only the listings of this shop.' })
  readonly shop?: string;

  @Instant({ optional: true, about: 'Now when it is left out.' })
  readonly at?: string;
}

/** One step from the stock to a number. */
export class StepView {
  @ApiProperty({ enum: STEPS })
  readonly what!: NumberStep['what'];

  @ApiPropertyOptional({ description: 'Whose units these are; those of the listing where it is left out.' })
  readonly sku?: string;

  @ApiProperty({ type: 'integer' })
  readonly units!: number;

  @ApiProperty()
  readonly sentence!: string;
}

/** What a listing should show, and how it comes about. */
export class ListingWhyView {
  @ApiProperty()
  readonly shop!: string;

  @ApiProperty()
  readonly listing!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: it is not written.' })
  readonly number!: number | null;

  @ApiProperty({ type: 'integer', description: 'What it would show if exposure were open.' })
  readonly open!: number;

  @ApiProperty({ type: 'object', additionalProperties: true, description: "The shop's rules." })
  readonly rules!: Readonly<Record<string, unknown>>;

  @ApiProperty({ type: () => [StepView] })
  readonly steps!: readonly StepView[];
}

/** A move with a sentence. */
export class ToldMoveView extends MoveView {
  @ApiProperty()
  readonly sentence!: string;
}

/** Why the listings of a sku show what they show. */
export class WhyView {
  @ApiProperty()
  readonly sku!: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty()
  readonly counted!: boolean;

  @ApiProperty({ type: () => NumbersView })
  readonly numbers!: NumbersView;

  @ApiProperty({ enum: ['open', 'bounded', 'strict'] })
  readonly exposure!: 'open' | 'bounded' | 'strict';

  @ApiProperty({ type: () => [QuotaView] })
  readonly quotas!: readonly QuotaView[];

  @ApiProperty({ type: () => [ListingWhyView] })
  readonly listings!: readonly ListingWhyView[];

  @ApiProperty({ type: () => [ToldMoveView], description: 'The latest moves up to that instant, newest first.' })
  readonly moves!: readonly ToldMoveView[];

  @ApiProperty({ type: [String], description: 'All of it in words.' })
  readonly sentences!: readonly string[];

  @ApiProperty({ type: [String], description: 'What of that instant is not kept, and what stands in for it.' })
  readonly notKept!: readonly string[];
}

/** What one order, or another move, took of what was free. */
export class TakenView {
  @ApiProperty({ enum: ['order', 'count', 'manual', 'quota-start', 'quota-end', 'rules', 'repair'] })
  readonly kind!: string;

  @ApiProperty({ type: 'integer', description: 'Negative: it brought units.' })
  readonly units!: number;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiPropertyOptional()
  readonly order?: string;

  @ApiPropertyOptional()
  readonly shop?: string;

  @ApiPropertyOptional()
  readonly by?: string;

  @ApiPropertyOptional()
  readonly reason?: string;
}

/** A sku that an order found too little of. */
export class ShortWhyView {
  @ApiProperty()
  readonly sku!: string;

  @ApiProperty({ type: 'integer', description: 'Units of the order that were not there.' })
  readonly short!: number;

  @ApiProperty({ format: 'date-time', description: 'When the order took what there was.' })
  readonly at!: string;

  @ApiProperty({ format: 'date-time', description: 'The last count before, or the oldest move that is looked at.' })
  readonly since!: string;

  @ApiProperty({ type: 'integer', description: 'What was free then.' })
  readonly free!: number;

  @ApiProperty({ type: () => [TakenView], description: 'Who took most first.' })
  readonly taken!: readonly TakenView[];

  @ApiProperty({ type: [String] })
  readonly sentences!: readonly string[];
}

/** `GET /v1/orders/:id/why`. */
export class OrderWhyView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty({ type: () => [ShortWhyView], description: 'Empty: the order was never short.' })
  readonly short!: readonly ShortWhyView[];

  @ApiProperty({ type: [String] })
  readonly sentences!: readonly string[];
}
