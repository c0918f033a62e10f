import { matchItem, packSkusOf, packUnitsOf, skusToLookUp, type KnownOfItem, type OfferedItem } from './match-item';

const item = (sellerSku: string, name = 'Green tea', isLive = true): OfferedItem => ({ sellerSku, name, isLive });
const known = (skus: Readonly<Record<string, string>>, rest: Partial<KnownOfItem> = {}): KnownOfItem => ({
  skus: new Map(Object.entries(skus)),
  carriers: 1,
  ...rest,
});

describe('matchItem', () => {
  it('links an item whose code is exactly one of the skus', () => {
    expect(matchItem(item('TEA'), known({ TEA: 'Green tea' }))).toEqual({ kind: 'match', sku: 'TEA' });
    expect(matchItem(item('tea'), known({ TEA: 'Green tea' }))).toEqual({ kind: 'unmatched' });
  });

  it('leaves an item alone that is linked already, whatever it is called now', () => {
    expect(matchItem(item('OTHER'), known({}, { listing: 'l1' }))).toEqual({ kind: 'linked', listing: 'l1' });
  });

  it('links no item that is off sale', () => {
    expect(matchItem(item('TEA', 'Green tea', false), known({ TEA: 'Green tea' }))).toEqual({ kind: 'off' });
  });

  it('links neither of two items that carry one code', () => {
    expect(matchItem(item('TEA'), known({ TEA: 'Green tea' }, { carriers: 2 }))).toEqual({
      kind: 'double',
      sku: 'TEA',
    });
  });

  it('suspects a pack where the name tells of several and the sku is one', () => {
    expect(matchItem(item('TEA', 'Green tea (pack of 3)'), known({ TEA: 'Green tea' }))).toEqual({
      ...{ kind: 'pack', sku: 'TEA', units: 3 },
    });
    expect(matchItem(item('TEA3', 'Green tea 3-pack'), known({ TEA3: 'Tea, 3 pcs' }))).toEqual({
      ...{ kind: 'match', sku: 'TEA3' },
    });
  });

  it('proposes what is left of a code that reads as a pack', () => {
    expect(matchItem(item('TEA-GREEN-3PACK'), known({ 'TEA-GREEN': 'Green tea' }))).toEqual({
      ...{ kind: 'pack', sku: 'TEA-GREEN', units: 3 },
    });
    expect(matchItem(item('TEA-GREEN-3PACK'), known({}))).toEqual({ kind: 'unmatched' });
  });

  it('matches nothing to an item without a code', () => {
    expect(skusToLookUp(item(''))).toEqual([]);
    expect(matchItem(item(''), known({ '': 'nothing' }, { carriers: 9 }))).not.toMatchObject({ kind: 'match' });
  });
});

describe('packUnitsOf', () => {
  it.each([
    ['Tea 3-pack', 3],
    ['Tea, 12 pcs', 12],
    ['Set of 4 cups', 4],
    ['Cup x6', 6],
    ['6 x Cup', 6],
    ['Cup × 6', 6],
    ['Tea 500g', 1],
    ['iPhone 15 Pro', 1],
    ['4x4 tyre', 1],
    ['1 pack', 1],
    ['99999 pcs', 1],
  ])('reads %j as %d', (name, units) => {
    expect(packUnitsOf(name)).toBe(units);
  });
});

describe('packSkusOf', () => {
  it.each([
    ['TEA-3PACK', [{ sku: 'TEA', units: 3 }]],
    ['TEA_PK3', [{ sku: 'TEA', units: 3 }]],
    ['TEAx3', [{ sku: 'TEA', units: 3 }]],
    ['3x-TEA', [{ sku: 'TEA', units: 3 }]],
    ['TEA-500', []],
    ['PACK', []],
  ])('reads %j as %j', (sku, packs) => {
    expect(packSkusOf(sku)).toEqual(packs);
  });

  it('takes no long time over a hostile code', () => {
    const began = performance.now();
    packSkusOf(`${'-'.repeat(5000)}${'9-'.repeat(5000)}`);
    packUnitsOf('9 '.repeat(5000));
    expect(performance.now() - began).toBeLessThan(500);
  });
});
