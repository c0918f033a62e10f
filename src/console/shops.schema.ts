import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DRIFT_RULES, type DriftRule, type TokenPlan } from '../domain';
import type { BreakerState } from '../platform/breaker';
import type { ShopTokens } from '../store/sealed-tokens';
import type { ShopRecord } from '../store/shops.store';
import { Choice, Instant, Nested, Pattern, Quantity, Text, TextRecord, TimeZone, Whole } from './fields';
import { instantText } from './money-border';
import { Currency } from './sellers.schema';

const RESTOCK = ['auto', 'confirm'] as const;
const DRIFT =
  'A number that somebody changed at the marketplace is put right, or stands until the next change of ours.';

/** The shop's own rules over the pool. */
export class RulesField {
  @Quantity({ optional: true, min: 0, max: 100, about: 'Percent of the pool that the shop shows.' })
  readonly percent?: number;

  @Whole({ optional: true, about: 'Units that it does not show.' })
  readonly buffer?: number;

  @Whole({ optional: true, about: 'Most units that it shows.' })
  readonly cap?: number;

  @Quantity({ optional: true, min: 0, max: 1000, about: 'Its share under bounded and strict; 1 by default.' })
  readonly weight?: number;

  @Whole({ optional: true, about: 'Of a pool of fewer units, only shops with this rule go on showing any.' })
  readonly lastUnits?: number;
}

/** What lets the hub call the channel; never shown again. */
export class TokensField {
  @Text({ max: 4096 })
  readonly accessToken!: string;

  @Text({ optional: true, max: 4096 })
  readonly refreshToken?: string;

  @Instant({ optional: true })
  readonly accessTokenExpiresAt?: string;

  @Instant({ optional: true })
  readonly refreshTokenExpiresAt?: string;
}

/** `POST /v1/shops`. */
export class NewShopBody {
  @Pattern(/^[A-Za-z0-9]{1,64}$/, { says: 'the id of an app' })
  readonly app!: string;

  @Text({ max: 128, about: "The channel's id of the shop." })
  readonly channelShopId!: string;

  @Text()
  readonly name!: string;

  @Text({ max: 32 })
  readonly region!: string;

  @Currency()
  readonly currency!: string;

  @TimeZone()
  readonly timeZone!: string;

  @Nested(() => TokensField, { optional: true })
  readonly tokens?: TokensField;

  @Nested(() => RulesField, { optional: true })
  readonly rules?: RulesField;

  @Choice(RESTOCK, { optional: true })
  readonly restock?: (typeof RESTOCK)[number];

  @Choice(DRIFT_RULES, { optional: true, about: DRIFT })
  readonly drift?: DriftRule;

  @TextRecord({ optional: true, about: "Choices that the channel's QUIRKS.md names." })
  readonly settings?: Record<string, string>;
}

/** `PATCH /v1/shops/:id`: what is left out stays; `rules` and `settings` are replaced whole. */
export class ShopPatch {
  @Text({ optional: true })
  readonly name?: string;

  @TimeZone({ optional: true })
  readonly timeZone?: string;

  @Nested(() => TokensField, { optional: true })
  readonly tokens?: TokensField;

  @Nested(() => RulesField, { optional: true })
  readonly rules?: RulesField;

  @Choice(RESTOCK, { optional: true })
  readonly restock?: (typeof RESTOCK)[number];

  @Choice(DRIFT_RULES, { optional: true, about: DRIFT })
  readonly drift?: DriftRule;

  @TextRecord({ optional: true })
  readonly settings?: Record<string, string>;
}

const TOKEN_WORDS = ['good', 'stale', 'held', 'dead', 'absent'] as const;

/** Whether the shop can be called now. */
export class HealthView {
  @ApiProperty({ enum: ['well', 'paused', 'unauthorized', 'channel-down'] })
  readonly state!: 'well' | 'paused' | 'unauthorized' | 'channel-down';

