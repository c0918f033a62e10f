import { orderIdOf, OWN_SHOP, positionIdOf, type SellerId, type StockRequest } from '../../src/domain';
import { AdjustService } from '../../src/ledger/adjust.service';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import { HoldsService } from '../../src/ledger/holds.service';
import { StockDoor } from '../../src/platform/doors';
import { AdjustmentsStore } from '../../src/store/adjustments.store';
import { MovesStore } from '../../src/store/moves.store';
import { OrdersStore, type StoredOrder } from '../../src/store/orders.store';
import { PositionsStore } from '../../src/store/positions.store';
import { countWish, L, orderWish } from '../builders/stock';
import { faultsInLedger } from '../support/ledger/faults-in-ledger';
import { HandClock } from '../support/rooms/hand-clock';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';

const clock = new HandClock();
const stops: (() => Promise<void>)[] = [];
let rooms: Rooms;
let elsewhere: Rooms;
let seller: SellerId;
let sellers = 0;

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  for (const keep of [(made: Rooms) => (rooms = made), (made: Rooms) => (elsewhere = made)]) {
    const made = keep(await openRooms({ place, clock }));
    stops.unshift(made.close);
  }
});
afterAll(async () => {
  for (const stop of stops) await stop();
});
beforeEach(() => {
  sellers += 1;
  seller = `seller-${sellers}` as SellerId;
});

const ask = (wish: StockRequest, sku = 'SKU', where = rooms) => where.get(GroupCommitService).ask(seller, sku, wish);
const positionOfSku = async (sku = 'SKU') => {
  const position = await rooms.get(PositionsStore).find(positionIdOf(seller, sku));
  if (position === undefined) throw new Error(`no position of ${sku}`);
  return position;
};
const archived = () => rooms.get(MovesStore).since({ seller, sku: 'SKU' }, -1);
const faults = async () => {
  const position = await positionOfSku();
  const here = new Set(position.moves.map(({ id }) => id));
  return faultsInLedger(position, [...(await archived()).filter(({ id }) => !here.has(id)), ...position.moves]);
};
const sale = (id: string, held = 1, stockV = 1) => orderWish({ id, stockV }, { held });

describe('group commit', () => {
  it('answers each of its callers by itself, in one swap', async () => {
    await ask(countWish(10));
    const wishes = [sale('a', 4), orderWish({ id: 'b' }, { held: 9 }, { mustFit: true }), sale('c', 3), sale('a', 4)];
    const answers = await Promise.all(wishes.map((wish) => ask(wish)));
    expect(answers.map(({ kind }) => kind)).toEqual(['done', 'short', 'done', 'duplicate']);
    expect(await positionOfSku()).toMatchObject({ v: 2, committed: 7 });
  });

  it('reads again where another process was first, and decides on what is there now', async () => {
    await ask(countWish(10));
    await ask(sale('here'));
    await ask(sale('there', 8), 'SKU', elsewhere);
    const answer = await ask(orderWish({ id: 'late' }, { held: 2 }, { mustFit: true }));
    expect(answer).toEqual({ kind: 'short', asked: 2, available: 1 });
    expect(await faults()).toEqual([]);
  });

  it('finds a move of another process, so that an order is brought once', async () => {
    await ask(countWish(10));
    const [here, there] = await Promise.all([ask(sale('o', 4)), ask(sale('o', 4), 'SKU', elsewhere)]);
    expect([here.kind, there.kind].sort()).toEqual(['done', 'duplicate']);
    expect((await positionOfSku()).committed).toBe(4);
  });

  it('a late worker with an older state does nothing, also where the newer one changed nothing', async () => {
    await ask(countWish(10));
    await ask(sale('o', 4, 1));
    await ask(sale('o', 4, 3));
    expect((await ask(sale('o', 0, 2), 'SKU', elsewhere)).kind).toBe('superseded');
    expect((await positionOfSku()).committed).toBe(4);
  });

  it('keeps at most 64 moves with the position and every older one in the archive, each once', async () => {
    await ask(countWish(1000));
    for (let at = 0; at < 5; at += 1) {
      await Promise.all(Array.from({ length: 50 }, (_, which) => ask(sale(`o-${at}-${which}`))));
    }
    const position = await positionOfSku();
    expect(position.moves.length).toBeLessThanOrEqual(64);
    expect(position.moves.length + (await archived()).length).toBe(251);
    expect(await faults()).toEqual([]);
  });

  it('a crash between the archive and the swap loses nothing and doubles nothing', async () => {
    await ask(countWish(1000));
    await Promise.all(Array.from({ length: 60 }, (_, at) => ask(sale(`o-${at}`))));
    const { moves } = await positionOfSku();
    await rooms.get(MovesStore).insert({ seller, sku: 'SKU' }, moves.slice(0, 40));
    await Promise.all(Array.from({ length: 30 }, (_, at) => ask(sale(`later-${at}`))));
    expect((await ask(sale('o-3', 0, 2))).kind).toBe('done');
    expect((await ask(sale('o-50', 1, 1))).kind).toBe('duplicate');
    const position = await positionOfSku();
    expect(position.committed).toBe(89);
    expect(new Set([...(await archived()), ...position.moves].map(({ id }) => id)).size).toBe(92);
    expect(await faults()).toEqual([]);
  });
});

