import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import {
  orderIdOf,
  positionIdOf,
  type Move,
  type OrderState,
  type SellerId,
  type ShopId,
  type StockRequest,
} from '../../../src/domain';
import { GroupCommitService } from '../../../src/ledger/group-commit.service';
import { ListingsStore } from '../../../src/store/listings.store';
import { MovesStore } from '../../../src/store/moves.store';
import { OrdersStore, type StoredOrder } from '../../../src/store/orders.store';
import { PositionsStore, type StoredPosition } from '../../../src/store/positions.store';
import { listingRecord } from '../../builders/records';
import { SHOPS } from '../../builders/stock';
import { faultsInLedger } from '../ledger/faults-in-ledger';
import type { Naivety } from '../rooms/naive-stores';
import { makePlace, openRooms, type Place, type Rooms } from '../rooms/open-rooms';
import type { Report } from './second-process-main';
import { doAll, type Work } from './work';

const CALLERS = 64;

/** Another process with rooms of its own on the same place. */
class SecondProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (report: Report) => void; reject: (error: Error) => void }>();
  #count = 0;

  constructor() {
    const hook = path.join(__dirname, 'typescript-hook.cjs');
    this.#child = fork(path.join(__dirname, 'second-process-main.ts'), {
      execArgv: ['-r', hook],
      serialization: 'json',
    });
    this.#child.on('message', (report: Report) => {
      const waiting = this.#waiting.get(report.id);
      this.#waiting.delete(report.id);
      if ('error' in report) waiting?.reject(new Error(`in the second process: ${report.error}`));
      else waiting?.resolve(report);
    });
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the second process ended with ${code}`));
    });
  }

  tell(order: Readonly<Record<string, unknown>>): Promise<Report> {
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ ...order, id });
    });
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    await ended;
  }
}

/** Two processes on one store. Each race has a seller of its own. */
export interface Arena {
  /** Rooms of this process, to set up and to look with. */
  readonly rooms: Rooms;
  /** Does every piece of work, half of it in each process, from 64 callers each; answers in their order. */
  race(works: readonly Work[], callers?: number): Promise<string[]>;
}

export interface Arenas {
  /** The same processes and store; with `naive`, on stores that do not look before they write. */
  with(...naive: Naivety[]): Promise<Arena>;
  close(): Promise<void>;
}

export async function openArenas(extra: Pick<Place, 'tokenMarketUrl'> = {}): Promise<Arenas> {
  const place = await makePlace();
  const { mongoUrl, redisUrl, namespace } = place;
  const second = new SecondProcess();
  const open: Rooms[] = [];
  const made = new Map<string, Promise<Arena>>();
  const make = async (naive: readonly Naivety[]): Promise<Arena> => {
    const plain = { mongoUrl, redisUrl, namespace, ...extra };
    const [rooms, far] = await Promise.all([
      openRooms({ place: plain, naive }),
      second.tell({ do: 'open', place: plain, naive }) as Promise<{ readonly rooms: number }>,
    ]);
    open.push(rooms);
    const race = async (works: readonly Work[], callers = CALLERS): Promise<string[]> => {
      const [here, there] = [works.filter((_, at) => at % 2 === 0), works.filter((_, at) => at % 2 === 1)];
      const [left, right] = await Promise.all([
        doAll(rooms, here, callers),
        second.tell({ do: 'work', rooms: far.rooms, works: there, callers }) as Promise<{
          readonly answers: readonly string[];
        }>,
      ]);
      return works.map((_, at) => (at % 2 === 0 ? left : right.answers)[Math.floor(at / 2)] as string);
    };
    return { rooms, race };
  };
  return {
    with: (...naive) => {
      const key = naive.join(' ');
      const known = made.get(key) ?? make(naive);
      made.set(key, known);
      return known;
    },
    close: async () => {
      await second.stop();
      for (const rooms of open) await rooms.close();
      await place.remove();
    },
  };
}

/** A sku of a seller, counted, listed once in each shop under its own name. */
export async function stockUp(rooms: Rooms, seller: string, skus: Readonly<Record<string, number>>): Promise<void> {
  for (const [sku, onHand] of Object.entries(skus)) {
    const wish: StockRequest = { kind: 'count', id: 'first', onHand, reason: 'first', by: 'test' };
    await rooms.get(GroupCommitService).ask(seller as SellerId, sku, wish);
    for (const shop of SHOPS) {
      const ref = { seller: seller as SellerId, shop: `${seller}-${shop}`, listing: sku };
      await rooms.get(ListingsStore).put(listingRecord(ref, [{ sku, units: 1 }]));
    }
  }
}

export interface Kept {
  readonly position: StoredPosition;
  /** The archived ones and the position's own, oldest first; what is in both is one. */
  readonly moves: readonly Move[];
}

export async function keptOf(rooms: Rooms, seller: string, sku: string): Promise<Kept> {
  const ref = { seller: seller as SellerId, sku };
  const position = await rooms.get(PositionsStore).find(positionIdOf(ref.seller, sku));
  if (position === undefined) throw new Error(`no position of ${sku}`);
  const archived = await rooms.get(MovesStore).since(ref, -1);
  const here = new Set(position.moves.map(({ id }) => id));
  return { position, moves: [...archived.filter(({ id }) => !here.has(id)), ...position.moves] };
}

/** What does not add up on a sku, in sentences. */
export async function faultsOn(rooms: Rooms, seller: string, sku: string): Promise<string[]> {
  const { position, moves } = await keptOf(rooms, seller, sku);
  return faultsInLedger(position, moves);
}

export const findOrder = (
  rooms: Rooms,
  seller: string,
  ref: { shop: string; id: string },
): Promise<StoredOrder | undefined> =>
  rooms.get(OrdersStore).find(orderIdOf(seller as SellerId, ref.shop as ShopId, ref.id));

/** The newest of several states. */
export const newestOf = (states: readonly OrderState[]): OrderState =>
  states.reduce((newest, state) => (state.updatedAt > newest.updatedAt ? state : newest));

/** The same in another order, the same each time. */
export function shuffled<Item>(items: readonly Item[], seed = 1): Item[] {
  let state = seed;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  return items
    .map((item) => ({ item, rank: next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
