import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LINE_STATUSES, type LineStatus, type OrderStatus } from '../domain';
import { MoneyField, PageQuery } from './border.schema';
import { Choice, Instant, Nested, NestedList, Pattern, Text, Whole } from './fields';
import { PartView } from './stock.schema';

export const ORDER_STATUSES: readonly OrderStatus[] = [...LINE_STATUSES, 'mixed'];

/** One line of an order of the seller's own. Counts are totals so far. */
export class OrderLineBody {
  @Text({ max: 128 })
  readonly sku!: string;

  @Whole({ min: 1 })
  readonly units!: number;

  @Whole({ optional: true, about: 'All that was not shipped, where the order is cancelled and this is left out.' })
  readonly cancelled?: number;

  @Whole({ optional: true, about: 'All that was not cancelled, where the order is shipped and this is left out.' })
  readonly shipped?: number;

  @Whole({ optional: true, about: 'All that was shipped, where the order is returned and this is left out.' })
  readonly returned?: number;

  @Nested(() => MoneyField)
  readonly unitPrice!: MoneyField;
}

/** What is added to, and taken off, the sum of the lines. */
export class TotalsBody {
  @Nested(() => MoneyField, { optional: true })
  readonly discountSeller?: MoneyField;

  @Nested(() => MoneyField, { optional: true })
  readonly shipping?: MoneyField;

  @Nested(() => MoneyField, { optional: true })
  readonly tax?: MoneyField;
}

/** Who bought. Kept sealed. */
export class BuyerField {
  @Text({ optional: true })
  readonly name?: string;

  @Text({ optional: true, max: 64 })
  readonly phone?: string;

  @Text({ optional: true, max: 1000 })
  readonly address?: string;
}

/** `POST /v1/orders`. */
export class OrderBody {
  @Text({ max: 128 })
  readonly id!: string;

  @Instant({ about: "The source's instant of this state." })
  readonly updatedAt!: string;

  @Instant({ optional: true })
  readonly placedAt?: string;

  @Choice(ORDER_STATUSES)
  readonly status!: OrderStatus;

  @Pattern(/^[A-Z]{3}$/, { says: 'a currency such as SGD' })
  readonly currency!: string;

  @NestedList(() => OrderLineBody, { max: 200 })
  readonly lines!: OrderLineBody[];

  @Text({ optional: true, max: 128, about: 'The number that a person knows it by.' })
  readonly reference?: string;

  @Nested(() => TotalsBody, { optional: true })
  readonly totals?: TotalsBody;

  @Nested(() => BuyerField, { optional: true })
  readonly buyer?: BuyerField;
}

/** One line of what is fit to sell. */
export class RestockLine {
  @Text({ max: 512 })
  readonly id!: string;

  @Whole({ about: 'The total so far.' })
  readonly units!: number;
}

/** `POST /v1/orders/:id/restock`. */
export class RestockBody {
  @NestedList(() => RestockLine, { max: 200 })
  readonly lines!: RestockLine[];
}

/** `GET /v1/orders`. */
export class OrderQuery extends PageQuery {
  @Text({ optional: true, max: 32 })
  readonly channel?: string;

  @Text({ optional: true, max: 64 })
  readonly shop?: string;

  @Text({ optional: true, max: 128 })
  readonly externalId?: string;

  @Choice(ORDER_STATUSES, { optional: true })
  readonly status?: OrderStatus;

  @Instant({ optional: true })
  readonly updatedAfter?: string;
}

/** `GET /v1/orders/:id`. */
export class RevealQuery {
  @Choice(['buyer'], { optional: true, about: 'Shows the buyer; operators only, and logged.' })
  readonly reveal?: 'buyer';
}

/** One line of an order. */
export class OrderLineView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly listing!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null for a bundle, and while no listing is known.' })
  readonly sku!: string | null;

  @ApiPropertyOptional({ description: 'Skus and units of one sale.', type: 'array', items: { type: 'object' } })
  readonly parts?: readonly { readonly sku: string; readonly units: number }[];

  @ApiPropertyOptional()
  readonly title?: string;

  @ApiProperty({ type: 'integer' })
  readonly units!: number;

  @ApiProperty({ type: 'integer' })
  readonly cancelled!: number;

  @ApiProperty({ type: 'integer' })
  readonly shipped!: number;

  @ApiProperty({ type: 'integer' })
  readonly returned!: number;

  @ApiProperty({ type: 'integer', description: 'Of the returned ones, fit to sell again.' })
  readonly restocked!: number;

  @ApiProperty({ type: () => MoneyField })
  readonly unitPrice!: MoneyField;

  @ApiProperty({ enum: LINE_STATUSES })
  readonly status!: LineStatus;
}

/** Money by component. */
export class TotalsView {
  @ApiProperty({ type: () => MoneyField })
  readonly items!: MoneyField;

  @ApiProperty({ type: () => MoneyField })
  readonly discountSeller!: MoneyField;

  @ApiProperty({ type: () => MoneyField })
  readonly discountChannel!: MoneyField;

  @ApiProperty({ type: () => MoneyField })
  readonly shipping!: MoneyField;

  @ApiProperty({ type: () => MoneyField })
  readonly tax!: MoneyField;

  @ApiProperty({ type: () => MoneyField })
  readonly paid!: MoneyField;
}

/** One thing that happened to an order. */
export class EventView {
  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ enum: ['delivery', 'fact', 'move', 'push'] })
  readonly what!: 'delivery' | 'fact' | 'move' | 'push';

  @ApiProperty({ description: 'A verdict, a fact, a kind of move or the state of an attempt.' })
  readonly kind!: string;

  @ApiPropertyOptional()
  readonly id?: string;

  @ApiPropertyOptional()
  readonly line?: string;

  @ApiPropertyOptional()
  readonly sku?: string;

  @ApiPropertyOptional({ type: 'integer' })
  readonly units?: number;

  @ApiPropertyOptional({ type: () => [PartView] })
  readonly drew?: readonly PartView[];

  @ApiPropertyOptional()
  readonly shop?: string;

  @ApiPropertyOptional()
  readonly listing?: string;

  @ApiPropertyOptional()
  readonly why?: string;
}

/** An order. */
export class OrderView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly channel!: string;

  @ApiProperty()
  readonly shop!: string;

  @ApiProperty()
  readonly externalId!: string;

  @ApiPropertyOptional()
  readonly reference?: string;

  @ApiProperty({ enum: ORDER_STATUSES })
  readonly status!: OrderStatus;

  @ApiProperty({ format: 'date-time' })
  readonly placedAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;

  @ApiPropertyOptional({ format: 'date-time' })
  readonly shipBy?: string;

  @ApiProperty()
  readonly currency!: string;

  @ApiProperty({ enum: ['seller', 'channel'] })
  readonly fulfilledBy!: 'seller' | 'channel';

  @ApiProperty({ type: () => [OrderLineView] })
  readonly lines!: readonly OrderLineView[];

  @ApiProperty({ type: () => TotalsView })
  readonly totals!: TotalsView;

  @ApiPropertyOptional({ type: () => BuyerField, description: 'Masked, unless it is revealed to an operator.' })
  readonly buyer?: BuyerField;
}

/** One order with all that happened to it. */
export class OrderWithTimelineView extends OrderView {
  @ApiProperty({ type: () => [EventView] })
  readonly timeline!: readonly EventView[];
}