describe('a hold', () => {
  const door = () => rooms.get(StockDoor);
  const hold = (id: string, lines: Record<string, number>, expiresInMs = 60_000) =>
    door().hold(seller, { id, lines: Object.entries(lines).map(([sku, units]) => ({ sku, units })), expiresInMs });
  const orderOf = async (id: string): Promise<StoredOrder> =>
    (await rooms.get(OrdersStore).find(orderIdOf(seller, OWN_SHOP, id))) as StoredOrder;

  beforeEach(async () => {
    for (const sku of ['A', 'B']) await ask(countWish(10), sku);
  });

  it('takes all its skus, or none and names each short line', async () => {
    expect(await hold('h', { A: 4, B: 10 })).toMatchObject({ kind: 'made', order: { hold: { status: 'held' } } });
    const refused = await hold('i', { A: 7, B: 1 });
    expect(refused).toEqual({
      kind: 'short',
      lines: [
        { sku: 'A', asked: 7, available: 6 },
        { sku: 'B', asked: 1, available: 0 },
      ],
    });
    expect(await orderOf('i')).toMatchObject({ hold: { status: 'refused' } });
    expect([(await positionOfSku('A')).committed, (await positionOfSku('B')).committed]).toEqual([4, 10]);
  });

  it('of the same id is the same with the same lines, and a conflict with others', async () => {
    await hold('h', { A: 4 });
    expect((await hold('h', { A: 4 })).kind).toBe('same');
    expect((await hold('h', { A: 5 })).kind).toBe('conflict');
    expect((await positionOfSku('A')).committed).toBe(4);
  });

  it('that was refused may ask again', async () => {
    await hold('h', { A: 10 });
    expect((await hold('i', { A: 1 })).kind).toBe('short');
    expect((await door().release(seller, 'h')).kind).toBe('done');
    expect((await hold('i', { A: 1 })).kind).toBe('made');
    expect((await positionOfSku('A')).committed).toBe(1);
  });

  it('that is over cannot be confirmed, and its end gives back', async () => {
    await hold('h', { A: 4 }, 1000);
    clock.advance(1001);
    expect(await door().confirm(seller, 'h')).toEqual({ kind: 'refused', status: 'expired' });
    await rooms.get(HoldsService).end(await orderOf('h'));
    expect((await orderOf('h')).hold?.status).toBe('expired');
    expect((await positionOfSku('A')).committed).toBe(0);
  });

  it('that is confirmed is an order, and is neither released nor over any more', async () => {
    await hold('h', { A: 4 }, 1000);
    expect((await door().confirm(seller, 'h')).kind).toBe('done');
    expect((await door().confirm(seller, 'h')).kind).toBe('same');
    expect(await door().release(seller, 'h')).toEqual({ kind: 'refused', status: 'confirmed' });
    const confirmed = await orderOf('h');
    expect(confirmed).not.toHaveProperty('due');
    expect(confirmed.facts.map(({ kind }) => kind)).toEqual(['OrderPlaced']);
    expect((await positionOfSku('A')).committed).toBe(4);
  });

  it('whose asker is gone is taken back, and its late take is refused', async () => {
    await ask(countWish(3, 'recount'), 'A');
    const orders = rooms.get(OrdersStore);
    await hold('h', { A: 3 });
    await door().release(seller, 'h');
    const released = await orderOf('h');
    const pending: StoredOrder = {
      ...released,
      v: released.v + 1,
      stockV: released.stockV + 1,
      hold: { status: 'pending', expiresAt: clock.now() + 60_000 },
      due: clock.now(),
    };
    expect(await orders.swap(pending)).toBe(true);
    expect(await orders.dueBefore(clock.now(), 1000)).toContain(pending.id);
    await rooms.get(HoldsService).end(pending);
    const ref = { id: 'h', shop: OWN_SHOP, stockV: pending.stockV };
    const late = orderWish(ref, { held: 3 }, { mustFit: true, order: pending.id });
    expect((await ask(late, 'A')).kind).toBe('superseded');
    expect((await positionOfSku('A')).committed).toBe(0);
  });
});

