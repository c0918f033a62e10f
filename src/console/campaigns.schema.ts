import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CAMPAIGN_STATES, MOST_ITEM_SHOPS, type CampaignState, type QuotaMode } from '../domain';
import type { CampaignDeed } from '../store/campaigns.store';
import { PageQuery } from './border.schema';
import { Choice, holds, Instant, NestedList, Text, Texts, TimeZone, Whole } from './fields';

const KINDS = ['bulk'] as const;
const STOCK_MODES = ['allocation', 'reservation'] as const;
const SHOP = /^\P{Cc}{1,64}$/u;
/** Most rows of a body. */
const MOST_ROWS = 10_000;

/** What the contract has, and this hub cannot do so far: said so, instead of called unknown. */
const NotYet = (): PropertyDecorator =>
  holds('notYet', 'is not taken yet: so far a campaign holds stock and changes no price', (it) => it === undefined);

/** The same of one value of a choice. */
const ValueNotYet = (value: string): PropertyDecorator =>
  holds(
    'valueNotYet',
    `${value} is not taken yet: so far a campaign holds stock and changes no price`,
    (it) => it !== value,
  );

/** One sku of a campaign. */
export class CampaignItemField {
  @Text({ max: 128 })
  readonly sku!: string;

  @Whole({ min: 1, about: 'Units that each of the shops gets.' })
  readonly quantity!: number;

  @Texts(SHOP, { max: MOST_ITEM_SHOPS, says: 'ids of shops' })
  @holds('someShop', 'must name a shop', (shops) => !Array.isArray(shops) || shops.length > 0)
  readonly shops!: string[];

  @NotYet()
  readonly discountPercent?: unknown;

  @NotYet()
  readonly price?: unknown;
}

/** What a new campaign and an edit have in common. */
class CampaignFields {
  @NestedList(() => CampaignItemField, { optional: true, min: 0, max: MOST_ROWS })
  readonly items?: CampaignItemField[];

  @NotYet()
  readonly recurrence?: unknown;

  @NotYet()
  readonly select?: unknown;

  @NotYet()
  readonly audience?: unknown;

  @Whole({ optional: true, max: 100, about: "Opens `low-stock` when no more of a quota is left; else the seller's." })
  readonly lowStockPercent?: number;
}

/** `POST /v1/campaigns`. */
export class CampaignBody extends CampaignFields {
  @Text()
  readonly name!: string;

  @Choice(KINDS, { about: 'Curated sessions, with prices, are not taken yet.' })
  @ValueNotYet('curated')
  readonly kind!: (typeof KINDS)[number];

  @Instant({ optional: true, about: 'At once when it is left out, or past.' })
  readonly startsAt?: string;

  @Instant()
  readonly endsAt!: string;

  @TimeZone({ optional: true, about: "The seller's when it is left out." })
  readonly timeZone?: string;

  @Choice(STOCK_MODES, { about: 'Campaigns that hold no stock, but change prices, are not taken yet.' })
  @ValueNotYet('none')
  readonly stockMode!: QuotaMode;
}

/** `PATCH /v1/campaigns/:id`: what is left out stays; `items` replaces them all. */
export class CampaignPatch extends CampaignFields {
  @Text({ optional: true })
  readonly name?: string;

  @Instant({ optional: true })
  readonly startsAt?: string;

  @Instant({ optional: true })
  readonly endsAt?: string;

  @TimeZone({ optional: true })
  readonly timeZone?: string;

  @Choice(STOCK_MODES, { optional: true })
  readonly stockMode?: QuotaMode;
}

/** `POST /v1/campaigns/:id/submit` and `/approve`: over a warning only with a reason. */
export class ApproveBody {
  @Text({ optional: true, max: 1000 })
  readonly reason?: string;
}

/** `POST /v1/campaigns/:id/send-back`, `/cancel` and `/stop`. */
export class ReasonBody {
  @Text({ max: 1000 })
  readonly reason!: string;
}

/** `GET /v1/campaigns`. */
export class CampaignQuery extends PageQuery {
  @Choice(CAMPAIGN_STATES, { optional: true })
  readonly state?: CampaignState;
}

/** One sku of a campaign, with what there is of it. */
export class CampaignItemView {
  @ApiProperty()
  readonly sku!: string;

  @ApiProperty({ type: 'integer' })
  readonly quantity!: number;

  @ApiProperty({ type: [String] })
  readonly shops!: readonly string[];

  @ApiProperty({ type: 'integer', description: 'Units that no order and no hold has.' })
  readonly free!: number;

  @ApiProperty({ type: 'integer', description: 'Units that a new campaign could hold.' })
  readonly shared!: number;
}

/** A campaign as answered. */
export class CampaignView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ enum: KINDS })
  readonly kind!: (typeof KINDS)[number];

  @ApiProperty({ enum: CAMPAIGN_STATES })
  readonly state!: CampaignState;

  @ApiProperty({ type: 'integer', description: 'As in the ETag.' })
  readonly version!: number;

  @ApiProperty({ format: 'date-time' })
  readonly startsAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly endsAt!: string;

  @ApiProperty()
  readonly timeZone!: string;

  @ApiProperty({ enum: STOCK_MODES })
  readonly stockMode!: QuotaMode;

  @ApiPropertyOptional({ type: 'integer' })
  readonly lowStockPercent?: number;

  @ApiProperty({ type: 'integer', description: 'Skus of shops that it holds stock for.' })
  readonly itemCount!: number;

  @ApiPropertyOptional({ type: () => [CampaignItemView], description: 'Of one campaign, while they are few.' })
  readonly items?: readonly CampaignItemView[];

  @ApiProperty({ description: 'Who edited it last.' })
  readonly editedBy!: string;

  @ApiPropertyOptional({ format: 'date-time' })
  readonly startedAt?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'When it ended, was stopped or cancelled.' })
  readonly endedAt?: string;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

const DEEDS: readonly CampaignDeed[] = [
  ...(['made', 'edited', 'submitted', 'sent-back', 'approved'] as const),
  ...(['cancelled', 'stopped', 'started', 'missed', 'ended'] as const),
];

/** One entry of a campaign's log. */
export class CampaignEntryView {
  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ description: '`hub` for what the clock did.' })
  readonly by!: string;

  @ApiProperty({ enum: DEEDS })
  readonly did!: CampaignDeed;

  @ApiProperty({ type: 'integer', description: 'The version that it made.' })
  readonly version!: number;

  @ApiPropertyOptional()
  readonly reason?: string;

  @ApiPropertyOptional({ type: [String], description: 'The fields that an edit changed.' })
  readonly changed?: readonly string[];

  @ApiPropertyOptional({ type: 'integer', description: 'How long after its instant it started.' })
  readonly lateMs?: number;
}
