import * as fc from 'fast-check';
import type { ListingId } from '../../src/domain';
import type { ChannelAnswer, StockWrite } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import modelList from './fixtures/model-list.json';
import failed from './fixtures/update-stock-failed.json';
import partial from './fixtures/update-stock-partial.json';
import success from './fixtures/update-stock-success.json';
import { pushStock } from './push';

const write = (modelId: string | undefined, sellable = 40, itemId = '800100'): StockWrite => ({
  listing: `${itemId}-${modelId ?? 'none'}` as ListingId,
  channelIds: modelId === undefined ? { itemId } : { itemId, modelId },
  sellable,
  openUnits: 3,
});
const TWO = [write('900200'), write('900201', 0)];

async function push(writes: readonly StockWrite[], answer: unknown, settings: Record<string, string> = {}) {
  const scripted = scriptedCall(aShop({ settings }), ({ url }) =>
    jsonAnswer(url.includes('get_model_list') ? modelList : answer),
  );
  const results = await pushStock(scripted.call, writes);
  const sent = scripted.asked.filter(({ url }) => url.includes('update_stock'));
  return { results, asked: scripted.asked, body: JSON.parse(sent[0]?.body ?? 'null') as unknown };
}
const whole = (error: string, message = '') => ({ error, message, response: {} });

describe('pushStock', () => {
  it('sets the models of one item in one call: what buyers shall be able to buy, open units apart', async () => {
    const { results, body, asked } = await push(TWO, success);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', effect: 'write' });
    expect(body).toEqual({
      item_id: 800100,
      stock_list: [
        { model_id: 900200, seller_stock: [{ stock: 40 }] },
        { model_id: 900201, seller_stock: [{ stock: 0 }] },
      ],
    });
    expect(results).toEqual(TWO.map(({ listing }) => ({ listing, kind: 'done' })));
  });

  it('writes model 0 for an item without variations, and knows its entry without a model', async () => {
    const answer = { error: '', response: { success_list: [{ stock: 40 }], failure_list: [] } };
    const { results, body } = await push([write(undefined)], answer);
    expect(body).toMatchObject({ stock_list: [{ model_id: 0 }] });
    expect(results).toMatchObject([{ kind: 'done' }]);
  });

  it('repeats no secret of a refusal', async () => {
    const failure_list = [{ model_id: 900200, failed_reason: 'tok-abc is odd' }];
    const { results } = await push(TWO, { error: '', response: { failure_list } });
    expect(results[0]).toMatchObject({ message: '*** is odd' });
    const alone = await push([write('900200')], whole('error_param', 'shop-secret is odd'));
    expect(alone.results).toMatchObject([{ message: '*** is odd' }]);
  });

  it('finds the failure under an empty error', async () => {
    const { results } = await push(TWO, partial);
    expect(results).toEqual([
      { listing: '800100-900200', kind: 'done' },
      {
        listing: '800100-900201',
        kind: 'refused',
        code: 'failure_list',
        message: 'model ID not exist in sku',
        reading: 'listing',
      },
    ]);
  });

  it('reads the lists beside an error, and takes a line in neither for not done', async () => {
    const { results } = await push(TWO, failed);
    expect(results).toMatchObject([
      { kind: 'refused', code: 'product.error_busi_update_stock_failed', reading: 'floor' },
      { kind: 'refused', code: 'not-answered', reading: 'retry' },
    ]);
  });

  it('believes a failure more than a success for the same model', async () => {
    const both = {
      error: '',
      response: { success_list: [{ model_id: '900200' }], failure_list: [{ model_id: 900200 }] },
    };
    expect((await push([write('900200')], both)).results).toMatchObject([{ kind: 'refused' }]);
  });

  it.each([
    ['Stock should be larger than 125 (reserve stock number)', 'floor'],
    ['Total stock must be more than reserved stock.', 'floor'],
    ['Can not update item with stock less than reserve stock', 'floor'],
    ['Stock should be within 0-10000000 for model A', 'listing'],
    ['model ID not exist in sku', 'listing'],
    ['Our system is taking some time to respond, please try later.', 'retry'],
    ['something new', 'listing'],
    ['constructor', 'listing'],
  ])('reads the reason "%s" as %s', async (failed_reason, reading) => {
    const answer = { error: '', response: { failure_list: [{ model_id: 900200, failed_reason }] } };
    expect((await push([write('900200')], answer)).results).toMatchObject([{ reading }]);
  });
});

