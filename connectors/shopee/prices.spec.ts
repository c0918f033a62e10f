import * as fc from 'fast-check';
import type { ListingId } from '../../src/domain';
import { ChannelError, type PriceWrite, type ShopAccess } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import items from './fixtures/catalogue-items.json';
import models from './fixtures/catalogue-models.json';
import partial from './fixtures/update-price-partial.json';
import { pushPrices, readPrices } from './prices';

const NOW = 1_700_000_000_000;
const write = (modelId: string | undefined, prices: PriceWrite['prices'], itemId = '800100'): PriceWrite => ({
  listing: `${itemId}-${modelId ?? 'none'}` as ListingId,
  channelIds: modelId === undefined ? { itemId } : { itemId, modelId },
  prices,
});
const TWO = [write('900200', { price: 1111 }), write('900201', { price: 1200 })];
const DONE = { error: '', response: { success_list: [{ original_price: 1 }], failure_list: [] } };
const whole = (error: string, message = '') => ({ error, message, response: {} });

async function push(writes: readonly PriceWrite[], answer: unknown, shop: Partial<ShopAccess> = {}) {
  const scripted = scriptedCall(aShop(shop), () => jsonAnswer(answer), NOW);
  const results = await pushPrices(scripted.call, writes);
  return { results, asked: scripted.asked, body: JSON.parse(scripted.asked[0]?.body ?? 'null') as unknown };
}

describe('pushPrices', () => {
  it('sets the prices of one item in one call, and reads the answer line by line', async () => {
    const { results, body, asked } = await push(TWO, partial);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', effect: 'write' });
    expect(new URL(asked[0]?.url ?? '').pathname).toBe('/api/v2/product/update_price');
    expect(body).toEqual({
      item_id: 800100,
      price_list: [
        { model_id: 900200, original_price: 11.11 },
        { model_id: 900201, original_price: 12 },
      ],
    });
    expect(results).toMatchObject([{ kind: 'done' }, { kind: 'refused', code: 'failure_list', reading: 'floor' }]);
  });

  it('writes model 0 for an item without variations, whose entry has no model', async () => {
    const { results, body } = await push([write(undefined, { price: 1050 })], DONE);
    expect(body).toEqual({ item_id: 800100, price_list: [{ model_id: 0, original_price: 10.5 }] });
    expect(results).toMatchObject([{ kind: 'done' }]);
  });

  it.each([
    ['before the sale', NOW + 1, NOW + 9, 1000],
    ['from its first instant', NOW, NOW + 9, 800],
    ['at its end', NOW - 9, NOW, 1000],
  ])('writes what holds now, because no dates are taken: %s', async (...[, startsAt, endsAt, minor]) => {
    const { body } = await push([write(undefined, { price: 1000, sale: { price: 800, startsAt, endsAt } })], DONE);
    expect(body).toMatchObject({ price_list: [{ original_price: minor / 100 }] });
  });

  it.each([
    ['SG', 'SGD', 1050, 10.5],
    ['MY', 'MYR', 1999, 19.99],
    ['BR', 'BRL', 1, 0.01],
    ['TH', 'THB', 9900, 99],
    ['VN', 'VND', 99_000, 99_000],
    ['ID', 'IDR', 15_000_00, 15_000],
  ])('writes a price of %s as that country takes it', async (...[region, currency, price, amount]) => {
    const { body } = await push([write(undefined, { price })], DONE, { region, currency });
    expect(body).toMatchObject({ price_list: [{ original_price: amount }] });
  });

  it('refuses a fraction where prices are whole numbers, and sends the others', async () => {
    const writes = [write('900200', { price: 8910 }), write('900201', { price: 9000 })];
    const { results, body } = await push(writes, whole('error_x'), { region: 'TH', currency: 'THB' });
    expect(results[0]).toMatchObject({ listing: '800100-900200', code: 'price-not-whole', reading: 'listing' });
    expect(body).toMatchObject({ price_list: [{ model_id: 900201, original_price: 90 }] });
  });

  it.each([
    [8950, 90],
    [8949, 89],
    [10, 1],
  ])('rounds %i there where the shop says so, to %i', async (price, amount) => {
    const shop = { region: 'TH', currency: 'THB', settings: { wholePrices: 'round' } };
    const { body } = await push([write(undefined, { price })], DONE, shop);
    expect(body).toMatchObject({ price_list: [{ original_price: amount }] });
  });

  it.each([0, -1, 0.5, NaN])('sends no price that is none: %d', async (price) => {
    const { results, asked } = await push([write(undefined, { price })], DONE);
    expect(asked).toHaveLength(0);
    expect(results).toMatchObject([{ kind: 'refused', code: 'bad-price', reading: 'listing' }]);
  });

  it('answers for lines that one call cannot carry', async () => {
    const writes = [
      ...TWO,
      write('1', { price: 1 }, '800999'),
      write('900200', { price: 2 }),
      write('x', { price: 1 }),
    ];
    const { results } = await push(writes, partial);
    expect(results).toHaveLength(5);
    expect(results.flatMap((result) => (result.kind === 'refused' ? [result.code] : []))).toEqual([
      'not-sent',
      'not-sent',
      'bad-id',
      'failure_list',
    ]);
  });
});

