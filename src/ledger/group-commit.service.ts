import { Injectable } from '@nestjs/common';
import {
  EMPTY_POSITION,
  foldWishes,
  positionIdOf,
  stockOf,
  undoIdOf,
  type Move,
  type PositionId,
  type SellerId,
  type StockAnswer,
  type StockRequest,
} from '../domain';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { HubError } from '../platform/hub-error';
import { Log } from '../platform/logger';
import { Loader } from '../platform/loader';
import { Queues } from '../platform/queues';
import { BalancesStore } from '../store/balances.store';
import { MovesStore, type SkuRef } from '../store/moves.store';
import { MOST_MOVES, PositionsStore, type StoredPosition } from '../store/positions.store';

type StoredBalance = NonNullable<StoredPosition['balance']>;

interface Waiting {
  readonly wish: StockRequest;
  readonly resolve: (answer: StockAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** The wishes on one sku that wait in this process. */
interface Lane {
  readonly id: PositionId;
  readonly ref: SkuRef;
  waiting: Waiting[];
  /** The position as the last swap of this lane left it; wrong at worst, then the next swap fails and reads. */
  last?: StoredPosition | undefined;
  /** Somebody else was first in this run: what it knows is not worth keeping. */
  contested: boolean;
  /** It rested since `last`: that may serve a swap, which proves it, but no answer without one. */
  rested: boolean;
}

/** A lane without wishes, kept a moment for what it knows of its position. */
interface Resting {
  readonly lane: Lane;
  readonly until: number;
}

const MOST_PER_SWAP = 64;
const MOST_WAITING = 20_000;
const MOST_CONFLICTS = 200;
/** Lanes that open together read their positions together. */
const GATHER_MS = 1;
const REST_MS = 3000;
const MOST_RESTING = 1000;
/** So many moves are folded at most, besides those with the position, to know a state of the past. */
const BALANCE_EVERY = 256;
const DAY_MS = 86_400_000;

/**
 * The only writer of stock. Wishes on one sku go through one lane: folded purely, swapped once, each answered by
 * itself; on a conflict the position is read again. Which process holds which lane never makes it right or wrong.
 */
@Injectable()
export class GroupCommitService {
  private readonly lanes = new Map<PositionId, Lane>();
  /** Those that rest longest first. */
  private readonly resting = new Map<PositionId, Resting>();
  private waking: NodeJS.Timeout | undefined;
  private readonly loader: Loader<PositionId, StoredPosition>;

  constructor(
    private readonly positions: PositionsStore,
    private readonly moves: MovesStore,
    private readonly balances: BalancesStore,
    private readonly queues: Queues,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.loader = new Loader({
      read: async (ids) => [...(await this.positions.readMany(ids)).values()],
      idOf: (position) => position.id,
      gatherMs: GATHER_MS,
    });
  }

  /**
   * Asks for one change of one sku. The answer comes after the change is durable.
   * @throws HubError `busy` when too many wait on the sku, `conflict` when others were always first.
   */
  ask(seller: SellerId, sku: string, wish: StockRequest): Promise<StockAnswer> {
    const id = positionIdOf(seller, sku);
    const lane = this.lanes.get(id) ?? this.open(id, { seller, sku });
    if (lane.waiting.length >= MOST_WAITING) {
      return Promise.reject(new HubError('busy', 'later', { message: `too many wishes wait on ${sku}` }));
    }
    return new Promise((resolve, reject) => lane.waiting.push({ wish, resolve, reject }));
  }

  private open(id: PositionId, ref: SkuRef): Lane {
    const lane = this.resting.get(id)?.lane ?? { id, ref, waiting: [], contested: false, rested: false };
    this.resting.delete(id);
    this.lanes.set(id, lane);
    setImmediate(() => void this.run(lane));
    return lane;
  }

  private async run(lane: Lane): Promise<void> {
    while (lane.waiting.length > 0) {
      const batch = lane.waiting.splice(0, MOST_PER_SWAP);
      try {
        const answers = await this.commit(
          lane,
          batch.map((each) => each.wish),
        );
        batch.forEach((each, index) => each.resolve(answers[index] as StockAnswer));
      } catch (error) {
        lane.last = undefined;
        batch.forEach((each) => each.reject(error));
      }
    }
    this.lanes.delete(lane.id);
    this.rest(lane);
  }

  /** The next wish on the sku, if it comes soon, needs no read: unless another process writes the sku too. */
  private rest(lane: Lane): void {
    if (lane.last === undefined || lane.contested) return;
    lane.rested = true;
    if (this.resting.size >= MOST_RESTING) this.resting.delete(this.resting.keys().next().value as PositionId);
    this.resting.set(lane.id, { lane, until: performance.now() + REST_MS });
    this.waking ??= setTimeout(() => this.forget(), REST_MS).unref();
  }

  private forget(): void {
    const now = performance.now();
    for (const [id, { until }] of this.resting) {
      if (until > now) break;
      this.resting.delete(id);
    }
    this.waking = this.resting.size === 0 ? undefined : setTimeout(() => this.forget(), REST_MS).unref();
  }

  private async commit(lane: Lane, wishes: readonly StockRequest[]): Promise<readonly StockAnswer[]> {
    for (let round = 0; round < MOST_CONFLICTS; round += 1) {
      const stored = lane.last ?? (await this.read(lane));
      const known = await this.knownMoves(stored, wishes);
      const folded = foldWishes(stored, wishes, { moves: known, at: this.clock.now() });
      if (!folded.changed) {
        if (!lane.rested) return folded.answers;
        lane.last = undefined;
        continue;
      }
      const kept = await this.withRoom(stored, folded.moves);
      const swapped = { ...stored, ...folded.position, ...kept, due: this.clock.now() };
      if (await this.positions.commit(swapped, stored.v, folded.moves)) {
        crashPoint('position.committed');
        lane.last = swapped;
        lane.rested = false;
        this.say(lane.ref, folded.moves);
        void this.queues.enqueue('plan', [{ position: lane.id }], { generation: swapped.v });
        return folded.answers;
      }
      lane.last = undefined;
      lane.contested = true;
    }
    throw new HubError('conflict', 'later', { message: `others were always first on ${lane.ref.sku}` });
  }

  private say(ref: SkuRef, moves: readonly Move[]): void {
    for (const { kind, order, shop, v, onHand, committed, units, shown, short } of moves) {
      this.log.info({ ...ref, kind, order, shop, v, onHand, committed, units, shown, short }, 'stock moved');
    }
  }

  private async read(lane: Lane): Promise<StoredPosition> {
    const stored = await this.loader.load(lane.id);
    lane.rested = false;
    return stored ?? this.unwritten(lane);
  }

  private unwritten(lane: Lane): StoredPosition {
    return { ...EMPTY_POSITION, ...lane.ref, id: lane.id, moves: [], archived: false, handled: 0 };
  }

  /**
   * The moves that may answer the wishes: the position's own, then the archive's. One that leaves the position between
   * the two reads makes the swap fail.
   */
  private async knownMoves(stored: StoredPosition, wishes: readonly StockRequest[]): Promise<readonly Move[]> {
    if (!stored.archived) return stored.moves;
    const ref: SkuRef = { seller: stored.seller, sku: stored.sku };
    const here = new Set(stored.moves.map((move) => move.id));
    const ordersHere = new Set(stored.moves.map((move) => move.order));
    const orders = wishes.flatMap((wish) => (wish.kind === 'order' ? [wish.order] : []));
    const [ofOrders, byIds] = await Promise.all([
      this.moves.ofOrders(ref, missing(orders, ordersHere)),
      this.moves.byIds(ref, missing(wishes.flatMap(idsAskedFor), here)),
    ]);
    return [...stored.moves, ...ofOrders, ...byIds];
  }

  /** The position's moves and the new ones, the oldest committed ones archived first where there are too many. */
  private async withRoom(
    stored: StoredPosition,
    fresh: readonly Move[],
  ): Promise<Pick<StoredPosition, 'moves' | 'archived' | 'balance'>> {
    const moves = [...stored.moves, ...fresh];
    if (moves.length <= MOST_MOVES) return { moves, archived: stored.archived };
    const leaving = stored.moves.slice(0, Math.max(moves.length - MOST_MOVES, stored.moves.length / 2));
    const ref = { seller: stored.seller, sku: stored.sku };
    const [balance] = await Promise.all([this.balanceOf(ref, stored, leaving.length), this.moves.insert(ref, leaving)]);
    crashPoint('move.archived');
    return { moves: moves.slice(leaving.length), archived: true, balance };
  }

  /** Keeps the committed state where the newest balance is far behind, or of another day. */
  private async balanceOf(ref: SkuRef, stored: StoredPosition, leaving: number): Promise<StoredBalance> {
    const at = stored.moves.at(-1)?.at ?? this.clock.now();
    const moves = (stored.balance?.moves ?? 0) + leaving;
    if (stored.balance !== undefined && moves < BALANCE_EVERY && dayOf(at) === dayOf(stored.balance.at)) {
      return { at: stored.balance.at, moves };
    }
    await this.balances.insert(ref, { position: { ...stockOf(stored), v: stored.v }, at });
    return { at, moves: 0 };
  }
}

const dayOf = (instant: number): number => Math.floor(instant / DAY_MS);

const missing = <T extends string>(asked: readonly T[], here: ReadonlySet<string | undefined>): readonly T[] =>
  [...new Set(asked)].filter((id) => !here.has(id));

function idsAskedFor(wish: StockRequest): readonly string[] {
  switch (wish.kind) {
    case 'order':
    case 'replan':
      return [];
    case 'manual':
      return [wish.id, undoIdOf(wish.id)];
    case 'undo-manual':
      return [wish.id, wish.of];
    default:
      return [wish.id];
  }
}
