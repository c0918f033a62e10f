import { contextOf, lineState, NO_TOTALS, orderAfter, orderState } from '../../../test/builders/orders';
import { auditOrder } from './audit-order';

const stored = orderAfter([orderState()]);
const audit = (changes: Parameters<typeof orderState>[0] = {}) => auditOrder(stored, orderState(changes));

describe('an order against its channel’s word', () => {
  it('is the same, also at another instant', () => {
    expect(audit()).toEqual([]);
    expect(audit({ updatedAt: 9000 })).toEqual([]);
  });

  it('is missing', () => {
    expect(auditOrder(undefined, orderState())).toEqual(['missing']);
  });

  it('has another state, of the whole or of a line', () => {
    expect(audit({ status: 'delivered' })).toEqual(['state']);
    expect(audit({ lines: [lineState('hat', { cancelled: 1 })] })).toEqual(['state']);
    expect(audit({ lines: [lineState('hat'), lineState('cap')] })).toContain('state');
  });

  it('has another state, told at an older instant than the stored one', () => {
    expect(audit({ status: 'cancelled', updatedAt: 1 })).toEqual(['state']);
  });

  it('has other money', () => {
    expect(audit({ totals: { ...NO_TOTALS, shipping: 100, paid: 100 } })).toEqual(['money']);
    expect(audit({ currency: 'MYR' })).toEqual(['money']);
    expect(audit({ lines: [lineState('hat', { id: 'hat|900', unitPrice: 900 })] })).toContain('money');
  });

  it('is the same where nothing would be written: what left has left', () => {
    const shipped = orderAfter([
      orderState({ lines: [lineState('hat', { shipped: 2, status: 'shipped' })], status: 'shipped' }),
    ]);
    const told = orderState({ lines: [lineState('hat', { shipped: 0, status: 'shipped' })], status: 'shipped' });
    expect(auditOrder(shipped, told)).toEqual([]);
  });

  it('is the same whatever a person restocked, and whatever listings became since', () => {
    const unresolved = orderAfter([orderState()], contextOf({ resolve: () => undefined, restock: 'auto' }));
    expect(auditOrder(unresolved, orderState())).toEqual([]);
    const returned = lineState('hat', { shipped: 2, returned: 1 });
    expect(auditOrder(orderAfter([orderState({ lines: [returned] })]), orderState({ lines: [returned] }))).toEqual([]);
  });
});
