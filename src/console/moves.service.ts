import { Injectable } from '@nestjs/common';
import { positionIdOf, type Move, type SellerId } from '../domain';
import { MovesStore } from '../store/moves.store';
import { MOST_MOVES, PositionsStore } from '../store/positions.store';

/** Where a page of moves ended: moves of one commit share a version. */
export interface MoveMark {
  readonly v: number;
  readonly id: string;
}

/** All moves of a sku: those that are with the position, and the archive behind them. */
@Injectable()
export class MovesService {
  constructor(
    private readonly positions: PositionsStore,
    private readonly archive: MovesStore,
  ) {}

  /** The newest first, after `mark`. */
  async page(
    ref: { readonly seller: SellerId; readonly sku: string },
    page: { readonly mark?: MoveMark; readonly limit: number },
  ): Promise<Move[]> {
    const position = await this.positions.find(positionIdOf(ref.seller, ref.sku));
    if (!position) return [];
    const below = (page.mark?.v ?? Number.MAX_SAFE_INTEGER - 1) + 1;
    const present = position.moves.filter((move) => move.v < below);
    // Enough that the last commit that is read only in part is never shown.
    const limit = page.limit + 2 * MOST_MOVES;
    const archived = position.archived ? await this.archive.page(ref, { below, limit }) : [];
    const known = new Map([...archived, ...present].map((move) => [move.id, move]));
    return [...known.values()]
      .sort(newestFirst)
      .filter((move) => page.mark === undefined || newestFirst(page.mark, move) < 0)
      .slice(0, page.limit);
  }
}

function newestFirst(a: MoveMark, b: MoveMark): number {
  if (a.v !== b.v) return b.v - a.v;
  return a.id === b.id ? 0 : a.id < b.id ? 1 : -1;
}
