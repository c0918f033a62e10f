import { contextOf, lineState, orderAfter, orderState } from '../../../test/builders/orders';
import type { ListingId } from '../ids';
import { adoptHoldLines, resolveLines, restockLines, unresolvedKeys } from './resolve-lines';

const hat = { listing: 'listing-hat' as ListingId, parts: [{ sku: 'hat', units: 3 }] };
const state = orderState({ lines: [lineState('hat'), lineState('coat', { shipped: 2, returned: 2 })] });
const unknown = orderAfter([state], contextOf({ resolve: () => undefined }));
const known = orderAfter([state], contextOf({ restock: 'confirm' }));

describe('lines that no listing was known for', () => {
  it('are named once each, and not where the marketplace sends', () => {
    expect(unresolvedKeys(unknown)).toEqual(['hat', 'coat']);
    expect(unresolvedKeys(known)).toEqual([]);
    expect(unresolvedKeys({ ...unknown, fulfilledBy: 'channel' })).toEqual([]);
  });

  it('are resolved in a new version that moves stock; others stay as they are', () => {
    const once = resolveLines(unknown, (key) => (key === 'hat' ? hat : undefined));
    expect(once).toMatchObject({ v: 2, stockV: 2, lines: [{ ...hat, units: 2 }, { listingKey: 'coat' }] });
    expect(resolveLines(once!, (key) => (key === 'hat' ? { parts: [{ sku: 'other', units: 1 }] } : undefined))).toBe(
      undefined,
    );
  });
});

describe('what came back', () => {
  it('is fit to sell where a person says so, as a total so far', () => {
    const once = restockLines(known, new Map([['coat|1000', 2]]));
    expect(once).toMatchObject({ v: 2, stockV: 2, lines: [{ restocked: 0 }, { restocked: 2 }] });
    expect(once?.facts.at(-1)).toMatchObject({ kind: 'StockRestocked', line: 'coat|1000', units: 2, v: 2 });
    expect(restockLines(once!, new Map([['coat|1000', 2]]))).toBeUndefined();
  });
});

describe('a confirmed hold', () => {
  it('takes the names that the told order gives its lines', () => {
    const lines = [{ ...known.lines[0]!, id: 'hat', listingKey: 'hat' }];
    const hold = { ...known, lines, hold: { status: 'confirmed' as const, expiresAt: 1 } };
    expect(adoptHoldLines(hold, [{ listingKey: 'hat', id: 'hat|1000' }]).lines).toMatchObject([{ id: 'hat|1000' }]);
    expect(adoptHoldLines(known, [{ listingKey: 'hat', id: 'x' }])).toBe(known);
  });
});
