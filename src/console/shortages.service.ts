import { Injectable } from '@nestjs/common';
import { inCommitOrder, positionIdOf, whoTook, type Move } from '../domain';
import { MovesStore } from '../store/moves.store';
import type { StoredOrder } from '../store/orders.store';
import { PositionsStore, type StoredPosition } from '../store/positions.store';
import type { Shortage } from './show-why';

/** A count that is further back is not looked for. */
const MOST_MOVES = 1000;

/** Finds the moves on which an order found too few units, and those before them. */
@Injectable()
export class ShortagesService {
  constructor(
    private readonly positions: PositionsStore,
    private readonly archive: MovesStore,
  ) {}

  async of(order: StoredOrder): Promise<readonly Shortage[]> {
    const skus = [...new Set(order.lines.flatMap(({ parts = [] }) => parts.map(({ sku }) => sku)))].sort();
    const positions = await this.positions.readMany(skus.map((sku) => positionIdOf(order.seller, sku)));
    const found = await Promise.all([...positions.values()].map((position) => this.shortageOf(order, position)));
    return found.flatMap((shortage) => shortage ?? []);
  }

  private async shortageOf(order: StoredOrder, position: StoredPosition): Promise<Shortage | undefined> {
    const { sku } = position;
    const archived = position.archived ? await this.archive.ofOrders(position, [order.id]) : [];
    const here = position.moves.filter((move) => move.order === order.id);
    const move = inCommitOrder([...archived, ...here]).findLast(({ short = 0 }) => short > 0);
    if (move === undefined) return undefined;
    const story = whoTook(await this.before(position, move));
    return story && { sku, move, story };
  }

  /** The moves before this one. */
  private async before(position: StoredPosition, move: Move): Promise<readonly Move[]> {
    const page = { below: move.v + 1, limit: MOST_MOVES };
    const archived = position.archived ? await this.archive.page(position, page) : [];
    const moves = inCommitOrder([...archived, ...position.moves.filter(({ v }) => v <= move.v)]);
    return moves.slice(
      0,
      moves.findIndex(({ id }) => id === move.id),
    );
  }
}
