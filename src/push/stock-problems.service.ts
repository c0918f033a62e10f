import { Injectable } from '@nestjs/common';
import { findLowStock, keyOf, troubleOf, type Move, type OrderId, type Quota, type SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { PositionsStore, type StoredPosition } from '../store/positions.store';
import { ProblemsStore, type ProblemKind, type ProblemNews } from '../store/problems.store';

interface Condition {
  readonly kind: ProblemKind;
  readonly key: string;
  /** False: the cause is gone. */
  readonly isSo: boolean;
  readonly detail: string;
  readonly action: string;
  readonly orders: readonly OrderId[];
}

/** A position as read, with the moves since the version handled last among these. */
export interface Changed {
  readonly position: StoredPosition;
  readonly moves: readonly Move[];
  /** A problem was opened for it a moment ago, at an earlier version. */
  readonly again: boolean;
}

/** What an operator must know about skus' stock. Each problem opens with its condition and closes with its end. */
@Injectable()
export class StockProblemsService {
  constructor(
    private readonly problems: ProblemsStore,
    private readonly positions: PositionsStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens what is so and closes what is not, for positions of one seller; one that is well, and was, costs no write.
   * @returns the positions that a problem was opened or closed for: whoever asked looks whether they are still at this version,
   * and asks again where they are not, so that a late word never outlives its cause.
   */
  async tell(seller: SellerId, changed: readonly Changed[]): Promise<readonly StoredPosition[]> {
    const told = changed.map(({ position, moves, again }) => {
      const news = moves.filter((move) => move.v > position.handled);
      const ended = news.flatMap((move) => (move.kind === 'quota-end' && move.quota ? [move.quota.id] : []));
      const conditions = conditionsOf(position, news);
      const isWell = position.troubled !== true && !again && conditions.every(({ isSo }) => !isSo);
      const gone = isWell ? [] : conditions.filter(({ isSo }) => !isSo).map(({ key }) => key);
      return { position, conditions, over: [...gone, ...ended.flatMap((quota) => keysOf(position.sku, quota))] };
    });
    const over = told.flatMap(({ over: keys }) => keys);
    await this.problems.closeMany(seller, over, this.clock.now());
    const bad = told.filter(({ conditions }) => conditions.some(({ isSo }) => isSo));
    await this.positions.markTroubled(bad.flatMap(({ position: { id, troubled } }) => (troubled ? [] : [id])));
    await Promise.all(bad.flatMap(({ position, conditions }) => conditions.map((each) => this.open(position, each))));
    const touched = told.filter((each) => each.over.length > 0 || bad.includes(each));
    return touched.map(({ position }) => position);
  }

  private async open(position: StoredPosition, condition: Condition): Promise<void> {
    if (!condition.isSo) return;
    const { kind, key, detail, action, orders } = condition;
    const news: ProblemNews = { seller: position.seller, key, kind, detail, action, sku: position.sku };
    await this.problems.open(orders.length > 0 ? { ...news, orders } : news, this.clock.now());
  }
}

/** Whether any problem of a position is open, so that whoever handles it next may have one to close. */
export const isTroubled = (position: StoredPosition): boolean => conditionsOf(position, []).some(({ isSo }) => isSo);

/** All that an operator may have to know of a position, whether it is so or not. */
const conditionsOf = (position: StoredPosition, news: readonly Move[]): readonly Condition[] => [
  ...stockConditions(position, news),
  ...quotaConditions(position, news),
  ...lowConditions(position),
];

function stockConditions(position: StoredPosition, news: readonly Move[]): readonly Condition[] {
  const { sku } = position;
  const trouble = troubleOf(position);
  return [
    {
      kind: 'oversold',
      key: keyOf('oversold', sku),
      isSo: trouble.oversold > 0,
      detail: `${trouble.oversold} units of ${sku} were sold that do not exist.`,
      action: 'Find more stock, or cancel orders before their marketplaces do.',
      orders: news.flatMap((move) => ((move.short ?? 0) > 0 && move.order !== undefined ? [move.order] : [])),
    },
    {
      kind: 'uncovered',
      key: keyOf('uncovered', sku),
      isSo: trouble.uncovered > 0,
      detail: `${trouble.uncovered} units of ${sku} that quotas hold are not in stock; numbers are cut to what there is.`,
      action: 'Bring stock, or end a quota.',
      orders: [],
    },
    {
      kind: 'count',
      key: keyOf('count', sku),
      isSo: trouble.negativeCount > 0,
      detail: `${trouble.negativeCount} more units of ${sku} were shipped than were counted.`,
      action: 'Count the sku.',
      orders: [],
    },
  ];
}

function quotaConditions(position: StoredPosition, news: readonly Move[]): readonly Condition[] {
  const broke = news.filter((move) => move.broke !== undefined);
  return position.quotas.map((quota) => ({
    kind: 'quota-broken',
    key: quotaKey(position.sku, quota.id),
    isSo: (quota.lost ?? 0) > 0,
    detail: `Other shops sold ${quota.lost ?? 0} units of ${position.sku} that the campaign ${quota.campaign} holds.`,
    action: 'Stop the other shops on this sku, or bring stock.',
    orders: broke.flatMap((move) =>
      move.order !== undefined && move.broke?.some((part) => part.quota === quota.id) === true ? [move.order] : [],
    ),
  }));
}

/** Free units, and what is left of each quota: one problem each. */
function lowConditions(position: StoredPosition): readonly Condition[] {
  const { sku } = position;
  const low = new Map(findLowStock(position).map((each) => [each.quota?.id, each]));
  const condition = (quota: Quota | undefined, action: string): Condition => {
    const { left = 0, at = 0 } = low.get(quota?.id) ?? {};
    const whose = quota === undefined ? `${sku} are free` : `${sku} are left for the campaign ${quota.campaign}`;
    return {
      kind: 'low-stock',
      key: lowKey(sku, quota?.id),
      isSo: low.has(quota?.id),
      detail: `${left} units of ${whose}; told at ${at}.`,
      action,
      orders: [],
    };
  };
  const quotas = position.quotas.map((quota) => condition(quota, 'Bring stock, or let the campaign sell out.'));
  return [condition(undefined, 'Bring stock, or tell the hub of a lower threshold.'), ...quotas];
}

const quotaKey = (sku: string, quota: string): string => keyOf('quota-broken', sku, quota);
const lowKey = (sku: string, quota?: string): string =>
  keyOf('low-stock', sku, ...(quota === undefined ? [] : [quota]));
const keysOf = (sku: string, quota: string): readonly string[] => [quotaKey(sku, quota), lowKey(sku, quota)];
