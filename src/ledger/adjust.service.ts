import { Injectable } from '@nestjs/common';
import { keyOf, undoIdOf, type SellerId, type SkuUnits } from '../domain';
import { Clock } from '../platform/clock';
import type { AdjustAnswer, ShortLine } from '../platform/doors';
import { AdjustmentsStore, type Adjustment } from '../store/adjustments.store';
import { GroupCommitService } from './group-commit.service';

/** A move whose asker has no answer after this long is taken back. */
const PENDING_MS = 10_000;

interface AdjustWish {
  readonly id: string;
  readonly lines: readonly SkuUnits[];
  readonly reason: string;
  readonly by: string;
}

/** Relative moves of one or more skus: all lines or none, once per id. */
@Injectable()
export class AdjustService {
  constructor(
    private readonly adjustments: AdjustmentsStore,
    private readonly ledger: GroupCommitService,
    private readonly clock: Clock,
  ) {}

  async adjust(seller: SellerId, wish: AdjustWish): Promise<AdjustAnswer> {
    const stored = await this.adjustments.find(seller, wish.id);
    if (stored?.state === 'done') return { kind: sameLines(stored.lines, wish.lines) ? 'duplicate' : 'conflict' };
    if (stored?.state === 'pending') return { kind: 'conflict' };
    if (stored?.due !== undefined) {
      await this.undo(stored);
      return this.adjust(seller, wish);
    }
    const due = this.clock.now() + PENDING_MS;
    const attempt = (stored?.attempt ?? 0) + 1;
    const pending: Adjustment = { ...wish, seller, v: (stored?.v ?? 0) + 1, attempt, state: 'pending', due };
    if (!(await this.adjustments.swap(pending))) return this.adjust(seller, wish);
    return this.take(pending);
  }

  /** A pending move that nobody waits for any more is taken back. */
  async end(adjustment: Adjustment): Promise<void> {
    await this.undo(adjustment);
  }

  private async take(pending: Adjustment): Promise<AdjustAnswer> {
    const short: ShortLine[] = [];
    for (const line of inOrder(pending.lines)) {
      const { reason, by } = pending;
      const wish = { kind: 'manual', id: moveIdOf(pending), units: line.units, reason, by } as const;
      const answer = await this.ledger.ask(pending.seller, line.sku, wish);
      if (answer.kind === 'short') short.push({ sku: line.sku, asked: answer.asked, available: answer.available });
    }
    if (short.length > 0) {
      await this.undo(pending);
      return { kind: 'short', lines: short };
    }
    const { due: _due, ...rest } = pending;
    const done = await this.adjustments.swap({ ...rest, v: pending.v + 1, state: 'done' });
    return done ? { kind: 'done' } : { kind: 'conflict' };
  }

  /** First the state, so that nobody calls it done; then every sku hears of it, also where nothing was taken. */
  private async undo(adjustment: Adjustment): Promise<void> {
    const refused: Adjustment = { ...adjustment, v: adjustment.v + 1, state: 'refused' };
    if (!(await this.adjustments.swap(refused))) return;
    const of = moveIdOf(adjustment);
    await Promise.all(
      adjustment.lines.map(({ sku }) =>
        this.ledger.ask(adjustment.seller, sku, { kind: 'undo-manual', id: undoIdOf(of), of, by: adjustment.by }),
      ),
    );
    const { due: _due, ...rest } = refused;
    await this.adjustments.swap({ ...rest, v: refused.v + 1 });
  }
}

/** A refused id may ask again: each asking has moves of its own. */
const moveIdOf = (adjustment: Adjustment): string => keyOf('manual', adjustment.id, String(adjustment.attempt));

/** Lines that take come first, so that a short one is found before anything was added. */
const inOrder = (lines: readonly SkuUnits[]): readonly SkuUnits[] =>
  [...lines].sort((a, b) => a.units - b.units || (a.sku < b.sku ? -1 : 1));

function sameLines(left: readonly SkuUnits[], right: readonly SkuUnits[]): boolean {
  const text = (lines: readonly SkuUnits[]) => JSON.stringify(inOrder(lines).map((line) => [line.sku, line.units]));
  return text(left) === text(right);
}
