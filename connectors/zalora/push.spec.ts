import * as fc from 'fast-check';
import type { ListingId } from '../../src/domain';
import type { StockWrite } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import problem from './fixtures/problem-422.json';
import ignored from './fixtures/stock-ignored.json';
import { pushStock } from './push';

const write = (productId: string, sellable = 40, openUnits = 2): StockWrite => ({
  listing: `L${productId}` as ListingId,
  channelIds: { productId, sellerSku: `SKU-${productId}` },
  sellable,
  openUnits,
});
const TWO = [write('55501'), write('55502', 7, 0)];

interface Answered {
  readonly status?: number;
  readonly settings?: Record<string, string>;
}

async function push(writes: readonly StockWrite[], answer: unknown, { status = 200, settings = {} }: Answered = {}) {
  const { call, asked } = scriptedCall(aShop({ settings }), () => jsonAnswer(answer, status));
  const results = await pushStock(call, writes);
  return { results, asked, body: JSON.parse(asked[0]?.body ?? 'null') as unknown };
}

describe('pushStock', () => {
  it('offers nothing where less than nothing is left, whatever is open', async () => {
    expect((await push([write('55501', -3, 1)], [])).body).toEqual([{ productId: 55501, quantity: 1 }]);
  });

  it('writes what buyers shall be able to buy and the open units, because Zalora takes those off', async () => {
    const { results, body, asked } = await push(TWO, []);
    expect(asked).toMatchObject([{ method: 'PUT', effect: 'write' }]);
    expect(new URL(asked[0]?.url ?? '').pathname).toBe('/v2/stock/product');
    expect(body).toEqual([
      { productId: 55501, quantity: 42 },
      { productId: 55502, quantity: 7 },
    ]);
    expect(results).toEqual([
      { listing: 'L55501', kind: 'done' },
      { listing: 'L55502', kind: 'done' },
    ]);
  });

  it('leaves the open units out where the shop says that the number written is what buyers see', async () => {
    const { body } = await push(TWO, [], { settings: { stockQuantity: 'available' } });
    expect(body).toMatchObject([{ quantity: 40 }, { quantity: 7 }]);
  });

  it.each([
    ['rows', ignored],
    ['ids as text', [{ productId: '55502' }]],
    ['bare ids', [55502]],
  ])('reads the list of a 200 as what was NOT done: %s', async (_name, answer) => {
    const { results } = await push(TWO, answer);
    expect(results).toMatchObject([
      { listing: 'L55501', kind: 'done' },
      { listing: 'L55502', kind: 'refused', code: 'ignored', reading: 'listing' },
    ]);
  });

  it.each([
    ['a product that was not sent', [{ productId: 1 }]],
    ['a row without an id', [{ quantity: 7 }]],
    ['anything else', ['x']],
  ])('trusts no line where it ignored %s', async (_name, answer) => {
    expect((await push(TWO, answer)).results).toMatchObject([
      { kind: 'refused', code: 'unclear', reading: 'retry' },
      { kind: 'refused', code: 'unclear', reading: 'retry' },
    ]);
  });

  it('takes a 422 for the whole call: the fault of one line, of nobody in particular among several', async () => {
    const one = await push([write('55501')], problem, { status: 422 });
    expect(one.results).toMatchObject([
      { code: '422', message: 'Unprocessable Entity: quantity must not be negative', reading: 'listing' },
    ]);
    expect((await push(TWO, problem, { status: 422 })).results).toMatchObject([
      { reading: 'retry' },
      { reading: 'retry' },
    ]);
  });

  it.each([
    [401, {}, 'unauthorized'],
    [403, {}, 'refused'],
    [429, {}, 'throttled'],
    [200, { items: [] }, 'malformed'],
  ])('throws for %i %j', async (status, answer, kind) => {
    await expect(push(TWO, answer, { status })).rejects.toMatchObject({ failure: { kind } });
  });

  it('answers for lines that are not sent', async () => {
    const many = Array.from({ length: 101 }, (_, index) => write(String(index + 1)));
    const { results, body } = await push([...many, write('1'), write('x'), write('')], []);
    expect(body).toHaveLength(100);
    expect(results).toHaveLength(104);
    expect(results.filter((result) => result.kind === 'refused').map(({ code }) => code)).toEqual([
      'not-sent',
      'not-sent',
      'bad-id',
      'bad-id',
    ]);
    expect((await push([write('x')], [])).asked).toHaveLength(0);
  });

  it('answers for every line, or throws a ChannelError, whatever the answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (answer) => {
        const results = await push(TWO, answer).catch((error: unknown) => error);
        if (results instanceof Error) expect(results.name).toBe('ChannelError');
        else expect(results).toMatchObject({ results: [{}, {}] });
      }),
    );
  });
});
