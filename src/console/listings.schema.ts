import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ListingRecord } from '../store/listings.store';
import { MoneyField, PageQuery, SkuUnitsField } from './border.schema';
import { Nested, NestedList, Text, TextRecord, Whole } from './fields';
import { instantText, moneyText } from './money-border';

/** Most skus in one bundle. */
const MOST_PARTS = 20;

/** `PUT /v1/shops/:id/listings/:listing`: either `sku` with `units`, or `bundle`. */
export class ListingBody {
  @TextRecord({ about: "The channel's ids of the listing." })
  readonly channelIds!: Record<string, string>;

  @Text({ optional: true, max: 128 })
  readonly sku?: string;

  @Whole({ optional: true, min: 1, max: 1_000_000, about: 'Units of the sku in one sale; 1 when it is left out.' })
  readonly units?: number;

  @NestedList(() => SkuUnitsField, { optional: true, max: MOST_PARTS })
  readonly bundle?: SkuUnitsField[];

  @Nested(() => MoneyField, { optional: true, about: 'Needed where the shop has another currency than the sku.' })
  readonly basePrice?: MoneyField;
}

/** `GET /v1/shops/:id/listings`. */
export class ListingQuery extends PageQuery {
  @Text({ optional: true, max: 64, about: 'Listings of what one campaign holds for the shop.' })
  readonly campaign?: string;
}

/** A listing in an address. */
export class ListingPath {
  @Text({ max: 64 })
  readonly id!: string;

  @Text({ max: 128 })
  readonly listing!: string;
}

/** A listing as answered. */
export class ListingView {
  @ApiProperty()
  readonly listing!: string;

  @ApiProperty()
  readonly shop!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  readonly channelIds!: Readonly<Record<string, string>>;

  @ApiPropertyOptional()
  readonly sku?: string;

  @ApiPropertyOptional({ type: 'integer' })
  readonly units?: number;

  @ApiPropertyOptional({ type: () => [SkuUnitsField] })
  readonly bundle?: readonly SkuUnitsField[];

  @ApiPropertyOptional({ type: () => MoneyField })
  readonly basePrice?: MoneyField;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

export function listingView(record: ListingRecord): ListingView {
  const [only, ...others] = record.parts;
  const parts = only !== undefined && others.length === 0 ? { ...only } : { bundle: record.parts };
  return {
    listing: record.listing,
    shop: record.shop,
    channelIds: record.channelIds,
    ...parts,
    ...(record.basePrice && { basePrice: moneyText(record.basePrice) }),
    updatedAt: instantText(record.updatedAt),
  };
}