describe('pushStock under a reserve', () => {
  const FLOOR = {
    error: 'product.error_busi_update_stock_failed',
    response: {
      failure_list: [{ model_id: 900200, failed_reason: 'Stock should be larger than 125 (reserve stock number)' }],
    },
  };

  it('tells the least number that would be taken, where the refusal names it', async () => {
    expect((await push([write('900200')], FLOOR)).results).toMatchObject([{ reading: 'floor', floor: 125 }]);
    const unnamed = whole('error_auth', 'Total stock must be more than reserved stock.');
    const [result] = (await push([write('900200')], unnamed)).results;
    expect(result).toMatchObject({ reading: 'floor' });
    expect(result).not.toHaveProperty('floor');
  });

  it('counts what lies beside the number in, where the shop says so', async () => {
    const { results, body } = await push([write('900200')], FLOOR, { reservedStock: 'beside' });
    expect(body).toMatchObject({ stock_list: [{ model_id: 900200, seller_stock: [{ stock: 35 }] }] });
    expect(results).toMatchObject([{ reading: 'floor', floor: 130 }]);
  });

  it('sends nothing that would show less than lies beside the number', async () => {
    const { results, asked } = await push([write('900200', 4)], success, { reservedStock: 'beside' });
    expect(results).toMatchObject([{ kind: 'refused', reading: 'floor', floor: 5 }]);
    expect(asked.filter(({ effect }) => effect === 'write')).toEqual([]);
  });
});

describe('pushStock, refused without lists', () => {
  it.each([
    ['error_auth', 'Total stock must be more than reserved stock.', 'floor'],
    ['error_auth', 'Stock should be larger than reserved stock.', 'floor'],
    ['error.param', 'Can not update item with stock less than reserved stock', 'floor'],
    ['error_cannt_edit_stock_in_promotion', '', 'floor'],
    ['product.error_promotion_cantnot_update_stock', '', 'floor'],
    ['error_model_update_stock_model_in_promotion', '', 'floor'],
    ['error_item_not_found', 'Product not found', 'listing'],
    ['error_item_not_belong_shop', '', 'listing'],
    ['error_in_item_promotion_nomodel_to_models', '', 'listing'],
    ['error_seller_under_penalty', '', 'listing'],
    ['error_param', 'Can not update item with stock less than reserve stock', 'floor'],
    ['error_param', 'Can not update item with different stock structure.', 'listing'],
    ['error_kyc_auth', 'No permission.', 'authorize'],
    ['error_edit_item_stock_for_item_has_model', '', 'listing'],
    ['error_wms_shop_block_upate_stock', '', 'listing'],
    ['warehouse.error_not_in_whitelist', '', 'listing'],
    ['error_auth', 'Lack of location_id, please double check.', 'listing'],
    [
      'error_auth',
      'The current item belong to the full FBS or B2C shop, so normal stock must be equal to 0',
      'listing',
    ],
    ['error_auth', 'Please wait for the holiday mode set then to edit item. Please try later.', 'retry'],
    ['error_holiday_mode_change_stock', 'Cannot change stock in holiday mode.', 'listing'],
    ['error_perm_non_admin', "Don't have permission.", 'authorize'],
    ['product.error_busi_update_stock_failed', 'please check failure_list', 'retry'],
    ['error_param', 'Wrong model_id.', 'listing'],
  ])('reads %s "%s" as %s for the only line', async (error, message, reading) => {
    const { results } = await push([write('900200')], whole(error, message));
    expect(results).toMatchObject([{ kind: 'refused', code: error, reading }]);
  });

  it('shares among several lines only what is about their item', async () => {
    const readings = async (error: string, message = '') =>
      (await push(TWO, whole(error, message))).results.map((result) => result.kind === 'refused' && result.reading);
    expect(await readings('error_item_not_found')).toEqual(['listing', 'listing']);
    expect(await readings('error_promotion_cantnot_update_stock')).toEqual(['floor', 'floor']);
    expect(await readings('error_auth', 'Stock should be larger than reserved stock.')).toEqual(['retry', 'retry']);
    expect(await readings('error_param', 'Wrong model_id.')).toEqual(['retry', 'retry']);
    expect(await readings('error_new')).toEqual(['retry', 'retry']);
  });

  it('reads a block by a promotion as a fault of the listing where the shop says so', async () => {
    const error = whole('error_promotion_cantnot_update_stock');
    const { results } = await push([write('900200')], error, { promotionBlock: 'listing' });
    expect(results).toMatchObject([{ reading: 'listing' }]);
  });

  it.each([
    ['error_auth', 'Invalid access_token.', 'unauthorized'],
    ['error_rate_limit', '', 'throttled'],
    ['error_system_busy', '', 'unavailable'],
    ['error_inner', 'System error, please try again later', 'unavailable'],
  ])('throws for %s', async (error, message, kind) => {
    await expect(push(TWO, whole(error, message))).rejects.toMatchObject({ failure: { kind } });
  });
});

