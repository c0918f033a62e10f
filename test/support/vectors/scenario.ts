import type { ShopRules, SkuUnits } from '../../../src/domain';
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

type Exposure = string | { readonly policy: string };
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
  readonly skus?: Readonly<
    Record<string, { readonly onHand: number; readonly safetyBuffer?: number; readonly exposure?: Exposure }>
  >;
  readonly listings?: Readonly<Record<string, ListingText>>;
  readonly acks?: 'manual';
  readonly first?: Expectations;
  readonly events: readonly VectorEvent[];
}

/** A scenario with every default filled in: what a world is set up with. */
export interface Stage {
  readonly name: string;
  readonly shops: readonly string[];
  readonly rules: Readonly<Record<string, ShopRules>>;
  readonly skus: readonly { readonly sku: string; readonly onHand: number; readonly safetyBuffer: number }[];
  readonly listings: readonly { readonly id: string; readonly shop: string; readonly parts: readonly SkuUnits[] }[];
  /** Whether a write counts only when an `ack` event says so. */
  readonly acksByHand: boolean;
}

export const ONE_SKU = 'SKU';

export const SCENARIOS = file.scenarios as unknown as readonly Scenario[];

const isOpen = (exposure: Exposure | undefined): boolean =>
  (typeof exposure === 'object' ? exposure.policy : (exposure ?? 'open')) === 'open';

/** Scenarios without a channel's lock whose skus are all exposed openly. */
export const OPEN_SCENARIOS: readonly Scenario[] = SCENARIOS.filter(
  ({ exposure, skus, events }) =>
    isOpen(exposure) &&
    Object.values(skus ?? {}).every((sku) => isOpen(sku.exposure)) &&
    !events.some((event) => event.do === 'floor'),
);

const partsOf = (listing: ListingText): readonly SkuUnits[] =>
  'bundle' in listing ? listing.bundle : [{ sku: listing.sku, units: listing.units ?? 1 }];

export function stageOf(scenario: Scenario): Stage {
  const shops = scenario.shops ?? ['L', 'S', 'Z'];
  const listings =
    scenario.listings ?? Object.fromEntries(shops.map((shop) => [shop, { shop, sku: ONE_SKU }]));
  const skus = scenario.skus ?? {
    [ONE_SKU]: { onHand: scenario.onHand ?? 0, safetyBuffer: scenario.safetyBuffer ?? 0 },
  };
  return {
    name: scenario.name,
    shops,
    rules: scenario.rules ?? {},
    skus: Object.entries(skus).map(([sku, { onHand, safetyBuffer }]) => ({
      sku,
      onHand,
      safetyBuffer: safetyBuffer ?? 0,
    })),
    listings: Object.entries(listings).map(([id, each]) => ({ id, shop: each.shop, parts: partsOf(each) })),
    acksByHand: scenario.acks === 'manual',
  };
}
