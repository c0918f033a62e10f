import { foldUnits, type UnitRow } from './fold-units';

const row = (changes: Partial<UnitRow>): UnitRow => ({
  listingKey: 'A',
  unitPrice: 100,
  units: 1,
  status: 'paid',
  shipped: 0,
  ...changes,
});

describe('foldUnits', () => {
  it('makes one line of the rows of one listing and price', () => {
    const { lines, status } = foldUnits([row({}), row({ units: 2, title: 'Hat' }), row({ unitPrice: 90 })]);
    expect(lines).toEqual([
      {
        id: 'A|100',
        listingKey: 'A',
        title: 'Hat',
        units: 3,
        cancelled: 0,
        shipped: 0,
        returned: 0,
        unitPrice: 100,
        status: 'paid',
      },
      { id: 'A|90', listingKey: 'A', units: 1, cancelled: 0, shipped: 0, returned: 0, unitPrice: 90, status: 'paid' },
    ]);
    expect(status).toBe('paid');
  });

  it('keeps two keys apart that would read the same when joined', () => {
    const { lines } = foldUnits([row({ listingKey: 'A|1', unitPrice: 2 }), row({ listingKey: 'A', unitPrice: 12 })]);
    expect(lines.map((line) => line.id)).toEqual(['A%7C1|2', 'A|12']);
  });

  it('counts what is cancelled, shipped and returned, and names what is still open', () => {
    const { lines, status } = foldUnits([
      row({ status: 'cancelled' }),
      row({ status: 'returned', shipped: 1 }),
      row({ status: 'delivered', shipped: 1 }),
      row({ status: 'shipped', shipped: 1 }),
    ]);
    expect(lines).toMatchObject([{ units: 4, cancelled: 1, shipped: 3, returned: 1, status: 'shipped' }]);
    expect(status).toBe('mixed');
  });

  it('calls a line of cancelled and returned units returned', () => {
    const { lines } = foldUnits([row({ status: 'cancelled' }), row({ status: 'returned', shipped: 1 })]);
    expect(lines).toMatchObject([{ status: 'returned' }]);
  });

  it('drops rows without units, and has no status for nothing', () => {
    expect(foldUnits([row({ units: 0 })])).toEqual({ lines: [], status: 'mixed' });
  });
});
