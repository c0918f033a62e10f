import { Injectable } from '@nestjs/common';
import {
  EMPTY_POSITION,
  foldMoves,
  inCommitOrder,
  type FoldedMoves,
  type Holding,
  type Holdings,
  type Move,
  type OrderId,
  type Position,
} from '../domain';
import { BalancesStore } from './balances.store';
import { MovesStore } from './moves.store';
import type { StoredPosition } from './positions.store';

/** Moves of some versions, all of each, and what the orders among them held before. */
export interface MovesPage {
  readonly moves: readonly Move[];
  readonly holdings: Holdings;
}

/** A sku's stock as it was. */
export interface PastStock {
  readonly position: Position;
  /** The newest moves up to then, newest first. */
  readonly moves: readonly Move[];
}

/** A page has whole versions only; a swap makes at most 64 moves of one. */
const PER_PAGE = 320;

/** A sku's stock at any instant: the newest balance before it, and the moves since. */
@Injectable()
export class StockHistory {
  constructor(
    private readonly archive: MovesStore,
    private readonly balances: BalancesStore,
  ) {}

  /** The stock at an instant, with the newest `most` moves up to then. */
  async at(stored: StoredPosition, at: number, most: number): Promise<PastStock> {
    const { position } = await this.stateOf(stored, at);
    return { position, moves: await this.movesUpTo(stored, position.v, most) };
  }

  /** All moves of a position as read, above version `v`, oldest first. */
  async *pages(stored: StoredPosition, v: number): AsyncGenerator<MovesPage> {
    let from = v;
    for (let isMore = stored.archived; isMore;) {
      const read = await this.archive.after(stored, { v: from, limit: PER_PAGE });
      isMore = read.length === PER_PAGE;
      const last = read.at(-1)?.v;
      const isLeaving = (move: Move): boolean => move.v > stored.v || (isMore && move.v === last);
      const whole = read.filter((move) => !isLeaving(move));
      const page = isMore ? whole : [...whole, ...newer(stored, from)];
      if (page.length > 0) yield this.withHoldings(stored, inCommitOrder(page));
      from = whole.at(-1)?.v ?? from;
    }
    if (!stored.archived) yield { moves: inCommitOrder(newer(stored, v)), holdings: new Map() };
  }

  private async stateOf(stored: StoredPosition, at: number): Promise<{ readonly position: Position }> {
    if (stored.moves.every((move) => move.at <= at)) return { position: stored };
    const balance = stored.archived ? await this.balances.before(stored, at) : undefined;
    let folded: FoldedMoves = { position: balance?.position ?? EMPTY_POSITION, holdings: new Map() };
    for await (const { moves, holdings } of this.pages(stored, folded.position.v)) {
      const later = moves.findIndex((move) => move.at > at);
      folded = foldMoves({ position: folded.position, holdings }, later === -1 ? moves : moves.slice(0, later));
      if (later !== -1) break;
    }
    return folded;
  }

  private async movesUpTo(stored: StoredPosition, v: number, most: number): Promise<readonly Move[]> {
    const here = stored.moves.filter((move) => move.v <= v);
    const page = { below: v + 1, limit: most };
    const archived = stored.archived && here.length < most ? await this.archive.page(stored, page) : [];
    return inCommitOrder([...archived, ...here])
      .slice(-most)
      .reverse();
  }

  /** What the orders of these moves held before the first of theirs. */
  private async withHoldings(stored: StoredPosition, moves: readonly Move[]): Promise<MovesPage> {
    const first = new Map<OrderId, Move>();
    for (const move of moves) if (move.order !== undefined && !first.has(move.order)) first.set(move.order, move);
    const older = [...first].flatMap(([order, { stockV = 1 }]) => (stockV > 1 ? [order] : []));
    const wanted = new Set<OrderId | undefined>(older);
    const here = stored.moves.filter(({ order }) => wanted.has(order));
    const all = inCommitOrder([...(await this.archive.ofOrders(stored, older)), ...here]);
    const before = all.filter((move) => move.v < (first.get(move.order as OrderId)?.v ?? 0));
    const holdings = before.flatMap(({ order, holding }): (readonly [OrderId, Holding])[] =>
      order === undefined || holding === undefined ? [] : [[order, holding]],
    );
    return { moves, holdings: new Map(holdings) };
  }
}

/** The moves that are still with a position, above version `v`. */
const newer = (stored: StoredPosition, v: number): readonly Move[] => stored.moves.filter((move) => move.v > v);
