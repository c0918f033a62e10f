import {
  EMPTY_POSITION,
  foldWishes,
  troubleOf,
  type Move,
  type Position,
  type StockAnswer,
  type StockRequest,
} from '../../../src/domain';

/** Positions and moves of one seller in memory; every wish goes through the rules. */
export class PureLedger {
  readonly positions = new Map<string, Position>();
  readonly #moves = new Map<string, Move[]>();

  ask(sku: string, wish: StockRequest, at: number): StockAnswer {
    const moves = this.movesOf(sku);
    const folded = foldWishes(this.positions.get(sku) ?? EMPTY_POSITION, [wish], { moves, at });
    this.positions.set(sku, folded.position);
    this.#moves.set(sku, [...moves, ...folded.moves]);
    return folded.answers[0] as StockAnswer;
  }

  movesOf(sku: string): readonly Move[] {
    return this.#moves.get(sku) ?? [];
  }

  /** Whatever is wrong now, each under a stable key that begins with its kind. */
  troubles(): ReadonlySet<string> {
    const keys = [...this.positions].flatMap(([sku, position]) => {
      const { oversold, uncovered, negativeCount } = troubleOf(position);
      const broken = position.quotas.filter((quota) => (quota.lost ?? 0) > 0);
      return [
        ...(oversold > 0 ? [`oversold ${sku}`] : []),
        ...(uncovered > 0 ? [`uncovered ${sku}`] : []),
        ...(negativeCount > 0 ? [`count ${sku}`] : []),
        ...broken.map((quota) => `quota-broken ${sku} ${quota.id}`),
      ];
    });
    return new Set(keys);
  }
}