describe('pushStock, what is not sent', () => {
  it('answers for lines that one call cannot carry', async () => {
    const writes = [write('900200'), write('1', 5, '800999'), write('900200', 7), write('x'), write('1', 1, '')];
    const { results, body } = await push(writes, success);
    expect(body).toEqual({ item_id: 800100, stock_list: [{ model_id: 900200, seller_stock: [{ stock: 40 }] }] });
    expect(results.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(results).toHaveLength(5);
    expect(results).toMatchObject([
      { code: 'not-sent', reading: 'retry' },
      { code: 'not-sent', reading: 'retry' },
      { code: 'bad-id', reading: 'listing' },
      { code: 'bad-id', reading: 'listing' },
      { kind: 'done' },
    ]);
  });

  it('sends at most 50 models, and nothing for nothing', async () => {
    const many = Array.from({ length: 60 }, (_, index) => write(String(index + 1)));
    const { results, body } = await push(many, { error: '', response: {} });
    expect((body as { stock_list: unknown[] }).stock_list).toHaveLength(50);
    expect(results).toHaveLength(60);
    expect((await push([], success)).asked).toHaveLength(0);
  });

  it('takes the reserve off where the shop says that it lies beside the number', async () => {
    const { body, asked } = await push([write('900200')], success, { reservedStock: 'beside' });
    expect(asked).toHaveLength(2);
    expect(body).toMatchObject({ stock_list: [{ seller_stock: [{ stock: 35 }] }] });
  });

  it('writes the location that the shop names', async () => {
    const { body } = await push([write('900200')], success, { locationId: 'SGZ' });
    expect(body).toMatchObject({ stock_list: [{ seller_stock: [{ location_id: 'SGZ', stock: 40 }] }] });
  });

  it('answers for every line, or throws a ChannelError, whatever the answer', async () => {
    const texts = fc.constantFrom('', 'error_auth', 'product.error_busi_update_stock_failed', 'error_x', 'toString');
    const anything = fc.record({ error: texts, message: fc.string(), response: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(anything, async (answer) => {
        const wire = (): ChannelAnswer => jsonAnswer(answer);
        const results = await pushStock(scriptedCall(aShop(), wire).call, TWO).catch((error: unknown) => error);
        if (results instanceof Error) expect(results.name).toBe('ChannelError');
        else expect(results).toHaveLength(2);
      }),
    );
  });
});
