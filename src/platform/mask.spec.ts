import { masked, maskText } from './mask';

describe('what is logged', () => {
  it.each([
    'name',
    'first_name',
    'phone',
    'address_shipping',
    'email',
    'accessToken',
    'refresh_token',
    'authorization',
    'HUB_ADMIN_KEY',
    'x-api-key',
    'appSecret',
    'buyer',
    'key',
  ])('hides a field called %s, however deep', (field) => {
    const line = JSON.stringify(masked({ order: 'o1', inner: [{ [field]: 'hunter2', id: 7 }] }));
    expect(line).not.toContain('hunter2');
    expect(line).toContain('"order":"o1"');
    expect(line).toContain('"id":7');
  });

  it('hides tokens and credentials inside addresses', () => {
    const url = 'https://x.example/api?access_token=abc123&shop_id=7&sign=ff00';
    expect(maskText(url)).toBe('https://x.example/api?access_token=***&shop_id=7&sign=***');
    expect(maskText('redis://user:pass@host:6379')).toBe('redis://***@host:6379');
  });

  it('shows an error with its causes, without what its message carries', () => {
    const error = new Error('GET /x?access_token=abc', { cause: new Error('inner') });
    expect(masked({ err: error })).toMatchObject({
      err: { type: 'Error', message: 'GET /x?access_token=***', cause: { message: 'inner' } },
    });
  });

  it('ends on what contains itself, and shows bytes as their count', () => {
    const circle: Record<string, unknown> = { data: Buffer.from('hunter2') };
    circle['self'] = circle;
    expect(JSON.stringify(masked(circle))).toContain('7 bytes');
  });
});