describe('pushPrices, refused without lists', () => {
  const only = async (error: string, message: string, settings: Record<string, string> = {}) =>
    (await push([write('900200', { price: 100 })], whole(error, message), { settings })).results;

  it.each([
    ['error_cannt_edit_price_in_promotion', '', 'floor'],
    ['product.error_in_item_promotion_item_price_lock', '', 'floor'],
    ['error_cannot_update_price_in_promotion', '', 'floor'],
    ['product.error_update_price_fail', 'Update price failed, please try later.', 'listing'],
    ['error_item_not_found', '', 'listing'],
    ['error_price_exceed_max_limitt', '', 'listing'],
    ['error_invalid_price', '', 'listing'],
    ['error_perm_non_admin', '', 'authorize'],
    ['error_param', 'Wrong model_id.', 'listing'],
  ])('reads %s "%s" as %s', async (error, message, reading) => {
    expect(await only(error, message)).toMatchObject([{ kind: 'refused', code: error, reading }]);
  });

  it('reads the lock of a promotion as a fault of the listing where the shop says so', async () => {
    const settings = { promotionBlock: 'listing' };
    const results = await only('error_cannt_edit_price_in_promotion', '', settings);
    expect(results).toMatchObject([{ reading: 'listing' }]);
  });

  it('shares among several lines what is about all prices of the item, and nothing else', async () => {
    const readings = async (error: string) =>
      (await push(TWO, whole(error, 'try later'))).results.map((result) => result.kind === 'refused' && result.reading);
    expect(await readings('error_update_price_fail')).toEqual(['listing', 'listing']);
    expect(await readings('error_in_item_promotion_item_price_lock')).toEqual(['floor', 'floor']);
    expect(await readings('error_price_out_of_range')).toEqual(['retry', 'retry']);
  });

  it('looks into no more than the beginning of a reason', async () => {
    const failed_reason = `${'x'.repeat(500)} under promotion`;
    const answer = { error: '', response: { failure_list: [{ model_id: 900200, failed_reason }] } };
    expect((await push([write('900200', { price: 1 })], answer)).results).toMatchObject([{ reading: 'listing' }]);
  });

  it.each([
    ['Update price failed, please try later.', 'listing'],
    ['Our system is taking some time to respond, please try later.', 'retry'],
    ['something new', 'listing'],
  ])('reads the reason "%s" as %s', async (failed_reason, reading) => {
    const answer = { error: '', response: { failure_list: [{ model_id: 900200, failed_reason }] } };
    expect((await push([write('900200', { price: 1 })], answer)).results).toMatchObject([{ reading }]);
  });

  it.each([
    ['invalid_acceess_token', '', 'unauthorized'],
    ['error_limit', '', 'throttled'],
    ['error_system_busy', 'please try later.', 'unavailable'],
    ['error_inner', 'System error, please try again later', 'unavailable'],
  ])('throws for %s', async (error, message, kind) => {
    await expect(push(TWO, whole(error, message))).rejects.toMatchObject({ failure: { kind } });
  });

  it('answers for every line, or throws a ChannelError, whatever the answer', async () => {
    const texts = fc.constantFrom('', 'error_auth', 'error_update_price_fail', 'error_x', 'toString');
    const anything = fc.record({ error: texts, message: fc.string(), response: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(anything, async (answer) => {
        const results = await push(TWO, answer).catch((error: unknown) => error);
        if (results instanceof Error) expect(results).toBeInstanceOf(ChannelError);
        else expect(results).toMatchObject({ results: [{}, {}] });
      }),
    );
  });
});

describe('readPrices', () => {
  it('reads what was written, whatever a promotion makes of it', async () => {
    const { call } = scriptedCall(aShop(), ({ url }) => jsonAnswer(url.includes('get_model_list') ? models : items));
    const refs = [write(undefined, { price: 0 }, '800101'), write('900200', { price: 0 }), write('1', { price: 0 })];
    expect(await readPrices(call, refs)).toEqual([
      { listing: '800101-none', prices: { price: 2090 } },
      { listing: '800100-900200', prices: { price: 1230 } },
      { listing: '800100-1', prices: undefined },
    ]);
  });

  it('reads no price of another currency', async () => {
    const { call } = scriptedCall(aShop({ currency: 'MYR' }), () => jsonAnswer(items));
    const [reading] = await readPrices(call, [write(undefined, { price: 0 }, '800101')]);
    expect(reading?.prices).toBeUndefined();
  });
});
