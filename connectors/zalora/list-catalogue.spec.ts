import * as fc from 'fast-check';
import type { ChannelAnswer } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import sets from './fixtures/product-sets.json';
import products from './fixtures/products.json';
import { listCatalogue } from './list-catalogue';

const [PRODUCT] = products;
const pathOf = (url: string) => new URL(url).pathname;

async function list(answerOf: (path: string) => ChannelAnswer, cursor?: string) {
  const { call, asked } = scriptedCall(aShop(), ({ url }) =>
    pathOf(url) === '/v2/product-sets' ? jsonAnswer(sets) : answerOf(pathOf(url)),
  );
  return { page: await listCatalogue(call, cursor), asked };
}

const one = async (changes: object) => {
  const { page } = await list((path) => jsonAnswer(path.includes('/7865/') ? [{ ...PRODUCT, ...changes }] : []));
  return page.items[0];
};

describe('listCatalogue', () => {
  it('reads a page of product sets, deleted ones too, and the products of each', async () => {
    const { page, asked } = await list((path) => jsonAnswer(path.includes('/7865/') ? products : []));
    expect(asked.map(({ url }) => pathOf(url))).toEqual([
      '/v2/product-sets',
      '/v2/product-set/7865/products',
      '/v2/product-set/7866/products',
    ]);
    expect(Object.fromEntries(new URL(asked[0]?.url ?? '').searchParams)).toEqual({
      limit: '20',
      offset: '0',
      status: 'all',
      orderBy: 'createdAt',
      orderDirection: 'asc',
    });
    expect(page).toEqual({
      items: [
        {
          channelIds: { productId: '55501', sellerSku: 'JACKET-BLUE-M' },
          sellerSku: 'JACKET-BLUE-M',
          name: 'Rain jacket, M',
          isLive: true,
        },
        {
          channelIds: { productId: '55502', sellerSku: 'JACKET-BLUE-L' },
          sellerSku: 'JACKET-BLUE-L',
          name: 'Rain jacket, L',
          isLive: false,
        },
      ],
    });
  });

  it.each([
    [{ status: 'inactive' }, { isLive: false }],
    [{ status: 'deleted' }, { isLive: false }],
    [{ approvalStatus: 'rejected' }, { isLive: false }],
    [{ approvalStatus: null }, { isLive: true }],
    [{ status: 'hibernating' }, { isLive: false, unknownStatus: 'hibernating' }],
    [{ status: null }, { isLive: false, unknownStatus: 'none' }],
    [{ approvalStatus: 'maybe' }, { isLive: false, unknownStatus: 'approval maybe' }],
    [{ sellerSku: null }, { sellerSku: '', channelIds: { productId: '55501', sellerSku: '' } }],
    [{ name: null, variation: null }, { name: 'Rain jacket' }],
  ])('reads %j as %j', async (changes, expected) => {
    expect(await one(changes)).toMatchObject(expected);
  });

  it('names no unknown status where all is known', async () => {
    expect(await one({ status: 'deleted', approvalStatus: 'pending' })).not.toHaveProperty('unknownStatus');
  });

  it('leaves out a set that went away meanwhile', async () => {
    const { page } = await list((path) => (path.includes('/7865/') ? jsonAnswer({}, 404) : jsonAnswer(products)));
    expect(page.items).toHaveLength(2);
  });

  it.each([
    [401, {}, 'unauthorized'],
    [429, {}, 'throttled'],
    [200, [{ sellerSku: 'x' }], 'malformed'],
  ])('throws for %i %j', async (status, body, kind) => {
    await expect(list(() => jsonAnswer(body, status))).rejects.toMatchObject({ failure: { kind } });
  });

  it('gives items, or throws a ChannelError, whatever the answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom(...Object.keys(PRODUCT ?? {})), fc.jsonValue()),
        async (answer, changes) => {
          for (const body of [answer, [{ ...PRODUCT, ...changes }]]) {
            const read = await list(() => jsonAnswer(body)).catch((error: unknown) => error);
            if (read instanceof Error) expect(read.name).toBe('ChannelError');
            else expect(read).toHaveProperty('page.items');
          }
        },
      ),
    );
  });
});
