import * as fc from 'fast-check';
import type { CallContext, Connector, Normalized, OrderWindow } from '../../connectors/kit';
import { parseMoney, type OrderState } from '../../src/domain';
import { recordedCall } from './recorded';
import type { Room } from './room';
import { always, conform } from './suite';

const HOUR_MS = 3_600_000;
/** More than a page of any channel, so that lists have several. */
const MANY = 130;
const MOST_PAGES = 50;

/** The order as the sandbox has it. */
interface Truth {
  readonly lines: readonly {
    readonly sku: string;
    readonly units: number;
    readonly cancelled: number;
    readonly shipped: number;
    readonly returned: number;
    readonly unitPrice: string;
  }[];
  readonly discountSeller: string;
  readonly discountChannel: string;
  readonly shipping: string;
  readonly currency: string;
}

const stateOf = (normalized: Normalized): OrderState => {
  if (normalized.kind === 'refused') throw new Error(normalized.reason);
  return normalized.order;
};

async function readOne(room: Room, id: string): Promise<OrderState> {
  const { connector, data } = room.subject;
  const [raw] = await connector.readOrders(room.call(), [id]);
  return stateOf(connector.normalize(raw!, { ...room.call().shop, settings: data.shop.settings }));
}

async function truthOf(room: Room, id: string): Promise<Truth> {
  const { items } = await room.steerShop('GET', `/orders?id=${id}`);
  return (items as Truth[])[0]!;
}

conform(always('read orders'), ({ code, connector, data }, room) => {
  it('reads a recorded order', async () => {
    const subject = { code, connector, data };
    const read = await connector.readOrders(recordedCall(subject), [data.order.externalId]);
    expect(read.map(({ externalId }) => externalId)).toEqual([data.order.externalId]);
  });

  it('reads a batch over HTTP, each order once, and leaves out what the channel does not know', async () => {
    const lines = [{ sku: room().listings[0]!.sku, units: 1 }];
    const ids = [await room().place(lines), await room().place(lines), await room().place(lines)];
    const read = await connector.readOrders(room().call(), [...ids, data.unknown.orderId, ids[0]!]);
    expect(read.map(({ externalId }) => externalId).sort()).toEqual([...ids].sort());
    expect(await connector.readOrders(room().call(), [data.unknown.orderId])).toEqual([]);
  });

  it('reads as many as its manifest says in one call of the contract', async () => {
    await room().setUp();
    const ids = await room().placeMany(connector.manifest.orderBatch);
    expect(await connector.readOrders(room().call(), ids)).toHaveLength(ids.length);
  });
});

/** Every id of a list; `between` happens after the first page. */
async function listAll(
  connector: Connector,
  call: CallContext,
  { window, between }: { window: OrderWindow; between?: () => Promise<unknown> },
): Promise<{ readonly ids: readonly string[]; readonly pages: number }> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
    const page = await connector.listOrders(call, window, cursor);
    ids.push(...page.externalIds);
    if (page.next === undefined) return { ids, pages };
    cursor = page.next;
    if (pages === 1) await between?.();
  }
  throw new Error('the list does not end');
}

conform(always('list orders'), ({ connector }, room) => {
  const around = (by: OrderWindow['by']): OrderWindow => ({ by, from: Date.now() - HOUR_MS, to: Date.now() + HOUR_MS });
  let placed: readonly string[];
  beforeAll(async () => {
    placed = await room().placeMany(MANY);
  });

  it.each(['created', 'updated'] as const)('is complete over all pages, by %s', async (by) => {
    const { ids, pages } = await listAll(connector, room().call(), { window: around(by) });
    expect(new Set(ids)).toEqual(new Set(placed));
    expect(pages).toBeGreaterThan(1);
  });

  it('loses no order when others change while it is read', async () => {
    const between = async (): Promise<void> => {
      for (const id of placed.slice(0, 5)) await room().steerShop('POST', `/orders/${id}/ship`);
    };
    const { ids } = await listAll(connector, room().call(), { window: around('updated'), between });
    expect(new Set(ids)).toEqual(new Set(placed));
  });

  it('keeps to its window', async () => {
    const past = { by: 'created', from: Date.now() - 10 * HOUR_MS, to: Date.now() - 9 * HOUR_MS } as const;
    expect(await listAll(connector, room().call(), { window: past })).toEqual({ ids: [], pages: 1 });
  });

  it('takes a window as long as its manifest allows', async () => {
    const lengthMs = connector.manifest.orderWindowMs ?? 90 * 24 * HOUR_MS;
    const to = Date.now() + HOUR_MS;
    const { ids } = await listAll(connector, room().call(), { window: { by: 'updated', from: to - lengthMs, to } });
    expect(new Set(ids)).toEqual(new Set(placed));
  });
});

