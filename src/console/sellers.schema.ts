import { ApiProperty } from '@nestjs/swagger';
import { currencyDigits } from '../domain';
import { Flag, holds, Nested, Pattern, Quantity, Text, Texts, TimeZone, Whole } from './fields';
import { instantText } from './money-border';
import type { SellerRecord, SellerSettings } from '../store/sellers.store';

const SELLER_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const ORIGIN = /^https?:\/\/[a-z0-9.-]{1,253}(:\d{1,5})?$/;

/** A currency that the hub knows the digits of. */
export const Currency = (): PropertyDecorator => (target, name) => {
  const isKnown = (value: unknown): boolean => typeof value === 'string' && currencyDigits(value) !== undefined;
  holds('currency', 'must be a currency that the hub knows, such as SGD', isKnown)(target, name);
  ApiProperty({ type: String, example: 'SGD' })(target, name);
};

/** `POST /v1/sellers`. */
export class NewSeller {
  @Pattern(SELLER_ID, {
    says: '1 to 64 letters, digits, hyphens and underscores',
    optional: true,
    about: 'Made by the hub when left out.',
  })
  readonly id?: string;

  @Text()
  readonly name!: string;

  @TimeZone()
  readonly timeZone!: string;

  @Currency()
  readonly currency!: string;
}

/** Whether a campaign needs a second person. */
export class SecondPerson {
  @Flag()
  readonly price!: boolean;

  @Flag()
  readonly stockOnly!: boolean;
}

/** `PATCH /v1/sellers/:seller/settings`: what is left out stays. */
export class SettingsChange {
  @Whole({ optional: true, min: 1, max: 1000 })
  readonly curatedSize?: number;

  @Whole({ optional: true, min: 1, max: 90 })
  readonly discountMin?: number;

  @Whole({ optional: true, min: 1, max: 90 })
  readonly discountMax?: number;

  @Quantity({ optional: true, min: -100, max: 100 })
  readonly marginFloorPercent?: number;

  @Whole({
    optional: true,
    max: 100,
    about: 'Opens `low-stock` when no more of a quota is left; a campaign may differ.',
  })
  readonly lowStockPercent?: number;

  @Nested(() => SecondPerson, { optional: true })
  readonly secondPerson?: SecondPerson;

  @Quantity({ optional: true, min: 0, max: 1000 })
  readonly storefrontWeight?: number;

  @Texts(ORIGIN, { optional: true, max: 50, says: 'origins such as https://shop.example' })
  readonly priceOrigins?: string[];

  @Whole({ optional: true, max: 8760 })
  readonly reminderHours?: number;
}

/** A seller as answered. */
export class SellerView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty()
  readonly timeZone!: string;

  @ApiProperty()
  readonly currency!: string;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
}

/** All settings of a seller. */
export class SettingsView {
  @ApiProperty({ type: 'integer' })
  readonly curatedSize!: number;

  @ApiProperty({ type: 'integer' })
  readonly discountMin!: number;

  @ApiProperty({ type: 'integer' })
  readonly discountMax!: number;

  @ApiProperty({ required: false })
  readonly marginFloorPercent?: number;

  @ApiProperty({ type: 'integer', required: false })
  readonly lowStockPercent?: number;

  @ApiProperty({ type: () => SecondPerson })
  readonly secondPerson!: SecondPerson;

  @ApiProperty()
  readonly storefrontWeight!: number;

  @ApiProperty({ type: [String] })
  readonly priceOrigins!: readonly string[];

  @ApiProperty({ type: 'integer' })
  readonly reminderHours!: number;
}

export const sellerView = ({ id, name, timeZone, currency, createdAt }: SellerRecord): SellerView => ({
  id,
  name,
  timeZone,
  currency,
  createdAt: instantText(createdAt),
});

export const settingsView = (settings: SellerSettings): SettingsView => settings;
