import { Injectable } from '@nestjs/common';
import type { TestingModuleBuilder } from '@nestjs/testing';
import type { Collection } from 'mongodb';
import type { Move } from '../../../src/domain';
import { LeasesStore, type Lease } from '../../../src/store/leases.store';
import { MovesStore } from '../../../src/store/moves.store';
import { OrdersStore, type StoredOrder } from '../../../src/store/orders.store';
import { PositionsStore, type StoredPosition } from '../../../src/store/positions.store';

/** Which store forgets what makes it right: the version in its filter, the archive, or who holds what. */
export type Naivety = 'positions' | 'orders' | 'moves' | 'leases';

interface Documents {
  readonly collection: Collection<{ _id: string }>;
}
const documentsOf = (store: object): Documents['collection'] =>
  (store as unknown as { model: Documents }).model.collection;

/** Writes over whatever is there: the last one wins. */
@Injectable()
class NaivePositionsStore extends PositionsStore {
  override async commit({ id, ...next }: StoredPosition, _v: number, _moves: readonly Move[]): Promise<boolean> {
    await documentsOf(this).replaceOne({ _id: id }, next, { upsert: true });
    return true;
  }
}

/** Writes over whatever is there: a status moves backwards, two steps of a hold both win. */
@Injectable()
class NaiveOrdersStore extends OrdersStore {
  override async swap({ id, ...next }: StoredOrder): Promise<boolean> {
    await documentsOf(this).replaceOne({ _id: id }, next, { upsert: true });
    return true;
  }
}

/** Knows only the moves that are still with their position. */
@Injectable()
class NaiveMovesStore extends MovesStore {
  override async ofOrders(): Promise<readonly Move[]> {
    return [];
  }
}

/** Lets everybody do what one may do at a time. */
@Injectable()
class NaiveLeasesStore extends LeasesStore {
  override async take(name: string): Promise<Lease> {
    return { name, fence: 1, token: 'everybody' };
  }
}

const NAIVE = {
  positions: [PositionsStore, NaivePositionsStore],
  orders: [OrdersStore, NaiveOrdersStore],
  moves: [MovesStore, NaiveMovesStore],
  leases: [LeasesStore, NaiveLeasesStore],
} as const;

export function withNaiveStores(builder: TestingModuleBuilder, naive: readonly Naivety[]): TestingModuleBuilder {
  return naive.reduce((made, each) => made.overrideProvider(NAIVE[each][0]).useClass(NAIVE[each][1]), builder);
}
