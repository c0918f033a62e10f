import type { Naivety } from '../rooms/naive-stores';
import { openRooms, type Place, type Rooms } from '../rooms/open-rooms';
import { doAll, type Work } from './work';

/** What the first process says. */
export type Order =
  | { readonly id: number; readonly do: 'open'; readonly place: Place; readonly naive: readonly Naivety[] }
  | {
      readonly id: number;
      readonly do: 'work';
      readonly rooms: number;
      readonly works: readonly Work[];
      callers: number;
    };

/** What it hears: an answer to every order. */
export type Report =
  | { readonly id: number; readonly rooms: number }
  | { readonly id: number; readonly answers: readonly string[] }
  | { readonly id: number; readonly error: string };

const opened: Rooms[] = [];

async function carryOut(order: Order): Promise<Report> {
  if (order.do === 'open') {
    opened.push(await openRooms({ place: order.place, naive: order.naive }));
    return { id: order.id, rooms: opened.length - 1 };
  }
  const answers = await doAll(opened[order.rooms] as Rooms, order.works, order.callers);
  return { id: order.id, answers };
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ id: order.id, error: error instanceof Error ? error.stack : String(error) }),
  );
});
process.on('disconnect', () => {
  void Promise.allSettled(opened.map((rooms) => rooms.close())).then(() => process.exit(0));
});
