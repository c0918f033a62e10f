import type { ExposurePolicy, ShopRules, SkuUnits } from '../../../src/domain';
import file from './stock.json';

/** What must be so after an event, or before the first. Only what is given is looked at. */
export interface Expectations {
  /** Every listing, exactly. */
  readonly publishes?: Readonly<Record<string, number>>;
  /** Opened by this event. */
  readonly problem?: string;
  /** Answered no, and nothing changed. */
  readonly refused?: boolean;
  /** Of the one sku, or by sku. */
  readonly stock?: Readonly<Record<string, number | Readonly<Record<string, number>>>>;
  /** What remains of every live quota. */
  readonly quotas?: Readonly<Record<string, number>>;
  readonly exposed?: number;
  /** Numbers that go out because of this event; one that is shown already may go out too. */
  readonly sends?: Readonly<Record<string, number>>;
  /** Raises that do not go out yet. */
  readonly waits?: readonly string[];
}

/** Cumulative units of an order: one number for a single line, or one per line; absent: all. */
export type Units = number | readonly number[];

export type VectorEvent = Expectations &
  (
    | {
        readonly do: 'start';
        readonly shop: string;
        readonly mode: 'allocation' | 'reservation';
        readonly quantity: number;
        readonly sku?: string;
        readonly quota?: string;
        readonly campaign?: string;
      }
    | { readonly do: 'end'; readonly quota?: string; readonly campaign?: string }
    | { readonly do: 'order'; readonly id: string; readonly shop: string; readonly quantity: number }
    | {
        readonly do: 'order';
        readonly id: string;
        readonly lines: readonly { readonly listing: string; readonly quantity: number }[];
      }
    | { readonly do: 'cancel'; readonly id: string; readonly cancelled?: Units }
    | { readonly do: 'ship'; readonly id: string; readonly shipped?: Units }
    | { readonly do: 'return'; readonly id: string; readonly returned?: Units }
    | { readonly do: 'uncancel'; readonly id: string }
    | { readonly do: 'count'; readonly onHand: number; readonly sku?: string }
    | { readonly do: 'move'; readonly id: string; readonly units: number; readonly sku?: string }
    | { readonly do: 'hold'; readonly id: string; readonly quantity?: number; readonly lines?: readonly SkuUnits[] }
    | { readonly do: 'release' | 'confirm'; readonly id: string }
    | { readonly do: 'floor'; readonly shop: string; readonly quantity: number }
    | { readonly do: 'ack'; readonly shop: string }
  );

type Exposure = 'open' | 'strict' | ExposurePolicy;
type ListingText =
  | { readonly shop: string; readonly sku: string; readonly units?: number }
  | { readonly shop: string; readonly bundle: readonly SkuUnits[] };

/** A worked example as the file has it. */
export interface Scenario {
  readonly name: string;
  readonly shops?: readonly string[];
  readonly onHand?: number;
  readonly safetyBuffer?: number;
  readonly exposure?: Exposure;
  readonly rules?: Readonly<Record<string, ShopRules>>;
  /** By shop, and `storefront`. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly skus?: Readonly<
    Record<string, { readonly onHand: number; readonly safetyBuffer?: number; readonly exposure?: Exposure }>
  >;
  readonly listings?: Readonly<Record<string, ListingText>>;
  readonly acks?: 'manual';
  readonly first?: Expectations;
  readonly events: readonly VectorEvent[];
}

export interface StageSku {
  readonly sku: string;
  readonly onHand: number;
  readonly safetyBuffer: number;
  readonly exposure: ExposurePolicy;
}

/** A scenario with every default filled in: what a world is set up with. */
export interface Stage {
  readonly name: string;
  readonly shops: readonly string[];
  /** With each shop's weight. */
  readonly rules: Readonly<Record<string, ShopRules>>;
  readonly storefrontWeight: number;
  readonly skus: readonly StageSku[];
  readonly listings: readonly { readonly id: string; readonly shop: string; readonly parts: readonly SkuUnits[] }[];
  /** Whether a write counts only when an `ack` event says so. */
  readonly acksByHand: boolean;
}

export const ONE_SKU = 'SKU';

export const SCENARIOS = file.scenarios as unknown as readonly Scenario[];

const policyOf = (exposure: Exposure | undefined): ExposurePolicy =>
  typeof exposure === 'object' ? exposure : { policy: exposure ?? 'open' };

const isOpen = (exposure: Exposure | undefined): boolean => policyOf(exposure).policy === 'open';

/** Scenarios without a channel's lock whose skus are all exposed openly. */
export const OPEN_SCENARIOS: readonly Scenario[] = SCENARIOS.filter(
  ({ exposure, skus, events }) =>
    isOpen(exposure) &&
    Object.values(skus ?? {}).every((sku) => isOpen(sku.exposure)) &&
    !events.some((event) => event.do === 'floor'),
);

const partsOf = (listing: ListingText): readonly SkuUnits[] =>
  'bundle' in listing ? listing.bundle : [{ sku: listing.sku, units: listing.units ?? 1 }];

function skusOf(scenario: Scenario): readonly StageSku[] {
  const { onHand = 0, safetyBuffer = 0 } = scenario;
  const skus = scenario.skus ?? { [ONE_SKU]: { onHand, safetyBuffer } };
  return Object.entries(skus).map(([sku, each]) => ({
    sku,
    onHand: each.onHand,
    safetyBuffer: each.safetyBuffer ?? 0,
    exposure: policyOf('exposure' in each ? each.exposure : scenario.exposure),
  }));
}

export function stageOf(scenario: Scenario): Stage {
  const shops = scenario.shops ?? ['L', 'S', 'Z'];
  const listings =
    scenario.listings ?? Object.fromEntries(shops.map((shop) => [shop, { shop, sku: ONE_SKU }]));
  const { storefront = 0, ...weights } = scenario.weights ?? {};
  const rules = shops.map((shop) => {
    const weight = weights[shop];
    return [shop, { ...scenario.rules?.[shop], ...(weight === undefined ? {} : { weight }) }] as const;
  });
  return {
    name: scenario.name,
    shops,
    rules: Object.fromEntries(rules),
    storefrontWeight: storefront,
    skus: skusOf(scenario),
    listings: Object.entries(listings).map(([id, each]) => ({ id, shop: each.shop, parts: partsOf(each) })),
    acksByHand: scenario.acks === 'manual',
  };
}
