import { ApiProperty } from '@nestjs/swagger';
import { Pattern, Text, Whole } from './fields';

const LIMIT = /^([1-9]\d?|1\d\d|200)$/;
const DECIMAL = /^-?\d{1,13}(\.\d{1,6})?$/;

/** A page of a list. */
export class PageQuery {
  @Pattern(LIMIT, { optional: true, says: 'a number from 1 to 200', about: 'How many; 50 when it is left out.' })
  readonly limit?: string;

  @Text({ optional: true, max: 1024, about: 'The `next` of the answer before.' })
  readonly after?: string;
}

export const limitOf = ({ limit }: PageQuery): number => (limit === undefined ? 50 : Number(limit));

/** `{"amount":"12.50","currency":"SGD"}`. */
export class MoneyField {
  @Pattern(DECIMAL, { says: 'a decimal number as text', about: "Exactly the currency's digits." })
  readonly amount!: string;

  @Pattern(/^[A-Z]{3}$/, { says: 'a currency such as SGD' })
  readonly currency!: string;
}

/** A sku and how many of its units. */
export class SkuUnitsField {
  @Text({ max: 128 })
  readonly sku!: string;

  @Whole({ min: 1 })
  readonly units!: number;
}

/** A sku in an address. */
export class SkuPath {
  @Text({ max: 128 })
  readonly sku!: string;
}

/** One fault of a body. */
export class FaultView {
  @ApiProperty({ example: 'items.0.sku' })
  readonly path!: string;

  @ApiProperty()
  readonly message!: string;
}

/** RFC 9457. */
export class ProblemDetailsView {
  @ApiProperty({ example: '/docs#invalid' })
  readonly type!: string;

  @ApiProperty()
  readonly title!: string;

  @ApiProperty({ type: 'integer' })
  readonly status!: number;

  @ApiProperty()
  readonly detail!: string;

  @ApiProperty({ example: 'invalid' })
  readonly code!: string;

  @ApiProperty({ type: () => [FaultView], required: false })
  readonly errors?: FaultView[];
}
