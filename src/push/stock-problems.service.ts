import { Injectable } from '@nestjs/common';
import { keyOf, troubleOf, type Move, type OrderId, type SellerId } from '../domain';
import { Clock } from '../platform/clock';
import type { StoredPosition } from '../store/positions.store';
import { ProblemsStore, type ProblemKind, type ProblemNews } from '../store/problems.store';

interface Condition {
  readonly kind: ProblemKind;
  readonly key: string;
  /** 0: the cause is gone. */
  readonly units: number;
  readonly detail: string;
  readonly action: string;
  readonly orders: readonly OrderId[];
}

const MOST_REMEMBERED = 100_000;

/** What an operator must know about a sku's stock. Each problem opens with its condition and closes with its end. */
@Injectable()
export class StockProblemsService {
  /** Positions that had trouble when this process last saw them, or were not seen yet: others need no close. */
  private readonly well = new Set<string>();

  constructor(
    private readonly problems: ProblemsStore,
    private readonly clock: Clock,
  ) {}

  /** Says what is so after these moves (those since the version handled last are news). */
  async tell(position: StoredPosition, moves: readonly Move[]): Promise<void> {
    const news = moves.filter((move) => move.v > position.handled);
    const conditions = [...conditionsOf(position, news), ...quotaConditions(position, news)];
    const bad = conditions.filter((condition) => condition.units > 0);
    const ended = news.flatMap((move) => (move.kind === 'quota-end' && move.quota ? [move.quota.id] : []));
    if (bad.length === 0 && ended.length === 0 && this.well.has(position.id)) return;
    await Promise.all(conditions.map((condition) => this.set(position, condition)));
    await Promise.all(ended.map((quota) => this.close(position.seller, quotaKey(position.sku, quota))));
    this.remember(position.id, bad.length === 0);
  }

  private remember(id: string, isWell: boolean): void {
    if (this.well.size >= MOST_REMEMBERED) this.well.clear();
    if (isWell) this.well.add(id);
    else this.well.delete(id);
  }

  private async set(position: StoredPosition, condition: Condition): Promise<void> {
    if (condition.units === 0) return this.close(position.seller, condition.key);
    const { kind, key, detail, action, orders } = condition;
    const news: ProblemNews = { seller: position.seller, key, kind, detail, action, sku: position.sku };
    await this.problems.open(orders.length > 0 ? { ...news, orders } : news, this.clock.now());
  }

  private async close(seller: SellerId, key: string): Promise<void> {
    await this.problems.close(seller, key, this.clock.now());
  }
}

function conditionsOf(position: StoredPosition, news: readonly Move[]): readonly Condition[] {
  const { sku } = position;
  const trouble = troubleOf(position);
  return [
    {
      kind: 'oversold',
      key: keyOf('oversold', sku),
      units: trouble.oversold,
      detail: `${trouble.oversold} units of ${sku} were sold that do not exist.`,
      action: 'Find more stock, or cancel orders before their marketplaces do.',
      orders: news.flatMap((move) => ((move.short ?? 0) > 0 && move.order !== undefined ? [move.order] : [])),
    },
    {
      kind: 'uncovered',
      key: keyOf('uncovered', sku),
      units: trouble.uncovered,
      detail: `${trouble.uncovered} units of ${sku} that quotas hold are not in stock; numbers are cut to what there is.`,
      action: 'Bring stock, or end a quota.',
      orders: [],
    },
    {
      kind: 'count',
      key: keyOf('count', sku),
      units: trouble.negativeCount,
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
    units: quota.lost ?? 0,
    detail: `Other shops sold ${quota.lost ?? 0} units of ${position.sku} that the campaign ${quota.campaign} holds.`,
    action: 'Stop the other shops on this sku, or bring stock.',
    orders: broke.flatMap((move) =>
      move.order !== undefined && move.broke?.some((part) => part.quota === quota.id) === true ? [move.order] : [],
    ),
  }));
}

const quotaKey = (sku: string, quota: string): string => keyOf('quota-broken', sku, quota);