describe('what was refused, and whose process died before it was given back,', () => {
  beforeEach(async () => {
    for (const sku of ['A', 'B']) await ask(countWish(10), sku);
  });

  it('is given back when a hold of the same id asks for other skus', async () => {
    const orders = rooms.get(OrdersStore);
    const wish = { id: 'h', lines: [{ sku: 'A', units: 4 }], expiresInMs: 60_000 };
    await rooms.get(StockDoor).hold(seller, wish);
    const id = orderIdOf(seller, OWN_SHOP, 'h');
    const held = (await orders.find(id)) as StoredOrder;
    const hold = { status: 'refused' as const, expiresAt: 0 };
    expect(await orders.swap({ ...held, v: held.v + 1, stockV: held.stockV + 1, hold, due: clock.now() })).toBe(true);
    expect((await rooms.get(StockDoor).hold(seller, { ...wish, lines: [{ sku: 'B', units: 1 }] })).kind).toBe('made');
    expect([(await positionOfSku('A')).committed, (await positionOfSku('B')).committed]).toEqual([0, 1]);
  });

  it('is given back when a relative move is asked for again', async () => {
    const wish = { id: 'm', lines: [{ sku: 'A', units: -4 }], reason: 'broken', by: 'me' };
    await ask({ kind: 'manual', id: 'manual|m|1', units: -4, reason: 'broken', by: 'me' }, 'A');
    const refused = { ...wish, seller, v: 1, attempt: 1, state: 'refused' as const, due: clock.now() };
    expect(await rooms.get(AdjustmentsStore).swap(refused)).toBe(true);
    expect(await rooms.get(StockDoor).adjust(seller, wish)).toEqual({ kind: 'done' });
    expect((await positionOfSku('A')).onHand).toBe(6);
  });
});

describe('a relative move of several skus', () => {
  const adjust = (id: string, lines: Record<string, number>) =>
    rooms.get(StockDoor).adjust(seller, {
      id,
      lines: Object.entries(lines).map(([sku, units]) => ({ sku, units })),
      reason: 'broken',
      by: 'me',
    });
  const onHand = async () => [(await positionOfSku('A')).onHand, (await positionOfSku('B')).onHand];

  beforeEach(async () => {
    for (const sku of ['A', 'B']) await ask(countWish(10), sku);
  });

  it('takes all its lines once', async () => {
    expect(await adjust('m', { A: -4, B: 2 })).toEqual({ kind: 'done' });
    expect(await adjust('m', { B: 2, A: -4 })).toEqual({ kind: 'duplicate' });
    expect(await adjust('m', { A: -5, B: 2 })).toEqual({ kind: 'conflict' });
    expect(await onHand()).toEqual([6, 12]);
  });

  it('takes none where lines are short, and names each', async () => {
    expect(await adjust('m', { A: -11, B: -12 })).toEqual({
      kind: 'short',
      lines: [
        { sku: 'B', asked: 12, available: 10 },
        { sku: 'A', asked: 11, available: 10 },
      ],
    });
    expect(await adjust('n', { A: -4, B: -12 })).toMatchObject({ kind: 'short', lines: [{ sku: 'B' }] });
    expect(await onHand()).toEqual([10, 10]);
  });

  it('that was refused may ask again', async () => {
    await adjust('m', { A: -11 });
    await ask(countWish(20, 'more'), 'A');
    expect(await adjust('m', { A: -11 })).toEqual({ kind: 'done' });
    expect(await onHand()).toEqual([9, 10]);
    await adjust('n', { A: -4, B: -12 });
    expect(await adjust('n', { A: -4, B: -2 })).toEqual({ kind: 'done' });
    expect(await onHand()).toEqual([5, 8]);
  });

  it('whose asker is gone half way is taken back by the sweep', async () => {
    const store = rooms.get(AdjustmentsStore);
    const wish = {
      id: 'm',
      lines: [
        { sku: 'A', units: -4 },
        { sku: 'B', units: -4 },
      ],
      reason: 'broken',
      by: 'me',
    };
    const pending = { ...wish, seller, v: 1, attempt: 1, state: 'pending' as const, due: clock.now() };
    expect(await store.swap(pending)).toBe(true);
    await ask({ kind: 'manual', id: 'manual|m|1', units: -4, reason: 'broken', by: 'me' }, 'A');
    expect(await onHand()).toEqual([6, 10]);
    expect((await adjust('m', { A: -4, B: -4 })).kind).toBe('conflict');
    const due = (await store.dueBefore(clock.now(), 1000)).filter((each) => each.seller === seller);
    for (const each of due) await rooms.get(AdjustService).end(each);
    expect(await onHand()).toEqual([10, 10]);
    const late = await ask({ kind: 'manual', id: 'manual|m|1', units: -4, reason: 'broken', by: 'me' }, 'B');
    expect(late.kind).toBe('duplicate');
    expect(await onHand()).toEqual([10, 10]);
    expect(await adjust('m', { A: -4, B: -4 })).toEqual({ kind: 'done' });
  });
});

it('a sku that was never counted commits, and is not short', async () => {
  const answer = await ask(orderWish({ id: 'o', shop: L }, { held: 5 }));
  expect(answer).toMatchObject({ kind: 'done', move: { committed: 5 } });
  expect(answer).not.toHaveProperty('move.short');
  expect(await positionOfSku()).toMatchObject({ counted: false, committed: 5, onHand: 0 });
});
