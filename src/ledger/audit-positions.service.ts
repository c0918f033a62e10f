import { Injectable } from '@nestjs/common';
import {
  auditPosition,
  EMPTY_POSITION,
  keyOf,
  rightOf,
  walkFrom,
  walkMoves,
  type Position,
  type PositionId,
  type SellerId,
  type StockDifference,
  type Walk,
} from '../domain';
import { BalancesStore } from '../store/balances.store';
import { PositionsStore, type StoredPosition } from '../store/positions.store';
import { StockHistory } from '../store/stock-history.store';
import { GroupCommitService } from './group-commit.service';
import { tellDifference, type AuditFinding } from './stock-audit-report';

/** How positions are audited. */
export interface PositionAudit {
  /** Moves before the newest balance of this instant were audited on other nights; -Infinity: all are. */
  readonly since: number;
  readonly isRepairing: boolean;
  readonly by: string;
  /** Units on hand that orders took or brought when they were brought again, by sku. */
  readonly owed: ReadonlyMap<string, number>;
}

export interface PositionsPage {
  readonly skus: number;
  readonly findings: readonly AuditFinding[];
  readonly after?: PositionId;
}

interface Found {
  readonly walk: Walk;
  readonly differences: readonly StockDifference[];
}

const PER_PAGE = 50;
/** Others sell meanwhile: what was found is looked at again so often. */
const MOST_TRIES = 10;

/** Rebuilds positions from their moves, and repairs those that differ by a move. */
@Injectable()
export class AuditPositionsService {
  constructor(
    private readonly positions: PositionsStore,
    private readonly history: StockHistory,
    private readonly balances: BalancesStore,
    private readonly ledger: GroupCommitService,
  ) {}

  /** One page of a seller's positions. */
  async page(seller: SellerId, after: PositionId | undefined, audit: PositionAudit): Promise<PositionsPage> {
    const page = await this.positions.list(seller, { ...(after && { after }), limit: PER_PAGE });
    const findings: AuditFinding[] = [];
    for (const position of page) findings.push(...(await this.one(position, audit)));
    const last = page.at(-1);
    return { skus: page.length, findings, ...(page.length === PER_PAGE && last && { after: last.id }) };
  }

  /** One position. A difference counts only when it is found again from the very first move on. */
  async one(stored: StoredPosition, audit: PositionAudit): Promise<readonly AuditFinding[]> {
    const suspected = await this.audit(stored, audit.since);
    if (suspected.differences.length === 0) return [];
    for (let tries = 1; ; tries += 1) {
      const now = await this.positions.find(stored.id);
      if (now === undefined) return [];
      const found = await this.audit(now, -Infinity);
      if (found.differences.length === 0) return [];
      const finding = { sku: now.sku, what: found.differences.map(tellDifference), isMended: false };
      if (!audit.isRepairing || tries > MOST_TRIES) return [finding];
      if (await this.repair(now, found, audit)) return [{ ...finding, isMended: true }];
    }
  }

  private async audit(stored: StoredPosition, since: number): Promise<Found> {
    const balance = stored.archived && since > 0 ? await this.balances.before(stored, since) : undefined;
    const start: Position = balance?.position ?? EMPTY_POSITION;
    let walk = walkFrom(start, new Set(stored.moves.map(({ id }) => id)));
    for await (const { moves, holdings } of this.history.pages(stored, start.v)) {
      walk = walkMoves({ ...walk, holdings }, moves);
    }
    return { walk, differences: auditPosition(stored, walk) };
  }

  /** False: the position went on meanwhile. */
  private async repair(stored: StoredPosition, { walk, differences }: Found, audit: PositionAudit): Promise<boolean> {
    const { seller, sku, v } = stored;
    const reason = `ledger audit: ${differences.map(tellDifference).join('; ')}`.slice(0, MOST_REASON);
    const stock = rightOf(walk, audit.owed.get(sku));
    const wish = { kind: 'repair', id: keyOf('repair', String(v)), v, stock, reason, by: audit.by } as const;
    const answer = await this.ledger.ask(seller, sku, wish);
    return answer.kind === 'done' || answer.kind === 'duplicate';
  }
}

const MOST_REASON = 1000;
