import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CATALOGUE_STATES, type CatalogueRecord, type CatalogueState } from '../store/catalogue.store';
import { PageQuery, SkuUnitsField } from './border.schema';
import { Choice } from './fields';
import { instantText } from './money-border';

const MODES = ['propose', 'make'] as const;

/** `POST /v1/shops/:id/listings/import` */
export class ImportBody {
  @Choice(MODES, {
    optional: true,
    about: '`make` also makes the listings that leave no doubt; `propose`, the default, changes no listing.',
  })
  readonly mode?: (typeof MODES)[number];
}

/** `GET /v1/shops/:id/catalogue` */
export class CatalogueQuery extends PageQuery {
  @Choice(CATALOGUE_STATES, { optional: true })
  readonly state?: CatalogueState;
}

/** A thing that a shop offers, as its channel showed it when the catalogue was read last. */
export class CatalogueItemView {
  @ApiProperty({ description: 'Its identity at the channel.' })
  readonly key!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  readonly channelIds!: Readonly<Record<string, string>>;

  @ApiProperty()
  readonly sellerSku!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty()
  readonly isLive!: boolean;

  @ApiPropertyOptional({ type: 'number' })
  readonly sellable?: number;

  @ApiProperty({ enum: CATALOGUE_STATES })
  readonly state!: CatalogueState;

  @ApiPropertyOptional({ type: () => SkuUnitsField, description: 'What one sale of it seems to take.' })
  readonly seems?: SkuUnitsField;

  @ApiProperty({ format: 'date-time' })
  readonly readAt!: string;
}

export function catalogueItemView(item: CatalogueRecord): CatalogueItemView {
  const { key, channelIds, sellerSku, name, isLive, sellable, state, seems, readAt } = item;
  return {
    ...{ key, channelIds, sellerSku, name, isLive, state },
    ...(sellable !== undefined && { sellable }),
    ...(seems !== undefined && { seems }),
    readAt: instantText(readAt),
  };
}
