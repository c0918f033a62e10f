import { maskBuyer } from './show-order';

describe('maskBuyer', () => {
  it('shows the first sign of a name, the end of a long phone number, and no address', () => {
    expect(maskBuyer({ name: 'Ana Lim', phone: '+6581234567', address: '1 Example Street' })).toEqual({
      name: 'A***',
      phone: '***67',
      address: '***',
    });
  });

  it('shows nothing of a short phone number, and no field that is not there', () => {
    expect(maskBuyer({ phone: '1234' })).toEqual({ phone: '***' });
  });
});
