import type { ListingId } from '../../src/domain';
import { jsonAnswer, scriptedCall, type Script } from '../kit/scripted-call';
import { aShop } from './a-shop';
import results from './fixtures/stock-results.json';
import { adjustStock, pushStock, readStock } from './stock';

const calling = (script: Script) => scriptedCall(aShop(), script);
const bodyOf = (text: string | undefined): unknown => JSON.parse(text ?? 'null');
const ref = (sku: string) => ({ listing: `l-${sku}` as ListingId, channelIds: { sku } });
const write = (sku: string, sellable = 5) => ({ ...ref(sku), sellable, openUnits: 2 });
const done = (sku: string) => ({ listing: `l-${sku}`, kind: 'done' });

describe('pushStock', () => {
  it('writes what buyers shall see, and reads the answer line by line', async () => {
    const { call, asked } = calling(() => jsonAnswer(results));
    const answered = await pushStock(
      call,
      ['TEA-GREEN', 'NO-SUCH', 'MUG-BLUE', 'POT-IRON', 'KETTLE'].map((sku) => write(sku)),
    );
    expect(answered).toMatchObject([
      done('TEA-GREEN'),
      { listing: 'l-NO-SUCH', kind: 'refused', code: 'unknown', reading: 'listing', message: 'We sell no such sku.' },
      { listing: 'l-MUG-BLUE', kind: 'refused', code: 'busy', reading: 'retry' },
      { listing: 'l-POT-IRON', kind: 'refused', code: 'floor', reading: 'floor' },
      { listing: 'l-KETTLE', kind: 'refused', code: 'unanswered', reading: 'retry' },
    ]);
    expect(asked).toMatchObject([{ method: 'PUT', effect: 'write' }]);
    expect(bodyOf(asked[0]?.body)).toMatchObject({ lines: [{ sku: 'TEA-GREEN', sellable: 5 }, {}, {}, {}, {}] });
  });

  it('offers nothing where less than nothing is left', async () => {
    const { call, asked } = calling(() => jsonAnswer({ results: [] }));
    await pushStock(call, [write('A', -3)]);
    expect(bodyOf(asked[0]?.body)).toEqual({ lines: [{ sku: 'A', sellable: 0 }] });
  });

  it('sends each sku once, at most 100, and none without an id', async () => {
    const { call, asked } = calling(() => jsonAnswer({ results: [{ sku: 'A', done: true }] }));
    const twice = await pushStock(call, [write('A'), { ...write('A', 9), listing: 'l-2' as ListingId }, write('')]);
    expect(twice).toMatchObject([
      { listing: 'l-2', code: 'not-sent', reading: 'retry' },
      { listing: 'l-', code: 'bad-id', reading: 'listing' },
      done('A'),
    ]);
    expect(bodyOf(asked[0]?.body)).toEqual({ lines: [{ sku: 'A', sellable: 5 }] });
    const many = await pushStock(
      call,
      Array.from({ length: 101 }, (_, n) => write(`S${n}`)),
    );
    expect(many).toHaveLength(101);
    expect(bodyOf(asked[1]?.body)).toMatchObject({ lines: { length: 100 } });
    expect(await pushStock(call, [write('')])).toHaveLength(1);
    expect(asked).toHaveLength(2);
  });

  it('gives a code to a line that was refused without one', async () => {
    const { call } = calling(() => jsonAnswer({ results: [{ sku: 'A', done: false }] }));
    expect(await pushStock(call, [write('A')])).toMatchObject([{ code: 'refused', message: '', reading: 'listing' }]);
  });
});

describe('a code of the shop’s own', () => {
  it.each(['constructor', '__proto__', 'toString'])('is a fault of the listing: %s', async (code) => {
    const { call } = calling(() => jsonAnswer({ results: [{ sku: 'A', done: false, code }] }));
    expect(await pushStock(call, [write('A')])).toMatchObject([{ code, reading: 'listing' }]);
  });
});

describe('adjustStock', () => {
  it('sends a change with an id of its own each time', async () => {
    const { call, asked } = calling(() => jsonAnswer({ results: [{ sku: 'A', done: true }] }));
    const change = { ...ref('A'), units: -3 };
    expect(await adjustStock(call, [change])).toEqual([done('A')]);
    await adjustStock(call, [change]);
    const bodies = asked.map(({ body }) => bodyOf(body) as { id: string; lines: unknown });
    expect(bodies.map(({ lines }) => lines)).toEqual([[{ sku: 'A', units: -3 }], [{ sku: 'A', units: -3 }]]);
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(2);
    expect(asked[0]).toMatchObject({ method: 'POST', url: 'https://shop.example/hub/stock/changes?shop=main' });
  });
});

describe('readStock', () => {
  it('reads what buyers can buy; an unknown sku is undefined', async () => {
    const { call, asked } = calling(() => jsonAnswer({ items: [{ sku: 'A', sellable: 7 }] }));
    expect(await readStock(call, [ref('A'), ref('B'), ref('')])).toEqual([
      { listing: 'l-A', sellable: 7 },
      { listing: 'l-B', sellable: undefined },
      { listing: 'l-', sellable: undefined },
    ]);
    expect(new URL(asked[0]?.url ?? '').searchParams.get('skus')).toBe('["A","B"]');
  });

  it('asks for 100 at a time', async () => {
    const { call, asked } = calling(() => jsonAnswer({ items: [] }));
    await readStock(
      call,
      Array.from({ length: 201 }, (_, n) => ref(`S${n}`)),
    );
    expect(asked).toHaveLength(3);
  });

  it('believes no number below 0 or between two units', async () => {
    for (const sellable of [-1, 0.5, '7']) {
      const { call } = calling(() => jsonAnswer({ items: [{ sku: 'A', sellable }] }));
      await expect(readStock(call, [ref('A')])).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    }
  });
});