  @ApiProperty({ enum: ['closed', 'half-open', 'open'], description: "The breaker of the channel's host." })
  readonly breaker!: BreakerState;

  @ApiProperty({ description: 'Whether the hub has tokens for it, or can ask for some.' })
  readonly isAuthorized!: boolean;

  @ApiPropertyOptional({ format: 'date-time' })
  readonly accessTokenExpiresAt?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  readonly refreshTokenExpiresAt?: string;

  @ApiProperty({
    enum: TOKEN_WORDS,
    description:
      'Of its tokens. `good`: in use. `stale`: the next call asks for new ones. `held`: new ones are not accepted. ' +
      '`dead`: a person must authorise the shop again. `absent`: it never was authorised.',
  })
  readonly tokens!: (typeof TOKEN_WORDS)[number];

  @ApiPropertyOptional({ format: 'date-time', description: 'When the seller must have authorised it again.' })
  readonly authorizeBy?: string;
}

/** A shop as answered; its tokens never are. */
export class ShopView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly app!: string;

  @ApiProperty()
  readonly channel!: string;

  @ApiProperty()
  readonly channelShopId!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty()
  readonly region!: string;

  @ApiProperty()
  readonly currency!: string;

  @ApiProperty()
  readonly timeZone!: string;

  @ApiProperty({ type: () => RulesField })
  readonly rules!: RulesField;

  @ApiProperty({ enum: RESTOCK })
  readonly restock!: (typeof RESTOCK)[number];

  @ApiProperty({ enum: DRIFT_RULES, description: DRIFT })
  readonly drift!: DriftRule;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  readonly settings!: Readonly<Record<string, string>>;

  @ApiProperty()
  readonly paused!: boolean;

  @ApiProperty({ type: () => HealthView })
  readonly health!: HealthView;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

/** What the process knows of a shop's channel. */
export interface ChannelWord {
  readonly breaker: BreakerState;
  /** What may be done with the shop's tokens; absent where this hub does not speak the channel. */
  readonly tokens?: TokenPlan;
}

export function shopView(shop: ShopRecord, word: ChannelWord): ShopView {
  const { id, app, channel, channelShopId, name, region, currency, timeZone } = shop;
  const { rules, restock, drift = 'put-right', settings, paused, createdAt, updatedAt } = shop;
  return {
    ...{ id, app, channel, channelShopId, name, region, currency, timeZone, rules, restock, settings, paused },
    drift,
    health: healthOf(shop, word),
    createdAt: instantText(createdAt),
    updatedAt: instantText(updatedAt),
  };
}

function healthOf(shop: ShopRecord, { breaker, tokens: plan }: ChannelWord): HealthView {
  const { isPresent, refusedAt, accessTokenExpiresAt: access, refreshTokenExpiresAt: refresh } = shop.tokenState;
  const { use = 'dead', until } = plan ?? {};
  // One that is tried again though it was refused is not believed in.
  const isAuthorized = use === 'stale' || (use === 'good' && refusedAt === undefined);
  const trouble = breaker === 'open' ? 'channel-down' : isAuthorized ? 'well' : 'unauthorized';
  return {
    state: shop.paused ? 'paused' : trouble,
    breaker,
    isAuthorized,
    ...(access !== undefined && { accessTokenExpiresAt: instantText(access) }),
    ...(refresh !== undefined && { refreshTokenExpiresAt: instantText(refresh) }),
    tokens: use === 'dead' && !isPresent ? 'absent' : isAuthorized || use === 'held' ? use : 'dead',
    ...(until !== undefined && { authorizeBy: instantText(until) }),
  };
}

export function readTokens(field: TokensField): ShopTokens {
  const { accessToken, refreshToken, accessTokenExpiresAt: access, refreshTokenExpiresAt: refresh } = field;
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(access !== undefined && { accessTokenExpiresAt: Date.parse(access) }),
    ...(refresh !== undefined && { refreshTokenExpiresAt: Date.parse(refresh) }),
  };
}
