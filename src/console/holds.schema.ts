import { ApiProperty } from '@nestjs/swagger';
import type { HoldStatus, Order } from '../domain';
import { SkuUnitsField } from './border.schema';
import { NestedList, Text, Whole } from './fields';
import { instantText } from './money-border';

const A_WEEK_S = 7 * 86_400;

/** `POST /v1/holds`. */
export class HoldBody {
  @Text({ max: 128, about: 'The same id again changes nothing.' })
  readonly id!: string;

  @NestedList(() => SkuUnitsField, { max: 200 })
  readonly lines!: SkuUnitsField[];

  @Whole({ min: 1, max: A_WEEK_S })
  readonly expiresInS!: number;
}

/** A hold as answered. */
export class HoldView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty({ enum: ['pending', 'held', 'refused', 'released', 'expired', 'confirmed'] })
  readonly status!: HoldStatus;

  @ApiProperty({ type: () => [SkuUnitsField] })
  readonly lines!: readonly SkuUnitsField[];

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
}

/** The order that a confirmed hold made. */
export class ConfirmedView {
  @ApiProperty({ description: 'The id of the order.' })
  readonly order!: string;
}

export function holdView(order: Order): HoldView {
  const { status = 'held', expiresAt = 0 } = order.hold ?? {};
  const lines = order.lines.map(({ listingKey, parts, units }) => ({ sku: parts?.[0]?.sku ?? listingKey, units }));
  return { id: order.externalId, status, lines, expiresAt: instantText(expiresAt) };
}
