import * as fc from 'fast-check';
import type { ListingId } from '../../src/domain';
import { type CallContext, ChannelError } from '../kit';
import { scriptedCall } from '../kit/scripted-call';
import { lazada } from '.';
import { aShop } from './a-shop';

const SHOP = aShop();
const ref = (id: number) => ({
  listing: `L${id}` as ListingId,
  channelIds: { itemId: `1${id}`, skuId: `2${id}`, sellerSku: `S${id}` },
});
const REFS = [ref(1), ref(2), ref(3)];
const WINDOW = { by: 'updated', from: 1_700_000_000_000, to: 1_700_003_600_000 } as const;

type Asked = (call: CallContext) => Promise<readonly unknown[]>;

/** Every call of the connector, and whether it answers for every line. */
const CALLS: readonly (readonly [name: string, ask: Asked, lines?: number])[] = [
  ['readOrders', (call) => lazada.readOrders(call, ['1', '2'])],
  ['listOrders', async (call) => (await lazada.listOrders(call, WINDOW)).externalIds],
  ['listCatalogue', async (call) => (await lazada.listCatalogue(call)).items],
  ['readStock', (call) => lazada.readStock(call, REFS), 3],
  ['readPrices', (call) => lazada.readPrices!(call, REFS), 3],
  [
    'pushStock',
    (call) =>
      lazada.pushStock(
        call,
        REFS.map((line) => ({ ...line, sellable: 1, openUnits: 0 })),
      ),
    3,
  ],
  [
    'adjustStock',
    (call) =>
      lazada.adjustStock!(
        call,
        REFS.map((line) => ({ ...line, units: -1 })),
      ),
    3,
  ],
  [
    'pushPrices',
    (call) =>
      lazada.pushPrices!(
        call,
        REFS.map((line) => ({ ...line, prices: { price: 100 } })),
      ),
    3,
  ],
];

const word = fc.constantFrom(
  '0',
  '501',
  '4170',
  '901',
  '6',
  'E019',
  'S1',
  '21',
  'ITEM_NOT_FOUND',
  'Active',
  '12.50',
  '',
);
const leaf = fc.oneof(word, fc.integer(), fc.constant(null), fc.boolean(), fc.double());
const FIELDS = [
  ...['code', 'type', 'message', 'data', 'detail', 'orders', 'order_id', 'order_items', 'countTotal', 'products'],
  ...[
    'total_products',
    'skus',
    'SkuId',
    'SellerSku',
    'quantity',
    'price',
    'special_price',
    'Status',
    'item_id',
    'field',
  ],
];
/** JSON that has the channel's own names in it, in any place. */
const { body } = fc.letrec<{ body: unknown; tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('tree'), { maxKeys: 6 }),
  ),
  body: fc.oneof(fc.jsonValue(), fc.record({ code: word, message: word, data: tie('tree'), detail: tie('tree') })),
}));

describe('any answer of the channel', () => {
  for (const [name, ask, lines] of CALLS) {
    it(`is taken by ${name} for an answer or for a ChannelError`, async () => {
      await fc.assert(
        fc.asyncProperty(body, fc.constantFrom(200, 403, 404), async (json, status) => {
          const { call } = scriptedCall(SHOP, () => ({ status, headers: {}, body: JSON.stringify(json) }));
          const result: unknown = await ask(call).catch((error: unknown) => error);
          if (result instanceof ChannelError) return;
          expect(Array.isArray(result)).toBe(true);
          if (lines !== undefined) expect(result).toHaveLength(lines);
        }),
        { numRuns: 200 },
      );
    });
  }

  it('that is no JSON is malformed', async () => {
    for (const [, ask] of CALLS) {
      for (const text of ['', '<html>maintenance</html>', '{"code":', '\u0000']) {
        const { call } = scriptedCall(SHOP, () => ({ status: 200, headers: {}, body: text }));
        await expect(ask(call)).rejects.toMatchObject({ failure: { kind: 'malformed' } });
      }
    }
  });
});
