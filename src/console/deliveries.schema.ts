import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DELIVERY_VERDICTS, type DeliveryRecord, type DeliveryVerdict } from '../store/deliveries.store';
import { PageQuery } from './border.schema';
import { Choice, Instant } from './fields';
import { instantText } from './money-border';
import { present } from './present';

/** `GET /v1/deliveries`. */
export class DeliveryQuery extends PageQuery {
  @Choice(DELIVERY_VERDICTS, { optional: true })
  readonly verdict?: DeliveryVerdict;

  @Instant({ optional: true })
  readonly updatedAfter?: string;
}

/** A push as it arrived, without its bytes. */
export class DeliveryView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly channel!: string;

  @ApiPropertyOptional()
  readonly shop?: string;

  @ApiPropertyOptional()
  readonly order?: string;

  @ApiProperty({ enum: DELIVERY_VERDICTS })
  readonly verdict!: DeliveryVerdict;

  @ApiPropertyOptional()
  readonly why?: string;

  @ApiProperty({ format: 'date-time' })
  readonly receivedAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;

  @ApiProperty({ type: 'integer', description: 'How often it arrived.' })
  readonly copies!: number;

  @ApiProperty({ type: 'integer' })
  readonly tries!: number;

  @ApiProperty({ description: 'Whether it waits to be read.' })
  readonly waits!: boolean;
}

/** The bytes of a push, buyers and secrets masked. */
export class BytesView {
  @ApiProperty({ type: 'integer' })
  readonly size!: number;

  @ApiProperty({ description: 'SHA-256 of the exact bytes.' })
  readonly digest!: string;

  @ApiProperty()
  readonly isJson!: boolean;

  @ApiProperty({
    description: 'The JSON, masked; of other bytes only how many there are.',
    type: 'object',
    additionalProperties: true,
  })
  readonly body!: unknown;
}

export function deliveryView(record: Omit<DeliveryRecord, 'bytes'>): DeliveryView {
  const { id, channel, shop, order, verdict, why, receivedAt, updatedAt, copies, tries, due } = record;
  return {
    ...{ id, channel, verdict, copies, tries, waits: due !== undefined },
    receivedAt: instantText(receivedAt),
    updatedAt: instantText(updatedAt),
    ...present({ shop, order, why }),
  };
}
