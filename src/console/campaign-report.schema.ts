import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CAMPAIGN_ITEM_STATES, CAMPAIGN_STATES, type CampaignItemState, type CampaignState } from '../domain';

/** What a campaign's items sold: all of them, or one. */
export class OutcomeView {
  @ApiProperty({ type: 'integer', description: 'Units asked for.' })
  readonly quantity!: number;

  @ApiProperty({ type: 'integer', description: 'Units that it got at its start.' })
  readonly held!: number;

  @ApiProperty({ type: 'integer', description: 'Units that were not there at its start.' })
  readonly missing!: number;

  @ApiProperty({ type: 'integer', description: 'Units that its shops sold out of what it held.' })
  readonly sold!: number;

  @ApiProperty({ type: 'integer', description: 'Units that other shops sold out of what it held.' })
  readonly lost!: number;

  @ApiProperty({ type: 'integer', description: 'Units left: now, or at its end.' })
  readonly remaining!: number;
}

/** One sku of one shop in a campaign. */
export class CampaignRowView extends OutcomeView {
  @ApiProperty()
  readonly sku!: string;

  @ApiProperty()
  readonly shop!: string;

  @ApiProperty({ enum: CAMPAIGN_ITEM_STATES })
  readonly state!: CampaignItemState;

  @ApiProperty({ type: 'integer', description: 'Units of the sku that no order and no hold has.' })
  readonly free!: number;

  @ApiProperty({ type: 'integer', description: 'Units of the sku that a new campaign could hold.' })
  readonly shared!: number;
}

/** What a campaign sold. */
export class CampaignReportView {
  @ApiProperty({ enum: CAMPAIGN_STATES })
  readonly state!: CampaignState;

  @ApiProperty({ description: 'It began, ran to its own end, and held every item, if not every unit.' })
  readonly completed!: boolean;

  @ApiPropertyOptional({ format: 'date-time' })
  readonly startedAt?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  readonly endedAt?: string;

  @ApiProperty({ type: () => OutcomeView })
  readonly totals!: OutcomeView;

  @ApiProperty({ type: () => [CampaignRowView] })
  readonly items!: readonly CampaignRowView[];

  @ApiProperty({ type: String, nullable: true })
  readonly next!: string | null;
}

const CHECKS = ['items', 'time', 'stock', 'unlisted', 'overlap'] as const;
export type CheckName = (typeof CHECKS)[number];
const LEVELS = ['ok', 'warn', 'stop'] as const;
export type CheckLevel = (typeof LEVELS)[number];

/** A sku that a check found. */
export class FindingView {
  @ApiProperty()
  readonly sku!: string;

  @ApiPropertyOptional()
  readonly shop?: string;

  @ApiPropertyOptional({ type: 'integer' })
  readonly asked?: number;

  @ApiPropertyOptional({ type: 'integer' })
  readonly available?: number;

  @ApiPropertyOptional({ description: 'The other campaign.' })
  readonly campaign?: string;
}

/** One check of a campaign's readiness. */
export class CheckView {
  @ApiProperty({ enum: CHECKS })
  readonly check!: CheckName;

  @ApiProperty({ enum: LEVELS, description: '`stop` cannot be approved, `warn` only with a reason.' })
  readonly level!: CheckLevel;

  @ApiProperty()
  readonly detail!: string;

  @ApiPropertyOptional({ description: 'What to do about it.' })
  readonly fix?: string;

  @ApiProperty({ type: 'integer', description: 'How many items it found.' })
  readonly count!: number;

  @ApiProperty({ type: () => [FindingView], description: 'The first of them.' })
  readonly items!: readonly FindingView[];
}

/** `GET /v1/campaigns/:id/checks`. */
export class ChecksView {
  @ApiProperty({ enum: LEVELS, description: 'The worst of them.' })
  readonly level!: CheckLevel;

  @ApiProperty({ type: () => [CheckView] })
  readonly checks!: readonly CheckView[];
}
