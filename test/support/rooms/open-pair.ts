import type { Target, TargetId } from '../../../src/domain';
import { AppsStore } from '../../../src/store/apps.store';
import { TargetsStore } from '../../../src/store/targets.store';
import { appRecord } from '../../builders/records';
import type { HandClock } from './hand-clock';
import { makePlace, openRooms, type Rooms } from './open-rooms';
import type { TestChannel } from './test-channel';

/** The rooms of two processes on one store, with an app at one channel. */
export interface Pair {
  readonly rooms: Rooms;
  readonly elsewhere: Rooms;
  readonly close: () => Promise<void>;
}

export async function openPair(channel: TestChannel, clock: HandClock): Promise<Pair> {
  const place = await makePlace();
  const parts = { place, clock, connectors: [channel.connector()] };
  const rooms = await openRooms(parts);
  const elsewhere = await openRooms(parts);
  await rooms.get(AppsStore).insert(appRecord('app', channel.code), 'secret');
  const close = async (): Promise<void> => {
    await elsewhere.close();
    await rooms.close();
    await place.remove();
  };
  return { rooms, elsewhere, close };
}

/** @throws when there is no such target. */
export async function targetIn(rooms: Rooms, id: TargetId): Promise<Target> {
  const target = (await rooms.get(TargetsStore).readMany([id])).get(id);
  if (target === undefined) throw new Error(`no target ${id}`);
  return target;
}
