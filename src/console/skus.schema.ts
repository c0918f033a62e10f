import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { parseMoney, type ExposurePolicy, type Money } from '../domain';
import type { SkuRecord } from '../store/skus.store';
import { MoneyField, PageQuery } from './border.schema';
import { Choice, Nested, Text, Whole } from './fields';
import { instantText, moneyText } from './money-border';
import type { Fault } from './refusal';

const POLICIES = ['open', 'bounded', 'strict'] as const;

/** How much more than there is buyers may see. */
export class ExposureField {
  @Choice(POLICIES)
  readonly policy!: (typeof POLICIES)[number];

  @Whole({ optional: true, about: 'For `bounded`: how many units.' })
  readonly units?: number;
}

/** `PUT /v1/skus/:sku`. */
export class SkuBody {
  @Text()
  readonly name!: string;

  @Text({ optional: true })
  readonly category?: string;

  @Nested(() => MoneyField)
  readonly basePrice!: MoneyField;

  @Nested(() => MoneyField, { optional: true })
  readonly cost?: MoneyField;

  @Whole({ optional: true })
  readonly safetyBuffer?: number;

  @Nested(() => ExposureField, { optional: true })
  readonly exposure?: ExposureField;

  @Whole({ optional: true, about: 'Opens `low-stock` when no more than this is free.' })
  readonly lowStockAt?: number;
}

/** `GET /v1/skus`. */
export class SkuQuery extends PageQuery {
  @Text({ optional: true, max: 64, about: 'Skus of one campaign, so many a page; what else is asked leaves some out.' })
  readonly campaign?: string;

  @Text({ optional: true })
  readonly category?: string;

  @Text({ optional: true, about: 'The beginning of words in the sku, its name or its category; no pattern.' })
  readonly q?: string;
}

/** A sku as answered. */
export class SkuView {
  @ApiProperty()
  readonly sku!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiPropertyOptional()
  readonly category?: string;

  @ApiProperty({ type: () => MoneyField })
  readonly basePrice!: MoneyField;

  @ApiPropertyOptional({ type: () => MoneyField })
  readonly cost?: MoneyField;

  @ApiProperty({ type: 'integer' })
  readonly safetyBuffer!: number;

  @ApiProperty({ type: () => ExposureField })
  readonly exposure!: ExposureField;

  @ApiPropertyOptional({ type: 'integer' })
  readonly lowStockAt?: number;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

export function skuView(record: SkuRecord): SkuView {
  const { sku, name, category, cost, safetyBuffer, exposure, lowStockAt } = record;
  return {
    sku,
    name,
    ...(category !== undefined && { category }),
    basePrice: moneyText(record.basePrice),
    ...(cost && { cost: moneyText(cost) }),
    safetyBuffer,
    exposure,
    ...(lowStockAt !== undefined && { lowStockAt }),
    createdAt: instantText(record.createdAt),
    updatedAt: instantText(record.updatedAt),
  };
}

/** Reads money that is not negative; what is wrong goes into `faults`. */
export function readMoney(field: MoneyField, path: string, faults: Fault[]): Money {
  const money = parseMoney(field.amount, field.currency);
  if (money === undefined) {
    faults.push({ path, message: `${path} must be an amount with the digits of a currency that the hub knows` });
  } else if (money.minor < 0) faults.push({ path: `${path}.amount`, message: `${path} must not be negative` });
  return money ?? { minor: 0, currency: field.currency };
}

/** Reads a policy; `bounded` needs its units, the others take none. */
export function readExposure(field: ExposureField | undefined, faults: Fault[]): ExposurePolicy {
  const { policy = 'open', units } = field ?? {};
  if (policy === 'bounded') {
    if (units === undefined) faults.push({ path: 'exposure.units', message: 'units must be given for bounded' });
    return { policy, units: units ?? 0 };
  }
  if (units !== undefined) faults.push({ path: 'exposure.units', message: `units are not for ${policy}` });
  return { policy };
}