const addsUp = ({ lines, totals }: OrderState): void => {
  const { items, discountSeller, discountChannel, shipping, tax, paid } = totals;
  expect(items - discountSeller - discountChannel + shipping + tax).toBe(paid);
  expect(lines.reduce((sum, line) => sum + line.units * line.unitPrice, 0)).toBe(items);
};

conform(always('normalize'), ({ code, connector, data }, room) => {
  const subject = { code, connector, data };
  /** The word as a value, never as a field's name. */
  const statuses = new RegExp(`(?<=:\\s*)${data.order.status}(?!\\s*:)`, 'g');
  const recorded = async (rewrite?: (text: string) => string) =>
    (await connector.readOrders(recordedCall(subject, rewrite), [data.order.externalId]))[0]!;

  it('gives the recorded order with money that adds up to what was paid', async () => {
    const order = stateOf(connector.normalize(await recorded(), data.shop));
    expect([order.externalId, order.totals.paid]).toEqual([data.order.externalId, data.order.paid]);
    addsUp(order);
  });

  it('refuses a status that nobody documented, and guesses nothing', async () => {
    const raw = await recorded((text) => text.replace(statuses, '"teleported"'));
    expect(connector.normalize(raw, data.shop)).toMatchObject({ kind: 'refused', cause: 'unknown-status' });
  });

  it('never throws, whatever JSON comes', async () => {
    const text = JSON.stringify((await recorded()).payload);
    const scalars = [...text.matchAll(/(?<=:)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/g)];
    const mutated = fc.tuple(fc.nat(scalars.length - 1), fc.json({ maxDepth: 1 })).map(([nth, json]): unknown => {
      const { index, 0: old } = scalars[nth]!;
      return JSON.parse(text.slice(0, index) + json + text.slice(index + old.length));
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.jsonValue()), (payload) => {
        const result = connector.normalize({ externalId: data.order.externalId, payload }, data.shop);
        if (result.kind === 'order') addsUp(result.order);
        else expect(['malformed', 'unknown-status']).toContain(result.cause);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['unpaid', []],
    ['paid', ['pay']],
    ['shipped', ['pay', 'ship']],
    ['delivered', ['pay', 'ship', 'deliver']],
    ['cancelled', ['pay', 'cancel']],
    ['returned', ['pay', 'ship', 'deliver', 'return']],
  ])("agrees with the sandbox's order that is %s, over HTTP", async (state, moves) => {
    await room().setUp();
    const [first, second] = room().listings;
    const terms = { unpaid: true, discountSeller: '3.00', discountChannel: '1.50', shipping: '4.20' };
    const lines = [
      { sku: first!.sku, units: 2 },
      { sku: second!.sku, units: 1 },
    ];
    const id = await room().place(lines, terms);
    for (const move of moves) await room().steerShop('POST', `/orders/${id}/${move}`);
    const [order, truth] = [await readOne(room(), id), await truthOf(room(), id)];
    const minor = (text: string) => parseMoney(text, truth.currency)!.minor;
    addsUp(order);
    const [seller, channel] = [minor(truth.discountSeller), minor(truth.discountChannel)];
    const { discountSeller, discountChannel, shipping } = order.totals;
    expect([discountSeller + discountChannel, shipping]).toEqual([seller + channel, minor(truth.shipping)]);
    // Whose discount it is, Shopee says only of what is paid for.
    if (state !== 'unpaid') expect([discountSeller, discountChannel]).toEqual([seller, channel]);
    const counts = ({ units, cancelled, shipped, returned }: Truth['lines'][number] | OrderState['lines'][number]) => ({
      ...{ units, cancelled, shipped, returned },
    });
    for (const line of truth.lines) {
      const { channelIds } = room().listings.find(({ sku }) => sku === line.sku)!;
      const found = order.lines.find(({ listingKey }) => listingKey === connector.listingKey(channelIds));
      expect(found && { ...counts(found), unitPrice: found.unitPrice }).toEqual({
        ...counts(line),
        unitPrice: minor(line.unitPrice),
      });
    }
  });
});
