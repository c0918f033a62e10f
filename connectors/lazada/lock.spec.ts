import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { floorIn, readLock } from './lock';

const SG = { region: 'SG' };
const lockOf = (...channelInventories: readonly unknown[]) => readLock({ channelInventories }, SG);

describe('the lock of a SKU', () => {
  it('is what campaigns hold of it, until the last of them ends by the clock of the country', () => {
    const file = join(__dirname, 'fixtures', 'product-item-get-sale.json');
    const { data } = JSON.parse(readFileSync(file, 'utf8')) as { data: { skus: unknown[] } };
    expect(readLock(data.skus[0], { region: 'ID' })).toEqual({
      units: 200,
      until: Date.parse('2022-09-03T12:00:00+07:00'),
    });
    expect(
      lockOf(
        { CampaignName: '9.9', quantity: '5', endTime: '2026-09-09 23:59:59' },
        { CampaignName: 'late', quantity: 7, endTime: '2026-09-10 01:59:59' },
      ),
    ).toEqual({ units: 12, until: Date.parse('2026-09-09T18:00:00Z') });
  });

  it('has no end that not all of its campaigns tell', () => {
    expect(lockOf({ quantity: 5, endTime: '2026-09-09 23:59:59' }, { quantity: 7 })).toEqual({ units: 12 });
    expect(lockOf({ quantity: 5, endTime: 'soon' })).toEqual({ units: 5 });
  });

  it('is none where nothing is held, or it does not say', () => {
    for (const none of [{}, null, { channelInventories: {} }, { channelInventories: [7, null, { quantity: -3 }] }]) {
      expect(readLock(none, SG)).toBeUndefined();
    }
    expect(lockOf({ quantity: 0, endTime: '2026-09-09 23:59:59' })).toBeUndefined();
  });
});

describe('the floor in a refusal', () => {
  it.each([
    ['sellable quantity cannot be below the campaign locked quantity 30', 30],
    ['Locked stock: 7. Please enter more.', 7],
    ['THD_IC_F_IC_INFRA_0001 locked by campaign', undefined],
    ['stock may only go up', undefined],
    ['', undefined],
  ])('is read out of "%s"', (message, floor) => {
    expect(floorIn(message)).toBe(floor);
  });
});
