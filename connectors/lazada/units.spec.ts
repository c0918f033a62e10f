import { ITEM_ROW, type ItemRow } from './order-payload';
import { readUnit } from './units';

const row = (changes: object): ItemRow =>
  ITEM_ROW.parse({ order_item_id: '1', sku_id: '2', item_price: '1.00', status: 'pending', ...changes });

const isAtLazada = (changes: object, warehouseIs: 'channel' | 'seller' = 'channel'): unknown => {
  const unit = readUnit(row(changes), { currency: 'SGD', offsetWhenMissing: undefined, warehouseIs });
  return 'cause' in unit ? unit.cause : unit.inChannelWarehouse;
};

describe('a unit in a warehouse of Lazada', () => {
  it('is known by is_fbl wherever that is told', () => {
    for (const shipping_type of ['Warehouse', 'Dropshipping', undefined]) {
      expect([1, '1', true].map((is_fbl) => isAtLazada({ is_fbl, shipping_type }))).toEqual([true, true, true]);
      expect([0, '0', false].map((is_fbl) => isAtLazada({ is_fbl, shipping_type }))).toEqual([false, false, false]);
    }
  });

  it('is known by its shipping type where is_fbl is not told, as the setting says', () => {
    for (const shipping_type of ['Warehouse', 'Own Warehouse', 'OwnWarehouse', 'warehouse']) {
      expect(isAtLazada({ shipping_type })).toBe(true);
      expect(isAtLazada({ shipping_type, is_fbl: null })).toBe(true);
      expect(isAtLazada({ shipping_type }, 'seller')).toBe(false);
    }
    for (const shipping_type of ['Dropshipping', 'Drop-shipping', '', undefined]) {
      expect(isAtLazada({ shipping_type })).toBe(false);
    }
  });

  it('is not guessed at from a shipping type or an is_fbl that no fact names', () => {
    expect(isAtLazada({ shipping_type: 'Teleported' })).toBe('unknown-status');
    expect(isAtLazada({ shipping_type: 'Teleported' }, 'seller')).toBe('unknown-status');
    expect(isAtLazada({ shipping_type: 'Teleported', is_fbl: 0 })).toBe(false);
    expect(isAtLazada({ shipping_type: 'Warehouse', is_fbl: 'maybe' })).toBe(true);
  });

  it('is one that was stocked there beforehand (JIT)', () => {
    expect(isAtLazada({ is_fbl: 0, biz_group: 70020 })).toBe(true);
    expect(isAtLazada({ is_fbl: 0, biz_group: '70100' })).toBe(false);
  });
});
