import { choiceOf, offsetWhenMissing, warehouseOf } from './settings';

describe('settings', () => {
  it('takes the listed choice, and the default for anything else', () => {
    expect(choiceOf({}, 'quantityMeans')).toBe('sellable');
    expect(choiceOf({ quantityMeans: 'total' }, 'quantityMeans')).toBe('total');
    expect(choiceOf({ quantityMeans: 'nonsense' }, 'quantityMeans')).toBe('sellable');
    expect(choiceOf({ stockPayload: 'json' }, 'stockPayload')).toBe('json');
  });

  it('takes the code of a warehouse and nothing that is none', () => {
    expect(warehouseOf({ warehouse: 'dropshipping' })).toBe('dropshipping');
    for (const warehouse of ['', '<x>', 'x'.repeat(65)]) expect(warehouseOf({ warehouse })).toBeUndefined();
    expect(warehouseOf({})).toBeUndefined();
  });

  it('takes an offset and nothing that is none', () => {
    expect(offsetWhenMissing({ instantWithoutOffset: '+08:00' })).toBe('+08:00');
    expect(offsetWhenMissing({ instantWithoutOffset: 'refuse' })).toBeUndefined();
    expect(offsetWhenMissing({})).toBeUndefined();
  });
});
